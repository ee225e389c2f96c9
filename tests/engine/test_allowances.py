"""What two configurations let be written without a person is compared, whatever is planned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.allowances import allowances
from reconciler.engine.caused import caused
from reconciler.model.allowance import FOR_GOOD, Allowance
from reconciler.model.assumptions import Assumptions
from reconciler.model.desired import (
    DesiredAccount,
    DesiredState,
    Exclusion,
    Guards,
    InvoiceRun,
    OrganizationRef,
    Reference,
    TrueUps,
    Waiver,
)
from reconciler.model.place import Origin
from tests.engine import builders as make
from tests.engine.play import brass

D = date
TODAY, LATER = D(2026, 1, 20), D(2026, 6, 30)


def state(*accounts: DesiredAccount, **values: Any) -> DesiredState:
    given_: dict[str, Any] = {
        "tenant": "Example MSP",
        "currency": "USD",
        "time_zone": "America/New_York",
        "mode": "propose",
        "assumptions": Assumptions("append", "accepted"),
        "guards": Guards(),
        "sources": (),
        "accounts": accounts or (account(),),
        "digest": "",
    }
    return DesiredState(**{**given_, **values})


def account(**values: Any) -> DesiredAccount:
    return make.desired_account(**{"mode": "propose", **values})


def waiver(until: date = LATER, **values: Any) -> Waiver:
    return Waiver(**{"code": "GRD001", "reason": "a migration", "origin": make.ORIGIN, **values,
                     "until": until})  # fmt: skip


def told(new: DesiredState, old: DesiredState) -> list[tuple[str, object, object, bool]]:
    return [
        (f"{one.kind} {one.name}".strip(), one.before, one.after, one.loosens)
        for one in allowances(new, old, TODAY)
    ]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"mode": "apply"}, ("mode", "propose", "apply")),
        ({"guards": Guards(percent=Decimal(31))}, ("guard percent", Decimal(30), Decimal(31))),
        ({"guards": Guards(percent_floor_units=9)}, ("guard percent_floor_units", 3, 9)),
        ({"guards": Guards(line=None)}, ("guard line", Decimal(500), None)),
        ({"guards": Guards(zero="allow")}, ("guard zero", "hold", "allow")),
        ({"shown": {"USG003": "info"}}, ("finding USG003", "warning", "info")),
        ({"shown": {"USG003": "off"}}, ("finding USG003", "warning", "off")),
        ({"billing_starts": D(2026, 1, 1)}, ("billing_starts", None, D(2026, 1, 1))),
        (
            {"assumptions": Assumptions("upsert", "accepted")},
            ("assumption line_update", "append", "upsert"),
        ),
        (
            {"assumptions": Assumptions("append", "accepted", future_line="accepted")},
            ("assumption future_line", "refused", "accepted"),
        ),
    ],
)
def test_what_loosens_is_told_as_that_and_what_takes_it_back_is_not(
    values: dict[str, Any], said: tuple[str, object, object]
) -> None:
    new, old = state(**values), state()
    name, before, after = said
    assert told(new, old) == [(name, before, after, True)]
    ((_, was, will, loosens),) = told(old, new)
    # How a line is updated decides what every write comes to, either way.
    assert (was, will, loosens) == (after, before, name == "assumption line_update")


def test_a_true_up_that_needs_no_merge_any_more_is_looser() -> None:
    schedule, merged = TrueUps(), TrueUps(by="pull-request")
    fallen = TrueUps(by="pull-request", if_unmerged="apply-within-guards")
    by, unmerged = ("pull-request", "schedule"), ("skip", "apply-within-guards")
    assert told(state(true_up=schedule), state(true_up=merged)) == [("true_up by", *by, True)]
    assert told(state(true_up=fallen), state(true_up=merged)) == [
        ("true_up if_unmerged", *unmerged, True)
    ]
    assert told(state(true_up=fallen), state(true_up=schedule)) == [
        ("true_up by", *reversed(by), False),
        ("true_up if_unmerged", *unmerged, False),
    ]


def test_what_cannot_be_called_looser_is_told_all_the_same() -> None:
    left_out = Exclusion("our own", OrganizationRef(name="NFR"))
    new = state(
        account(on_drift="adopt"),
        invoice_run=InvoiceRun(3, time(8)),
        exclusions=(left_out,),
        assumptions=Assumptions("append", "accepted", day_count="30-360"),
    )
    assert told(new, state()) == [
        ("assumption day_count", "actual", "30-360", False),
        ("invoice_run", "day 1, 06:00", "day 3, 08:00", False),
        ("on_drift", "alert", "adopt", False),
        ("exclusion organization NFR", None, FOR_GOOD, False),
    ]


def test_a_waiver_is_looser_where_it_is_added_or_longer() -> None:
    with_it = state(account(waivers=(waiver(),)))
    longer = state(account(waivers=(waiver(D(2027, 1, 1), reason="more of it"),)))
    assert told(with_it, state()) == [("waiver GRD001", None, LATER, True)]
    assert told(longer, with_it) == [("waiver GRD001", LATER, D(2027, 1, 1), True)]
    assert told(with_it, longer) == [("waiver GRD001", D(2027, 1, 1), LATER, False)]
    assert told(state(), with_it) == [("waiver GRD001", LATER, None, False)]
    (one,) = allowances(longer, with_it, TODAY)
    assert (one.account, one.reason) == ("Brass Building Supplies", "more of it")


def test_a_waiver_that_has_ended_waives_nothing() -> None:
    ended = state(account(waivers=(waiver(D(2026, 1, 19)),)))
    assert told(ended, state()) == told(state(), ended) == []


def test_an_account_keeps_its_mode_when_it_is_renamed_or_gets_its_id() -> None:
    old = state(account(mode="apply", account=Reference(name="Brass")))
    both = state(account(mode="apply", account=Reference(7, "Brass")))
    renamed = state(account(mode="apply", account=Reference(7, "Brass & Sons")))
    assert told(both, old) == told(renamed, both) == []


def test_a_new_account_is_held_against_the_mode_of_all() -> None:
    other = Reference(name="Cobalt")
    assert told(state(account(), account(account=other)), state()) == []
    assert told(state(account(), account(account=other, mode="apply")), state()) == [
        ("mode", "propose", "apply", True)
    ]


def test_a_misspelt_name_of_the_same_customer_loosens_nothing() -> None:
    old = state(account(mode="apply"))
    slip = account(mode="apply", account=Reference(name="Brass Building Supply"))
    assert told(state(slip), old) == []
    moved = replace(slip, origin=Origin(f"elsewhere/{slip.origin.file}"))
    assert told(state(moved), old) == []


@pytest.mark.parametrize(
    "values",
    [
        {"organizations": {"datto-rmm": (OrganizationRef(name="Cobalt"),)}},
        {"origin": Origin("billing-config/accounts/cobalt.yaml")},
    ],
)
def test_another_customer_in_place_of_one_is_new(values: dict[str, Any]) -> None:
    other = account(mode="apply", account=Reference(name="Cobalt"), **values)
    assert told(state(other), state(account(mode="apply"))) == [("mode", "propose", "apply", True)]


def test_an_account_beside_one_that_stays_is_new_whatever_it_counts() -> None:
    other = account(mode="apply", account=Reference(name="Cobalt"))
    both = state(account(mode="apply"), other)
    assert told(both, state(account(mode="apply"))) == [("mode", "propose", "apply", True)]


def test_looser_comes_first() -> None:
    new = state(account(mode="observe", waivers=(waiver(),)), guards=Guards(run=None, line=None))
    found = allowances(new, state(guards=Guards(percent=Decimal(90))), TODAY)
    assert [one.loosens for one in found] == [True, True, True, False, False]


def test_it_is_in_what_a_pull_request_causes_though_no_line_moves() -> None:
    new, old = brass(*[10] * 19), brass(*[10] * 19, state={"guards": Guards()})
    found = caused(new.entry(TODAY), old.entry(TODAY))
    assert found.planned.plan.changes == ()
    assert Allowance("guard", "run", Decimal(5000), None, loosens=True) in found.allowances


limits = st.none() | st.integers(0, 10**6).map(Decimal)


@given(
    new=st.builds(Guards, line=limits, account=limits, run=limits),
    old=st.builds(Guards, line=limits, account=limits, run=limits),
)
def test_a_guard_is_looser_one_way_alone(new: Guards, old: Guards) -> None:
    here = allowances(replace(state(), guards=new), replace(state(), guards=old), TODAY)
    back = allowances(replace(state(), guards=old), replace(state(), guards=new), TODAY)
    assert {(o.name, o.before, o.after, o.loosens) for o in here} == {
        (o.name, o.after, o.before, not o.loosens) for o in back
    }
