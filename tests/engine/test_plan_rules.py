"""What holds for every plan: it ends, it repeats, and the order of its inputs does not matter."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.engine.entry import PlanInput
from reconciler.engine.plan import make_plan
from reconciler.model.bms import Invoice
from reconciler.model.desired import OrganizationRef, Reference
from reconciler.model.settings import Adjust, Carry, Decrease, Increase, Late, LineSettings, Over
from tests.engine import builders as make
from tests.engine.play import APPEND, UPSERT, World

SPAN = 80
SERVICES = (make.WORKSTATION.id, make.SERVER.id)
RUNS = st.lists(
    st.tuples(st.none() | st.integers(0, 12), st.integers(1, 20)), min_size=8, max_size=20
)
VALUES = RUNS.map(lambda runs: [value for value, length in runs for _ in range(length)][:SPAN])


@st.composite
def policies(draw: st.DrawFn) -> LineSettings:
    return make.settings(
        adjust=draw(st.sampled_from(get_args(Adjust))),
        over=draw(st.sampled_from(get_args(Over))),
        increase=draw(st.sampled_from(get_args(Increase))),
        decrease=draw(st.sampled_from(get_args(Decrease))),
        late=draw(st.sampled_from(get_args(Late))),
        carry=draw(st.sampled_from(get_args(Carry))),
        gap_days=draw(st.sampled_from([0, 0, 3])),
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    server = Reference(name="Managed Server")
    lines = [
        make.line(draw(policies())),
        make.line(draw(policies()), service="managed-server", bms_service=server),
    ]
    account = make.desired_account(
        *lines,
        organizations={
            "datto-rmm": (OrganizationRef(name="Brass"), OrganizationRef(name="Brass Warehouse"))
        },
    )
    world = World(
        accounts=[account],
        series={
            ("Brass", "total-devices"): make.series(0, *draw(VALUES)),
            ("Brass Warehouse", "total-devices"): make.series(0, *draw(VALUES)),
        },
        assume=draw(st.sampled_from([APPEND, UPSERT])),
    )
    if draw(st.booleans()):
        world.rows.append((make.a_row(), draw(st.integers(0, 9))))
        world.baseline()
    return world


def _invoice(world: World, day: date) -> None:
    """BMS bills each month on its first day, after the run."""
    first = day.replace(day=1)
    last = make.monthly().containing(first).last
    world.invoices = [Invoice(1, 10, first, last)]


@settings(max_examples=40)
@given(worlds(), st.lists(st.integers(1, SPAN), min_size=1, max_size=6), st.booleans())
def test_after_everything_is_written_there_is_nothing_to_write(
    world: World, offsets: list[int], invoices: bool
) -> None:
    for offset in sorted(offsets):
        as_of = make.START + make.ONE_DAY * offset
        world.apply(world.plan(as_of))
        again = world.plan(as_of).plan
        writes = [c for c in again.changes if c.standing in ("ready", "proposed")]
        assert writes == []
        assert again.verdict != "changes"
        if invoices:
            _invoice(world, as_of)
            closed = world.plan(as_of).plan
            assert [c for c in closed.changes if c.standing in ("ready", "proposed")] == []


@settings(max_examples=25)
@given(worlds(), st.integers(2, SPAN))
def test_running_every_day_or_catching_up_at_the_end_comes_to_the_same_units(
    world: World, offset: int
) -> None:
    late = replace(world, rows=list(world.rows), facts=list(world.facts), agreements={}, names=[])
    late.rules, first = [], make.START + make.ONE_DAY
    last = make.START + make.ONE_DAY * offset
    had = {row.service_id for row, _ in world.rows}
    # A person lets through what waits only because the newest readings are old.
    standings = ("ready", "proposed", "held")
    for day in make.days(first, last):
        world.night(day, standings)
    late.night(first, ())
    late.night(last, standings)
    if world.assume is APPEND:
        for service in SERVICES:
            # What BMS had from the period's start, a late run may keep for days nobody can count.
            for day in [last] if service in had else make.days(make.START, last):
                assert world.units(service, day) == late.units(service, day)


@settings(max_examples=25)
@given(worlds(), st.integers(2, SPAN))
def test_the_same_input_gives_the_same_plan(world: World, offset: int) -> None:
    entry = world.entry(make.START + make.ONE_DAY * offset)
    assert make_plan(entry) == make_plan(entry)


@settings(max_examples=30)
@given(worlds(), st.integers(2, SPAN), st.integers(0, 99))
def test_the_order_of_inputs_does_not_matter(world: World, offset: int, seed: int) -> None:
    as_of = make.START + make.ONE_DAY * offset
    world.apply(world.plan(as_of - make.ONE_DAY))
    entry = world.entry(as_of)
    assert make_plan(_shuffled(entry, random.Random(seed))).plan == make_plan(entry).plan


def _shuffled(entry: PlanInput, source: random.Random) -> PlanInput:
    def mixed(things: Any) -> tuple[Any, ...]:
        return tuple(source.sample(list(things), len(things)))

    usage = entry.usage
    accounts = [
        replace(
            account,
            contracts=tuple(replace(c, lines=mixed(c.lines)) for c in account.contracts),
        )
        for account in entry.state.accounts
    ]
    seen = entry.seen
    return replace(
        entry,
        state=replace(entry.state, accounts=mixed(accounts)),
        usage=replace(
            usage,
            series=dict(mixed(list(usage.series.items()))),
            organizations=mixed(usage.organizations),
        ),
        seen=replace(
            seen,
            rows=mixed(seen.rows),
            contracts=mixed(seen.contracts),
            services=mixed(seen.services),
        ),
    )


@settings(max_examples=40)
@given(worlds(), st.integers(2, SPAN), st.sampled_from(["failed", "unread", "unmapped"]))
def test_readings_that_are_not_there_lower_no_line(world: World, offset: int, how: str) -> None:
    as_of = make.START + make.ONE_DAY * offset
    world.apply(world.plan(as_of - make.ONE_DAY))
    if how == "unmapped":
        world.accounts = [replace(world.accounts[0], organizations={})]
    else:
        name = "Brass" if how == "failed" else "Brass Warehouse"
        del world.series[name, "total-devices"]
    for change in world.plan(as_of).plan.changes:
        assert change.units_after >= change.units_before, change
