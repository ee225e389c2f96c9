"""Configurations over past months: what is bound, what is compared, what is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reconciler.engine.line_months import Span
from reconciler.engine.simulate import SimulationInput, simulate
from reconciler.model.assumptions import Assumptions
from reconciler.model.bms import Contract, LineKey, Observation
from reconciler.model.desired import DesiredLine, DesiredState, Guards, Reference
from reconciler.model.ledgered import Remembered
from reconciler.model.reading import MetricKey, Organization, Usage
from reconciler.model.rules import LineRule
from reconciler.model.settings import DatedSettings, Rest
from tests.engine.builders import (
    ACCOUNT,
    KEY,
    SERVER,
    TERM,
    WORKSTATION,
    a_contract,
    a_row,
    desired_account,
    dimensioned,
    fact,
    line,
    series,
    settings,
)

D = date
SPAN = Span(D(2026, 1, 1), D(2026, 3, 1), D(2026, 4, 1))
USAGE = Usage(
    {MetricKey("datto-rmm", "Brass", "total-devices"): series(*[4] * 90)},
    (Organization("datto-rmm", "Brass", "Brass"),),
)
SERVERS = line(service="managed-server", bms_service=Reference(name="Managed Server"))


def state(*lines: DesiredLine, digest: str = "one", **account: Any) -> DesiredState:
    return DesiredState(
        tenant="Example MSP",
        currency="USD",
        time_zone="UTC",
        mode="apply",
        assumptions=Assumptions(line_update="append", negative_units="accepted"),
        guards=Guards(),
        sources=(),
        accounts=(desired_account(*lines, **account),),
        digest=digest,
        billing_starts=D(2026, 11, 1),
    )


def entry(
    configuration: DesiredState,
    against: DesiredState | None = None,
    contract: Contract | None = None,
    **more: Any,
) -> SimulationInput:
    seen = Observation(
        accounts=(ACCOUNT,),
        contracts=(contract or a_contract(),),
        services=(WORKSTATION, SERVER),
        rows=(a_row(),),
    )
    given: dict[str, Any] = {
        "usage": USAGE,
        "remembered": Remembered("ledger", facts=(fact(3),)),
        "span": SPAN,
    }
    return SimulationInput(state=configuration, against=against, seen=seen, **{**given, **more})


def test_past_months_are_replayed_whenever_billing_by_us_started() -> None:
    found = simulate(entry(state()))
    assert (found.base, found.would) == (Decimal("180.00"), Decimal("240.00"))
    assert found.difference == Decimal("60.00")
    assert (found.config, found.against) == ("one", None)
    assert found.not_replayed == ()


def test_the_other_configuration_takes_the_place_of_what_was_billed() -> None:
    other = state(line(settings(minimum=9)), digest="two")
    found = simulate(entry(state(), other))
    assert (found.base, found.would) == (Decimal("540.00"), Decimal("240.00"))
    assert found.against == "two"


def test_a_short_period_is_billed_by_the_same_side_in_both() -> None:
    late = a_contract(start=D(2026, 1, 10))
    one = replace(state(line()), assumptions=Assumptions(part_period="full"))
    found = simulate(entry(one, state(line(), SERVERS), late))
    server = [one.base for one in found.months if one.line.service == "managed-server"]
    assert server == [Decimal("180.00")] * 3


def test_a_line_that_one_of_two_leaves_out_stays_as_it_is_there() -> None:
    both = simulate(entry(state(line(), SERVERS), state(line())))
    server = [one for one in both.months if one.line.service == "managed-server"]
    assert {(one.base, one.would) for one in server} == {(Decimal(0), Decimal("180.00"))}
    other_way = simulate(entry(state(line()), state(line(), SERVERS)))
    assert other_way.difference == -both.difference


@pytest.mark.parametrize("status", ["Active", "Expired"])
def test_a_contract_that_ended_in_the_span_is_replayed_to_its_end(status: str) -> None:
    found = simulate(entry(state(), contract=a_contract(end=D(2026, 2, 28), status=status)))
    assert [one.month.month for one in found.months] == [1, 2]
    assert [one.why for one in found.not_replayed] == ["the contract ended on 2026-02-28"]


def test_what_bms_does_not_have_is_said() -> None:
    found = simulate(entry(state(account=Reference(name="Nobody"))))
    assert found.months == ()
    (left,) = found.not_replayed
    assert left.account == "Nobody"


def test_an_organization_that_two_accounts_claim_is_replayed_for_neither() -> None:
    twice = state()
    second = desired_account(account=Reference(name="Cobalt"))
    found = simulate(entry(replace(twice, accounts=(*twice.accounts, second))))
    assert found.months == ()
    assert any("both claim" in one.why for one in found.not_replayed)


def test_lines_the_ledger_knows_and_nobody_names_are_left_alone() -> None:
    other = fact(2, line=LineKey(1, 10, 999))
    elsewhere = fact(2, line=LineKey(7, 70, 999))
    remembered = Remembered("ledger", facts=(fact(3), other, elsewhere))
    assert simulate(entry(state(), remembered=remembered)).left_alone == 1


def test_only_some_accounts() -> None:
    assert simulate(entry(state(), only=("Somebody else",))).months == ()
    assert simulate(entry(state(), only=(ACCOUNT.name,))).months


def test_a_step_is_judged_by_the_rules_that_billed_it() -> None:
    """What last year's policy left over is where the replay starts, not something it must undo."""
    never = state(line(settings(decrease="never")))
    left_over = fact(-1, D(2026, 1, 1), row_id=1001)
    told = (fact(5, D(2025, 12, 1)), left_over)
    ruled = LineRule(KEY, date.min, settings(decrease="next-period"), ())
    contract = a_contract(start=D(2025, 12, 1))
    kept = entry(never, contract=contract, remembered=Remembered("l", facts=told))
    followed = replace(kept, remembered=Remembered("l", facts=told, rules=(ruled,)))
    assert simulate(kept).months[0].would_units == ((D(2026, 1, 1), 5),)
    assert simulate(followed).months[0].would_units == ((D(2026, 1, 1), 4),)


def test_the_rest_of_a_metric_is_what_the_contracts_other_lines_leave() -> None:
    by_type = MetricKey("datto-rmm", "Brass", "total-devices")
    read = dimensioned({"Desktop": [4] * 90, "Server": [3] * 90, "Tablet": [2] * 90})
    servers = replace(SERVERS, settings=counting(("Server",)))
    usage = replace(USAGE, series={by_type: read})
    found = simulate(entry(state(counting_line(Rest()), servers), usage=usage))
    january = {one.line.service: one.would_units[-1][1] for one in found.months}
    assert january == {"managed-workstation": 6, "managed-server": 3}


def counting(of: tuple[str, ...] | Rest) -> tuple[DatedSettings, ...]:
    count = (replace(TERM, of=of),)
    return (DatedSettings(date.min, replace(settings(), count=count)),)


def counting_line(of: tuple[str, ...] | Rest) -> DesiredLine:
    return replace(line(), settings=counting(of))


def test_the_same_input_gives_the_same_simulation() -> None:
    one = entry(state(line(), SERVERS), state(line(settings(minimum=2))))
    assert simulate(one) == simulate(one)
