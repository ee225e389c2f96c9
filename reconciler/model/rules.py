"""By which rules a line was counted, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reconciler.model.bms import LineKey
from reconciler.model.settings import LineSettings

Organizations = tuple[tuple[str, str], ...]
"""(product, organization key), sorted."""


@dataclass(frozen=True, slots=True)
class LineRule:
    """In force from ``day`` until the line's next rule; ``date.min`` for ever before it."""

    line: LineKey
    day: date
    settings: LineSettings
    """Without what dated ``changes:`` say; those carry their own day."""
    organizations: Organizations
