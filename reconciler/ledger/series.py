"""Loads months as series, fast: each distinct text is parsed once."""

from __future__ import annotations

import gc
import hashlib
from calendar import monthrange
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

from reconciler.ledger.texts import Reader, compact, parse
from reconciler.model.reading import MetricKey, Series

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from reconciler.model.reading import Organization, Span

_SELECT: Final = text(
    "SELECT month, product, org_key, metric, first_day, last_day, quantities FROM month_series"
    " WHERE month BETWEEN :first AND :last ORDER BY month, product, org_key, metric"
)

_ONE_DAY: Final = timedelta(days=1)


@contextmanager
def without_collecting() -> Iterator[None]:
    """No garbage collection while many small objects are made, none of them garbage."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def load_series(
    connection: Connection, first: date, last: date
) -> tuple[dict[MetricKey, Series], str]:
    """Every series with an answer between two days (inclusive), and a digest of them."""
    low, high = first.isoformat(), last.isoformat()
    rows = connection.execute(_SELECT, {"first": low[:7], "last": high[:7]}).tuples().all()
    found: dict[MetricKey, Series] = {}
    digest = hashlib.sha256()
    reader = _Months()
    with without_collecting():
        for month, product, organization, metric, begins, ends, quantities in rows:
            if begins < low or ends > high:
                quantities = _clip(quantities, month, low, high)  # noqa: PLW2901
                if quantities is None:
                    continue
            digest.update(f"{month}\0{product}\0{organization}\0{metric}\0{quantities}\n".encode())
            key = MetricKey(product, organization, metric)
            part = reader.series(month, quantities)
            before = found.get(key)
            found[key] = part if before is None else joined(before, part)
    return found, digest.hexdigest()


def usage_digest(series: str, organizations: tuple[Organization, ...]) -> str:
    """One digest of the series and of what the organizations are called."""
    names = compact([list(organization) for organization in organizations])
    return hashlib.sha256(f"{series}\n{names}".encode()).hexdigest()


def joined(earlier: Series, later: Series) -> Series:
    """Two series of one metric, the second wholly after the first."""
    spans = dict(earlier.spans)
    for dimension, more in later.spans.items():
        spans[dimension] = _joined_spans(spans.get(dimension, ()), more)
    covered = earlier.covered
    if later.covered[0][0] - covered[-1][1] == _ONE_DAY:
        bridge = (covered[-1][0], later.covered[0][1])
        return Series((*covered[:-1], bridge, *later.covered[1:]), spans)
    return Series(covered + later.covered, spans)


def _joined_spans(earlier: tuple[Span, ...], later: tuple[Span, ...]) -> tuple[Span, ...]:
    if not earlier:
        return later
    first, last, quantity = earlier[-1]
    begins, ends, more = later[0]
    if quantity == more and begins - last == _ONE_DAY:
        return (*earlier[:-1], (first, ends, quantity), *later[1:])
    return earlier + later


def _clip(quantities: str, month: str, low: str, high: str) -> str | None:
    first = int(low[8:]) if low[:7] == month else 1
    last = int(high[8:]) if high[:7] == month else 31
    covered, spans = parse(quantities)
    covered = _clipped(covered, 2, first, last)
    if not covered:
        return None
    kept = {dimension: _clipped(flat, 3, first, last) for dimension, flat in spans.items()}
    return compact([covered, {dimension: flat for dimension, flat in kept.items() if flat}])


def _clipped(flat: list[Any], width: int, first: int, last: int) -> list[Any]:
    kept: list[Any] = []
    for at in range(0, len(flat), width):
        begins, ends = max(flat[at], first), min(flat[at + 1], last)
        if begins <= ends:
            kept += (begins, ends, *flat[at + 2 : at + width])
    return kept


class _Months:
    """Texts of months as series."""

    def __init__(self) -> None:
        self._parsed: dict[tuple[str, str], Series] = {}
        self._days: dict[str, list[date]] = {}
        self._reader = Reader()

    def series(self, month: str, quantities: str) -> Series:
        found = self._parsed.get((month, quantities))
        if found is None:
            found = self._parsed[month, quantities] = self._parse(month, quantities)
        return found

    def _parse(self, month: str, quantities: str) -> Series:
        days = self._days_of(month)
        decimal = self._reader.decimal
        covered, spans = parse(quantities)
        return Series(
            tuple((days[covered[at]], days[covered[at + 1]]) for at in range(0, len(covered), 2)),
            {
                dimension: tuple(
                    (days[flat[at]], days[flat[at + 1]], decimal(flat[at + 2]))
                    for at in range(0, len(flat), 3)
                )
                for dimension, flat in spans.items()
            },
        )

    def _days_of(self, month: str) -> list[date]:
        found = self._days.get(month)
        if found is None:
            first = date.fromisoformat(f"{month}-01")
            length = monthrange(first.year, first.month)[1]
            found = [first, *(first + timedelta(days=ahead) for ahead in range(length))]
            self._days[month] = found
        return found
