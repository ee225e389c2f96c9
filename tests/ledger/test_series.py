"""What is loaded has the days asked for, whole runs, and a digest of its content."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from reconciler.ledger import Ledger
from reconciler.ledger.series import joined
from reconciler.model.reading import MetricKey, Series
from tests.ledger.making import NOW, day, reading

KEY = MetricKey("datto-rmm", "7", "total-devices")


def october_to_november() -> list[date]:
    return [day(30, 10) + timedelta(days=ahead) for ahead in range(5)]


def test_runs_and_spans_go_across_months(ledger: Ledger) -> None:
    ledger.record_pull("s", [reading(on, 5) for on in october_to_november()], NOW)
    series = ledger.load_usage(day(1, 10), day(30)).series[KEY]
    assert series.covered == ((day(30, 10), day(3)),)
    assert series.spans == {"": ((day(30, 10), day(3), Decimal(5)),)}
    assert series.newest == day(3)


def test_a_gap_at_the_turn_of_the_month_stays_a_gap(ledger: Ledger) -> None:
    ledger.record_pull("s", [reading(day(30, 10), 5), reading(day(1), 5)], NOW)
    series = ledger.load_usage(day(1, 10), day(30)).series[KEY]
    assert series.covered == ((day(30, 10), day(30, 10)), (day(1), day(1)))
    assert len(series.spans[""]) == 2


def test_only_the_days_asked_for_are_loaded(ledger: Ledger) -> None:
    ledger.record_pull("s", [reading(on, 5) for on in october_to_november()], NOW)
    series = ledger.load_usage(day(31, 10), day(1)).series[KEY]
    assert series.covered == ((day(31, 10), day(1)),)
    assert series.spans[""] == ((day(31, 10), day(1), Decimal(5)),)
    assert ledger.load_usage(day(10), day(20)).series == {}


def test_days_outside_do_not_move_the_digest(ledger: Ledger) -> None:
    ledger.record_pull("s", [reading(on, 5) for on in october_to_november()], NOW)
    before = ledger.load_usage(day(1, 10), day(3))
    ledger.record_pull("s", [reading(4, 9)], NOW)
    after = ledger.load_usage(day(1, 10), day(3))
    assert after == before
    assert ledger.load_usage(day(1, 10), day(4)).digest != before.digest


def test_the_digest_tells_readings_and_names_apart(ledger: Ledger) -> None:
    ledger.record_pull("s", [reading(1, 5)], NOW)
    first = ledger.load_usage(day(1), day(30)).digest
    ledger.record_pull("s", [reading(1, 6)], NOW)
    second = ledger.load_usage(day(1), day(30)).digest
    ledger.record_pull("s", [reading(1, 6, name="Brass & Sons")], NOW)
    third = ledger.load_usage(day(1), day(30)).digest
    assert len({first, second, third}) == 3


def test_the_way_readings_came_does_not_move_the_digest(ledger: Ledger) -> None:
    ledger.record_pull("s", [reading(1, 5), reading(2, 7)], NOW)
    digest = ledger.load_usage(day(1), day(30)).digest
    ledger.record_pull("s", [reading(2, 8)], NOW)
    ledger.record_pull("other", [reading(2, 7)], NOW)
    assert ledger.load_usage(day(1), day(30)).digest == digest


@given(st.lists(st.integers(0, 2), min_size=2, max_size=20), st.data())
def test_joining_two_parts_gives_the_whole(quantities: list[int], data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(quantities) - 1))
    whole = _series(day(1), quantities)
    parts = (
        _series(day(1), quantities[:cut]),
        _series(day(1) + timedelta(days=cut), quantities[cut:]),
    )
    assert joined(*parts) == whole


def _series(first: date, quantities: list[int]) -> Series:
    spans: list[tuple[date, date, Decimal]] = []
    for ahead, quantity in enumerate(quantities):
        on = first + timedelta(days=ahead)
        if spans and spans[-1][2] == quantity and spans[-1][1] == on - timedelta(days=1):
            spans[-1] = (spans[-1][0], on, spans[-1][2])
        elif quantity:
            spans.append((on, on, Decimal(quantity)))
    last = first + timedelta(days=len(quantities) - 1)
    return Series(((first, last),), {"": tuple(spans)} if spans else {})
