"""A person takes over a contract that has lines which the configuration does not name."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from reconciler.model.acceptance import Acceptance, Rest
from reconciler.model.errors import WrongUsage
from reconciler.model.ledgered import Agreement
from reconciler.model.plan import Change
from reconciler.runs.accepted import AcceptError
from reconciler.runs.accepting import accept
from tests.runs.world import TODAY, World, small_world


@pytest.fixture
def world() -> Iterator[World]:
    """Ten alphas and five betas, with 121.00 of others, on one contract in step."""
    with small_world() as world:
        for name, price, units in (("alpha", "38.00", 10), ("beta", "3.50", 5)):
            world.service(name, price)
            world.row(name, units)
            world.steady(name, units)
        others(world, "Firewall", "30.00", 3)
        others(world, "Phone", "15.50", 2)
        world.configure()
        world.baseline()
        assert world.plan().verdict == "in-step"
        yield world


def others(world: World, name: str, price: str, units: int) -> int:
    """A row that the configuration does not name."""
    service = world.sandbox.add_service(name, price)
    return world.sandbox.add_line(world.contract, service, units, world.start)


def edit(world: World, service: str, units: int) -> None:
    rows = world.sandbox.tables().rows()
    row = next(r.row_id for r in rows if r.service == service)
    world.sandbox.ui.edit_units(row, units)


def take(world: World, given: str | None = None, /, **units: int) -> Acceptance:
    told = None if given is None else Decimal(given)
    return accept(world.around, world.ledger, str(world.contract), units, "looked", others=told)


def agreed(world: World) -> Agreement:
    return world.ledger.remember().agreements[0]


def test_units_that_leave_other_lines_less_than_nothing_are_refused(world: World) -> None:
    edit(world, "alpha", 21)
    with pytest.raises(AcceptError, match=r"75,\d{3}\.\d\d USD more than .* less than nothing"):
        take(world, alpha=2000, beta=5)
    with pytest.raises(AcceptError, match="less than nothing"):
        take(world, "121.00", alpha=2000, beta=5)


def test_units_that_only_other_lines_could_explain_are_refused(world: World) -> None:
    """Two where the line has 21: what is left over is no reason by itself."""
    edit(world, "alpha", 21)
    with pytest.raises(AcceptError) as caught:
        take(world, alpha=2, beta=5)
    assert "would leave 843.00 USD for the contract's other lines" in caught.value.message
    assert f"121.00 USD was agreed on {TODAY}" in caught.value.message
    assert "--others AMOUNT" in (caught.value.remedy or "")
    assert world.ledger.remember().facts == tuple(
        fact for fact in world.ledger.remember().facts if fact.source == "baseline"
    )


def test_the_right_units_leave_the_other_lines_what_was_agreed(world: World) -> None:
    edit(world, "alpha", 21)
    taken = take(world, alpha=21, beta=5)
    assert taken.rest == Rest(Decimal("121.00"), Decimal("121.00"), TODAY)
    assert not [f for f in world.plan().findings if f.code.startswith("KNW")]


def test_units_of_others_that_changed_beside_ours_are_said_as_well(world: World) -> None:
    edit(world, "alpha", 21)
    edit(world, "Firewall", 5)
    with pytest.raises(AcceptError, match=r"would leave 181.00 USD .* no change of theirs"):
        take(world, alpha=21, beta=5)
    with pytest.raises(AcceptError, match=r"and 151.00 USD of its other lines .* 966.50 USD"):
        take(world, "151.00", alpha=21, beta=5)
    taken = take(world, "181.00", alpha=21)
    assert taken.rest == Rest(Decimal("181.00"), Decimal("121.00"), TODAY)
    assert agreed(world).residual == Decimal("181.00")
    world.apply()
    assert (world.units("alpha"), world.plan().verdict) == (10, "in-step")


def test_a_row_of_others_that_was_added_explains_whole_units_of_it(world: World) -> None:
    edit(world, "alpha", 21)
    service = world.sandbox.add_service("Switch", "41.30")
    world.sandbox.ui.add_line(world.contract, service, 2, world.start)
    with pytest.raises(AcceptError, match=r"leave 925.60 USD .* no change of theirs"):
        take(world, alpha=2, beta=5)
    taken = take(world, alpha=21, beta=5)
    assert taken.rest == Rest(Decimal("203.60"), Decimal("121.00"), TODAY)


def test_several_rows_of_others_may_come_to_anything(world: World) -> None:
    for name, price in (("Switch", "41.30"), ("Cable", "0.70")):
        service = world.sandbox.add_service(name, price)
        world.sandbox.ui.add_line(world.contract, service, 2, world.start)
    assert take(world, alpha=10, beta=5).rest == Rest(Decimal(205), Decimal(121), TODAY)


def test_units_of_others_that_changed_alone_need_no_more_than_our_lines(world: World) -> None:
    edit(world, "Firewall", 5)
    assert take(world, alpha=10, beta=5).rest == Rest(Decimal("181.00"), Decimal("121.00"), TODAY)
    assert world.plan().verdict == "in-step"


def test_our_lines_unmoved_do_not_explain_what_only_an_edit_of_them_can(world: World) -> None:
    """11 alphas are no whole number of firewalls or phones."""
    edit(world, "alpha", 21)
    with pytest.raises(AcceptError, match="no change of theirs"):
        take(world, alpha=10, beta=5)


def test_what_was_taken_over_wrong_is_corrected_by_the_right_units(world: World) -> None:
    """Whether the contract drifts then or not; and wrong ones are not taken in their place."""
    edit(world, "alpha", 21)
    take(world, "843.00", alpha=2, beta=5)
    assert not [f for f in world.plan().findings if f.code == "KNW002"]
    with pytest.raises(AcceptError, match="was agreed"):
        take(world, alpha=3, beta=5)
    taken = take(world, alpha=21, beta=5)
    assert taken.rest == Rest(Decimal("121.00"), Decimal("843.00"), TODAY)
    world.apply()
    assert (world.units("alpha"), world.plan().verdict) == (10, "in-step")


def test_what_a_baseline_had_wrong_is_corrected_too(world: World) -> None:
    """Nothing but a person can tell then what the other lines come to."""
    edit(world, "Firewall", 1)
    take(world, "61.00", alpha=10, beta=5)
    with pytest.raises(AcceptError, match="was agreed"):
        take(world, alpha=9, beta=5)
    take(world, "99.00", alpha=9, beta=5)
    assert agreed(world).residual == Decimal("99.00")


def test_a_contract_in_step_is_read_in_full_as_well(world: World) -> None:
    assert not world.run_plan().seen.wide
    assert take(world, alpha=10, beta=5).rest == Rest(Decimal(121), Decimal(121), TODAY)


def test_a_contract_without_other_lines_has_none_to_speak_of() -> None:
    with small_world() as world:
        world.service("alpha")
        world.row("alpha", 10)
        world.steady("alpha", 10)
        world.configure()
        world.baseline()
        world.plan()
        assert take(world, alpha=10).rest is None
        with pytest.raises(WrongUsage, match="no lines but those"):
            take(world, "10.00", alpha=10)


def test_units_that_the_total_does_not_prove_are_told_so(world: World) -> None:
    """A switch is two alphas, so any two alphas more or less leave it some units of it."""
    service = world.sandbox.add_service("Switch", "76.00")
    world.sandbox.ui.add_line(world.contract, service, 2, world.start)
    assert take(world, alpha=12, beta=5).also == (
        "alpha from 10 to 8",
        "alpha from 10 to 6",
        "alpha from 10 to 14",
    )


def test_of_a_line_nobody_told_of_another_edit_may_explain_the_total() -> None:
    with small_world() as world:
        for name, price in (("alpha", "20.00"), ("beta", "10.00")):
            world.service(name, price)
            world.row(name, 10)
            world.steady(name, 10)
        world.configure()
        world.baseline()
        world.plan()
        edit(world, "beta", 14)
        assert take(world, alpha=12).also == ("beta from 10 to 14",)
        assert take(world, alpha=10, beta=14).also == ()
        edit(world, "beta", 15)
        assert take(world, beta=15).also == ()


def test_what_the_next_run_takes_back_at_once_is_said() -> None:
    """In mode apply, where the count is another; not where it waits for somebody, or is fixed."""
    assert [one.units_after for one in kept(mode="apply")] == [10]
    assert kept(mode="propose") == ()
    assert kept("units: {fixed: 12, reason: agreed}") == ()
    assert kept(guards="{percent: 10, percent_floor_units: 0}") == ()


def kept(line: str = "", mode: str = "apply", guards: str | None = None) -> tuple[Change, ...]:
    """What comes of twelve units that are taken over, where usage is ten."""
    with small_world() as world:
        world.mode, world.guards = mode, guards or world.guards
        world.service("alpha", "20.00")
        world.row("alpha", 10)
        world.steady("alpha", 10)
        world.configure()
        world.baseline()
        world.plan()
        edit(world, "alpha", 12)
        world.configure(alpha=line)
        return take(world, alpha=12).back


@pytest.fixture
def rows() -> Iterator[World]:
    """Twelve alphas on two rows, five betas on one, and no line of others."""
    with small_world() as world:
        for name, units in (("alpha", 10), ("beta", 5)):
            world.service(name)
            world.row(name, units)
        world.row("alpha", 2)
        world.configure()
        world.baseline()
        for name, units in (("alpha", 12), ("beta", 5)):
            world.steady(name, units)
        assert world.plan().verdict == "in-step"
        yield world


@pytest.mark.parametrize("told", [1, 12, 13, 1000])
def test_units_of_several_rows_that_do_not_close_the_total_are_refused(
    rows: World, told: int
) -> None:
    """BMS may still have yesterday; what a person read in it today is there all the same."""
    for row in rows.sandbox.tables().rows():
        if row.service == "alpha":
            rows.sandbox.ui.edit_units(row.row_id, 0)
    with pytest.raises(AcceptError, match=rf"would be {told * 10 + 50:,}\.00 USD"):
        take(rows, alpha=told)
    assert take(rows, alpha=0).facts[0].units == 0


def test_units_of_several_rows_that_were_read_in_bms_go_on_from_there(rows: World) -> None:
    for row in rows.sandbox.tables().rows():
        if row.service == "alpha":
            rows.sandbox.ui.edit_units(row.row_id, 4)
    take(rows, alpha=8)
    rows.apply()
    assert (rows.units("alpha"), rows.plan().verdict) == (12, "in-step")
