from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reconciler.engine.day_runs import Input
from reconciler.engine.exclusions import unknown_to_all
from reconciler.engine.organizations import Directory
from reconciler.findings import CODES
from reconciler.model.desired import Exclusion, OrganizationRef, Reference
from reconciler.model.reading import MetricKey, Organization, Usage
from reconciler.model.settings import Term
from tests.engine import builders as make
from tests.engine.play import World

AS_OF = date(2026, 3, 10)
BRASS = Organization("datto-rmm", "1", "Brass")
WAREHOUSE = Organization("datto-rmm", "2", "Brass Warehouse")


def directory(
    *refs: OrganizationRef, known: tuple[Organization, ...] = (BRASS, WAREHOUSE), **state: Any
) -> tuple[Directory, list[Input]]:
    account = make.desired_account(
        organizations={"datto-rmm": refs}, exclusions=state.pop("own", ())
    )
    usage = Usage(
        series={MetricKey("datto-rmm", org.key, "total-devices"): make.series(3) for org in known},
        organizations=known,
    )
    entry = World([account], state=state).entry(AS_OF)
    found = Directory.of(entry.state, usage, AS_OF)
    return found, found.inputs(account, make.line(), (make.TERM,))


def keys(inputs: list[Input]) -> list[str]:
    return [entry.key.organization for entry in inputs]


def test_organizations_are_found_by_name_or_id_and_summed() -> None:
    found, inputs = directory(OrganizationRef(name="Brass"), OrganizationRef(id="2"))
    assert keys(inputs) == ["1", "2"]
    assert all(entry.series is not None for entry in inputs)
    assert found.findings == []
    assert set(found.claimed) == {("datto-rmm", "1"), ("datto-rmm", "2")}


def test_an_organization_named_twice_counts_once() -> None:
    _, inputs = directory(OrganizationRef(name="Brass"), OrganizationRef(id="1"))
    assert keys(inputs) == ["1"]


def test_an_organization_that_two_accounts_claim_counts_for_neither() -> None:
    mine = make.desired_account(organizations={"datto-rmm": (OrganizationRef(id="1"),)})
    theirs = replace(
        mine,
        account=Reference(name="Copper Mine"),
        organizations={"datto-rmm": (OrganizationRef(name="Brass"),)},
    )
    usage = Usage(
        series={MetricKey("datto-rmm", "1", "total-devices"): make.series(3)},
        organizations=(BRASS,),
    )
    found = Directory.of(World([mine, theirs]).entry(AS_OF).state, usage, AS_OF)
    assert [entry.code for entry in found.findings] == ["CFG009"]
    for account in (mine, theirs):
        (entry,) = found.inputs(account, make.line(), (make.TERM,))
        assert entry.series is None


def test_an_organization_no_source_ever_named_counts_as_unknown() -> None:
    found, inputs = directory(OrganizationRef(name="Bras"))
    assert [(entry.key.organization, entry.series) for entry in inputs] == [("Bras", None)]
    (said,) = found.findings
    assert said.code == "USG008"
    assert said.remedy == "did you mean `Brass`? If not, " + CODES["USG008"].remedy


@pytest.mark.parametrize("ref", [OrganizationRef(id="7"), OrganizationRef(name="Copper")])
def test_nothing_is_guessed_of_an_organization_like_no_other(ref: OrganizationRef) -> None:
    found, _ = directory(ref)
    assert [one.remedy for one in found.findings] == [CODES["USG008"].remedy]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Exclusion("ours", OrganizationRef(name="Bras")), ["no reading ever named Bras"]),
        (Exclusion("ours", OrganizationRef(id="7")), ["no reading ever named 7"]),
        (
            Exclusion("ours", OrganizationRef(name="Brass"), "datto-edr"),
            ["no reading of datto-edr ever named Brass"],
        ),
        (Exclusion("ours", OrganizationRef(name="Bras"), until=date(2026, 3, 9)), []),
        (Exclusion("ours", OrganizationRef(name="Brass")), []),
        (Exclusion("ours", product="datto-edr"), []),
    ],
)
def test_an_exclusion_of_what_no_source_ever_named_is_told(
    rule: Exclusion, said: list[str]
) -> None:
    found, _ = directory(OrganizationRef(id="1"), own=(rule,))
    mine = [(one.code, one.subject.account, one.message) for one in found.findings]
    tail = ", which `exclude:` leaves out"
    assert mine == [("USG008", "Brass Building Supplies", text + tail) for text in said]
    everywhere = unknown_to_all([rule], (BRASS, WAREHOUSE), AS_OF)
    assert [(one.subject.account, one.message) for one in everywhere] == [
        (None, text + tail) for text in said
    ]


def test_a_name_that_fits_two_is_never_guessed() -> None:
    twice = (BRASS, Organization("datto-rmm", "9", "Brass"))
    found, inputs = directory(OrganizationRef(name="Brass"), known=twice)
    assert [entry.series for entry in inputs] == [None]
    assert [entry.code for entry in found.findings] == ["USG010"]


def test_a_line_may_count_only_some_organizations() -> None:
    found, _ = directory(OrganizationRef(name="Brass"), OrganizationRef(id="2"))
    only = make.line()
    only = type(only)(
        only.service,
        only.bms_service,
        only.settings,
        only.origin,
        organizations={"datto-rmm": (OrganizationRef(id="2"),)},
    )
    assert keys(found.inputs(make.desired_account(), only, (make.TERM,))) == ["2"]


def test_a_product_the_account_does_not_map_is_absent() -> None:
    found, _ = directory(OrganizationRef(id="1"))
    edr = Term("datto-edr", "total-devices", subtract=True)
    account = make.desired_account(organizations={"datto-rmm": (OrganizationRef(id="1"),)})
    assert keys(found.inputs(account, make.line(), (make.TERM, edr))) == ["1"]


@pytest.mark.parametrize(
    "excluded",
    [
        OrganizationRef(name="Brass Warehouse"),
        OrganizationRef(id="2"),
        OrganizationRef(id="2", name="An Old Name"),
    ],
)
@pytest.mark.parametrize(
    "mapped", [OrganizationRef(name="Brass Warehouse"), OrganizationRef(id="2")]
)
@pytest.mark.parametrize("product", [None, "datto-rmm"])
@pytest.mark.parametrize("said_in", ["exclusions", "own"])
def test_an_excluded_organization_is_left_out_however_either_names_it(
    excluded: OrganizationRef, mapped: OrganizationRef, product: str | None, said_in: str
) -> None:
    rule = Exclusion("our own", organization=excluded, product=product)
    said: dict[str, Any] = {said_in: (rule,)}
    found, inputs = directory(OrganizationRef(id="1"), mapped, **said)
    assert keys(inputs) == ["1"]
    assert found.is_excluded("datto-rmm", "2", "Brass Warehouse")
    assert not found.is_excluded("datto-rmm", "1", "Brass")


@pytest.mark.parametrize("said_in", ["exclusions", "own"])
def test_an_exclusion_may_speak_of_one_product_only(said_in: str) -> None:
    rule = Exclusion("our own", organization=OrganizationRef(id="1"), product="datto-edr")
    said: dict[str, Any] = {said_in: (rule,)}
    found, inputs = directory(OrganizationRef(id="1"), **said)
    assert keys(inputs) == ["1"]
    assert not found.is_excluded("datto-rmm", "1", "Brass")


@pytest.mark.parametrize(("until", "since"), [(9, "none"), (8, date(2026, 3, 9)), (10, "none")])
@pytest.mark.parametrize(
    "what", [{"product": "datto-rmm"}, {"organization": OrganizationRef(name="Brass")}], ids=str
)
@pytest.mark.parametrize("said_in", ["exclusions", "own"])
def test_after_an_exclusion_ended_only_the_days_after_it_count(
    until: int, since: Any, what: dict[str, Any], said_in: str
) -> None:
    rule = Exclusion("bundled", until=date(2026, 3, until), **what)
    said: dict[str, Any] = {said_in: (rule,)}
    _, inputs = directory(OrganizationRef(id="1"), **said)
    assert [entry.since for entry in inputs] == ([] if since == "none" else [since])


def test_an_account_leaves_out_nothing_of_what_another_maps() -> None:
    """Not even where it says so of an organization that it does not map itself."""
    rule = Exclusion("not ours", organization=OrganizationRef(name="Brass"))
    theirs = replace(
        make.desired_account(organizations={"datto-rmm": (OrganizationRef(id="2"),)}),
        account=Reference(name="Copper Mine"),
        exclusions=(rule,),
    )
    mine = make.desired_account(organizations={"datto-rmm": (OrganizationRef(id="1"),)})
    usage = Usage(series={}, organizations=(BRASS, WAREHOUSE))
    found = Directory.of(World([mine, theirs]).entry(AS_OF).state, usage, AS_OF)
    assert keys(found.inputs(mine, make.line(), (make.TERM,))) == ["1"]
    assert not found.is_excluded("datto-rmm", "1", "Brass")


def test_a_product_excluded_for_good_is_absent() -> None:
    rule = Exclusion("bundled", product="datto-rmm")
    found, inputs = directory(OrganizationRef(id="1"), own=(rule,))
    assert inputs == []
    account = make.desired_account(exclusions=(rule,))
    assert found.is_excluded_for(account, "datto-rmm", "1")
    assert not found.is_excluded_for(account, "datto-edr", "1")
