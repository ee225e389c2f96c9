from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.evidence import SETTLE, Done, InDoubt, NotDone, Scene, judge
from reconciler.engine.notes import Note, described
from reconciler.model.bms import Row
from reconciler.model.ledgered import Intent, RowMark
from tests.engine.builders import KEY, START, a_row

TEMPLATE = "{units} as of {date} · ref {ref}"
REF = "7F3A9C00"
POSTED = datetime(2026, 1, 15, 12, tzinfo=UTC)
DAY = date(2026, 1, 14)
OLD, NEW = Decimal(200), Decimal(240)

APPEND = Intent(
    ref=REF,
    plan="p",
    change="c",
    kind="units",
    line=KEY,
    day=DAY,
    posted_units=2,
    units_before=10,
    units_after=12,
    price=Decimal("20.00"),
    rows_before=(RowMark(1000, 100, START, Decimal("20.00")),),
    total_before=OLD,
    total_after=NEW,
    at=POSTED,
    lease=1,
)
UPSERT = replace(APPEND, posted_units=12)
OLD_ROW = a_row()
NOTED = described(TEMPLATE, "Gold", Note(REF, units=12, day=DAY))
ADDED = a_row(id=1001, date=DAY)


def scene(*rows: Row, total: Decimal = NEW, **values: Any) -> Scene:
    given: dict[str, Any] = {
        "without": [OLD],
        "with_it": [NEW],
        "now": POSTED + SETTLE,
        "note": TEMPLATE,
        "tolerance": Decimal("0.005"),
    }
    return Scene(rows=rows, total=total, **{**given, **values})


@pytest.mark.parametrize(
    ("intent", "rows", "trace"),
    [
        (APPEND, [OLD_ROW, ADDED], 1001),
        (APPEND, [OLD_ROW, replace(ADDED, price=Decimal(99), description=NOTED)], 1001),
        (UPSERT, [replace(OLD_ROW, date=DAY)], 1000),
        (UPSERT, [replace(OLD_ROW, description=NOTED)], 1000),
    ],
)
def test_a_trace_and_the_total_prove_it_done(intent: Intent, rows: list[Row], trace: int) -> None:
    assert judge(intent, scene(*rows)) == Done(trace)


@pytest.mark.parametrize("intent", [APPEND, UPSERT])
def test_a_trace_without_the_total_is_in_doubt(intent: Intent) -> None:
    row = replace(OLD_ROW, description=NOTED)
    assert isinstance(judge(intent, scene(row, total=OLD)), InDoubt)


def test_the_total_without_a_trace_is_in_doubt() -> None:
    assert isinstance(judge(APPEND, scene(OLD_ROW)), InDoubt)


def test_no_trace_and_the_old_total_prove_it_not_done_once_it_had_time_to_land() -> None:
    assert judge(APPEND, scene(OLD_ROW, total=OLD)) == NotDone()


@pytest.mark.parametrize("now", [None, POSTED, POSTED + SETTLE - timedelta(seconds=1)])
def test_before_that_its_absence_proves_nothing(now: datetime | None) -> None:
    assert isinstance(judge(APPEND, scene(OLD_ROW, total=OLD, now=now)), InDoubt)


def test_another_intents_note_is_no_trace() -> None:
    other = described(TEMPLATE, "Gold", Note("00000000", units=12, day=DAY))
    assert judge(APPEND, scene(replace(OLD_ROW, description=other), total=OLD)) == NotDone()


def test_a_row_that_was_there_before_is_no_trace() -> None:
    before = (*APPEND.rows_before, RowMark(1001, 100, DAY, Decimal("20.00")))
    intent = replace(APPEND, rows_before=before)
    assert judge(intent, scene(OLD_ROW, ADDED, total=OLD)) == NotDone()


def test_an_update_on_the_rows_own_day_without_notes_leaves_no_trace() -> None:
    intent = replace(UPSERT, rows_before=(RowMark(1000, 100, DAY, Decimal("20.00")),))
    row = replace(OLD_ROW, date=DAY)
    assert isinstance(judge(intent, scene(row, total=OLD, note=None)), InDoubt)


def test_either_side_of_a_steps_day_is_taken() -> None:
    assert judge(APPEND, scene(OLD_ROW, ADDED, with_it=[Decimal(1), NEW])) == Done(1001)


PRICE = replace(APPEND, kind="price", price=Decimal(25))


def test_a_price_is_done_when_every_row_has_it() -> None:
    rows = [replace(OLD_ROW, price=Decimal(25)), replace(ADDED, price=Decimal(25))]
    assert judge(PRICE, scene(*rows)) == Done(1000)


def test_a_price_on_some_rows_may_still_land_on_the_others() -> None:
    rows = [replace(OLD_ROW, price=Decimal(25)), ADDED]
    assert isinstance(judge(PRICE, scene(*rows, now=POSTED)), InDoubt)
    assert judge(PRICE, scene(*rows)) == NotDone()


@given(
    st.sampled_from(["units", "price"]),
    st.lists(st.sampled_from([OLD_ROW, ADDED]), unique=True),
    st.sampled_from([OLD, NEW]),
    st.booleans(),
)
def test_rows_that_were_not_asked_for_prove_nothing(
    kind: Any, rows: list[Row], total: Decimal, appends: bool
) -> None:
    intent = replace(APPEND, kind=kind)
    found = judge(intent, scene(*rows, total=total, appends=appends, read=False))
    assert isinstance(found, InDoubt)
