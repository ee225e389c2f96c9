"""The files of tests/: what is refused with its place, and what a case is resolved to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.desired import load_checked
from reconciler.desired.documents.days import days_of, month_of
from reconciler.desired.policy_tests import PolicyTest, load_policy_tests
from reconciler.engine.trial import tried
from reconciler.model.desired import Billing
from tests.desired.house import ACCOUNT, BILLING, SERVICES, build

HEAD = "version: 1\ncases:\n"
CASE = """\
  - name: {name}
    {about}
    contract: {{start: 2026-01-01{contract}}}
    readings: {readings}
    as_of: {as_of}
    expect: {expect}
"""


def case(
    about: str = "service: workstation",
    readings: str = "{2026-11-01..2026-11-03: 5}",
    expect: str = "{units: 5}",
    contract: str = "",
    as_of: str = "2026-11-30",
    name: str = "a case",
) -> str:
    return CASE.format(
        name=name, about=about, contract=contract, readings=readings, as_of=as_of, expect=expect
    )


def loaded(root: Path, *cases: str, **files: str) -> tuple[list[PolicyTest], list[str]]:
    """The tests of one file, and its problems without the directory's name."""
    extra = {name.replace("__", "/") + ".yaml": text for name, text in files.items()}
    top = build(root, {"tests/t.yaml": HEAD + "".join(cases), **extra})
    state, problems = load_checked(top)
    assert problems == ()
    tests, wrong = load_policy_tests(top, state)
    return list(tests), [str(one).removeprefix("billing-config/") for one in wrong]


def one(root: Path, text: str, **files: str) -> PolicyTest:
    tests, wrong = loaded(root, text, **files)
    assert wrong == []
    return tests[0]


def test_a_case_with_settings_that_mean_nothing_together_is_refused(tmp_path: Path) -> None:
    tests, wrong = loaded(tmp_path, case("settings: {over: sum}"))
    assert tests == []
    assert [text[:20] for text in wrong] == ["tests/t.yaml:4:15: CFG021"[:20]]
    assert loaded(tmp_path / "b", case("settings: {over: sum, increase: next-period}"))[1] == []


def test_a_case_is_resolved_as_a_line_is(tmp_path: Path) -> None:
    test = one(
        tmp_path,
        case("service: server\n    settings: {minimum: 3}"),
        billing=BILLING + "settings: {gaps: {allow: 2d}}\n",
    )
    settings = test.trial.line.settings[0].settings
    assert (settings.minimum, settings.gap_days) == (3, 2)
    assert settings.count[0].of == ("Server",)
    assert (test.name, test.origin.path) == ("a case", ("cases", 0))


def test_a_case_without_a_service_counts_one_quantity(tmp_path: Path) -> None:
    test = one(tmp_path, case("settings: {policy: month-end, per: 500}"))
    settings = test.trial.line.settings[0].settings
    assert (settings.adjust, settings.over) == ("month-end", "peak")
    assert settings.per == 500
    assert [key.metric for key in test.trial.readings] == ["quantity"]


def test_a_case_may_take_an_accounts_own_line(tmp_path: Path) -> None:
    account = ACCOUNT.replace("workstation: {}", "workstation: {minimum: 9}")
    about = "service: workstation\n    account: Brass Building Supplies"
    test = one(tmp_path, case(about), accounts__brass=account)
    assert test.trial.line.settings[0].settings.minimum == 9


@pytest.mark.parametrize("where", ["account", "contract"])
def test_an_accounts_line_has_the_periods_of_its_contract(tmp_path: Path, where: str) -> None:
    billing = "billing: {periods: contract-start}"
    account = (
        ACCOUNT.replace("contracts:", f"{billing}\ncontracts:")
        if where == "account"
        else ACCOUNT.replace("    services:", f"    {billing}\n    services:")
    )
    about = "service: workstation\n    account: Brass Building Supplies"
    own = one(tmp_path / "own", case(about), accounts__brass=account)
    assert own.trial.contract.billing == Billing("contract-start", "start")
    text = case(about, contract=", billing: {invoice: end}")
    both = one(tmp_path / "both", text, accounts__brass=account)
    assert both.trial.contract.billing == Billing("contract-start", "end")
    assert one(tmp_path / "none", case()).trial.contract.billing == Billing()


REST = (
    SERVICES
    + """\
  other:
    bms_service: Other Device
    count: {metric: devices-by-type, of: rest}
"""
)
OF_TYPES = (
    "[{dimension: Server, days: {2026-11-01..2026-11-29: 4}},"
    " {dimension: Desktop, days: {2026-11-01..2026-11-29: 2}},"
    " {dimension: Tablet, days: {2026-11-01..2026-11-29: 1}}]"
)


@pytest.mark.parametrize(
    ("about", "lines", "units"),
    [
        # Without an account, every service stands on the contract.
        ("service: other", "other: {}", 1),
        ("service: other\n    account: Brass Building Supplies", "other: {}", 7),
        (
            "service: other\n    account: Brass Building Supplies",
            "other: {}\n      server: {}",
            3,
        ),
        (
            "service: other\n    account: Brass Building Supplies",
            "other: {organizations: {datto-rmm: Brass Building Supplies}}\n"
            "      server: {organizations: {datto-rmm: Branch}}",
            7,
        ),
    ],
)
def test_the_rest_is_what_a_plan_would_count(
    tmp_path: Path, about: str, lines: str, units: int
) -> None:
    account = ACCOUNT.replace("workstation: {}", lines).replace(
        "datto-rmm: Brass Building Supplies\ncontracts",
        "datto-rmm: [Brass Building Supplies, Branch]\ncontracts",
    )
    files = {"accounts__brass": account, "services__datto-rmm": REST}
    test = one(tmp_path, case(about, readings=OF_TYPES, contract=", units: 9"), **files)
    assert tried(test.trial).units.at(date(2026, 11, 29)) == units


def test_readings_are_by_dimension_and_organization(tmp_path: Path) -> None:
    readings = (
        "[{days: {2026-11-01: 5}}, {dimension: Laptop, days: {2026-11-01: 2.5}},"
        " {organization: Branch, days: {2026-11-02: 1}}]"
    )
    found = one(tmp_path, case(readings=readings)).trial.readings
    assert {(key.organization, key.product): dict(by) for key, by in found.items()} == {
        ("customer", "datto-rmm"): {
            "Desktop": {date(2026, 11, 1): Decimal(5)},
            "Laptop": {date(2026, 11, 1): Decimal("2.5")},
        },
        ("Branch", "datto-rmm"): {"Desktop": {date(2026, 11, 2): Decimal(1)}},
    }


def test_expectations_are_read_exactly(tmp_path: Path) -> None:
    expect = (
        "{days: {2026-11-01..2026-11-02: 5}, changes: [{day: 2026-11-01, units: 5}],"
        " money: {monthly: -1.10, billed: {2026-11: 2.30}}}"
    )
    expected = one(tmp_path, case(expect=expect)).expected
    assert expected.days == ((date(2026, 11, 1), date(2026, 11, 2), 5),)
    assert expected.changes == ((date(2026, 11, 1), 5),)
    assert (expected.units, expected.scheduled, expected.prorated) == (None, None, None)
    assert expected.monthly == Decimal("-1.10")
    assert expected.billed == {date(2026, 11, 1): Decimal("2.30")}


def test_a_test_is_about_policies_not_about_what_bms_accepts(tmp_path: Path) -> None:
    bms = (
        "bms: {company: C, username: u, password: '${P}', assume: {negative_units: refused,"
        " day_count: fixed-30, part_period: full}}\n"
    )
    assume = one(tmp_path, case(), billing=BILLING + bms).trial.assume
    assert assume.unset == ()
    assert (assume.negative_units, assume.day_count) == ("accepted", "fixed-30")
    assert assume.part_period == "full"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            case("service: workstatoin"),
            "t.yaml:4:14: CFG003 unknown service `workstatoin`; did you",
        ),
        (
            case("settings: {policy: monthend}"),
            "t.yaml:4:24: CFG003 unknown policy `monthend`; did",
        ),
        (case("account: Brass"), "t.yaml:4:14: CFG003 `account:` goes with `service:`"),
        (case("service: server\n    account: Nobody"), "t.yaml:5:14: CFG003 unknown account"),
        (
            case("service: server\n    account: Brass Building Supplies"),
            "t.yaml:4:14: CFG003 unknown service `server`",
        ),
        (case(as_of="2025-12-31"), "t.yaml:7:12: CFG003 `as_of: 2025-12-31` lies outside"),
        (case(contract=", end: 2025-12-31"), "CFG003 the contract ends before it starts"),
        (case(readings="[{metric: x, days: {2026-11-01: 1}}]"), "t.yaml:6:16: CFG003 no such"),
        (
            case(readings="[{days: {2026-11-01: 1}}, {days: {2026-11-01: 2}}]"),
            "CFG003 2026-11-01 is read twice",
        ),
        (
            case(readings="{2026-11-01..2026-11-05: 1, 2026-11-05: 2}"),
            "t.yaml:6:15: CFG003 `readings` cannot be a mapping that has 2026-11-05 twice",
        ),
        (case(readings="{2026-11-05..2026-11-01: 1}"), "write the earlier day first"),
        (case(readings="{2026-11-31: 1}"), "November 2026 has 30 days"),
        (case(expect="{units: -1}"), "t.yaml:8:21: CFG003 `units` cannot be `-1`"),
        (case(expect="{unit: 1}"), "CFG002 unknown key `unit`; did you mean `units`?"),
        (case(expect="{}"), "CFG018 `expect` needs `units:` or `days:`"),
        (case() + case(), "t.yaml:9:11: CFG003 case `a case` stands in"),
    ],
)
def test_mistakes_are_refused_with_their_place(tmp_path: Path, text: str, said: str) -> None:
    tests, wrong = loaded(tmp_path, text)
    assert tests == []
    assert said in "\n".join(wrong)


def test_a_count_of_several_metrics_wants_them_named(tmp_path: Path) -> None:
    services = (
        "version: 1\nproduct: datto-file-protection\nservices:\n  files:\n    bms_service: F\n"
        "    count: [{metric: total-desktop-devices}, {metric: total-server-devices}]\n"
    )
    _, wrong = loaded(tmp_path, case("service: files"), services__files=services)
    assert "could be of several metrics" in wrong[0]
    named = "[{metric: total-server-devices, days: {2026-11-01: 1}}]"
    test = one(tmp_path, case("service: files", readings=named), services__files=services)
    assert [key.metric for key in test.trial.readings] == ["total-server-devices"]


def test_tests_are_no_part_of_what_is_billed(tmp_path: Path) -> None:
    before, _ = load_checked(build(tmp_path))
    after, problems = load_checked(build(tmp_path, {"tests/t.yaml": "version: 7\n"}))
    assert before is not None
    assert after is not None
    assert problems == ()
    assert before.digest == after.digest


def test_where_the_configuration_is_wrong_only_the_form_is_checked(tmp_path: Path) -> None:
    top = build(tmp_path, {"tests/t.yaml": HEAD + case("service: nobody")})
    assert load_policy_tests(top, None) == ((), ())
    top = build(tmp_path, {"tests/t.yaml": HEAD + case("servise: nobody")})
    assert [problem.code for problem in load_policy_tests(top, None)[1]] == ["CFG002"]


def test_days_and_months_of_keys() -> None:
    assert days_of("2026-11-01") == (date(2026, 11, 1), date(2026, 11, 1))
    assert days_of("2026-11-01..2026-12-02") == (date(2026, 11, 1), date(2026, 12, 2))
    assert month_of("2026-11") == date(2026, 11, 1)
