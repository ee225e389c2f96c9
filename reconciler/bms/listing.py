"""Whole lists out of pages: all of it, or an error; never a shorter list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from reconciler.bms.calls import Call
from reconciler.bms.record import Record, records, unexpected
from reconciler.bms.wire import Wire
from reconciler.model.assumptions import Assumptions
from reconciler.model.errors import BmsUnexpected

MOST_PAGES: Final = 10_000
READINGS: Final = 2


@dataclass(frozen=True, slots=True)
class Lister:
    """Reads lists page by page under the assumptions ``page_base`` and ``page_cap``."""

    wire: Wire
    assumptions: Assumptions

    def read(
        self,
        call: Call,
        filters: Mapping[str, object] | None = None,
        *,
        ids: Mapping[str, int] | None = None,
        key: str = "Id",
    ) -> tuple[Record, ...]:
        """Every record of the list, once, by its ``key``. ``filters`` are BMS's filter names.

        Rows that come and go while pages are read shift the others: then the whole list is read
        once more, and ``BmsUnexpected`` follows if it still does not add up.
        """
        where = self.wire.where(call, ids)
        gathered = _Gathered(key, where)
        for _ in range(READINGS):
            gathered = self._gather(call, filters or {}, ids, _Gathered(key, where))
            if gathered.complete:
                return tuple(gathered.found.values())
        raise _incomplete(gathered)

    def _gather(
        self,
        call: Call,
        filters: Mapping[str, object],
        ids: Mapping[str, int] | None,
        gathered: _Gathered,
    ) -> _Gathered:
        base = self.assumptions.page_base
        for number in range(base, base + MOST_PAGES):
            payload = self._payload(call, filters, number)
            answer = self.wire.send(call, payload, ids=ids)
            page = () if answer.result is None else records(answer.result, gathered.where)
            if gathered.take(page, answer.total, self.assumptions.page_cap):
                return gathered
        raise unexpected(gathered.where, f"the list does not end after {MOST_PAGES} pages")

    def _payload(self, call: Call, filters: Mapping[str, object], number: int) -> dict[str, object]:
        page: dict[str, object] = {"PageSize": self.assumptions.page_cap, "PageNumber": number}
        if not filters:
            return page
        if call.carries == "query":
            return page | {f"Filter.{name}": value for name, value in filters.items()}
        return page | {"Filter": dict(filters)}


@dataclass(slots=True)
class _Gathered:
    """What one reading of a list has brought so far."""

    key: str
    where: str
    found: dict[int, Record] = field(default_factory=dict)
    total: int | None = None
    first_length: int | None = None
    shifted: bool = False

    def take(self, page: tuple[Record, ...], total: int | None, cap: int) -> bool:
        """Add a page; True when it was the last to ask for."""
        if self.first_length is None:
            self.first_length, self.total = len(page), total
        elif total is not None and total != self.total:
            self.shifted = True
        before = len(self.found)
        for record in page:
            self.found.setdefault(record.integer(self.key), record)
        new = len(self.found) - before
        if self.shifted or not new:
            return self._last_without_news(page, cap)
        return self._ends_with(page)

    @property
    def complete(self) -> bool:
        """Whether the reading adds up."""
        return not self.shifted and (self.total is None or self.total == len(self.found))

    def _last_without_news(self, page: tuple[Record, ...], cap: int) -> bool:
        if self.total is None and not self.shifted and len(page) >= cap:
            raise unexpected(
                self.where,
                "BMS repeats a full page of a list whose length it does not tell",
                "check the assumptions page_base and page_cap under `bms.assume`",
            )
        return True

    def _ends_with(self, page: tuple[Record, ...]) -> bool:
        """With a total, it tells. Without one, a page shorter than the first: a first page below
        the cap may be all there is, or a cap of BMS below ours, so it proves nothing."""
        if self.total is not None:
            return len(self.found) >= self.total
        return self.first_length is not None and len(page) < self.first_length


def _incomplete(gathered: _Gathered) -> BmsUnexpected:
    if gathered.shifted:
        what = "the list changed while it was read, twice"
    else:
        what = f"BMS counts {gathered.total} records and gave {len(gathered.found)}"
    return unexpected(
        gathered.where,
        what,
        "run again; if it stays, check page_base and page_cap under `bms.assume`",
    )
