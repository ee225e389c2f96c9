"""Files that look like a configuration's, and that no configuration of the repository reads."""

from __future__ import annotations

import os
from typing import Any

import pytest

from reconciler.git import Git
from reconciler.github import Event
from reconciler.report.unread import Unread
from reconciler.runs.unread import unread
from tests.desired.house import ACCOUNT, BILLING, SERVICES
from tests.ledger.branch.copies import git
from tests.runs.beginnings import repository, tens
from tests.runs.conftest import MakeWorld
from tests.runs.world import World

APPROVALS = "version: 1\napprovals: []\n"
CASES = "version: 1\ncases: []\n"
LEDGER = "ledger: {branch: eu-ledger}\n"


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Its configuration is the repository's only one, but for an example without a ledger."""
    world = tens(make_world())
    repository(world)
    write(world, "demo/billing.yaml", BILLING)
    commit(world)
    return world


def write(world: World, name: str, text: str) -> None:
    path = world.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    git(world.folder, "add", name)


def commit(world: World) -> str:
    git(world.folder, "commit", "--quiet", "--message", "A change")
    return head(world)


def head(world: World) -> str:
    return git(world.folder, "rev-parse", "HEAD")


def of(world: World, files: dict[str, str]) -> tuple[Unread, ...]:
    base = head(world)
    for name, text in files.items():
        write(world, name, text)
    return unread(world.config, Event(7, base, commit(world)))


@pytest.mark.parametrize(
    ("inside", "name", "text", "kind", "right"),
    [
        (False, "accounts/acme.yaml", ACCOUNT, "accounts", "accounts/acme.yaml"),
        (True, "customers/acme.yml", ACCOUNT, "accounts", "accounts/acme.yml"),
        (True, "usage/acme.yaml.txt", "\ufeff" + ACCOUNT, "accounts", "accounts/acme.yaml"),
        (True, "again/accounts/acme.yaml", ACCOUNT, "accounts", "accounts/acme.yaml"),
        (False, "datto.YAML", SERVICES, "services", "services/datto.yaml"),
        (False, "2026-11", APPROVALS, "approvals", "approvals/2026-11.yaml"),
        (False, "checks/daily.yaml", CASES, "tests", "tests/daily.yaml"),
    ],
)
def test_a_misplaced_file_is_told_with_where_it_would_be_read(
    world: World, inside: bool, name: str, text: str, kind: str, right: str
) -> None:
    at = f"{world.config.name}/{name}" if inside else name
    assert of(world, {at: text}) == (Unread(at, kind, f"{world.config.name}/{right}"),)


@pytest.mark.parametrize(
    "name",
    [
        *("accounts/acme.yaml.disabled", "archive/acme.yaml", "template.yaml", "notes/acme.md"),
        *("_later/acme.yaml", ".github/acme.yaml", "accounts/acme.yaml~", "examples/acme.yaml"),
        *("demo/accounts/acme.yaml", "demo/accounts/eu/acme.yml", "us/billing.yaml"),
    ],
)
def test_what_is_set_aside_or_read_is_not(world: World, name: str) -> None:
    assert of(world, {name: ACCOUNT}) == ()


def test_what_looks_like_nothing_of_ours_is_not(world: World) -> None:
    compose = "version: '3'\nservices: {}\n"
    files = {"compose.yaml": compose, "chart.yaml": "version: 2\n", "a/b.txt": "account: x\n"}
    assert of(world, files) == ()


def test_of_several_configurations_the_one_that_it_lies_in_is_meant_or_none(world: World) -> None:
    write(world, "eu/billing.yaml", BILLING + LEDGER)
    commit(world)
    assert of(world, {"accounts/acme.yaml": ACCOUNT, "eu/acme.yaml": ACCOUNT}) == (
        Unread("accounts/acme.yaml", "accounts", None),
        Unread("eu/acme.yaml", "accounts", "eu/accounts/acme.yaml"),
    )


def test_a_name_that_is_taken_is_not_suggested(world: World) -> None:
    right = f"{world.config.name}/accounts/acme.yaml"
    assert of(world, {right: ACCOUNT, "acme.yaml": ACCOUNT}) == (
        Unread("acme.yaml", "accounts", None),
    )


def test_only_what_the_pull_request_adds_or_changes_is_told(world: World) -> None:
    of(world, {"old.yaml": ACCOUNT, "gone.yaml": ACCOUNT})
    base = head(world)
    git(world.folder, "rm", "--quiet", "gone.yaml")
    assert unread(world.config, Event(7, base, commit(world))) == ()
    (found,) = of(world, {"old.yaml": f"{ACCOUNT}# more\n"})
    assert found.file == "old.yaml"


def test_a_name_that_is_not_in_utf_8_stops_nothing(world: World) -> None:
    base = head(world)
    (world.folder / os.fsdecode(b"\xff.yaml")).write_text(ACCOUNT, "utf-8")
    git(world.folder, "add", "--all", ":(top,glob)*.yaml")
    assert unread(world.config, Event(7, base, commit(world))) == ()


def test_many_files_are_read_by_one_command(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    run = Git.run

    def noted(self: Git, *arguments: str, **options: Any) -> Any:
        asked.append(arguments[0])
        return run(self, *arguments, **options)

    monkeypatch.setattr(Git, "run", noted)
    files = {f"new/{n}\n.yaml": ACCOUNT for n in range(20)}
    charts = {f"charts/{n}.yaml": "version: 1.0.0\n" for n in range(20)}
    assert len(of(world, files | charts)) == 20
    assert asked.count("cat-file") == 1
