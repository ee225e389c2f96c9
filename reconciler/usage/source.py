"""What every source of usage offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from reconciler.model.reading import Reading


class UsageSource(Protocol):
    """Readings of one or more products."""

    @property
    def label(self) -> str:
        """Its name in the ledger and in messages; the same from run to run."""
        ...

    def collect(self, today: date) -> Sequence[Reading]:
        """Everything the source has, up to the local day ``today``.

        For a metric of an organization on a day the readings are a complete answer. Raises
        `SourceError` when the source cannot be read or any of it is wrong: then nothing counts.
        """
        ...
