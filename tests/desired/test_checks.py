"""Mistakes that show only across keys and files, each at the place to mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desired.house import ACCOUNT, BILLING, SERVICES, build, found, messages, state_of

HEAD = "version: 1\naccount: A\norganizations: {datto-rmm: [X, Y]}\ncontracts:\n"


def problems(root: Path, account: str, **more: str) -> list[tuple[str, str]]:
    files = {"accounts/brass.yaml": account, **more}
    return [
        (code, place.removeprefix("accounts/brass.yaml:")) for code, place in found(root, files)
    ]


def test_an_unknown_service_is_shown_at_its_key_with_what_was_meant(tmp_path: Path) -> None:
    text = ACCOUNT.replace("workstation", "worksation")
    assert problems(tmp_path, text) == [("CFG008", "8:7")]
    (said,) = messages(tmp_path, {"accounts/brass.yaml": text})
    assert "did you mean `workstation`?" in said


def test_an_unknown_service_of_a_waiver_is_shown(tmp_path: Path) -> None:
    text = ACCOUNT + "waivers:\n  - {code: GRD001, service: x, reason: r, until: 2027-01-01}\n"
    assert problems(tmp_path, text) == [("CFG008", "10:29")]


def test_an_unknown_code_of_a_waiver_is_shown(tmp_path: Path) -> None:
    text = ACCOUNT + "waivers:\n  - {code: GRD01, reason: r, until: 2027-01-01}\n"
    assert problems(tmp_path, text) == [("CFG003", "10:12")]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (ACCOUNT.replace("datto-rmm", "dato-rmm"), "4:3"),
        (ACCOUNT + "exclude:\n  - {product: x, reason: r}\n", "10:15"),
    ],
)
def test_an_unknown_product_is_shown(tmp_path: Path, text: str, place: str) -> None:
    assert problems(tmp_path, text) == [("CFG005", place)]


def test_an_unknown_product_of_the_tenants_exclusions_is_shown(tmp_path: Path) -> None:
    billing = BILLING + "exclude:\n  - {product: x, reason: r}\n"
    assert found(tmp_path, {"billing.yaml": billing}) == [("CFG005", "billing.yaml:6:15")]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("product: datto-rmm", "product: datto-rm", [("CFG005", "2:10")]),
        ("metric: devices-by-type, of: S", "metric: devices, of: S", [("CFG006", "9:21")]),
        ("metric: devices-by-type, of: S", "metric: total-devices, of: S", [("CFG003", "9:36")]),
        ("{metric: devices-by-type, of: S", "{product: vs, metric: x, of: S", [("CFG005", "9:22")]),
        ("of: Server", "of: Server, subtract: true", [("CFG003", "9:12")]),
        ("of: [Desktop, Laptop]", "of: []", [("CFG003", "6:42")]),
        ("{metric: devices-by-type, of: Server}", "[]", [("CFG003", "9:12")]),
    ],
)
def test_mistakes_of_services_are_shown(
    tmp_path: Path, old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    text = SERVICES.replace(old, new)
    assert text != SERVICES
    name = "services/datto-rmm.yaml"
    assert found(tmp_path, {name: text}) == [(code, f"{name}:{at}") for code, at in expected]


def test_a_service_defined_in_two_files_is_shown_in_the_second(tmp_path: Path) -> None:
    assert found(tmp_path, {"services/other.yaml": SERVICES}) == [
        ("CFG019", "services/other.yaml:4:3"),
        ("CFG019", "services/other.yaml:7:3"),
    ]


@pytest.mark.parametrize(
    ("file", "text", "place"),
    [
        ("billing.yaml", BILLING + "default_policy: x\n", "5:17"),
        ("billing.yaml", BILLING + "policies: {own: {}}\n", "5:11"),
        ("billing.yaml", BILLING + "settings: {policy: x}\n", "5:20"),
        ("accounts/brass.yaml", ACCOUNT + "settings: {policy: x}\n", "9:20"),
        ("accounts/brass.yaml", ACCOUNT.replace("{}", "{policy: x}"), "8:29"),
        ("accounts/brass.yaml", ACCOUNT + "    settings: {policy: x}\n", "9:24"),
        (
            "accounts/brass.yaml",
            ACCOUNT.replace("{}", "{changes: [{from: 2027-01-01, policy: x}]}"),
            "8:58",
        ),
        ("services/datto-rmm.yaml", SERVICES + "    policy: x\n", "10:13"),
    ],
)
def test_an_unknown_policy_is_shown_wherever_it_is_named(
    tmp_path: Path, file: str, text: str, place: str
) -> None:
    assert found(tmp_path, {file: text}) == [("CFG007", f"{file}:{place}")]


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("X", "X", True),
        ("{id: 1, name: X}", "{id: 1, name: Z}", True),
        ("{id: 1, name: X}", "X", True),
        ("X", "[Y, X]", True),
        ("{id: 1, name: X}", "{id: 2, name: X}", False),
        ("X", "x", False),
        ("{id: X}", "X", False),
    ],
)
def test_two_accounts_cannot_claim_one_organization(
    tmp_path: Path, first: str, second: str, clash: bool
) -> None:
    files = {
        "accounts/a.yaml": f"version: 1\naccount: A\norganizations: {{vsa: {first}}}\n",
        "accounts/b.yaml": f"version: 1\naccount: B\norganizations: {{vsa: {second}}}\n",
    }
    codes = [code for code, _ in found(tmp_path, files)]
    assert codes == (["CFG009"] if clash else [])


def test_the_second_claim_is_shown_and_names_the_first(tmp_path: Path) -> None:
    files = {
        "accounts/a.yaml": "version: 1\naccount: Amber\norganizations:\n  vsa: X\n",
        "accounts/b.yaml": "version: 1\naccount: B\norganizations:\n  vsa:\n    - Y\n    - X\n",
    }
    (said,) = messages(tmp_path, files)
    assert said.startswith("billing-config/accounts/b.yaml:6:7: CFG009 ")
    assert "`Amber` in billing-config/accounts/a.yaml" in said


def test_one_organization_of_two_products_is_no_clash(tmp_path: Path) -> None:
    text = "version: 1\naccount: A\norganizations: {vsa: X, passly: X}\n"
    assert problems(tmp_path, text) == []


def test_an_account_in_two_files_is_shown_in_the_second(tmp_path: Path) -> None:
    files = {"accounts/two.yaml": "version: 1\naccount: Brass Building Supplies\n"}
    assert found(tmp_path, files) == [("CFG011", "accounts/two.yaml:2:10")]


def test_two_customers_with_one_id_are_told_apart(tmp_path: Path) -> None:
    files = {
        "accounts/a.yaml": "version: 1\naccount: {id: 7, name: Amber}\n",
        "accounts/b.yaml": "version: 1\naccount: {id: 7, name: Bronze}\n",
    }
    (said,) = messages(tmp_path, files)
    assert "account `Bronze` has the id 7 of `Amber` in billing-config/accounts/a.yaml" in said


def test_a_contract_listed_twice_is_shown(tmp_path: Path) -> None:
    text = HEAD + "  - {contract: M, services: {}}\n  - {contract: M, services: {}}\n"
    assert problems(tmp_path, text) == [("CFG011", "6:16")]


TWO = (
    "  - {{contract: M, services: {{workstation: {}}}}}\n"
    "  - {{contract: N, services: {{workstation: {}}}}}\n"
)


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("{}", "{}", True),
        ("{organizations: {datto-rmm: X}}", "{}", True),
        ("{organizations: {datto-rmm: X}}", "{organizations: {datto-rmm: [Y, X]}}", True),
        ("{organizations: {datto-rmm: X}}", "{organizations: {datto-rmm: Y}}", False),
        ("{last_day: 2026-11-30}", "{from: 2026-12-01}", False),
        ("{from: 2026-12-01}", "{last_day: 2026-11-30}", False),
        ("{last_day: 2026-11-30}", "{from: 2026-11-30}", True),
    ],
)
def test_one_service_on_two_contracts_needs_other_organizations_or_other_days(
    tmp_path: Path, first: str, second: str, clash: bool
) -> None:
    text = HEAD + TWO.format(first, second)
    assert problems(tmp_path, text) == ([("CFG010", "6:30")] if clash else [])


def test_contracts_that_take_all_services_are_left_to_what_bms_has(tmp_path: Path) -> None:
    text = HEAD + "  - {contract: M, services: all}\n  - {contract: N, services: {server: {}}}\n"
    assert problems(tmp_path, text) == []


@pytest.mark.parametrize("name", ["Managed Workstation", "{id: 5, name: Managed Workstation}"])
def test_two_services_of_one_bms_service_cannot_share_a_contract(tmp_path: Path, name: str) -> None:
    services = SERVICES.replace("{id: 1202, name: Managed Server}", name)
    text = HEAD + "  - {contract: M, services: {workstation: {}, server: {}}}\n"
    files = {"services/datto-rmm.yaml": services, "accounts/brass.yaml": text}
    assert found(tmp_path, files) == [("CFG010", "accounts/brass.yaml:5:47")]


OTHERS = """\
version: 1
product: datto-rmm
services:
  others: {bms_service: Others, count: {metric: devices-by-type, of: rest}}
  more: {bms_service: More, count: {metric: devices-by-type, of: rest}}
  without: {bms_service: W, count: [{metric: total-devices}, {metric: devices-by-type, of: rest,
    subtract: true}]}
  edr: {bms_service: Edr, count: [{product: datto-edr, metric: total-devices}, {metric:
    devices-by-type, of: rest}]}
"""


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("others: {}", "more: {}", True),
        ("others: {}", "edr: {}", True),
        ("others: {organizations: {datto-rmm: X}}", "more: {}", True),
        ("others: {organizations: {datto-rmm: X}}", "more: {organizations: {datto-rmm: Y}}", False),
        (
            "others: {organizations: {datto-rmm: X}}",
            "edr: {organizations: {datto-rmm: [X, Y], datto-edr: Y}}",
            True,
        ),
        (
            "more: {organizations: {datto-rmm: X, datto-edr: Z}}",
            "edr: {organizations: {datto-rmm: Y, datto-edr: Z}}",
            False,
        ),
        ("others: {last_day: 2026-05-31}", "more: {from: 2026-06-01}", False),
        ("others: {last_day: 2026-06-01}", "more: {from: 2026-06-01}", True),
        ("others: {}", "without: {}", False),
        ("others: {}", "server: {}", False),
    ],
)
def test_the_rest_of_a_metric_is_counted_once_on_a_contract(
    tmp_path: Path, first: str, second: str, clash: bool
) -> None:
    head = HEAD.replace("[X, Y]}", "[X, Y], datto-edr: [Y, Z]}")
    text = f"{head}  - contract: A\n    services:\n      {first}\n      {second}\n"
    files = {"services/others.yaml": OTHERS}
    assert problems(tmp_path, text, **files) == ([("CFG022", "8:7")] if clash else [])


def test_of_three_rests_each_but_the_first_is_shown_with_what_to_do(tmp_path: Path) -> None:
    text = f"{HEAD}  - contract: A\n    services: {{others: {{}}, more: {{}}, edr: {{}}}}\n"
    files = {"accounts/brass.yaml": text, "services/others.yaml": OTHERS}
    assert found(tmp_path, files) == [
        ("CFG022", "accounts/brass.yaml:6:28"),
        ("CFG022", "accounts/brass.yaml:6:38"),
    ]
    first, _ = messages(tmp_path, files)
    assert "`others` counts the rest of datto-rmm devices-by-type here too" in first
    assert "name the types of one in its `of:`" in first


@pytest.mark.parametrize("services", ["all", "{more: {}}"])
def test_the_rest_may_stand_on_two_contracts_or_in_what_only_bms_can_tell(
    tmp_path: Path, services: str
) -> None:
    text = (
        f"{HEAD}  - contract: A\n    services: {{others: {{}}}}\n"
        f"  - contract: B\n    services: {services}\n"
    )
    assert problems(tmp_path, text, **{"services/others.yaml": OTHERS}) == []


def test_organizations_of_a_line_must_be_the_accounts(tmp_path: Path) -> None:
    line = "{organizations: {datto-rmm: [X, Z]}}"
    text = HEAD + f"  - {{contract: M, services: {{workstation: {line}}}}}\n"
    assert problems(tmp_path, text) == [("CFG003", "5:75")]
    wider = "  - {contract: M, organizations: {datto-rmm: Z}, services: {}}\n"
    assert problems(tmp_path, HEAD + wider) == [("CFG003", "5:46")]


LATE = BILLING + "policies:\n  daily:\n    {}: period-start\n    late: hold\n"


@pytest.mark.parametrize("name", ["increase", "decrease"])
def test_period_start_needs_late_where_invoices_come_first(tmp_path: Path, name: str) -> None:
    without = LATE.format(name).replace("    late: hold\n", "")
    assert found(tmp_path, {"billing.yaml": without}) == [
        ("CFG014", f"billing.yaml:7:{7 + len(name)}")
    ]
    for late in ("hold", "prorated-transaction", "next-period"):
        said = LATE.format(name).replace("hold", late)
        assert found(tmp_path, {"billing.yaml": said}) == []
    later = without + "billing: {invoice: end}\n"
    assert found(tmp_path, {"billing.yaml": later}) == []


def test_a_policy_that_no_line_uses_needs_no_late(tmp_path: Path) -> None:
    billing = BILLING + "policies: {daily: {}, spare: {increase: period-start}}\n"
    assert found(tmp_path, {"billing.yaml": billing}) == []


def test_late_is_asked_for_once_per_policy_and_by_the_contracts_own_billing(tmp_path: Path) -> None:
    billing = BILLING + "billing: {invoice: end}\npolicies: {daily: {increase: period-start}}\n"
    account = (
        HEAD + "  - {contract: M, services: {workstation: {}}}\n"
        "  - {contract: N, billing: {invoice: start}, services: {server: {}}}\n"
    )
    files = {"billing.yaml": billing, "accounts/brass.yaml": account}
    assert found(tmp_path, files) == [("CFG014", "billing.yaml:6:30")]


@pytest.mark.parametrize("more", ["", ", decrease: never", ", adjust: month-end"])
def test_late_hold_that_would_hold_nothing_is_refused(tmp_path: Path, more: str) -> None:
    line = f"{{late: hold{more}}}"
    text = HEAD + f"  - {{contract: M, services: {{workstation: {line}}}}}\n"
    assert problems(tmp_path, text) == [("CFG021", "5:50")]
    held = text.replace("hold", "hold, increase: next-period")
    assert problems(tmp_path, held) == []


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("increase: change-date", False),
        ("increase: next-period", True),
        ("adjust: month-end, increase: next-period", False),
        ("adjust: month-end, increase: next-period, decrease: next-period", True),
    ],
)
def test_a_total_of_the_period_is_not_prorated_from_a_day(
    tmp_path: Path, line: str, right: bool
) -> None:
    text = HEAD + f"  - {{contract: M, services: {{workstation: {{over: sum, {line}}}}}}}\n"
    assert problems(tmp_path, text) == ([] if right else [("CFG021", "5:50")])


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("{minimum: 5, maximum: 4}", "5:65"),
        ("{from: 2027-01-01, last_day: 2026-12-31}", "5:72"),
        ("{changes: [{from: 2027-01-01, minimum: 1}, {from: 2027-01-01, minimum: 2}]}", "5:53"),
    ],
)
def test_values_that_contradict_each_other_are_shown(tmp_path: Path, line: str, place: str) -> None:
    text = HEAD + f"  - {{contract: M, services: {{workstation: {line}}}}}\n"
    assert problems(tmp_path, text) == [("CFG003", place)]


def test_a_minimum_above_an_inherited_maximum_is_shown_where_the_maximum_stands(
    tmp_path: Path,
) -> None:
    text = (
        HEAD + "  - {contract: M, services: {workstation: {minimum: 5}}}\nsettings: {maximum: 4}\n"
    )
    assert problems(tmp_path, text) == [("CFG003", "6:21")]


def test_the_small_configuration_has_no_mistake(tmp_path: Path) -> None:
    assert found(tmp_path, {}) == []
    assert state_of(tmp_path).accounts[0].origin.file == "billing-config/accounts/brass.yaml"
    assert build(tmp_path).name == "billing-config"
