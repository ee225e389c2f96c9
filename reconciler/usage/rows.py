"""Checks rows of usage against the catalogue and turns them into readings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

from reconciler.catalog import load_catalogue
from reconciler.model.days import FIRST, why_no_day
from reconciler.model.reading import Reading
from reconciler.usage.problems import MANY, RowProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from reconciler.catalog import Metric

COLUMNS: Final = (
    "product",
    "organization_id",
    "organization",
    "metric",
    "dimension",
    "day",
    "quantity",
    "names",
)

REQUIRED: Final = ("product", "metric", "day", "quantity")

Fields: TypeAlias = Mapping[str, str]
"""A row's text by column; a column that is not there is empty."""

_QUANTITY: Final = re.compile(r"[+-]?(\d+)(?:\.(\d+))?")
_DIGITS: Final = 15
_DECIMALS: Final = 9
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_FLAGS: Final = {"true": "1", "false": "0"}


class _Wrong(Exception):
    def __init__(self, column: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.column = column
        self.message = message
        self.remedy = remedy


class RowReader:
    """Reads the rows of one source; keeps every problem, and knows what was said twice."""

    def __init__(self, source: str, today: date) -> None:
        self.problems: list[RowProblem] = []
        self.readings: list[Reading] = []
        self._source = source
        self._metric = cache(_metric)
        self._day = cache(_day_until(today))
        self._quantity = cache(_quantity)
        self._seen: dict[tuple[object, ...], tuple[Decimal, str, int]] = {}

    @property
    def full(self) -> bool:
        """Are there so many problems that more would help nobody?"""
        return len(self.problems) >= MANY

    def add(self, file: str, row: int, fields: Fields, names: tuple[str, ...]) -> None:
        """Takes one row in, or notes what is wrong with it."""
        try:
            reading = self._reading(fields, names)
            if self._is_new(reading, file, row):
                self.readings.append(reading)
        except _Wrong as wrong:
            self.refuse(file, row, wrong.column, wrong.message, wrong.remedy)

    def refuse(self, file: str, row: int, column: str, message: str, remedy: str) -> None:
        """Notes a problem."""
        self.problems.append(RowProblem(file, row, column, message, remedy))

    def _reading(self, fields: Fields, names: tuple[str, ...]) -> Reading:
        product = fields["product"]
        metric = self._metric(product, fields["metric"])
        id_, name = fields["organization_id"] or None, fields["organization"] or None
        if id_ is None and name is None:
            raise _Wrong(
                "organization",
                "no organization is named",
                "give organization_id, organization, or both",
            )
        dimension = fields["dimension"]
        if bool(dimension) != metric.has_dimensions:
            raise _dimension(metric, dimension)
        return Reading(
            product,
            id_,
            name,
            metric.id,
            dimension,
            self._day(fields["day"]),
            self._quantity(fields["quantity"], metric),
            self._source,
            names,
        )

    def _is_new(self, reading: Reading, file: str, row: int) -> bool:
        key = (
            reading.product,
            reading.organization_id or "",
            reading.organization if reading.organization_id is None else "",
            reading.metric,
            reading.dimension,
            reading.day,
        )
        known = self._seen.setdefault(key, (reading.quantity, file, row))
        if known[1:] == (file, row):
            return True
        if known[0] != reading.quantity:
            raise _Wrong(
                "quantity",
                f"{reading.quantity} here, and {known[0]} for the same in {known[1]}:{known[2]}",
                "keep the row that is right",
            )
        return False


def _metric(product: str, metric: str) -> Metric:
    catalogue = load_catalogue()
    if product not in catalogue:
        raise _unknown("product", product, catalogue)
    if metric not in catalogue[product].metrics:
        raise _unknown("metric", metric, catalogue[product].metrics, f" of {product}")
    return catalogue[product].metrics[metric]


def _unknown(column: str, value: str, known: Iterable[str], of: str = "") -> _Wrong:
    if not value:
        return _Wrong(column, "is empty", f"give the {column}{of}")
    near = get_close_matches(value.lower().replace(" ", "-"), list(known), n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
    return _Wrong(column, f"{value!r} is not a {column}{of}", hint)


def _dimension(metric: Metric, dimension: str) -> _Wrong:
    if metric.has_dimensions:
        return _Wrong(
            "dimension", f"is empty; {metric.id} is a {metric.unit}", "say which one was counted"
        )
    return _Wrong(
        "dimension", f"{metric.id} has none, and {dimension!r} is given", "leave it empty"
    )


def _day_until(today: date) -> Callable[[str], date]:
    def day(text: str) -> date:
        try:
            found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
        except ValueError:
            found = None
        if found is None:
            hint = why_no_day(text) or "write it like 2026-11-30"
            raise _Wrong("day", f"{text!r} is not a day", hint)
        if found < FIRST:
            hint = f"give days from {FIRST} on; nothing bills what is older"
            raise _Wrong("day", f"{text} is long before anything that is billed", hint)
        if found > today:
            raise _Wrong("day", f"{text} is after today, {today}", "give days that have been")
        return found

    return day


def _quantity(text: str, metric: Metric) -> Decimal:
    plain = _FLAGS.get(text.lower(), text) if metric.is_flag else text
    found = _QUANTITY.fullmatch(plain)
    if found is None or not plain.isascii():
        kind = "true, false, 1 or 0" if metric.is_flag else "a plain number such as 12 or 0.5"
        raise _Wrong("quantity", f"{text!r} is not a quantity", f"write {kind}")
    _check_length(text, found[1], _DIGITS, "digits before the point")
    _check_length(text, found[2] or "", _DECIMALS, "decimals")
    quantity = Decimal(plain)
    if quantity < 0:
        raise _Wrong("quantity", f"{text} is less than 0", "a count is 0 or more")
    if metric.is_flag and quantity not in (0, 1):
        raise _Wrong("quantity", f"{text} for a True or False", "write true, false, 1 or 0")
    if metric.is_whole and quantity != quantity.to_integral_value():
        raise _Wrong("quantity", f"{text} {metric.unit} is not whole", "write a whole number")
    return quantity


def _check_length(text: str, digits: str, most: int, what: str) -> None:
    if len(digits) > most:
        message = f"{text} has {len(digits)} {what}, and {most} are taken"
        raise _Wrong("quantity", message, f"give at most {most} {what}")
