"""Twenty ways in which billing tools went wrong for somebody, each with the guard against it.

Every test names the part of the code that guards it; without that part it fails.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from reconciler.model.bms import Account, Invoice
from reconciler.model.desired import OrganizationRef, Reference
from reconciler.model.errors import LedgerLocked, PlanStale
from reconciler.model.place import Origin
from reconciler.model.plan import Plan
from reconciler.model.settings import Commitment
from reconciler.report import plan_json
from tests.engine import builders as make
from tests.engine.builders import TERM
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


# Guard: engine.organizations (what is excluded is not counted) and engine.summed (nothing to count
# is unknown, never 0).
def test_04_what_is_ignored_does_not_zero_the_line(make_world: MakeWorld) -> None:
    world = world_of(make_world)
    file = world.config / "accounts" / "brass.yaml"
    excluded = f"exclude:\n  - {{product: {PRODUCT}, reason: bundled}}\n"
    file.write_text(file.read_text(encoding="utf-8") + excluded, encoding="utf-8")
    # Neither lowered to nothing nor raised to the 12 that are excluded.
    assert world.plan().changes == ()


# Guard: runs.planning reads only; posts are made by reconciler.apply alone.
def test_05_a_plan_writes_nothing(make_world: MakeWorld) -> None:
    world = world_of(make_world)
    world.configure(endpoint="price: 12.00")
    rows = world.sandbox.tables().rows()
    assert {change.kind for change in world.plan().changes} == {"price", "units"}
    assert world.plan(true_up=D(2026, 11, 1)) is not None
    assert posts(world) == 0
    assert not any("bulk" in one.path for one in world.sandbox.tables().requests())
    assert world.sandbox.tables().rows() == rows


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


# Guard: engine.meant._unbillable.
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
    # The line's own price is not the catalogue's, so a fallback to the other one would show.
    world.sandbox.ui.reprice(world.sandbox.ui.read_units()[0].row_id, "8.25")
    shown = [(c.id, c.posts, c.price) for c in world.plan().changes]
    done = world.apply("schedule")
    assert [(one.change.id, one.change.posts, one.change.price) for one in done.applied] == shown
    row = world.sandbox.tables().rows()[-1]
    assert [(row.units, row.price)] == [(posts, price) for _, posts, price in shown]


# Guard: engine.bind_lines (BMS011): what a second line of ours says of a BMS service is never lost.
def test_10_lines_that_merge_into_one_leave_no_sibling_unplanned() -> None:
    sibling = make.line(service="sibling", bms_service=Reference(id=100))
    merged = brass(*[12] * 5, accounts=[make.desired_account(make.line(), sibling)])
    planned = merged.plan(D(2026, 1, 6))
    (told,) = (one for one in planned.plan.findings if one.code == "BMS011")
    assert (told.subject.service, planned.plan.verdict) == ("sibling", "person-needed")
    apart = replace(sibling, bms_service=Reference(name="Managed Server"))
    split = brass(*[12] * 5, accounts=[make.desired_account(make.line(), apart)])
    found = split.plan(D(2026, 1, 6)).plan.changes
    assert {change.line.service for change in found} == {"managed-workstation", "sibling"}


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


# Guard: engine.units.whole.
def test_13_a_fraction_of_a_unit_becomes_a_whole_one() -> None:
    world = in_memory(*[10] * 5, settings={"per": Decimal(4)})
    (change,) = world.plan(D(2026, 1, 6)).plan.changes
    assert (change.units_after, isinstance(change.posts, int)) == (3, True)


# Guard: engine.credits.credit_findings (POL004, POL005).
def test_14_a_lone_credit_and_a_past_month_are_told() -> None:
    world = in_memory(*[10] * 5, 8)
    world.invoices.append(Invoice(1, 10, D(2026, 1, 1), D(2026, 1, 31)))
    world.contracts = [replace(contract, end=D(2026, 1, 31)) for contract in world.contracts]
    assert {"POL004", "POL005"} <= set(codes(world.plan(D(2026, 1, 7))))


# Guard: engine.units.units_of (a commitment's floor) and engine.question.settings_on (its end).
@pytest.mark.parametrize("decrease", ["change-date", "period-start"])
def test_15_what_is_committed_is_not_lowered_before_its_end(decrease: str) -> None:
    agreed = Commitment(floor=10, until=D(2026, 1, 20))
    settings = {"commitment": agreed, "decrease": decrease, "late": "prorated-transaction"}
    world = in_memory(*[4] * 30, settings=settings)
    assert changes(world.plan(D(2026, 1, 21))) == []
    assert changes(world.plan(D(2026, 1, 25))) == [("2026-01-21", 10, 4, "ready")]


# Guard: engine.windows._peaks: a peak counts within its own period alone.
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
    other = brass(*[12] * 5, bms_accounts=[Account(1, "Brass Building Supplies Capital")])
    assert (changes(other.plan(D(2026, 1, 6))), "BMS001" in codes(other.plan(D(2026, 1, 6)))) == (
        [],
        True,
    )


# Guard: engine.summed._sum: what is counted elsewhere is subtracted, and never forgotten when it is
# not known.
def test_18_a_person_in_two_sister_companies_is_billed_once() -> None:
    both = replace(TERM, metric="people-of-the-sister", subtract=True)
    less = replace(make.settings(), count=(TERM, both))
    sister = make.desired_account(
        make.line(less),
        account=Reference(name="Sister"),
        organizations={"datto-rmm": (OrganizationRef(name="Sister"),)},
        origin=Origin("billing-config/accounts/sister.yaml"),
    )
    world = Memory(accounts=[make.desired_account(), sister])
    world.bms_accounts = [make.ACCOUNT, Account(2, "Sister")]
    world.contracts = [make.a_contract(), make.a_contract(id=20, account_id=2)]
    world.rows = [(make.a_row(), 1), (make.a_row(id=1001, contract_id=20, account_id=2), 1)]
    world.baseline()
    people = make.series(*[6] * 5)
    world.series = {("Brass", "total-devices"): people, ("Sister", "total-devices"): people}
    assert [change.line.account for change in world.plan(D(2026, 1, 6)).plan.changes] == [
        "Brass Building Supplies"
    ]
    world.series["Sister", both.metric] = make.series(*[2] * 5)
    found = world.plan(D(2026, 1, 6)).plan.changes
    assert sum(change.units_after for change in found) == 6 + 6 - 2


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
    world.apply()
    assert {found.price for found in world.sandbox.tables().rows()} == {Decimal("8.25")}


def make_reading(organization: str, quantity: int) -> Any:
    from reconciler.model.reading import Reading

    return Reading(PRODUCT, None, organization, METRIC, "", YESTERDAY, Decimal(quantity), "test")
