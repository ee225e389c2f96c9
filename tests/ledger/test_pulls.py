"""Readings go in by pulls; what is loaded is what a plain dictionary would hold."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.ledger import Ledger, open_ledger, pulls
from reconciler.model.reading import MetricKey, Reading, Usage
from tests.ledger.making import NOW, day, reading, rows

KEY = MetricKey("datto-rmm", "7", "total-devices")
FIRST = day(28, month=10)


def at(usage: Usage, key: MetricKey, on: date) -> dict[str, Decimal] | None:
    """The answer of a day: None when it is unknown."""
    series = usage.series.get(key)
    if series is None or not any(first <= on <= last for first, last in series.covered):
        return None
    return {
        dimension: quantity
        for dimension, spans in series.spans.items()
        for first, last, quantity in spans
        if first <= on <= last
    }


def test_a_reading_is_there_and_the_day_before_is_unknown(ledger: Ledger) -> None:
    assert ledger.record_pull("s", [reading(2, 5)], NOW) == 1
    usage = ledger.load_usage(day(1), day(30))
    assert at(usage, KEY, day(2)) == {"": Decimal(5)}
    assert at(usage, KEY, day(1)) is None


def test_a_later_row_supersedes_and_both_are_kept(ledger: Ledger, path: Path) -> None:
    ledger.record_pull("s", [reading(2, 5)], NOW)
    assert ledger.record_pull("s", [reading(2, 6)], NOW) == 1
    assert at(ledger.load_usage(day(1), day(30)), KEY, day(2)) == {"": Decimal(6)}
    assert rows(path, "SELECT quantity FROM reading ORDER BY id") == [("5",), ("6",)]


def test_what_is_known_is_not_written_again(ledger: Ledger, path: Path) -> None:
    given_twice = [reading(2, 5), reading(3, "5.0")]
    assert ledger.record_pull("s", given_twice, NOW) == 2
    assert ledger.record_pull("s", given_twice, NOW) == 0
    seen = rows(path, "SELECT rows, added, days FROM pull ORDER BY id")
    assert seen[1] == (2, 0, '[["2026-11-02","2026-11-03"]]')


def test_other_names_counted_are_new_evidence(ledger: Ledger, path: Path) -> None:
    ledger.record_pull("s", [reading(2, 1, names=("PC-1",))], NOW)
    assert ledger.record_pull("s", [reading(2, 1, names=("PC-2",))], NOW) == 1
    assert ledger.record_pull("s", [reading(2, 1, names=("PC-2",))], NOW) == 0
    assert rows(path, "SELECT names FROM reading ORDER BY id")[1] == ('["PC-2"]',)


def test_a_type_that_is_gone_from_a_later_answer_counts_nothing(ledger: Ledger) -> None:
    ledger.record_pull("s", [reading(2, 5, "Desktop"), reading(2, 3, "Laptop")], NOW)
    ledger.record_pull("s", [reading(2, 5, "Desktop")], NOW)
    assert at(ledger.load_usage(day(1), day(30)), KEY, day(2)) == {"Desktop": Decimal(5)}


def test_an_answer_of_zero_is_known(ledger: Ledger) -> None:
    ledger.record_pull("s", [reading(2, 0)], NOW)
    assert at(ledger.load_usage(day(1), day(30)), KEY, day(2)) == {}


def test_a_pull_that_breaks_off_leaves_nothing(
    ledger: Ledger, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(pulls, "write_months", power_cut)
    with pytest.raises(RuntimeError):
        ledger.record_pull("s", [reading(2, 5)], NOW)
    for table in ("pull", "reading", "organization", "month_series"):
        assert rows(path, f"SELECT count(*) FROM {table}") == [(0,)]


def test_a_failed_pull_takes_nothing_and_is_remembered(ledger: Ledger, path: Path) -> None:
    ledger.record_failed_pull("s", "no file", NOW)
    assert ledger.load_usage(day(1), day(30)).series == {}
    assert rows(path, "SELECT status, message FROM pull") == [("failed", "no file")]


one_reading = st.builds(
    lambda offset, quantity, dimension, org, named: reading(
        FIRST + timedelta(days=offset),
        quantity,
        dimension,
        id=org,
        name=f"Org {org}",
        names=("PC",) if named else (),
    ),
    st.integers(0, 9),
    st.sampled_from(["0", "1", "2", "2.50"]),
    st.sampled_from(["", "Desktop"]),
    st.sampled_from(["7", "8"]),
    st.booleans(),
)


def expected(taken: list[list[Reading]]) -> dict[tuple[str, date], dict[str, Decimal]]:
    model: dict[tuple[str, date], dict[str, Decimal]] = {}
    for pull in taken:
        answers: dict[tuple[str, date], dict[str, Decimal]] = {}
        for one in pull:
            where = (one.organization_id or "", one.day)
            answers.setdefault(where, {})[one.dimension] = one.quantity
        model |= answers
    return model


@settings(max_examples=40)
@given(st.lists(st.lists(one_reading, max_size=12), max_size=5))
def test_pulls_in_any_order_give_what_a_dictionary_would(taken: list[list[Reading]]) -> None:
    with TemporaryDirectory() as folder, open_ledger(Path(folder) / "l.db", tenant=None) as ledger:
        for pull in taken:
            ledger.record_pull("s", pull, NOW)
        last = FIRST + timedelta(days=9)
        usage = ledger.load_usage(FIRST, last)
        model = expected(taken)
        for org in ("7", "8"):
            for offset in range(10):
                on = FIRST + timedelta(days=offset)
                answer = model.get((org, on))
                shown = None if answer is None else {d: q for d, q in answer.items() if q}
                assert at(usage, MetricKey("datto-rmm", org, "total-devices"), on) == shown
        assert ledger.check() == []
        ledger.rebuild_series()
        assert ledger.load_usage(FIRST, last) == usage
