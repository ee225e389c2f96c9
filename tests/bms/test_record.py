from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from reconciler.bms.dates import Dates
from reconciler.bms.record import Record, records
from reconciler.model.errors import BmsUnexpected

WHERE = "api.example.test/v2/things"
DATES = Dates("America/New_York", "local")


def _record(**values: object) -> Record:
    return Record(values, WHERE)


@pytest.mark.parametrize("name", ["ContractId", "contractId", "contractid", "CONTRACTID"])
def test_a_field_is_found_in_any_spelling(name: str) -> None:
    assert _record(**{name: 7}).integer("ContractId") == 7


def test_values_come_typed() -> None:
    record = _record(
        n=12, d=Decimal("12.0"), t="text", f=True, day="2026-11-15T00:00:00", inner=[{"n": 1}]
    )
    assert record.integer("d") == 12
    assert record.decimal("n") == Decimal(12)
    assert record.text("t") == "text"
    assert record.flag("f") is True
    assert record.day("day", DATES) == date(2026, 11, 15)
    assert [inner.integer("n") for inner in record.records("inner")] == [1]


def test_null_is_blank_only_where_asked_for() -> None:
    record = _record(name=None, day=None, inner=None)
    assert record.text_or_blank("name") == ""
    assert record.day_or_none("day", DATES) is None
    assert record.records("inner") == ()


@pytest.mark.parametrize(
    "read",
    [
        lambda r: r.integer("bad"),
        lambda r: r.integer("truth"),
        lambda r: r.integer("half"),
        lambda r: r.integer("nothing"),
        lambda r: r.integer("absent"),
        lambda r: r.decimal("bad"),
        lambda r: r.decimal("truth"),
        lambda r: r.decimal("absent"),
        lambda r: r.text("nothing"),
        lambda r: r.text_or_blank("half"),
        lambda r: r.flag("bad"),
        lambda r: r.flag("nothing"),
        lambda r: r.day("bad", DATES),
        lambda r: r.day("nothing", DATES),
        lambda r: r.records("bad"),
    ],
)
def test_a_field_of_another_kind_is_an_error_that_names_the_place(
    read: Callable[[Record], object],
) -> None:
    record = _record(bad="x", truth=True, half=Decimal("1.5"), nothing=None)
    with pytest.raises(BmsUnexpected) as caught:
        read(record)
    assert caught.value.where == WHERE
    assert caught.value.remedy


def test_a_list_must_be_a_list_of_objects() -> None:
    with pytest.raises(BmsUnexpected):
        records({"Id": 1}, WHERE)
    with pytest.raises(BmsUnexpected):
        records([1], WHERE)


def test_values_are_not_shown() -> None:
    assert "s3cret" not in repr(_record(AccessToken="s3cret"))
