"""Twenty ways in which billing tools went wrong for somebody, each with the guard against it.

Every test names the part of the code that guards it; without that part it fails.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from reconciler.model.desired import OrganizationRef
from reconciler.model.errors import LedgerLocked, PlanStale
from reconciler.model.plan import Plan
from reconciler.report import plan_json
from reconciler.runs.asked import PlanOptions
from reconciler.runs.planning import plan
from tests.engine import builders as make
from tests.engine.play import World as Memory
from tests.engine.play import brass, changes, codes
from tests.runs.conftest import MakeWorld
from tests.runs.truth import posts
from tests.runs.world import METRIC, PRODUCT, TODAY, World

D = date
YESTERDAY = TODAY - timedelta(days=1)


def world_of(
    make_world: MakeWorld, units: int = 10, reading: int | None = 12, **more: Any
) -> World:
    """One line that BMS has, and a reading of every day that says otherwise since yesterday."""
    world = make_world(**more)
    world.service("endpoint")
    world.row("endpoint", units)
    world.configure()
    world.baseline()
    if reading is not None:
        world.steady("endpoint", units)
        world.read("endpoint", {YESTERDAY: reading})
    return world


def found(made: Plan) -> set[str]:
    return {finding.code for finding in made.findings}


def in_memory(*values: int | None, settings: dict[str, Any] | None = None, **line: Any) -> Memory:
    wanted = make.line(make.settings(**(settings or {})), **line)
    return brass(*values, accounts=[make.desired_account(wanted)])


# Guard: runs.reviewed.still_to_write and _equal.
def test_01_the_number_applied_is_the_number_approved(make_world: MakeWorld) -> None:
    world = world_of(make_world)
    reviewed = plan_json.loads(plan_json.dumps(world.plan()))
    world.read("endpoint", {YESTERDAY: 14})
    with pytest.raises(PlanStale):
        world.apply(reviewed=reviewed)
    assert world.units("endpoint") == 10


# Guard: engine.assembled._nothing.
def test_02_nothing_checked_is_not_clean(make_world: MakeWorld) -> None:
    made = world_of(make_world, reading=None).plan()
    assert made.verdict == "nothing-checked"


# Guard: engine.freshness.Freshness (USG004) and engine.assembled._verdict.
def test_03_a_failed_source_is_not_no_change(make_world: MakeWorld) -> None:
    world = world_of(make_world)
    world.ledger.record_failed_pull("file usage/*.csv", "the disk is gone", world.sandbox.now())
    made = world.plan()
    assert [(c.standing, c.because) for c in made.changes] == [("held", ("USG004",))]
    assert made.verdict == "person-needed"


# Guard: engine.organizations (what is excluded is not counted) and engine.count (nothing to count
# is unknown, never 0).
def test_04_what_is_ignored_does_not_zero_the_line(make_world: MakeWorld) -> None:
    world = world_of(make_world)
    file = world.config / "accounts" / "brass.yaml"
    excluded = f"exclude:\n  - {{product: {PRODUCT}, reason: bundled}}\n"
    file.write_text(file.read_text(encoding="utf-8") + excluded, encoding="utf-8")
    assert [c for c in world.plan().changes if c.units_after < 10] == []


# Guard: runs.planning reads only; posts are made by reconciler.apply alone.
def test_05_a_plan_writes_nothing(make_world: MakeWorld) -> None:
    world = world_of(make_world)
    assert world.plan().totals.changes == 1
    assert world.plan(true_up=D(2026, 11, 1)) is not None
    assert posts(world) == 0


# Guard: engine.rules._policy_from: a change of policy waits for the line's next period.
def test_06_proration_turned_back_on_charges_nothing_of_the_past(make_world: MakeWorld) -> None:
    world = world_of(make_world, policy="increase: next-period, decrease: next-period")
    world.apply("schedule")
    assert world.units("endpoint") == 10
    world.sandbox.advance(timedelta(days=1))
    world.read("endpoint", {TODAY: 12})
    world.configure(endpoint="increase: change-date, decrease: change-date")
    (change,) = world.plan().changes
    assert (change.day, change.standing) == (D(2026, 12, 1), "scheduled")


# Guard: engine.bind._unbillable.
def test_07_a_cancelled_contract_leaves_no_change(make_world: MakeWorld) -> None:
    world = world_of(make_world)
    world.sandbox.ui.deactivate_contract(world.contract)
    made = world.plan()
    assert made.changes == ()
    assert "BMS007" in found(made)


# Guard: engine.names.Resolver: a name that fits two is an error.
def test_08_two_contracts_of_one_name_stop_the_line(make_world: MakeWorld) -> None:
    world = world_of(make_world)
    world.sandbox.add_contract(world.account, "Managed Services", world.start, D(2027, 12, 31))
    made = world.plan()
    assert made.changes == ()
    assert made.verdict in ("person-needed", "nothing-checked")


# Guard: runs.applying.apply plans by the same code as runs.planning.plan.
def test_09_the_preview_is_what_is_applied(make_world: MakeWorld) -> None:
    world = world_of(make_world)
    shown = [(c.id, c.posts) for c in world.plan().changes]
    done = world.apply("schedule")
    assert [(one.change.id, one.change.posts) for one in done.applied] == shown


# Guard: engine.count.total sums every organization of the account.
def test_10_organizations_that_merge_keep_being_counted() -> None:
    both = [OrganizationRef(name="Brass"), OrganizationRef(name="Brass Two")]
    account = make.desired_account(organizations={"datto-rmm": tuple(both)})
    world = brass(*[6] * 5, accounts=[account])
    world.series[("Brass Two", "total-devices")] = make.series(*[5] * 5)
    assert changes(world.plan(D(2026, 1, 6)))[-1][2] == 11


# Guard: engine.freshness.unmapped (USG003).
def test_11_an_organization_new_since_the_setup_is_seen(make_world: MakeWorld) -> None:
    world = world_of(make_world, reading=10)
    assert "USG003" not in found(world.plan())
    newcomer = make_reading("Acme", 7)
    world.ledger.record_pull("file usage/*.csv", [newcomer], world.sandbox.now())
    made = world.plan()
    assert "USG003" in found(made)
    assert made.checked.organizations_unmapped == 1


# Guard: engine.desired.counted: only closed usage days count, each from its own day.
def test_12_the_number_does_not_depend_on_the_day_it_is_read() -> None:
    early, late = (in_memory(10, 10, 14, 12, 12, 12).plan(D(2026, 1, day)) for day in (4, 7))
    (first,) = changes(early)
    assert first == ("2026-01-03", 10, 14, "ready")
    assert changes(late)[0] == first


# Guard: engine.count.whole.
def test_13_a_fraction_of_a_unit_becomes_a_whole_one() -> None:
    world = in_memory(*[10] * 5, settings={"per": Decimal(4)})
    (change,) = world.plan(D(2026, 1, 6)).plan.changes
    assert (change.units_after, isinstance(change.posts, int)) == (3, True)


# Guard: engine.credits.credit_findings (POL004, POL005).
def test_14_a_lone_credit_and_a_past_month_are_told() -> None:
    from dataclasses import replace

    from reconciler.model.bms import Invoice

    world = in_memory(*[10] * 5, 8)
    world.invoices.append(Invoice(1, 10, D(2026, 1, 1), D(2026, 1, 31)))
    world.contracts = [replace(contract, end=D(2026, 1, 31)) for contract in world.contracts]
    assert {"POL004", "POL005"} <= set(codes(world.plan(D(2026, 1, 7))))


# Guard: engine.count.units_of (`minimum`).
def test_15_what_is_committed_is_not_lowered() -> None:
    world = in_memory(*[4] * 5, settings={"minimum": 10})
    assert changes(world.plan(D(2026, 1, 6))) == []


# Guard: engine.count._peaks: a peak counts within its own period alone.
def test_16_a_peak_is_billed_for_its_own_month_alone() -> None:
    world = in_memory(*[10] * 9, 15, *[10] * 21, *[10] * 5, settings={"over": "peak"})
    planned = world.plan(D(2026, 2, 6))
    days = [(day, after) for day, _, after, _ in changes(planned)]
    assert days == [("2026-01-10", 15), ("2026-02-01", 10)]


# Guard: engine.names.Resolver and engine.organizations.Directory.resolve: names match whole.
def test_17_a_similar_name_is_not_taken() -> None:
    world = brass(*[10] * 5)
    world.series = {("Brass Capital", "total-devices"): make.series(*[50] * 5)}
    planned = world.plan(D(2026, 1, 6))
    assert changes(planned) == []
    assert planned.plan.checked.organizations_unmapped == 1


# Guard: desired.claims: an organization belongs to one account.
def test_18_one_organization_is_not_billed_to_two_companies(make_world: MakeWorld) -> None:
    from reconciler.model.errors import ConfigError

    world = world_of(make_world)
    text = (world.config / "accounts" / "brass.yaml").read_text(encoding="utf-8")
    sister = text.replace("Brass Building Supplies", "Brass Sister Company")
    (world.config / "accounts" / "sister.yaml").write_text(sister, encoding="utf-8")
    with pytest.raises(ConfigError):
        plan(world.around, world.ledger, PlanOptions())


# Guard: ledger.leases: one apply per ledger.
def test_19_two_jobs_do_not_write_at_the_same_time(make_world: MakeWorld) -> None:
    world = world_of(make_world)
    lease = world.ledger.lease("another job", timedelta(minutes=15), world.around.clock.now)
    with lease, pytest.raises(LedgerLocked):
        world.apply()
    assert posts(world) == 0


# Guard: engine.changes.price_of: the line's own price stays where none is configured.
def test_20_a_price_set_by_hand_stays(make_world: MakeWorld) -> None:
    world = world_of(make_world)
    row = world.sandbox.ui.read_units()[0].row_id
    world.sandbox.ui.reprice(row, "8.25")
    made = world.plan()
    assert {change.price for change in made.changes} == {Decimal("8.25")}
    assert [change for change in made.changes if change.kind == "price"] == []


def make_reading(organization: str, quantity: int) -> Any:
    from reconciler.model.reading import Reading

    return Reading(PRODUCT, None, organization, METRIC, "", YESTERDAY, Decimal(quantity), "test")
