"""A merge that is reverted: its writes are taken back at their own day, whatever the policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from reconciler.engine.reverting import Kept
from reconciler.model.errors import PlanStale
from reconciler.model.plan import Change
from reconciler.report import plan_json
from reconciler.report.reverted import sentences
from reconciler.runs.accepting import accept_prices
from reconciler.runs.applying import ApplyOptions, ApplyRun, apply
from reconciler.runs.left_by_hand import left_by_hand
from reconciler.sandbox import Behaviour
from tests.ledger.branch.copies import git
from tests.ledger.making import run_sql
from tests.runs.beginnings import commit, nightly, repository
from tests.runs.conftest import MakeWorld
from tests.runs.desk import LATER, Desk
from tests.runs.truth import billed
from tests.runs.world import TODAY, World

JANUARY = date(2027, 1, 1)
POLICIES = ("", "decrease: next-period", "decrease: never", "credits: hold")


@pytest.fixture
def make_desk(make_world: MakeWorld) -> Any:
    def make(policy: str = "", **options: Any) -> Desk:
        world = make_world(policy=policy, **options)
        nightly(world)
        world.steady("alpha", 10)
        world.apply(how="schedule")
        repository(world)
        return Desk(world)

    return make


def told(changes: Iterable[Change]) -> list[tuple[str, date, int, int, str]]:
    return [(c.line.service, c.day, c.units_before, c.units_after, c.cause) for c in changes]


def stopped(desk: Desk, made: str) -> ApplyRun:
    """A revert whose first run stops half way; what the second one comes to."""
    world = desk.world
    path = "/v2/finance/contracts/recurringservices/*/services"
    world.sandbox.faults.arm("http-429", path=path, after=1, times=9, retry_after=3000)
    git(world.folder, "revert", "--no-edit", made)
    review, merged = desk.reviewed("HEAD~1"), git(world.folder, "rev-parse", "HEAD")
    assert desk.write(merged, review).stopped is not None
    world.sandbox.faults.clear()
    begun = plan_json.loads(world.ledger.load_plan(review.plan) or "")
    return desk.write(merged, review, begun)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_revert_takes_back_what_the_merge_wrote_at_its_own_day(
    make_desk: Any, policy: str
) -> None:
    desk = make_desk(policy)
    world = desk.world
    made = desk.merge(beta=desk.also("minimum: 15"))
    assert world.units("beta") == 15
    desk.pass_days()
    world.apply(how="schedule")
    done = desk.revert(made)
    assert told(done.plan.changes) == [("beta", TODAY, 15, 10, "correction")]
    assert {billed(world, "beta", day) for day in (TODAY - timedelta(1), TODAY, LATER)} == {10}
    assert world.plan().verdict == "in-step"
    world.sandbox.advance(timedelta(days=1))
    assert world.plan(as_of=LATER + timedelta(1)).changes == ()


def test_the_comment_says_what_is_taken_back(make_desk: Any) -> None:
    desk = make_desk("decrease: never")
    made = desk.merge(beta=desk.also("minimum: 15"))
    desk.pass_days()
    desk.revert(made)
    (said,) = sentences(desk.before, "USD")
    assert said == (
        "It takes back what #7 wrote on 2026-11-23: 1 change (-50.00 USD per month), from its own"
        " day on."
    )


def test_words_alone_take_nothing_back(make_desk: Any) -> None:
    desk = make_desk()
    made = desk.merge(beta="minimum: 15")
    desk.pass_days()
    desk.merge(f"This reverts commit {made}.", alpha="minimum: 12", beta="minimum: 15")
    assert told(desk.done.plan.changes) == [("alpha", LATER, 10, 12, "config")]
    assert (desk.before.taken_back, desk.before.not_taken_back) == ((), ())


def test_another_edit_in_the_words_of_a_revert_is_an_edit_of_its_day(make_desk: Any) -> None:
    desk = make_desk()
    made = desk.merge(beta="minimum: 15")
    desk.pass_days()
    desk.merge(f"This reverts commit {made}.", beta="minimum: 13")
    assert told(desk.done.plan.changes) == [("beta", LATER, 15, 13, "config")]
    (said,) = sentences(desk.before, "USD")
    assert said == (
        "What #7 wrote is not taken back at its own day on beta of Brass Building Supplies, since"
        " its configuration is not what it was before; what is reverted there counts from today on."
    )


def test_a_commit_that_no_merge_brought_is_none_to_revert(make_desk: Any) -> None:
    desk = make_desk("decrease: never")
    desk.world.configure(beta=desk.also("minimum: 15"))
    made = commit(desk.world, "pushed directly")
    desk.world.apply(how="schedule")
    desk.pass_days()
    assert desk.revert(made).plan.changes == ()
    assert desk.before.reverts == ()


def test_a_part_of_a_revert_takes_back_its_lines(make_desk: Any) -> None:
    desk = make_desk()
    made = desk.merge(alpha="minimum: 14", beta="minimum: 15")
    desk.pass_days()
    desk.merge(f"This reverts commit {made}.", alpha="minimum: 14")
    assert told(desk.done.plan.changes) == [("beta", TODAY, 15, 10, "correction")]
    assert (desk.world.units("alpha"), desk.world.units("beta")) == (14, 10)


def test_two_merges_are_reverted_together(make_desk: Any) -> None:
    desk = make_desk("decrease: never")
    first = desk.merge(beta=desk.also("minimum: 15"))
    desk.world.sandbox.advance(timedelta(days=1))
    desk.pass_readings()
    second = desk.merge(beta=desk.also("minimum: 18"))
    desk.pass_days()
    done = desk.revert(second, first)
    assert told(done.plan.changes) == [
        ("beta", TODAY, 15, 10, "correction"),
        ("beta", TODAY + timedelta(1), 13, 10, "correction"),
    ]
    assert {billed(desk.world, "beta", day) for day in (TODAY, LATER)} == {10}
    assert [one.merge for one in desk.before.taken_back] == ["#8", "#7"]
    assert desk.world.plan().verdict == "in-step"


@pytest.mark.parametrize("stops", [False, True])
def test_of_two_merges_of_one_day_the_newer_is_taken_back(make_desk: Any, *, stops: bool) -> None:
    desk = make_desk("decrease: never")
    world = desk.world
    desk.merge(alpha=desk.also("minimum: 12"), beta=desk.also("minimum: 12"))
    second = desk.merge(alpha=desk.also("minimum: 14"), beta=desk.also("minimum: 15"))
    desk.pass_days()
    if stops:
        stopped(desk, second)
    else:
        desk.revert(second)
    assert told(desk.done.plan.changes) == [
        ("alpha", TODAY, 14, 12, "correction"),
        ("beta", TODAY, 15, 12, "correction"),
    ]
    assert {billed(world, name, TODAY) for name in ("alpha", "beta")} == {12}
    assert world.plan().verdict == "in-step"


def test_both_merges_of_one_day_are_taken_back(make_desk: Any) -> None:
    desk = make_desk("decrease: never")
    first = desk.merge(beta=desk.also("minimum: 12"))
    second = desk.merge(beta=desk.also("minimum: 15"))
    desk.pass_days()
    desk.revert(second, first)
    assert told(desk.done.plan.changes) == [
        ("beta", TODAY, 15, 12, "correction"),
        ("beta", TODAY, 12, 10, "correction"),
    ]
    assert billed(desk.world, "beta", TODAY) == 10
    assert desk.world.plan().verdict == "in-step"


def test_of_two_merges_the_older_one_stays_under_the_newer(make_desk: Any) -> None:
    desk = make_desk()
    first = desk.merge(beta="minimum: 15")
    desk.world.sandbox.advance(timedelta(days=1))
    desk.merge(beta="minimum: 15, maximum: 40")
    desk.pass_days()
    desk.merge(f"This reverts commit {first}.", beta="maximum: 40")
    assert told(desk.done.plan.changes) == [("beta", LATER, 15, 10, "config")]
    (left,) = desk.before.not_taken_back
    assert left.kept.why == "its configuration was changed again since"


def test_a_revert_that_is_reverted_is_an_edit_of_its_day(make_desk: Any) -> None:
    desk = make_desk()
    made = desk.merge(beta="minimum: 15")
    desk.pass_days()
    desk.revert(made)
    desk.world.sandbox.advance(timedelta(days=1))
    desk.pass_readings()
    done = desk.revert("HEAD")
    assert told(done.plan.changes) == [("beta", LATER + timedelta(1), 10, 15, "config")]
    (left,) = desk.before.not_taken_back
    assert left.kept.why == "it was a revert itself"


def test_what_was_corrected_before_is_not_taken_back_again(make_desk: Any) -> None:
    desk = make_desk("decrease: never")
    world = desk.world
    made = desk.merge(beta=desk.also("minimum: 15"))
    (ref,) = [intent.ref for intent, _ in world.ledger.writes(1)]
    desk.pass_days()
    apply(world.around, world.ledger, ApplyOptions("maria", "terminal", correct=(ref,)))
    assert world.units("beta") == 10
    assert desk.revert(made).plan.changes == ()
    assert world.plan().verdict == "in-step"
    assert billed(world, "beta", LATER) == 10


def test_usage_that_came_after_it_stays(make_desk: Any) -> None:
    desk = make_desk("decrease: never")
    world = desk.world
    made = desk.merge(beta=desk.also("minimum: 15"))
    risen = TODAY + timedelta(1)
    world.sandbox.set_clock(LATER)
    world.steady("alpha", 10)
    world.steady("beta", 10)
    world.read("beta", {risen: 20, risen + timedelta(1): 20})
    world.apply(how="schedule")
    done = desk.revert(made)
    assert told(done.plan.changes)[0] == ("beta", TODAY, 15, 10, "correction")
    assert [billed(world, "beta", day) for day in (TODAY, risen, LATER)] == [10, 20, 20]
    assert world.plan().verdict == "in-step"


def test_usage_that_its_plan_wrote_on_the_same_line_stays(make_desk: Any) -> None:
    desk = make_desk()
    world = desk.world
    world.read("beta", {date(2026, 11, day): 12 for day in range(10, 23)})
    made = desk.merge(beta="multiply: 2")
    assert [c.units_after for c in desk.done.plan.changes] == [12, 24]
    world.sandbox.set_clock(LATER)
    world.steady("alpha", 10)
    world.read("beta", {date(2026, 11, day): 12 for day in range(23, 26)})
    done = desk.revert(made)
    assert told(done.plan.changes) == [("beta", TODAY, 24, 12, "correction")]
    assert [billed(world, "beta", date(2026, 11, day)) for day in (9, 10, 26)] == [10, 12, 12]


def test_one_that_stops_half_way_is_gone_on_with(make_desk: Any) -> None:
    desk = make_desk("decrease: never")
    world = desk.world
    made = desk.merge(alpha=desk.also("minimum: 14"), beta=desk.also("minimum: 15"))
    desk.pass_days()
    done = stopped(desk, made)
    assert told(done.plan.changes) == [
        ("alpha", TODAY, 14, 10, "correction"),
        ("beta", TODAY, 15, 10, "correction"),
    ]
    assert len(done.already) == len(done.applied) == 1
    assert {billed(world, name, TODAY) for name in ("alpha", "beta")} == {10}
    assert world.plan().verdict == "in-step"


UPSERT = Behaviour().changed({"line_update": "upsert"})


def test_where_bms_updates_it_is_posted_as_an_update(make_desk: Any) -> None:
    desk = make_desk("decrease: never", behaviour=UPSERT)
    made = desk.merge(beta=desk.also("minimum: 15"))
    desk.pass_days()
    (change,) = desk.revert(made).plan.changes
    assert (change.day, change.posts, change.cause) == (TODAY, 10, "correction")
    assert billed(desk.world, "beta", LATER) == 10


def test_where_bms_updates_a_later_write_stands_on_it(make_desk: Any) -> None:
    desk = make_desk(behaviour=UPSERT)
    world = desk.world
    made = desk.merge(beta="minimum: 15")
    world.sandbox.set_clock(LATER)
    world.steady("alpha", 10)
    world.steady("beta", 10)
    world.read("beta", {LATER - timedelta(1): 20})
    world.apply(how="schedule")
    assert world.units("beta") == 20
    world.read("beta", {LATER - timedelta(1): 10})
    world.apply(how="schedule")
    assert desk.revert(made).plan.changes[-1].day == LATER
    (left,) = desk.before.not_taken_back
    assert left.kept.why.startswith("later writes stand on it: ")


def test_a_line_that_somebody_else_moved_since_counts_from_today(make_desk: Any) -> None:
    desk = make_desk()
    world = desk.world
    made = desk.merge(beta="minimum: 15")
    desk.pass_days()
    world.sandbox.ui.add_line(world.contract, world.services["beta"], 1, TODAY)
    world.baseline()
    desk.revert(made)
    (left,) = desk.before.not_taken_back
    assert left.kept.why == "the line was moved since by something else"


def test_nothing_is_taken_back_from_before_billing_starts(make_desk: Any) -> None:
    desk = make_desk()
    made = desk.merge(beta="minimum: 15")
    desk.pass_days()
    desk.world.billing_starts = TODAY + timedelta(1)
    desk.merge(f"This reverts commit {made}.")
    (left,) = desk.before.not_taken_back
    assert left.kept.why == "it is dated 2026-11-23, and billing starts on 2026-11-24"
    assert {change.cause for change in desk.done.plan.changes} == {"config"}


def test_where_bms_takes_nothing_dated_back_it_counts_from_today(make_desk: Any) -> None:
    desk = make_desk(behaviour=Behaviour().changed({"back_dated": "refused"}))
    made = desk.merge(beta="minimum: 15")
    desk.pass_days()
    assert told(desk.revert(made).plan.changes) == [("beta", LATER, 15, 10, "config")]
    (left,) = desk.before.not_taken_back
    assert left.kept.why == "BMS takes nothing that is dated back"


def test_where_bms_takes_no_negative_units_it_is_work_for_a_person(make_desk: Any) -> None:
    desk = make_desk(behaviour=Behaviour().changed({"negative_units": "refused"}))
    made = desk.merge(beta="minimum: 15")
    desk.pass_days()
    (change,) = desk.revert(made).plan.changes
    assert (change.cause, change.standing, change.day) == ("correction", "by-hand", TODAY)


REFUSED = Behaviour().changed({"negative_units": "refused"})
CREDIT = [("beta", TODAY, 15, 10, "correction")]


def row_of(world: World, name: str) -> int:
    """Its newest one."""
    return max(one.row_id for one in world.sandbox.tables().rows() if one.service == name)


def pass_months(desk: Desk) -> None:
    """To February, with invoices of every month before it."""
    to_february(desk)
    for name in ("alpha", "beta"):
        desk.world.steady(name, 10, JANUARY)


def to_february(desk: Desk) -> None:
    """Nights came, too, which wrote nothing."""
    world = desk.world
    world.ledger.append_look(date(2027, 2, 1), datetime(2027, 2, 1, tzinfo=UTC))
    world.sandbox.set_clock(date(2027, 2, 10))
    for first in (date(2026, 11, 1), date(2026, 12, 1), JANUARY):
        last = (first + timedelta(31)).replace(day=1) - timedelta(1)
        world.sandbox.add_invoice(world.contract, first, last)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("pass_time", [Desk.pass_days, pass_months])
def test_work_for_a_person_stays_the_same_until_it_is_done(
    make_desk: Any, policy: str, pass_time: Callable[[Desk], None]
) -> None:
    """In periods that are over too, where no count looks any more."""
    desk = make_desk(policy, behaviour=REFUSED)
    world = desk.world
    world.sandbox.ui.reprice(row_of(world, "alpha"), "7.00")  # so that a total tells them apart
    accept_prices(world.around, world.ledger, "by phone")
    made = desk.merge(beta=desk.also("minimum: 15"))
    pass_time(desk)
    assert told(desk.revert(made).plan.changes) == CREDIT
    for _ in range(2):
        world.apply(how="schedule")
        (change,) = world.plan().changes
        assert (told([change]), change.standing) == (CREDIT, "by-hand")
        world.sandbox.advance(timedelta(days=1))
        desk.pass_readings()
    world.sandbox.ui.edit_units(row_of(world, "beta"), 0)
    assert world.plan().changes == ()
    assert billed(world, "beta", LATER) == 10
    world.sandbox.advance(timedelta(days=1))
    desk.pass_readings()
    assert world.plan().verdict == "in-step"


def test_work_for_a_person_ends_where_later_writes_stand_on_it(make_desk: Any) -> None:
    """While their days are looked at, they are counted again once the work is done."""
    desk = make_desk(behaviour=REFUSED)
    world = desk.world
    made = desk.merge(beta="minimum: 15")
    desk.pass_days()
    desk.revert(made)
    risen = LATER + timedelta(1)
    world.read("beta", {LATER: 10, risen: 20})
    world.sandbox.set_clock(risen + timedelta(1))
    world.steady("alpha", 10)
    world.apply(how="schedule")
    assert (billed(world, "beta", TODAY), billed(world, "beta", risen)) == (15, 20)
    assert told(world.plan().changes) == CREDIT
    pass_months(desk)
    world.steady("beta", 20)
    assert world.plan().changes == ()


def test_work_for_a_person_is_written_once_bms_is_known_to_take_it(make_desk: Any) -> None:
    desk = make_desk("decrease: never", assume={"negative_units": "refused"})
    world = desk.world
    made = desk.merge(beta=desk.also("minimum: 15"))
    desk.pass_days()
    desk.revert(made)
    assert [intent.units_after for intent in left_by_hand(world.ledger)] == [15]
    world.assume = {}
    world.configure(beta=desk.also(""))
    assert told(world.apply(how="schedule").plan.changes) == CREDIT
    assert left_by_hand(world.ledger) == ()
    assert billed(world, "beta", TODAY) == 10
    assert world.plan().verdict == "in-step"


def test_work_for_a_person_is_all_that_the_merge_wrote(make_desk: Any) -> None:
    """Two steps of one line; the second is computed as if the first were not done."""
    desk = make_desk("decrease: never", behaviour=REFUSED)
    first, second = TODAY - timedelta(7), TODAY - timedelta(3)
    steps = f"changes: [{{from: {first}, minimum: 15}}, {{from: {second}, minimum: 18}}]"
    made = desk.merge(beta=desk.also(steps))
    assert desk.world.units("beta") == 18
    desk.pass_days()
    desk.revert(made)
    found = told(desk.before.planned.plan.changes)
    assert found == [
        ("beta", first, 15, 10, "correction"),
        ("beta", second, 18, 15, "correction"),
    ]
    assert [intent.units_after for intent in left_by_hand(desk.world.ledger)] == [15, 18]
    desk.world.sandbox.advance(timedelta(days=1))
    assert sorted(told(desk.world.plan().changes)) == sorted(found)


def test_work_for_a_person_is_none_of_the_next_pull_request(make_desk: Any) -> None:
    desk = make_desk("decrease: never", behaviour=REFUSED)
    made = desk.merge(beta=desk.also("minimum: 15"))
    desk.pass_days()
    desk.revert(made)
    desk.world.sandbox.advance(timedelta(hours=1))
    desk.merge(alpha=desk.also("minimum: 12"), beta=desk.also(""))
    assert told(desk.done.plan.changes) == [("alpha", LATER, 10, 12, "config")]
    assert told(desk.before.tonight.changes) == CREDIT


def test_a_line_that_the_merge_added_keeps_its_units_and_says_so(make_desk: Any) -> None:
    desk = make_desk()
    world = desk.world
    world.service("gamma")
    world.steady("gamma", 4)
    made = desk.merge()
    assert world.units("gamma") == 4
    desk.pass_days()
    del world.services["gamma"]
    desk.merge(f"This reverts commit {made}.")
    assert desk.done.plan.changes == ()
    said = " ".join(sentences(desk.before, "USD"))
    assert said == (
        "What #7 wrote is not taken back at its own day on gamma of Brass Building Supplies, since"
        " the configuration names it no more."
    )


def test_what_guards_hold_of_it_is_approved_before_it_is_merged_or_refused(make_desk: Any) -> None:
    """No later run would look for it in periods that are over."""
    desk = make_desk()
    made = desk.merge(beta="minimum: 15")
    desk.pass_days()
    desk.world.guards = "{percent: 1000, line: 20}"
    desk.merge("tighter guards", beta="minimum: 15")
    with pytest.raises(PlanStale, match="guards hold 1 of the 1 changes") as caught:
        desk.revert(made)
    (change,) = desk.before.planned.plan.changes
    assert (change.standing, change.because) == ("held", ("GRD002",))
    assert "apply --correct" in (caught.value.remedy or "")
    assert desk.world.units("beta") == 15


def test_words_do_not_credit_what_another_merge_of_the_day_wrote(make_desk: Any) -> None:
    desk = make_desk("decrease: never")
    made = desk.merge(beta=desk.also("minimum: 12"))
    desk.merge(beta=desk.also("minimum: 30"))
    desk.pass_days()
    desk.merge(f"Less\n\nThis reverts commit {made}.", beta=desk.also(""))
    assert desk.done.plan.changes == ()
    assert desk.world.units("beta") == 30


def test_units_leave_at_the_price_they_came_at_before_it_goes_back(make_desk: Any) -> None:
    desk = make_desk()
    world = desk.world
    made = desk.merge(beta="minimum: 15, price: 12.00")
    desk.pass_days()
    desk.merge(f"This reverts commit {made}.", beta="price: 10.00")
    units, price = desk.done.plan.changes
    assert told([units, price]) == [
        ("beta", LATER, 15, 10, "config"),
        ("beta", LATER, 15, 15, "price"),
    ]
    assert (units.price, price.price) == (Decimal("12.00"), Decimal("10.00"))
    assert world.units("beta") == 10


def price(world: World, name: str = "beta") -> Decimal:
    (found,) = {one.price for one in world.sandbox.tables().rows() if one.service == name}
    return found


def test_a_price_that_none_was_named_before_goes_back_with_the_units(make_desk: Any) -> None:
    desk = make_desk("decrease: never")
    world = desk.world
    made = desk.merge(beta=desk.also("minimum: 15, price: 12.00"))
    assert price(world) == Decimal(12)
    desk.pass_days()
    done = desk.revert(made)
    assert told(done.plan.changes) == [
        ("beta", TODAY, 15, 10, "correction"),
        ("beta", LATER, 15, 15, "correction"),
    ]
    assert (price(world), billed(world, "beta", TODAY)) == (Decimal(10), 10)
    assert list(sentences(desk.before, "USD")) == [
        "It takes back what #7 wrote on 2026-11-23: 1 change (-50.00 USD per month), from its own"
        " day on and 1 price (-30.00 USD per month), from 2026-11-26 on."
    ]
    assert world.plan().verdict == "in-step"


def test_of_a_merge_that_moved_no_units_the_price_goes_back(make_desk: Any) -> None:
    desk = make_desk()
    made = desk.merge(beta="price: 12.00")
    desk.pass_days()
    (change,) = desk.revert(made).plan.changes
    assert (change.price_before, change.price) == (Decimal("12.00"), Decimal("10.00"))
    assert change.steps[0].what.startswith("reverses ")
    assert price(desk.world) == Decimal(10)
    assert desk.world.plan().verdict == "in-step"


def test_of_two_merges_the_price_goes_back_to_that_before_the_first(make_desk: Any) -> None:
    desk = make_desk()
    first = desk.merge(beta="price: 12.00")
    desk.world.sandbox.advance(timedelta(hours=1))
    second = desk.merge(beta="price: 13.00")
    desk.pass_days()
    desk.revert(second, first)
    assert price(desk.world) == Decimal(10)


@pytest.mark.parametrize("since", [("13.00",), ("13.00", "12.00")])
def test_a_price_that_another_merge_set_stays_and_the_comment_says_so(
    make_desk: Any, since: tuple[str, ...]
) -> None:
    """Nobody said what the line had before that one."""
    desk = make_desk()
    first = desk.merge(beta="price: 12.00")
    for other in since:
        desk.world.sandbox.advance(timedelta(hours=1))
        desk.merge(beta=f"price: {other}")
    desk.pass_days()
    desk.merge(f"This reverts commit {first}.", beta="")
    assert desk.done.plan.changes == ()
    assert price(desk.world) == Decimal(since[-1])
    assert list(sentences(desk.before, "USD")) == [
        f"It names no price any more for beta of Brass Building Supplies ({since[-1]} USD), so BMS"
        " keeps that one: where another is wanted, write it as `price:`."
    ]


def test_a_revert_that_stops_before_the_last_price_takes_the_rest_back_later(
    make_desk: Any,
) -> None:
    desk = make_desk("decrease: never")
    world = desk.world
    made = desk.merge(
        alpha=desk.also("minimum: 14, price: 11.00"), beta=desk.also("minimum: 15, price: 12.00")
    )
    desk.pass_days()
    done = stopped(desk, made)
    assert len(done.already) == 2
    assert {price(world, name) for name in ("alpha", "beta")} == {Decimal(10)}
    assert {billed(world, name, TODAY) for name in ("alpha", "beta")} == {10}
    assert world.plan().verdict == "in-step"


def test_a_price_that_was_changed_in_bms_since_is_not_written_over(make_desk: Any) -> None:
    desk = make_desk()
    world = desk.world
    made = desk.merge(beta="price: 12.00")
    desk.pass_days()
    world.sandbox.ui.reprice(row_of(world, "beta"), "11.00")
    desk.revert(made)
    assert price(world) == Decimal(11)
    (kept,) = desk.before.prices_kept
    assert kept.price == Decimal("11.00")


def test_a_price_that_a_revert_names_is_an_edit(make_desk: Any) -> None:
    desk = make_desk()
    made = desk.merge(beta="price: 12.00")
    desk.pass_days()
    desk.merge(f"This reverts commit {made}.", beta="price: 11.00")
    (change,) = desk.done.plan.changes
    assert (change.cause, price(desk.world)) == ("price", Decimal(11))
    assert desk.before.prices_kept == ()


def test_a_price_that_guards_hold_is_taken_back_by_no_merge(make_desk: Any) -> None:
    desk = make_desk()
    made = desk.merge(beta="price: 12.00")
    desk.pass_days()
    desk.world.guards = "{percent: 1000, line: 5}"
    desk.merge("tighter guards", beta="price: 12.00")
    with pytest.raises(PlanStale, match="guards hold 1 of the 1 changes") as caught:
        desk.revert(made)
    assert "`price:`" in (caught.value.remedy or "")
    assert price(desk.world) == Decimal(12)


def test_what_is_invoiced_is_taken_back_as_a_correction_is(make_desk: Any) -> None:
    desk = make_desk("decrease: next-period, late: next-period")
    world = desk.world
    made = desk.merge(beta=desk.also("minimum: 15"))
    world.sandbox.set_clock(date(2026, 12, 3))
    for name in ("alpha", "beta"):
        world.steady(name, 10)
    world.sandbox.add_invoice(world.contract, date(2026, 11, 1), date(2026, 11, 30))
    world.apply(how="schedule")
    done = desk.revert(made)
    assert told(done.plan.changes) == [("beta", TODAY, 15, 10, "correction")]
    assert billed(world, "beta", TODAY) == 10
    assert world.plan().verdict == "in-step"


@pytest.mark.parametrize("used", [10, 20])
def test_long_after_it_is_taken_back_in_a_period_that_nothing_else_reaches(
    make_desk: Any, used: int
) -> None:
    desk = make_desk("decrease: never")
    world = desk.world
    made = desk.merge(beta=desk.also("minimum: 15"))
    world.sandbox.set_clock(date(2027, 2, 10))
    for name, units in (("alpha", 10), ("beta", used)):
        world.steady(name, units, JANUARY)
    for first in (date(2026, 11, 1), date(2026, 12, 1), JANUARY):
        last = (first + timedelta(31)).replace(day=1) - timedelta(1)
        world.sandbox.add_invoice(world.contract, first, last)
    done = desk.revert(made)
    risen = [("beta", JANUARY, 10, used, "usage")] if used > 10 else []
    assert told(done.plan.changes) == [("beta", TODAY, 15, 10, "correction"), *risen]
    assert [billed(world, "beta", day) for day in (TODAY, JANUARY)] == [10, used]
    assert world.plan().verdict == "in-step"


def test_long_after_it_stays_under_what_was_written_on_top_of_it(make_desk: Any) -> None:
    """What usage came to without it is counted no more in periods that are long over."""
    desk = make_desk("decrease: never")
    world = desk.world
    made = desk.merge(beta=desk.also("minimum: 15"))
    desk.pass_days()
    world.read("beta", {TODAY + timedelta(1): 20, TODAY + timedelta(2): 20})
    world.apply(how="schedule")
    to_february(desk)
    for name, units in (("alpha", 10), ("beta", 20)):
        world.steady(name, units, LATER)
    assert desk.revert(made).plan.changes == ()
    (left,) = desk.before.not_taken_back
    assert left.kept.why == "later writes stand on it in periods that are over"
    assert billed(world, "beta", LATER) == 20


def test_a_squash_that_leaves_the_words_out_takes_back_what_was_reviewed(make_desk: Any) -> None:
    desk = make_desk("decrease: never")
    world = desk.world
    made = desk.merge(beta=desk.also("minimum: 15"))
    desk.pass_days()
    git(world.folder, "revert", "--no-edit", made)
    review = desk.reviewed("HEAD~1")
    git(world.folder, "commit", "--quiet", "--amend", "--message", "Undo it (#8)")
    done = desk.write(git(world.folder, "rev-parse", "HEAD"), review)
    assert told(done.plan.changes) == [("beta", TODAY, 15, 10, "correction")]


def twice(desk: Desk, **lines: str) -> tuple[str, str]:
    """An edit that is merged, reverted and merged again on one day: two plans with one digest."""
    first = desk.merge(**lines)
    before = desk.done.plan.digest
    for made in (first, "HEAD"):
        desk.world.sandbox.advance(timedelta(hours=1))
        desk.revert(made)
    assert desk.done.plan.digest == before
    return first, git(desk.world.folder, "rev-parse", "HEAD")


def test_what_was_merged_twice_on_one_day_is_taken_back_once(make_desk: Any) -> None:
    desk = make_desk("decrease: never")
    world = desk.world
    _, second = twice(desk, alpha=desk.also("minimum: 14"), beta=desk.also("minimum: 15"))
    assert (world.units("alpha"), world.units("beta")) == (14, 15)
    desk.pass_days()
    done = desk.revert(second)
    assert told(done.plan.changes) == [
        ("alpha", TODAY, 14, 10, "correction"),
        ("beta", TODAY, 15, 10, "correction"),
    ]
    assert [one.merge for one in desk.before.taken_back] == ["#9"]
    assert {billed(world, name, TODAY) for name in ("alpha", "beta")} == {10}
    assert world.plan().verdict == "in-step"


def test_the_first_of_two_equal_merges_takes_nothing_of_the_second_back(make_desk: Any) -> None:
    desk = make_desk("decrease: never")
    world = desk.world
    first, _ = twice(desk, beta=desk.also("minimum: 15"))
    desk.pass_days()
    desk.merge(f"This reverts commit {first}.", beta=desk.also(""))
    assert desk.done.plan.changes == ()
    assert billed(world, "beta", LATER) == 15
    (left,) = desk.before.not_taken_back
    assert left.kept == Kept("#7", "its configuration was changed more than once that day")


def test_what_was_merged_again_in_two_runs_is_taken_back_whole(make_desk: Any) -> None:
    desk = make_desk("decrease: never")
    world = desk.world
    made = desk.merge(alpha=desk.also("minimum: 14"), beta=desk.also("minimum: 15"))
    for again in (desk.revert, partial(stopped, desk)):
        world.sandbox.advance(timedelta(hours=1))
        again(made)
        made = "HEAD"
    desk.pass_days()
    desk.revert(git(world.folder, "rev-parse", "HEAD"))
    assert {billed(world, name, TODAY) for name in ("alpha", "beta")} == {10}
    assert world.plan().verdict == "in-step"


def test_what_the_night_wrote_of_the_same_plan_is_no_merge_of_its_commit(make_desk: Any) -> None:
    desk = make_desk("decrease: never")
    world = desk.world
    made = desk.merge(beta=desk.also("minimum: 15"))
    world.sandbox.advance(timedelta(hours=1))
    desk.revert(made)
    world.sandbox.advance(timedelta(hours=1))
    world.configure(beta=desk.also("minimum: 15"))
    pushed = commit(world, "pushed directly")
    options = ApplyOptions("the night", "schedule", commit=pushed)
    assert apply(world.around, world.ledger, options) is not None
    assert len(world.ledger.approvals(world.ledger.writes(1)[0][0].plan)) == 2
    desk.pass_days()
    assert desk.revert(pushed).plan.changes == ()
    assert desk.before.reverts == ()


def test_a_merge_of_an_older_ledger_is_that_of_its_plan(make_desk: Any) -> None:
    desk = make_desk("decrease: never")
    world = desk.world
    made = desk.merge(beta=desk.also("minimum: 15"))
    older = ("DROP TRIGGER approval_no_update", "UPDATE approval SET git_commit = NULL")
    run_sql(world.folder / "ledger.db", *older)
    desk.pass_days()
    done = desk.revert(made)
    assert told(done.plan.changes) == [("beta", TODAY, 15, 10, "correction")]
