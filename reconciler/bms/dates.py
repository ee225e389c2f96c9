"""BMS's date-times and our local days. The one place that knows which day BMS means."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo


class Dates:
    """Reads and writes days as one side of the assumption ``date_zone`` has them.

    ``local``: BMS gives and takes local midnight without an offset. ``utc``: it gives and takes
    the UTC instant of local midnight.
    """

    __slots__ = ("_utc", "zone")

    def __init__(self, time_zone: str, date_zone: Literal["local", "utc"]) -> None:
        self.zone = ZoneInfo(time_zone)
        self._utc = date_zone == "utc"

    def read(self, text: str) -> date:
        """The local day of a BMS date-time. ``ValueError`` if it is none."""
        stamp = datetime.fromisoformat(text)
        if not self._utc:
            # Under `local` an offset is decoration: the day is the one written there.
            return stamp.date()
        return _aware(stamp).astimezone(self.zone).date()

    def write(self, day: date) -> str:
        """The date-time that means this local day to BMS."""
        midnight = datetime.combine(day, time())
        if not self._utc:
            return midnight.isoformat()
        instant = midnight.replace(tzinfo=self.zone).astimezone(UTC)
        return instant.replace(tzinfo=None).isoformat() + "Z"

    def instant(self, text: str) -> datetime:
        """The instant of a BMS date-time; without an offset it is wall time under ``local``, UTC
        under ``utc``. ``ValueError`` if it is none."""
        stamp = datetime.fromisoformat(text)
        if stamp.tzinfo or self._utc:
            return _aware(stamp)
        return stamp.replace(tzinfo=self.zone)

    def day(self, instant: datetime) -> date:
        """The tenant's local day of an instant."""
        return instant.astimezone(self.zone).date()


def read_instant(text: str) -> datetime:
    """An instant; UTC where BMS leaves the offset out. ``ValueError`` if it is none."""
    return _aware(datetime.fromisoformat(text))


def _aware(stamp: datetime) -> datetime:
    return stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)
