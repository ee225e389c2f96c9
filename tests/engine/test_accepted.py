from __future__ import annotations

from datetime import date
from typing import Any

from reconciler.engine.accepted import as_wanted, waivers_by_name
from reconciler.findings import finding
from reconciler.model.desired import Reference, Waiver
from reconciler.model.finding import Finding, Subject
from tests.engine import builders as make
from tests.engine.play import World, brass, codes

AS_OF = date(2026, 3, 10)
BRASS = "Brass Building Supplies"


def waiver(code: str, until: date = AS_OF, service: str | None = None) -> Waiver:
    return Waiver(code, "bundled", until, make.ORIGIN, service)


def wanted(*findings: Finding, waivers: tuple[Waiver, ...] = (), **shown: Any) -> list[Finding]:
    account = make.desired_account(waivers=waivers)
    state = World([account], state={"shown": shown}).entry(AS_OF).state
    return list(as_wanted(findings, state.shown, waivers_by_name(state.accounts, {}), AS_OF))


LOOSE = finding("USG003", "somebody has usage")
MINE = finding("USG005", "nobody counts it", subject=Subject(account=BRASS, service="server"))
DRIFT = finding("KNW002", "it moved", subject=Subject(account=BRASS))


def test_a_code_is_shown_as_severe_as_the_configuration_says() -> None:
    assert [found.severity for found in wanted(LOOSE)] == ["warning"]
    assert [found.severity for found in wanted(LOOSE, USG003="error")] == ["error"]
    assert wanted(LOOSE, USG003="off") == []


def test_what_blocks_goes_on_blocking_as_a_warning() -> None:
    (found,) = wanted(DRIFT, KNW002="warning")
    assert (found.severity, found.blocks) == ("warning", True)


def test_a_waived_finding_stays_in_the_plan_and_says_why_and_until_when() -> None:
    (found,) = wanted(MINE, waivers=(waiver("USG005"),))
    assert (found.severity, found.waived) == ("info", "bundled, until 2026-03-10")


def test_a_waiver_ends_and_holds_for_its_account_and_service_alone() -> None:
    def waived(one: Waiver) -> bool:
        return wanted(MINE, waivers=(one,))[0].waived is not None

    assert waived(waiver("USG005", service="server"))
    assert not waived(waiver("USG005", service="workstation"))
    assert not waived(waiver("USG005", until=date(2026, 3, 9)))
    assert not waived(waiver("USG013"))
    other = finding("USG005", "nobody counts it", subject=Subject(account="Cobalt"))
    assert wanted(other, waivers=(waiver("USG005"),))[0].waived is None


def test_an_account_that_bms_names_otherwise_is_the_same_account() -> None:
    account = make.desired_account(account=Reference(1, "Brass"), waivers=(waiver("USG005"),))
    state = World([account]).entry(AS_OF).state
    waivers = waivers_by_name(state.accounts, {"Brass": BRASS})
    (found,) = as_wanted([MINE], state.shown, waivers, AS_OF)
    assert found.waived is not None


def test_no_waiver_silences_what_holds_lines() -> None:
    assert wanted(DRIFT, waivers=(waiver("KNW002"),)) == [DRIFT]


def test_the_verdict_follows_the_severity() -> None:
    def verdict(**shown: Any) -> str:
        world = brass(10, 10, state={"shown": shown})
        world.series["Stranger", "total-devices"] = make.series(7, 7)
        return world.plan(date(2026, 1, 3)).plan.verdict

    assert verdict() == "in-step"
    assert verdict(USG003="error") == "person-needed"


def test_off_takes_a_finding_out_of_the_plan() -> None:
    world = brass(10, 0, state={"shown": {"USG011": "off"}})
    assert "USG011" not in codes(world.plan(date(2026, 1, 3)))
