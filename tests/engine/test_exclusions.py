"""What is excluded on purpose, through a whole plan: not counted, and not asked about."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from reconciler.engine.plan import Planned
from reconciler.model.desired import Exclusion, OrganizationRef
from reconciler.model.settings import Over
from tests.engine import builders as make
from tests.engine.play import World, brass, changes, codes

AS_OF = date(2026, 1, 21)
LAB = OrganizationRef(name="Lab")


def planned(rule: Exclusion | None, said_in: str = "account", *, maps: bool = True) -> Planned:
    """Brass has 10 devices and its lab 7; BMS bills 10."""
    rules = (rule,) if rule is not None else ()
    refs = (OrganizationRef(name="Brass"), LAB) if maps else (OrganizationRef(name="Brass"),)
    own: dict[str, Any] = {"exclusions": rules} if said_in == "account" else {}

    world = World(
        [make.desired_account(make.line(), organizations={"datto-rmm": refs}, **own)],
        series={
            ("Brass", "total-devices"): make.series(*[10] * 20),
            ("Lab", "total-devices"): make.series(*[7] * 20),
        },
        state={} if own else {"exclusions": rules},
    )
    world.rows.append((make.a_row(date=date(2025, 12, 1)), 10))
    world.contracts = [make.a_contract(start=date(2025, 12, 1))]
    world.baseline()
    return world.plan(AS_OF)


both_files = pytest.mark.parametrize("said_in", ["account", "tenant"])


@both_files
@pytest.mark.parametrize("product", [None, "datto-rmm"])
def test_an_organization_left_out_in_either_file_is_not_billed(
    said_in: str, product: str | None
) -> None:
    assert changes(planned(None)) == [("2026-01-01", 10, 17, "ready")]
    made = planned(Exclusion("our own", LAB, product), said_in)
    assert (changes(made), codes(made)) == ([], [])
    assert made.plan.checked.organizations_excluded == 1


@both_files
def test_once_an_exclusion_is_over_the_organization_counts(said_in: str) -> None:
    made = planned(Exclusion("a trial", LAB, until=date(2026, 1, 12)), said_in)
    assert changes(made) == [("2026-01-13", 10, 17, "ready")]
    assert made.plan.checked.organizations_excluded == 0


@both_files
def test_an_organization_left_out_is_not_asked_for_though_nobody_maps_it(said_in: str) -> None:
    assert codes(planned(None, maps=False)) == ["USG003"]
    made = planned(Exclusion("our own", LAB), said_in, maps=False)
    assert codes(made) == []
    assert made.plan.checked.organizations_excluded == 1


@both_files
@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Exclusion("our own", LAB, "datto-edr"), ["USG003", "USG008"]),
        (Exclusion("our own", LAB, until=date(2026, 1, 20)), ["USG003"]),
        (Exclusion("our own", OrganizationRef(name="Laboratory")), ["USG003", "USG008"]),
    ],
    ids=["another product", "over", "another"],
)
def test_it_is_asked_for_where_the_exclusion_does_not_speak_of_it(
    said_in: str, rule: Exclusion, said: list[str]
) -> None:
    assert codes(planned(rule, said_in, maps=False)) == said


@pytest.mark.parametrize(("over", "units"), [("last", 6), ("peak", 6), ("average", 4), ("sum", 96)])
def test_a_month_in_which_an_exclusion_ends_is_that_of_the_days_after_it(
    over: Over, units: int
) -> None:
    """Ten of the product until the 15th, all left out, and six on each of sixteen days after."""
    world = brass(*[10] * 15, *[6] * 16)
    policy = make.settings(
        adjust="month-end", over=over, increase="next-period", decrease="next-period"
    )
    rule = Exclusion("a trial", product="datto-rmm", until=date(2026, 1, 15))
    world.accounts = [make.desired_account(make.line(policy), exclusions=(rule,))]
    made = world.plan(date(2026, 2, 1))
    assert (changes(made), codes(made)) == ([("2026-02-01", 10, units, "ready")], [])


def test_while_all_of_a_line_is_left_out_it_keeps_its_units_and_says_so() -> None:
    world = brass(*[10] * 15, *[6] * 16)
    rule = Exclusion("a trial", product="datto-rmm", until=date(2026, 1, 15))
    world.accounts = [make.desired_account(exclusions=(rule,))]
    made = world.plan(date(2026, 1, 14))
    assert (changes(made), codes(made)) == ([], ["USG009"])


def test_a_product_left_out_of_everything_is_asked_for_nowhere() -> None:
    made = planned(Exclusion("bundled", product="datto-rmm"), "tenant", maps=False)
    assert "USG003" not in codes(made)


@pytest.mark.parametrize("said_in", ["account", "tenant"])
def test_a_misspelt_organization_that_is_left_out_of_nothing_is_told(said_in: str) -> None:
    rule = Exclusion("our own", OrganizationRef(name="Labb"))
    made = planned(rule, said_in)
    (found,) = (one for one in made.plan.findings if one.code == "USG008")
    assert found.message == "no reading ever named Labb, which `exclude:` leaves out"
    assert changes(made) == changes(planned(None))
