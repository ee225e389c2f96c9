"""Files that somebody may take for a part of the configuration, and that nothing reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from reconciler.desired import load_checked, load_counted, load_share
from reconciler.desired.policy_tests import load_policy_tests
from tests.desired.house import ACCOUNT, BILLING, SERVICES, build, found, messages, state_of

COBALT = ACCOUNT.replace("Brass Building Supplies", "Cobalt Communications")
APPROVALS = "version: 1\napprovals: []\n"
CASES = "version: 1\ncases: []\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("accounts/cobalt.yalm", COBALT),
        ("accounts/cobalt", COBALT),
        ("accounts/cobalt.yaml.txt", COBALT),
        ("accounts/COBALT.YAML", COBALT),
        ("accounts/eu/cobalt.ymal", "nonsense: [\n"),
        ("accounts/cobalt.yaml ", COBALT),
        ("accounts/cobalt.yaml2", COBALT),
        ("accounts/windows.txt", "\ufeff" + COBALT),
        ("accounts/Cobalt Inc. LLC", COBALT),
        ("accounts/Acme.New.York.yalm", COBALT),
        ("accounts/Acme.New.York", COBALT),
        ("accounts/unversioned", COBALT.replace("version: 1\n", "")),
        ("accounts/unversioned.txt", "account: Cobalt\n"),
        ("account/unversioned.yaml", COBALT.replace("version: 1\n", "")),
        ("services/datto-edr.yml.", SERVICES),
        ("approvals/2026-11.txt", APPROVALS),
        ("account/cobalt.yaml", COBALT),
        ("Accounts/cobalt.yaml", COBALT),
        ("acounts/eu/cobalt.YML", COBALT),
        ("service/x.yaml", SERVICES),
        ("approval/2026-11.yaml", APPROVALS),
        ("cobalt.yaml", COBALT),
        ("cobalt.yalm", COBALT),
        ("datto-edr.yaml", SERVICES),
        ("2026-11.yml", APPROVALS),
        ("billing.yml", BILLING),
        ("Billing.YAML", BILLING),
        ("billing.yalm", BILLING),
    ],
)
def test_what_nothing_reads_is_told_with_what_was_meant(
    tmp_path: Path, name: str, text: str, snapshot: SnapshotAssertion
) -> None:
    assert found(tmp_path, {name: text}) == [("CFG023", f"{name}:1:1")]
    assert messages(tmp_path, {name: text}) == snapshot


@pytest.mark.parametrize(
    "name",
    [
        *("accounts/README", "accounts/notes.txt", "approvals/README.md", "services/notes.md"),
        *("accounts/.gitkeep", "accounts/CODEOWNERS", "accounts/.old/cobalt.yalm"),
        *("accounts/agreement.PDF", "accounts/brass.yaml~", "accounts/brass.yaml.bak"),
        *("services/Thumbs.db", "services/check.py", "tests/conftest.py", "tests/data.json"),
        *("usage/2026-11.csv", "usage/notes.yaml", "docs/account.yaml", "accounting/x.yaml"),
        *("account/notes.md", ".github/workflows/plan.yml", ".reconciler/ledger.db", "test/x.yaml"),
        *("mkdocs.yml", ".pre-commit-config.yaml", "action.yml", "compose.yaml", "LICENSE"),
        *("eu/billing.yaml", "eu/accounts/cobalt.yaml", "archive/cobalt.yaml", "billing.txt"),
        *("services/prices.csv", "services/catalog.json", "accounts/deck.pptx", "accounts/TODO"),
        *("accounts/4913", "accounts/brass.yaml:Zone.Identifier", "services/api.raml"),
        *("service/docker-compose.yml", "service/chart/values.yaml", "Services/compose.yaml"),
    ],
)
def test_what_is_for_people_tools_or_another_configuration_is_left_alone(
    tmp_path: Path, name: str
) -> None:
    files = {name: "version: '3'\nservices:\n  web: {}\n"}
    assert found(tmp_path, files) == []
    assert load_policy_tests(build(tmp_path), None)[1] == ()


@pytest.mark.parametrize("folder", ["accounts/", "", "acounts/", "accounts/eu/"])
@pytest.mark.parametrize(
    "name",
    [
        *("cobalt.yaml~", "#cobalt.yaml#", "cobalt.yaml.bak", "cobalt.yml.orig", "cobalt.yaml.rej"),
        *("cobalt.yaml.disabled", "cobalt.yaml.off", "cobalt.disabled.yalm", "cobalt.yaml.old"),
        *("cobalt.yaml.md", "README.yaml.md", "cobalt.yaml.lock", "cobalt.yaml.copy"),
        *("cobalt.yaml.orig.2", "cobalt.bak.txt", "cobalt.old.yaml.txt", "cobalt.yaml.new"),
        *("cobalt.yaml.1", "template.yaml.j2", "template.yalm", "Example.YAML", "_cobalt.YAML"),
        *("account.example.YAML", "_archive/cobalt.yaml.txt", "old/cobalt.yalm", ".cobalt.yalm"),
    ],
)
def test_what_is_set_aside_is_left_alone_wherever_it_lies(
    tmp_path: Path, folder: str, name: str
) -> None:
    assert found(tmp_path, {f"{folder}{name}": COBALT}) == []


@pytest.mark.parametrize("name", ["account.example.yaml", "template.yaml", "_cobalt.yaml"])
def test_a_template_beside_the_configuration_is_left_alone(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, {name: COBALT}) == []


@pytest.mark.parametrize(
    "name",
    [
        *("billing.yaml~", "billing.yaml.bak", "billing.yaml.orig", "billing.yaml.rej"),
        *("billing.yaml.old", "billing.yaml.lock", "billing.yaml.example", "#billing.yaml#"),
        *("billing.yaml.md", "billing.example.yaml"),
    ],
)
def test_a_copy_of_the_main_file_stops_nothing(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, {name: BILLING}) == []


@pytest.mark.parametrize("inside", ["", "eu/"])
def test_a_folder_with_a_billing_yaml_is_a_configuration_of_its_own(
    tmp_path: Path, inside: str
) -> None:
    folder = f"account/{inside}"
    files = {f"{folder}billing.yaml": BILLING, f"{folder}accounts/cobalt.yaml": COBALT}
    assert found(tmp_path, files) == []


def test_what_is_declared_as_usage_is_read(tmp_path: Path) -> None:
    files = {
        "billing.yaml": BILLING + "usage:\n  - {source: file, path: accounts/usage/*.json}\n",
        "accounts/usage/2026-11.json": "[]",
    }
    assert found(tmp_path, files) == []


def test_where_the_right_name_is_taken_it_is_not_suggested(tmp_path: Path) -> None:
    (said,) = messages(tmp_path, {"accounts/brass.yaml.txt": ACCOUNT})
    assert said.endswith("remove it, or move it elsewhere: `brass.yaml` is there too")


@pytest.mark.parametrize("name", ["tests/daily.yalm", "test/daily.yaml", "daily.yaml"])
def test_a_policy_test_that_nothing_runs_is_told_and_stops_no_plan(
    tmp_path: Path, name: str, snapshot: SnapshotAssertion
) -> None:
    state = state_of(tmp_path, {name: CASES})
    told = load_policy_tests(tmp_path / "billing-config", state)[1]
    assert [str(one) for one in told] == snapshot


def test_a_folder_without_a_configuration_is_told_as_that_alone(tmp_path: Path) -> None:
    folder = build(tmp_path, {"account/cobalt.yaml": COBALT})
    (folder / "billing.yaml").unlink()
    assert [code for code, _ in found_in(folder)] == ["CFG012"]


def found_in(folder: Path) -> list[tuple[str, str]]:
    return [(one.code, one.message) for one in load_checked(folder)[1]]


def test_a_share_of_the_accounts_is_stopped_by_it_too(tmp_path: Path) -> None:
    folder = build(tmp_path, {"accounts/cobalt.yalm": COBALT})
    assert load_share(folder, [folder.resolve() / "accounts/brass.yaml"]) is None


def test_what_is_compared_with_may_still_have_it(tmp_path: Path) -> None:
    clean = state_of(tmp_path / "clean")
    assert load_counted(build(tmp_path, {"accounts/cobalt.yalm": COBALT})) == clean


def test_a_folder_that_is_a_link_is_not_followed_and_told(
    tmp_path: Path, snapshot: SnapshotAssertion
) -> None:
    folder = build(tmp_path, {"customers/cobalt.yaml": COBALT})
    (folder / "accounts/eu").symlink_to("../customers")
    (folder / "tests").mkdir()
    (folder / "tests/all").symlink_to("..")
    (folder / "services/loop").symlink_to(".")
    told = [*load_checked(folder)[1], *load_policy_tests(folder, None)[1]]
    assert [str(one) for one in told] == snapshot


def test_other_links_are_no_mistakes(tmp_path: Path) -> None:
    folder = build(tmp_path, {"customers/cobalt.yaml": COBALT})
    (folder / "accounts/_old").symlink_to("../customers")
    (folder / "accounts/.git").symlink_to("../customers")
    (folder / "accounts/nowhere").symlink_to("nowhere")
    (folder / "account").symlink_to("customers")
    assert found_in(folder) == []
    (folder / "accounts/cobalt.yaml").symlink_to("../customers/cobalt.yaml")
    state, problems = load_checked(folder)
    assert problems == ()
    assert state is not None
    assert len(state.accounts) == 2


def test_an_account_of_another_program_is_left_alone(tmp_path: Path) -> None:
    files = {"account/prod.yaml": "account: '123456789012'\nregion: eu\n"}
    assert found(tmp_path, files) == []
