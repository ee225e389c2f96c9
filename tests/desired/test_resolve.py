"""Which value counts, from which day, and where it was decided."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.desired.levels import EMPTY, Level
from reconciler.desired.resolve import Resolver
from reconciler.model.place import Origin
from reconciler.model.settings import Commitment, FixedUnits, LineSettings, Term
from tests.desired.house import BILLING, SERVICES, lines_of, state_of

LEVELS = ["base", "policy", "service", "account", "contract", "line"]
COUNT = (Term("datto-rmm", "total-devices"),)


def settings_of(root: Path, files: dict[str, str], service: str = "workstation") -> LineSettings:
    (dated,) = lines_of(state_of(root, files))[service].settings
    return dated.settings


def files_setting(levels: set[str]) -> dict[str, str]:
    """The small configuration with ``maximum`` or, in the policy, ``per`` set at these levels."""

    def said(level: str, text: str) -> str:
        return text if level in levels else ""

    number = {level: str(10 + index) for index, level in enumerate(LEVELS)}
    billing = BILLING + "policies:\n  daily:\n    adjust: daily\n"
    billing += said("policy", f"    per: {number['policy']}\n")
    billing += said("base", f"settings: {{per: {number['base']}}}\n")
    service = SERVICES.replace(
        "    bms_service: Managed Workstation\n",
        "    bms_service: Managed Workstation\n"
        + said("service", f"    per: {number['service']}\n"),
    )
    account = (
        "version: 1\naccount: A\n"
        + said("account", f"settings: {{per: {number['account']}}}\n")
        + "contracts:\n  - contract: M\n"
        + said("contract", f"    settings: {{per: {number['contract']}}}\n")
        + "    services:\n      workstation: {"
        + said("line", f"per: {number['line']}")
        + "}\n"
    )
    return {
        "billing.yaml": billing,
        "services/datto-rmm.yaml": service,
        "accounts/brass.yaml": account,
    }


@pytest.mark.parametrize("strongest", range(len(LEVELS)))
def test_the_nearest_level_wins(tmp_path: Path, strongest: int) -> None:
    settings = settings_of(tmp_path, files_setting(set(LEVELS[: strongest + 1])))
    assert settings.per == 10 + strongest
    where = {
        "base": ("billing.yaml", ("settings", "per")),
        "policy": ("billing.yaml", ("policies", "daily", "per")),
        "service": ("services/datto-rmm.yaml", ("services", "workstation", "per")),
        "account": ("accounts/brass.yaml", ("settings", "per")),
        "contract": ("accounts/brass.yaml", ("contracts", 0, "settings", "per")),
        "line": ("accounts/brass.yaml", ("contracts", 0, "services", "workstation", "per")),
    }
    file, path = where[LEVELS[strongest]]
    assert settings.origins["per"] == Origin(f"billing-config/{file}", path)


@given(st.sets(st.sampled_from(LEVELS)))
def test_the_resolver_takes_the_strongest_of_any_levels(given_levels: set[str]) -> None:
    made = {
        name: Level({"per": Decimal(10 + index)}, {"per": Origin(name)})
        if name in given_levels
        else EMPTY
        for index, name in enumerate(LEVELS)
    }
    service = Level({"count": COUNT, **made["service"].values}, made["service"].origins)
    resolver = Resolver({"daily": made["policy"]}, "daily", made["base"])
    own = (made["line"],) if "line" in given_levels else ()
    settings = resolver.settings((service, made["account"], made["contract"]), own)
    chosen = [name for name in LEVELS if name in given_levels]
    assert settings.per == (10 + LEVELS.index(chosen[-1]) if chosen else 1)
    assert settings.origins.get("per") == (Origin(chosen[-1]) if chosen else None)


def test_the_built_in_policies_stand_in_for_none(tmp_path: Path) -> None:
    account = (
        "version: 1\naccount: A\ncontracts:\n  - contract: M\n"
        "    services: {workstation: {}, server: {policy: month-end}}\n"
    )
    lines = lines_of(state_of(tmp_path, {"accounts/brass.yaml": account}))
    daily = lines["workstation"].settings[0].settings
    monthly = lines["server"].settings[0].settings
    assert (daily.policy, daily.adjust, daily.over, daily.increase, daily.decrease) == (
        "daily", "daily", "last", "change-date", "change-date",
    )  # fmt: skip
    assert (monthly.policy, monthly.adjust, monthly.over, monthly.increase, monthly.decrease) == (
        "month-end", "month-end", "peak", "period-start", "next-period",
    )  # fmt: skip
    assert monthly.late == "prorated-transaction"


def test_what_is_said_outright_wins_over_the_policy_from_any_level(tmp_path: Path) -> None:
    account = (
        "version: 1\naccount: A\nsettings: {over: average}\ncontracts:\n  - contract: M\n"
        "    services: {workstation: {policy: month-end}}\n"
    )
    settings = settings_of(tmp_path, {"accounts/brass.yaml": account})
    assert (settings.policy, settings.adjust, settings.over) == (
        "month-end",
        "month-end",
        "average",
    )


@pytest.mark.parametrize("level", ["account", "contract", "service", "default"])
def test_the_policy_itself_goes_by_the_same_order(tmp_path: Path, level: str) -> None:
    files = {
        "billing.yaml": BILLING + ("default_policy: month-end\n" if level == "default" else ""),
        "services/datto-rmm.yaml": SERVICES.replace(
            "Managed Workstation\n",
            "Managed Workstation\n" + ("    policy: month-end\n" if level == "service" else ""),
        ),
        "accounts/brass.yaml": "version: 1\naccount: A\n"
        + ("settings: {policy: month-end}\n" if level == "account" else "")
        + "contracts:\n  - contract: M\n"
        + ("    settings: {policy: month-end}\n" if level == "contract" else "")
        + "    services: {workstation: {}}\n",
    }
    settings = settings_of(tmp_path, files)
    assert (settings.policy, settings.adjust) == ("month-end", "month-end")
    assert "policy" in settings.origins


def test_every_setting_reaches_the_line(tmp_path: Path) -> None:
    account = (
        "version: 1\naccount: A\ncontracts:\n  - contract: M\n    services:\n"
        "      workstation:\n        adjust: month-end\n        over: sum\n"
        "        increase: next-period\n        decrease: never\n        late: next-period\n"
        "        carry: last\n        credits: hold\n"
        "        gaps: {allow: 3d, fill: carry}\n        multiply: 0.5\n"
        "        per: 500\n        included: 1.5\n        minimum: 2\n        maximum: 9\n"
        "        commitment: {floor: 4, until: 2027-06-30, reason: agreed}\n"
        "        round: nearest\n        price: 4.10\n"
        "        units: {fixed: 44, until: 2026-12-31, reason: dispute}\n"
    )
    settings = settings_of(tmp_path, {"accounts/brass.yaml": account})
    term = Term("datto-rmm", "devices-by-type", ("Desktop", "Laptop"))
    assert settings == LineSettings(
        count=(term,), policy="daily", adjust="month-end", over="sum", increase="next-period",
        decrease="never", late="next-period", carry="last", credits="hold",
        gap_days=3, multiply=Decimal("0.5"),
        per=Decimal(500), included=Decimal("1.5"), minimum=2, maximum=9, round="nearest",
        commitment=Commitment(4, date(2027, 6, 30), "agreed"),
        fixed=FixedUnits(44, "dispute", date(2026, 12, 31)), price=Decimal("4.10"),
    )  # fmt: skip
    assert str(settings.price) == "4.10"
    named = {"gap_days": "gaps", "fixed": "units"}
    for name, origin in settings.origins.items():
        assert origin.path[-1] == named.get(name, name)
    assert set(settings.origins) == set(LineSettings.__dataclass_fields__) - {"policy", "origins"}


def test_null_takes_a_minimum_away(tmp_path: Path) -> None:
    account = (
        "version: 1\naccount: A\nsettings: {minimum: 5, price: 3}\ncontracts:\n  - contract: M\n"
        "    services: {workstation: {minimum: null, price: ~}, server: {}}\n"
    )
    lines = lines_of(state_of(tmp_path, {"accounts/brass.yaml": account}))
    own, other = lines["workstation"].settings[0].settings, lines["server"].settings[0].settings
    assert (own.minimum, own.price) == (None, None)
    assert (other.minimum, other.price) == (5, Decimal(3))


def test_changes_start_on_their_day_and_add_up(tmp_path: Path) -> None:
    account = (
        "version: 1\naccount: A\ncontracts:\n  - contract: M\n    services:\n"
        "      workstation:\n        minimum: 3\n        changes:\n"
        "          - {from: 2027-06-01, minimum: 7}\n"
        "          - {from: 2027-01-01, price: 24.00, policy: month-end}\n"
    )
    line = lines_of(state_of(tmp_path, {"accounts/brass.yaml": account}))["workstation"]
    assert [dated.day for dated in line.settings] == [
        date.min, date(2027, 1, 1), date(2027, 6, 1),
    ]  # fmt: skip
    before, first, second = (dated.settings for dated in line.settings)
    assert (before.minimum, before.price, before.policy) == (3, None, "daily")
    assert (first.minimum, first.price, first.adjust) == (3, Decimal("24.00"), "month-end")
    assert (second.minimum, second.price, second.adjust) == (7, Decimal("24.00"), "month-end")
    assert second.origins["minimum"].path[-3:] == ("changes", 0, "minimum")
    assert second.origins["price"].path[-3:] == ("changes", 1, "price")
    assert first.origins["minimum"].path[-2:] == ("workstation", "minimum")


def test_lines_without_settings_of_their_own_share_one_object(tmp_path: Path) -> None:
    text = (
        "version: 1\naccount: {}\ncontracts:\n"
        "  - contract: M\n    services: {{workstation: {{}}}}\n"
    )
    files = {f"accounts/a{n}.yaml": text.format(f"A{n}") for n in range(3)}
    state = state_of(tmp_path, files)
    shared = {id(one.contracts[0].lines[0].settings[0]) for one in state.accounts}
    assert len(state.accounts) == 4
    assert len(shared) == 1


def test_the_count_has_the_products_of_its_terms(tmp_path: Path) -> None:
    services = (
        "version: 1\nproduct: datto-rmm\nservices:\n  endpoint:\n    bms_service: E\n    count:\n"
        "      - {metric: total-devices}\n"
        "      - {product: datto-edr, metric: total-devices, subtract: true}\n"
    )
    account = "version: 1\naccount: A\ncontracts: [{contract: M, services: {endpoint: {}}}]\n"
    files = {"services/datto-rmm.yaml": services, "accounts/brass.yaml": account}
    assert settings_of(tmp_path, files, "endpoint").count == (
        Term("datto-rmm", "total-devices"),
        Term("datto-edr", "total-devices", None, subtract=True),
    )
