"""Stories of one account, planned in memory from end to end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reconciler.engine.plan import make_plan
from reconciler.model.bms import Invoice, LineKey
from reconciler.model.desired import Guards, Reference, Waiver
from reconciler.model.reading import SourceStatus
from reconciler.model.rules import LineRule
from reconciler.model.settings import FixedUnits, Mode
from tests.engine import builders as make
from tests.engine.play import APPEND, UPSERT, World, brass, changes, codes

D = date


def with_line(*dated: Any, **values: Any) -> dict[str, Any]:
    account = {key: values.pop(key) for key in ("mode", "waivers", "exclusions") if key in values}
    return {"accounts": [make.desired_account(make.line(*dated, **values), **account)]}


def test_usage_becomes_a_change_with_its_money_and_its_reason() -> None:
    planned = brass(10, 10, 12).plan(D(2026, 1, 4))
    (change,) = planned.plan.changes
    assert (change.day, change.units_before, change.units_after) == (D(2026, 1, 3), 10, 12)
    assert (change.posts, change.cause, change.standing) == (2, "usage", "ready")
    assert change.money.monthly == Decimal("40.00")
    assert (change.money.days, change.money.of) == (29, 31)
    assert change.money.prorated == Decimal("37.42")
    assert change.steps[-1].value == "12"
    assert planned.plan.verdict == "changes"
    assert planned.plan.totals.monthly == Decimal("40.00")


def test_a_contract_may_be_open_until_the_last_day_that_there_is() -> None:
    world = brass(10, 10, 12)
    world.contracts = [make.a_contract(end=date.max)]
    assert changes(world.plan(D(2026, 1, 4))) == [("2026-01-03", 10, 12, "ready")]


def test_what_was_written_is_in_step() -> None:
    world = brass(10, 10, 12)
    assert world.apply(world.plan(D(2026, 1, 4))) == 1
    assert world.plan(D(2026, 1, 4)).plan.verdict == "in-step"


def test_money_of_a_change_that_comes_late_covers_the_periods_it_missed() -> None:
    world = brass(*[10] * 16, *[12] * 20)
    (change,) = world.plan(D(2026, 2, 6)).plan.changes
    assert change.day == D(2026, 1, 17)
    assert change.money.prorated == Decimal("59.35")  # 15 days of 31, and all of February


@pytest.mark.parametrize(
    ("part_period", "day_count", "of", "prorated"),
    [
        ("prorated", "actual", 31, "23.23"),
        ("full", "actual", 20, "36.00"),
        ("prorated", "fixed-30", 30, "24.00"),
        ("full", "fixed-30", 30, "24.00"),  # a day is a 30th of the price, however many there are
    ],
)
def test_money_in_a_period_that_the_contracts_end_cuts_short(
    part_period: Any, day_count: Any, of: int, prorated: str
) -> None:
    assume = replace(APPEND, part_period=part_period, day_count=day_count)
    world = brass(10, 10, 12, assume=assume)
    world.contracts = [make.a_contract(end=D(2026, 1, 20))]
    (change,) = world.plan(D(2026, 1, 4)).plan.changes
    assert (change.money.days, change.money.of) == (18, of)
    assert change.money.prorated == Decimal(prorated)


@pytest.mark.parametrize(
    ("mode", "standing"), [("apply", "ready"), ("propose", "proposed"), ("observe", "observed")]
)
def test_the_accounts_mode_says_what_may_be_written(mode: Mode, standing: str) -> None:
    planned = brass(10, 12, **with_line(mode=mode)).plan(D(2026, 1, 3))
    assert changes(planned)[0][3] == standing
    assert planned.plan.verdict == ("in-step" if mode == "observe" else "changes")


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ({"billing_starts": None}, "MOD002"),
        ({"assumptions": replace(APPEND, line_update=None)}, "MOD003"),
        ({"assumptions": replace(APPEND, negative_units=None)}, "MOD003"),
    ],
)
def test_nothing_is_written_before_the_basics_are_set(state: dict[str, Any], code: str) -> None:
    planned = brass(10, 12, state=state).plan(D(2026, 1, 3))
    assert [(c.standing, c.because) for c in planned.plan.changes] == [("held", (code,))]
    assert planned.plan.verdict == "person-needed"


def test_nothing_is_dated_before_billing_starts() -> None:
    planned = brass(10, 12, 12, state={"billing_starts": D(2026, 1, 3)}).plan(D(2026, 1, 4))
    assert changes(planned) == [("2026-01-03", 10, 12, "ready")]
    early = brass(10, 12, state={"billing_starts": D(2026, 2, 1)}).plan(D(2026, 1, 3))
    assert changes(early) == []
    assert "MOD005" in codes(early)


def test_on_the_day_on_which_billing_starts_it_is_said_why_nothing_counts() -> None:
    def told(day: int, *values: int) -> list[str]:
        world = brass(*values, state={"billing_starts": D(2026, 1, 3)})
        found = world.plan(D(2026, 1, day)).plan.findings
        return [one.message for one in found if one.code == "MOD005"]

    assert told(2, 10) == ["billing starts on 2026-01-03"]
    why = "billing starts today, on 2026-01-03: lines count once this day is over"
    assert told(3, 10, 10) == [why]
    assert told(4, 10, 10, 10) == []


def test_a_line_bms_lacks_is_added_from_its_first_complete_reading() -> None:
    world = brass(None, None, 5, 5, units=None)
    planned = world.plan(D(2026, 1, 5))
    (change,) = planned.plan.changes
    assert (change.kind, change.day, change.units_after) == ("new-line", D(2026, 1, 3), 5)
    assert (change.price, change.price_from) == (Decimal("20.00"), "catalogue")
    world.apply(planned)
    assert world.plan(D(2026, 1, 5)).plan.verdict == "in-step"


def test_a_new_lines_price_is_the_configurations_where_it_has_one() -> None:
    priced = with_line(make.settings(price=Decimal("17.50")))
    (change,) = brass(5, units=None, **priced).plan(D(2026, 1, 2)).plan.changes
    assert (change.price, change.price_from) == (Decimal("17.50"), "config")


def test_a_price_goes_before_the_units_and_to_every_row() -> None:
    world = brass(10, 12, **with_line(make.settings(price=Decimal("22.00"))))
    planned = world.plan(D(2026, 1, 3))
    assert [c.kind for c in planned.plan.changes] == ["price", "units"]
    price, units = planned.plan.changes
    assert (price.price_before, price.money.monthly) == (Decimal("20.00"), Decimal("20.00"))
    assert units.price == Decimal("22.00")
    world.apply(planned)
    assert world.plan(D(2026, 1, 3)).plan.verdict == "in-step"


def test_a_row_that_bulk_updates_pass_over_is_priced_by_hand() -> None:
    world = brass(10, **with_line(make.settings(price=Decimal("22.00"))))
    row, units = world.rows[0]
    world.rows[0] = (replace(row, excluded_from_bulk=True), units)
    (change,) = world.plan(D(2026, 1, 2)).plan.changes
    assert (change.standing, change.because) == ("by-hand", ("KNW007",))


def test_a_price_set_by_hand_in_bms_stays_where_the_configuration_names_none() -> None:
    world = brass(10)
    world.plan(D(2026, 1, 2))
    row, units = world.rows[0]
    world.rows[0] = (replace(row, price=Decimal("21.00")), units)
    plan = world.plan(D(2026, 1, 2)).plan
    assert plan.changes == ()
    assert [found.code for found in plan.findings] == ["KNW013"]


def test_fixed_units_are_a_cause_of_their_own_and_need_no_source() -> None:
    fixed = with_line(make.settings(fixed=FixedUnits(44, "dispute of October", None)))
    source = SourceStatus("file usage/*.csv", ("datto-rmm",), None, "no such file", 2)
    world = brass(10, sources=(source,), **fixed)
    (change,) = world.plan(D(2026, 1, 2)).plan.changes
    assert (change.units_after, change.cause, change.standing) == (44, "fixed", "ready")
    assert change.steps[0].what == "fixed: dispute of October"


def test_the_last_day_ends_the_line() -> None:
    world = brass(10, 10, 10, **with_line(last_day=D(2026, 1, 2)))
    (change,) = world.plan(D(2026, 1, 4)).plan.changes
    assert (change.day, change.units_after, change.cause) == (D(2026, 1, 3), 0, "end")


def test_a_change_under_an_invoice_is_held_unless_the_policy_says_what_then() -> None:
    invoice = Invoice(1, 10, D(2026, 1, 1), D(2026, 1, 31))
    held = brass(10, 12, invoices=[invoice], **with_line(make.settings(increase="period-start")))
    change, opens = held.plan(D(2026, 1, 3)).plan.changes
    assert (change.standing, change.because) == ("held", ("POL001",))
    assert (opens.standing, opens.day) == ("scheduled", D(2026, 2, 1))
    later = brass(
        10,
        12,
        invoices=[invoice],
        **with_line(make.settings(increase="period-start", late="next-period")),
    )
    assert changes(later.plan(D(2026, 1, 3))) == [("2026-02-01", 10, 12, "scheduled")]
    prorated = brass(10, 12, invoices=[invoice])
    assert changes(prorated.plan(D(2026, 1, 3))) == [("2026-01-02", 10, 12, "ready")]


def test_only_the_direction_that_is_dated_as_it_comes_passes_an_invoice() -> None:
    invoice = Invoice(1, 10, D(2026, 1, 1), D(2026, 1, 31))
    policy = make.settings(increase="change-date", decrease="period-start")
    world = brass(10, 8, invoices=[invoice], **with_line(policy))
    assert changes(world.plan(D(2026, 1, 3))) == [
        ("2026-01-01", 10, 8, "held"),
        ("2026-02-01", 10, 8, "scheduled"),
    ]


def test_a_decrease_that_cannot_be_posted_is_work_for_a_person_and_found_done() -> None:
    world = brass(10, 8, assume=replace(APPEND, negative_units="refused"))
    planned = world.plan(D(2026, 1, 3))
    assert changes(planned) == [("2026-01-02", 10, 8, "by-hand")]
    assert planned.plan.verdict == "person-needed"
    row, _ = world.rows[0]
    world.rows[0] = (row, 8)
    done = world.plan(D(2026, 1, 3))
    assert "KNW004" in codes(done)
    assert done.plan.verdict == "in-step"
    assert codes(world.plan(D(2026, 1, 3))) == []


def test_an_edit_by_hand_stops_the_contract_and_says_what_would_explain_it() -> None:
    world = brass(10, 10, 12)
    world.plan(D(2026, 1, 2))
    row, _ = world.rows[0]
    world.rows[0] = (row, 15)
    planned = world.plan(D(2026, 1, 4))
    assert changes(planned) == [("2026-01-03", 10, 12, "held")]
    (drift,) = [found for found in planned.plan.findings if found.code == "KNW002"]
    assert "+100.00 USD" in drift.message
    assert "from 12 to" not in drift.message
    assert "from 10 to 15" in drift.message
    assert planned.plan.verdict == "person-needed"


def test_units_nobody_knows_are_never_written_over() -> None:
    server = make.line(service="managed-server", bms_service=Reference(name="Managed Server"))
    world = brass(10, 12, accounts=[make.desired_account(make.line(), server)])
    world.rows.append((make.a_row(id=1001, service_id=101, price=Decimal(45)), 2))
    world.rows.append((make.a_row(id=1002, service_id=109, price=Decimal(7)), 3))
    planned = world.plan(D(2026, 1, 3))
    assert "KNW001" in codes(planned)
    assert changes(planned) == [("2026-01-02", 10, 12, "ready")]


def test_the_one_unknown_line_is_solved_from_the_total() -> None:
    world = brass(10, 12)
    world.facts.clear()
    planned = world.plan(D(2026, 1, 3))
    assert [(f.units, f.source) for f in planned.examined.learned.facts] == [(10, "solved")]
    assert changes(planned) == [("2026-01-02", 10, 12, "ready")]


def test_two_rows_of_one_service_are_ambiguous_where_posting_updates() -> None:
    world = brass(10, 12, assume=UPSERT)
    world.rows.append((make.a_row(id=1001), 0))
    world.facts.clear()
    world.baseline()
    planned = world.plan(D(2026, 1, 3))
    assert "KNW006" in codes(planned)
    assert all(change.standing == "held" for change in planned.plan.changes)


def test_a_guard_holds_and_an_approval_of_exactly_that_change_lets_it_through() -> None:
    state = {"guards": Guards()}
    world = brass(10, 20, state=state)
    (change,) = world.plan(D(2026, 1, 3)).plan.changes
    assert (change.standing, change.because) == ("held", ("GRD001",))
    allowed = (make.approval(change),)
    (approved,) = world.plan(D(2026, 1, 3), approved=allowed).plan.changes
    assert approved.standing == "ready"
    other = brass(10, 21, state=state).plan(D(2026, 1, 3), approved=allowed)
    assert other.plan.changes[0].standing == "held"


def test_a_waiver_holds_for_an_account_named_by_id() -> None:
    waiver = Waiver("GRD001", "migration", D(2026, 1, 31), make.ORIGIN)
    account = make.desired_account(account=Reference(id=1), waivers=(waiver,))
    world = brass(10, 20, accounts=[account], state={"guards": Guards()})
    assert changes(world.plan(D(2026, 1, 3)))[0][3] == "ready"
    assert "GRD005" in codes(world.plan(D(2026, 2, 1)))


def test_nothing_checked_is_never_in_step() -> None:
    assert World().plan(D(2026, 1, 3)).plan.verdict == "nothing-checked"
    elsewhere = brass(10, 10).plan(D(2026, 1, 3), only=("Somebody Else",))
    assert elsewhere.plan.verdict == "nothing-checked"
    assert "USG007" in codes(elsewhere)


def test_a_failed_source_is_not_in_step_and_holds_its_lines() -> None:
    source = SourceStatus("file usage/*.csv", ("datto-rmm",), D(2026, 1, 1), "no such file", 2)
    quiet = brass(10, 10, sources=(source,)).plan(D(2026, 1, 3))
    assert (quiet.plan.verdict, codes(quiet)) == ("person-needed", ["USG004"])
    assert quiet.plan.checked.sources_stale == 1
    moved = brass(10, 12, sources=(source,)).plan(D(2026, 1, 3))
    assert moved.plan.changes[0].because == ("USG004",)


def test_readings_too_old_hold_the_line_and_say_so() -> None:
    planned = brass(10, 12).plan(D(2026, 1, 9))
    assert planned.plan.changes[0].because == ("USG002",)
    assert planned.plan.verdict == "person-needed"


def test_a_reading_missing_for_the_newest_day_is_said_and_changes_nothing() -> None:
    planned = brass(10, 10, None).plan(D(2026, 1, 4))
    assert (changes(planned), codes(planned)) == ([], ["USG001"])


def test_a_metric_that_was_never_read_holds_a_line_with_units() -> None:
    """It is billed by what nobody counts."""
    world = brass(10, 10)
    world.series = {("Brass", "servers"): make.series(3, 3)}
    assert "USG012" in codes(world.plan(D(2026, 1, 3)))


@pytest.mark.parametrize(
    ("edited", "code"), [(D(2026, 1, 10), "USG001"), (D(2026, 1, 7), "USG012")]
)
def test_a_first_reading_may_come_for_as_long_as_any_other(edited: date, code: str) -> None:
    world = brass()
    world.series = {("Bronze", "total-devices"): make.series(*[10] * 9)}
    key, settings = LineKey(1, 10, 100), make.settings()
    world.rules = [
        LineRule(key, date.min, settings, (("datto-rmm", "Bronze"),)),
        LineRule(key, edited, settings, (("datto-rmm", "Brass"),)),
    ]
    told = set(codes(world.plan(D(2026, 1, 10)))) & {"USG001", "USG002", "USG012"}
    assert told == {code}


def test_a_line_that_bills_nothing_waits_for_its_first_reading() -> None:
    world = brass(units=0)
    world.series = {("Bronze", "total-devices"): make.series(3, 3)}
    told = set(codes(world.plan(D(2026, 1, 3)))) & {"USG001", "USG002", "USG012"}
    assert told == {"USG001"}


def test_only_wide_reads_can_adopt_a_contract() -> None:
    world = brass(10, 12)
    entry = world.entry(D(2026, 1, 3))
    narrow = make_plan(replace(entry, seen=replace(entry.seen, wide=frozenset())))
    assert narrow.examined.wide == {10}
    assert narrow.examined.managed == {10: frozenset({100})}
    assert make_plan(entry).examined.wide == frozenset()


def test_the_digest_names_what_would_be_written() -> None:
    one, same, other = (brass(10, units).plan(D(2026, 1, 3)).plan for units in (12, 12, 13))
    assert one.digest == same.digest != other.digest


def test_usage_that_nobody_claims_is_new_revenue() -> None:
    world = brass(10, 10)
    world.series["Copper Mine", "total-devices"] = make.series(4, 4)
    planned = world.plan(D(2026, 1, 3))
    assert codes(planned) == ["USG003"]
    assert planned.plan.checked.organizations_unmapped == 1
    assert "Copper Mine" in planned.plan.findings[0].message


def test_an_account_counts_whose_lines_bms_does_not_have() -> None:
    """As its contract does: two contracts are not of one account."""
    world = brass(10)
    world.bms_accounts = [*world.bms_accounts, replace(make.ACCOUNT, id=2, name="Cobalt")]
    world.contracts = [*world.contracts, replace(world.contracts[0], id=11, account_id=2)]
    lost = make.line(bms_service=Reference(name="Managed Workstations"))
    cobalt = {"account": Reference(name="Cobalt"), "organizations": {}}
    world.accounts = [make.desired_account(), make.desired_account(lost, **cobalt)]
    looked = world.plan(date(2026, 1, 2)).plan.checked
    assert (looked.lines, looked.contracts, looked.accounts) == (1, 2, 2)
