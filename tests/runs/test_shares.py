"""A plan that several processes make is the plan that one makes, or is left to the ordinary way."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from reconciler.desired import account_files
from reconciler.ledger import open_ledger
from reconciler.model.plan import Plan
from reconciler.report import plan_json
from reconciler.runs import shares
from reconciler.runs.asked import PlanOptions
from reconciler.runs.planning import plan
from reconciler.runs.rehearsal import Rehearsal
from reconciler.runs.shares import plan_in_shares
from reconciler.runs.stage import TODAY, Stage
from tests.runs.example import example_copied

OFFLINE = PlanOptions(offline=True, as_of=TODAY)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """The demo's customers, with a plan that was made online."""
    base, folder = tmp_path_factory.getbasetemp(), tmp_path_factory.mktemp("stage")
    with example_copied(base, folder) as stage, Rehearsal(stage) as show:
        show.plan()
    return stage


@pytest.fixture
def stage(told: Stage, tmp_path: Path) -> Stage:
    """A copy of it that a test may change."""
    config, ledger = tmp_path / "billing-config", tmp_path / "ledger.db"
    shutil.copytree(told.around.config, config)
    shutil.copy(told.around.ledger, ledger)
    return replace(told, around=replace(told.around, config=config, ledger=ledger))


def shared(stage: Stage, processes: int, options: PlanOptions = OFFLINE) -> Plan | None:
    return plan_in_shares(stage.around, stage.around.ledger, options, processes)


def ordinary(stage: Stage, options: PlanOptions = OFFLINE) -> Plan:
    with open_ledger(stage.around.ledger, tenant=None) as ledger:
        return plan(stage.around, ledger, options).planned.plan


def text(made: Plan | None) -> str:
    assert made is not None
    return plan_json.dumps(made)


def account_file(stage: Stage, name: str) -> Path:
    (found,) = stage.around.config.glob(f"accounts/{name}.yaml")
    return found


@pytest.mark.parametrize("processes", [2, 3, 15])
def test_any_number_of_processes_makes_the_same_plan(stage: Stage, processes: int) -> None:
    whole = ordinary(stage)
    assert whole.changes
    assert {one.subject.product for one in whole.findings if one.code == "USG003"}
    assert text(shared(stage, processes)) == text(whole)


def test_so_it_is_where_accounts_leave_organizations_out(stage: Stage) -> None:
    """One leaves out what is mapped in another share, which changes nothing; one its own."""
    rule = "  - {organization: Brass Warehouse_Org, reason: our own}\n"
    first, last = (account_file(stage, n) for n in ("brass-building-supplies", "teal-tech-inc"))
    tenants = ordinary(stage).checked.organizations_excluded
    last.write_text(last.read_text(encoding="utf-8") + f"exclude:\n{rule}", encoding="utf-8")
    assert ordinary(stage).checked.organizations_excluded == tenants
    assert text(shared(stage, 2)) == text(ordinary(stage))
    said = first.read_text(encoding="utf-8").replace("exclude:\n", f"exclude:\n{rule}")
    first.write_text(said, encoding="utf-8")
    assert ordinary(stage).checked.organizations_excluded == tenants + 1
    assert text(shared(stage, 2)) == text(ordinary(stage))


def test_so_it_is_where_a_type_is_misspelt(stage: Stage) -> None:
    file = stage.around.config / "services/datto-rmm.yaml"
    file.write_text(file.read_text("utf-8").replace("of: [Server]", "of: [Servr]"), "utf-8")
    assert "USG016" in {one.code for one in ordinary(stage).findings}
    assert text(shared(stage, 3)) == text(ordinary(stage))


def test_so_it_is_days_later_when_sources_have_fallen_silent(stage: Stage) -> None:
    later = replace(OFFLINE, as_of=TODAY + timedelta(days=5))
    whole = ordinary(stage, later)
    assert {one.code for one in whole.findings} >= {"USG002"}
    assert text(shared(stage, 2, later)) == text(whole)


@pytest.mark.parametrize(
    "options",
    [
        replace(OFFLINE, accounts=("Teal Tech Inc.",)),
        replace(OFFLINE, true_up=TODAY.replace(day=1)),
        replace(OFFLINE, correct=("7F3A9C",)),
    ],
    ids=["accounts", "true-up", "correct"],
)
def test_what_is_no_plan_of_everything_is_left_to_one(stage: Stage, options: PlanOptions) -> None:
    assert shared(stage, 2, options) is None


def test_a_mistake_in_any_file_is_left_to_the_ordinary_way(stage: Stage) -> None:
    for name in ("brass-building-supplies", "teal-tech-inc"):
        path = account_file(stage, name)
        good = path.read_text(encoding="utf-8")
        path.write_text(good + "colour: red\n", encoding="utf-8")
        assert shared(stage, 2) is None
        path.write_text(good, encoding="utf-8")
    assert shared(stage, 2) is not None


def test_an_organization_claimed_in_two_shares_is_left_to_the_ordinary_way(stage: Stage) -> None:
    claim = "organizations:\n  compliance-manager: Brass Building Supplies LLC\n"
    last = account_file(stage, "teal-tech-inc")
    said = last.read_text(encoding="utf-8").replace("organizations:\n", claim, 1)
    last.write_text(said, encoding="utf-8")
    assert shared(stage, 2) is None


def test_an_account_described_in_two_shares_is_left_to_the_ordinary_way(stage: Stage) -> None:
    first = account_file(stage, "brass-building-supplies")
    shutil.copy(first, first.with_name("zinc.yaml"))
    assert shared(stage, 2) is None


def test_without_a_ledger_there_is_nothing_to_share(stage: Stage) -> None:
    stage.around.ledger.unlink()
    assert shared(stage, 2) is None
    assert not stage.around.ledger.exists()


def test_a_ledger_that_grows_meanwhile_is_left_to_the_ordinary_way(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One process reads before the names are added, the other after."""
    look, files = shares._look, account_files(stage.around.config)

    def slowly(*given: object) -> object:
        found = look(*given)  # type: ignore[arg-type]
        if files[0] in given[3]:  # type: ignore[operator]
            return found
        with open_ledger(stage.around.ledger, tenant=None) as ledger:
            ledger.append_names([("service", "A new name", 1)])
        return look(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(shares, "_look", slowly)
    assert shared(stage, 2) is None


def test_few_accounts_are_planned_by_one_process(stage: Stage) -> None:
    assert plan_in_shares(stage.around, stage.around.ledger, OFFLINE) is None
