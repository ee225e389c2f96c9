"""By which rules a line was counted, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reconciler.model.bms import LineKey
from reconciler.model.settings import DatedSettings, LineSettings

Organizations = tuple[tuple[str, str], ...]
"""(product, organization key), sorted."""

Excluded = tuple[tuple[str, str, date | None], ...]
"""(product, organization key, last day that is left out; None: no end), sorted."""


@dataclass(slots=True, unsafe_hash=True)  # not frozen: it would take three times as long
class LineRule:
    """In force from ``day`` until the line's next rule; ``date.min`` for ever before it."""

    line: LineKey
    day: date
    settings: LineSettings
    """Without what dated ``changes:`` say."""
    organizations: Organizations
    dated: tuple[DatedSettings, ...] = ()
    """Those changes, each with all the settings of its day."""
    excluded: Excluded = ()
    """Which of the organizations are left out on purpose."""

    @property
    def by_day(self) -> tuple[DatedSettings, ...]:
        """All settings over time: the first ones, and those of each dated change."""
        return DatedSettings(date.min, self.settings), *self.dated
