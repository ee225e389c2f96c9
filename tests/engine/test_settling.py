"""Lost answers: settled by evidence before anything else is believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.notes import Note, described
from reconciler.model.assumptions import Assumptions
from reconciler.model.desired import Reference
from reconciler.model.ledgered import Intent, RowMark
from tests.engine import builders as make
from tests.engine.play import APPEND, UPSERT, World, brass, changes, codes

AS_OF, DAY = date(2026, 1, 3), date(2026, 1, 2)
NOON = datetime(2026, 1, 3, 12, tzinfo=UTC)
REF = "7F3A9C00"
TEMPLATE = "{change}, {units} in all as of {date} · ref {ref}"


def lost(world: World, *, posted: int = 2, hours: int = 2) -> Intent:
    """The intent of a write of +2 whose answer never came."""
    row = world.rows[0][0]
    intent = Intent(
        ref=REF,
        plan="p",
        change="c",
        kind="units",
        line=make.KEY,
        day=DAY,
        posted_units=posted,
        units_before=10,
        units_after=12,
        price=row.price,
        rows_before=(RowMark(row.id, row.service_id, row.date, row.price),),
        total_before=Decimal(200),
        total_after=Decimal(240),
        at=NOON.replace(hour=12 - hours),
        lease=1,
    )
    world.intents.append(intent)
    return intent


def a_world(assume: Assumptions = APPEND) -> World:
    world = brass(10, 12, assume=assume)
    world.plan(DAY)
    return world


def land(world: World) -> None:
    """The write arrived after all."""
    text = described(TEMPLATE, "", Note(REF, 2, 12, DAY))
    if world.assume.line_update == "upsert":
        row, _ = world.rows[0]
        world.rows[0] = (replace(row, date=DAY, description=text), 12)
    else:
        world.rows.append((make.a_row(id=1001, date=DAY, description=text), 2))


@pytest.mark.parametrize(("assume", "posted", "row"), [(APPEND, 2, 1001), (UPSERT, 12, 1000)])
def test_a_write_that_arrived_is_proved_and_not_written_again(
    assume: Assumptions, posted: int, row: int
) -> None:
    world = a_world(assume)
    lost(world, posted=posted)
    land(world)
    planned = world.plan(AS_OF)
    (settled,) = planned.examined.learned.settled
    assert (settled.ref, settled.outcome, settled.row_id) == (REF, "proved", row)
    assert [(f.units, f.source, f.row_id) for f in planned.examined.learned.facts] == [
        (posted, "note", row)
    ]
    assert changes(planned) == []
    assert world.plan(AS_OF).plan.verdict == "in-step"


def test_a_write_that_did_not_arrive_is_planned_again_once_it_had_its_time() -> None:
    world = a_world()
    lost(world)
    planned = world.plan(AS_OF)
    assert [entry.outcome for entry in planned.examined.learned.settled] == ["absent"]
    assert changes(planned) == [("2026-01-02", 10, 12, "ready")]


def test_before_that_nothing_of_the_contract_is_written_or_proved() -> None:
    world = a_world()
    lost(world, hours=0)
    planned = world.plan(AS_OF)
    assert changes(planned) == [("2026-01-02", 10, 12, "held")]
    assert "KNW005" in codes(planned)
    assert planned.examined.learned.settled == []
    assert planned.examined.learned.agreements == []
    assert planned.plan.verdict == "person-needed"


def test_a_total_that_fits_neither_leaves_it_in_doubt() -> None:
    world = a_world()
    lost(world)
    row, _ = world.rows[0]
    world.rows[0] = (row, 13)
    planned = world.plan(AS_OF)
    assert "KNW005" in codes(planned)
    assert all(change.standing == "held" for change in planned.plan.changes)


def servers_only(world: World) -> None:
    """The workstations leave the configuration."""
    server = make.line(service="managed-server", bms_service=Reference(name="Managed Server"))
    world.accounts = [make.desired_account(server)]


def test_a_write_is_proved_though_its_line_left_the_configuration_meanwhile() -> None:
    world = a_world()
    lost(world)
    land(world)
    servers_only(world)
    planned = world.plan(AS_OF)
    assert [entry.outcome for entry in planned.examined.learned.settled] == ["proved"]
    assert not {"KNW002", "KNW005", "KNW009"} & set(codes(planned))


@pytest.mark.parametrize("landed", [True, False])
def test_a_total_that_was_never_agreed_proves_nothing(*, landed: bool) -> None:
    world = a_world()
    lost(world)
    if landed:
        land(world)
    world.agreements.clear()
    assert "KNW005" in codes(world.plan(AS_OF))


@given(st.integers(0, 4), st.integers(-3, 4), st.booleans(), st.sampled_from([0, 2]), st.booleans())
def test_a_lost_write_ends_only_where_the_total_closes(
    more: int, edited: int, landed: bool, hours: int, left: bool
) -> None:
    """Of others a row of ``more``, and a person's edit of ``edited``, at the price of the line."""
    world = a_world()
    lost(world, hours=hours)
    if landed:
        land(world)
    row, units = world.rows[0]
    world.rows[0] = (row, units + edited)
    if more:
        world.rows.append((make.a_row(id=1050, service_id=make.SERVER.id), more))
    if left:
        servers_only(world)
    planned = world.plan(AS_OF)
    ended = [entry.outcome for entry in planned.examined.learned.settled]
    closes = more + edited == 0
    if closes and landed:
        assert ended == ["proved"]
    elif closes and hours:
        assert ended == ["absent"]
    else:
        assert (ended, "KNW005" in codes(planned)) == ([], True)


def test_a_write_on_a_contract_that_is_not_bound_any_more_stays_in_doubt() -> None:
    world = a_world()
    lost(world)
    land(world)
    world.contracts = [replace(world.contracts[0], start=date(2025, 1, 1), end=date(2025, 11, 30))]
    planned = world.plan(AS_OF)
    (doubt,) = [found for found in planned.plan.findings if found.code == "KNW005"]
    assert "reconciler drift --accept 10" in (doubt.remedy or "")
    assert planned.examined.learned.settled == []
    assert "KNW005" not in codes(world.plan(AS_OF, only=("Other",)))


def test_a_write_on_a_contract_that_ended_lately_is_judged_as_any() -> None:
    world = a_world()
    lost(world)
    land(world)
    world.contracts = [replace(world.contracts[0], end=DAY)]
    planned = world.plan(AS_OF)
    assert [entry.outcome for entry in planned.examined.learned.settled] == ["proved"]
    assert "KNW005" not in codes(planned)


def test_a_lost_price_is_done_when_the_rows_have_it() -> None:
    world = a_world()
    intent = lost(world)
    world.intents = [replace(intent, kind="price", price=Decimal("22.00"))]
    row, units = world.rows[0]
    world.rows[0] = (replace(row, price=Decimal("22.00")), units)
    planned = world.plan(AS_OF)
    assert [entry.outcome for entry in planned.examined.learned.settled] == ["proved"]
    assert planned.examined.learned.facts == []


def test_a_line_that_leaves_the_configuration_while_it_is_edited_stays_drift() -> None:
    world = a_world()
    world.accounts = [
        make.desired_account(
            make.line(service="managed-server", bms_service=Reference(name="Managed Server"))
        )
    ]
    row, _ = world.rows[0]
    world.rows[0] = (row, 13)
    planned = world.plan(AS_OF)
    assert "KNW002" in codes(planned)
    assert all(change.standing == "held" for change in planned.plan.changes)
    assert planned.examined.learned.agreements == []
