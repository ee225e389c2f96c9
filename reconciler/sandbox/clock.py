"""The sandbox's own time, and how its days are written."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reconciler.sandbox.store import Store


def instant_text(moment: datetime) -> str:
    """UTC to the second; sorts as text."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def instant(text: str) -> datetime:
    """The reverse of `instant_text`."""
    return datetime.fromisoformat(text)


class Clock:
    """The stored instant, or the real time while none was set."""

    def __init__(self, store: Store, zone: ZoneInfo) -> None:
        self._store = store
        self._zone = zone

    def now(self) -> datetime:
        """The sandbox's instant, in UTC."""
        kept = self._store.get("now")
        return datetime.now(UTC).replace(microsecond=0) if kept is None else instant(kept)

    def today(self) -> date:
        """The local day of the tenant."""
        return self.now().astimezone(self._zone).date()

    def set(self, moment: datetime | date | None) -> None:
        """Set the time: a day means its local noon, a time without offset is local, None: real."""
        self._store.set("now", None if moment is None else instant_text(self.exact(moment)))

    def advance(self, step: timedelta) -> None:
        """Move the time on; it stands still afterwards."""
        self.set(self.now() + step)

    def exact(self, moment: datetime | date) -> datetime:
        """The instant meant: a day is its local noon, a time without offset is local."""
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time(12))
        return moment if moment.tzinfo else moment.replace(tzinfo=self._zone)


class DateText:
    """Days and instants as this tenant's API writes and reads them."""

    def __init__(self, zone: ZoneInfo, *, utc: bool) -> None:
        self._zone = zone
        self._utc = utc
        self.day = lru_cache(maxsize=4096)(self._day)

    def _day(self, day: str) -> str:
        if not self._utc:
            return f"{day}T00:00:00"
        return instant_text(datetime.combine(date.fromisoformat(day), time(), self._zone))

    def moment(self, text: str) -> str:
        """An instant: UTC, or the tenant's wall time without offset."""
        if self._utc:
            return text
        return instant(text).astimezone(self._zone).replace(tzinfo=None).isoformat()

    def read(self, text: str) -> date:
        """The local day meant by a date-time; ValueError when it is none."""
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is None:
            if not self._utc:
                return moment.date()
            moment = moment.replace(tzinfo=UTC)
        return moment.astimezone(self._zone).date()
