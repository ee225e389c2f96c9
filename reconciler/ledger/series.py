"""Loads months as series, fast: each distinct text is parsed once."""

from __future__ import annotations

import gc
import hashlib
from calendar import monthrange
from contextlib import contextmanager
from datetime import date, timedelta
from functools import reduce
from sys import intern
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from reconciler.ledger.statements import text
from reconciler.ledger.texts import Reader, compact, parse
from reconciler.model.reading import MetricKey, Series

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from decimal import Decimal

    from sqlalchemy import Connection

    from reconciler.model.reading import Organization, Span

_Row: TypeAlias = tuple[str, str, str, str, str]
"""Month, product, organization, metric, quantities text."""

_SELECT: Final = text(
    "SELECT month, product, org_key, metric, first_day, last_day, quantities FROM month_series"
    " WHERE month BETWEEN :first AND :last ORDER BY month, product, org_key, metric"
)

_ROWS_AT_ONCE: Final = 2_000

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
    rows = connection.execute(_SELECT, {"first": low[:7], "last": high[:7]})
    clip, digest, place = _clipper(low, high), hashlib.sha256(), _Places()
    months: dict[MetricKey, tuple[int, ...]] = {}
    for batch in rows.partitions(_ROWS_AT_ONCE):
        wanted = [row for row in map(clip, batch) if row is not None]
        digest.update("".join(["\0".join(row) + "\n" for row in wanted]).encode())
        for month, product, organization, metric, quantities in wanted:
            key = MetricKey(intern(product), intern(organization), intern(metric))
            months[key] = (*months.get(key, ()), place[month, quantities])
    parts = _parse_all(place)
    # Most series are one of a few: the same quantity all along.
    whole = {places: _whole([parts[one] for one in places]) for places in set(months.values())}
    return {key: whole[places] for key, places in months.items()}, digest.hexdigest()


class _Places(dict[tuple[str, str], int]):
    """Each distinct text of a month, by the place at which it was seen first."""

    def __missing__(self, key: tuple[str, str]) -> int:
        self[key] = len(self)
        return len(self) - 1


def _whole(parts: list[Series]) -> Series:
    return reduce(joined, parts)


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


def _clipper(low: str, high: str) -> Callable[[Any], _Row | None]:
    """Cuts a row to the days wanted; None when no answer is left."""

    def clip(row: Any) -> _Row | None:
        month, product, organization, metric, begins, ends, quantities = row
        if begins >= low and ends <= high:
            return month, product, organization, metric, quantities
        first = int(low[8:]) if low[:7] == month else 1
        last = int(high[8:]) if high[:7] == month else 31
        cut = _cut(quantities, first, last)
        return None if cut is None else (month, product, organization, metric, cut)

    return clip


def _cut(quantities: str, first: int, last: int) -> str | None:
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


def _parse_all(distinct: Collection[tuple[str, str]]) -> list[Series]:
    """Texts of months as series; one parse for all of them is several times faster."""
    parsed = parse("[" + ",".join([quantities for _, quantities in distinct]) + "]")
    reader = Reader()
    days = {month: _days_of(month) for month in {month for month, _ in distinct}}
    return [
        _series(days[month], covered, spans, reader.decimal)
        for (month, _), (covered, spans) in zip(distinct, parsed, strict=True)
    ]


def _series(
    days: list[date],
    covered: list[int],
    spans: dict[str, list[Any]],
    decimal: Callable[[str], Decimal],
) -> Series:
    if len(covered) == 2:  # the usual month, without a gap
        runs: tuple[tuple[date, date], ...] = ((days[covered[0]], days[covered[1]]),)
    else:
        bounds = iter(covered)
        runs = tuple([(days[one], days[other]) for one, other in zip(bounds, bounds, strict=True)])
    found: dict[str, tuple[Span, ...]] = {}
    for dimension, flat in spans.items():
        parts = iter(flat)
        found[dimension] = tuple(
            [
                (days[first], days[last], decimal(quantity))
                for first, last, quantity in zip(parts, parts, parts, strict=True)
            ]
        )
    return Series(runs, found)


def _days_of(month: str) -> list[date]:
    """Days by their number; the first stands at 0 too."""
    first = date.fromisoformat(f"{month}-01")
    length = monthrange(first.year, first.month)[1]
    return [first, *(first + timedelta(days=ahead) for ahead in range(length))]
