"""Configurations beside one's own that a pull request takes out."""

from __future__ import annotations

import shutil

import pytest

from reconciler.github import Event
from reconciler.report.retired import Retired, headline, in_short, next_steps
from reconciler.runs.retired import retired
from tests.desired.house import ACCOUNT, BILLING, SERVICES
from tests.ledger.branch.copies import git
from tests.runs.beginnings import repository, tens
from tests.runs.conftest import MakeWorld
from tests.runs.world import World

FILES = {
    "billing.yaml": f"{BILLING}ledger: {{branch: eu-ledger}}\n",
    "services/datto-rmm.yaml": SERVICES,
    "accounts/brass.yaml": ACCOUNT,
}


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Beside its configuration lies another one, and an example that no workflow runs."""
    world = tens(make_world())
    repository(world)
    for name, text in FILES.items():
        write(world, f"eu/billing/{name}", text)
    write(world, "example/billing.yaml", BILLING)
    commit(world)
    return world


def write(world: World, name: str, text: str) -> None:
    path = world.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def commit(world: World) -> str:
    git(world.folder, "add", "--all", "eu", "example")
    git(world.folder, "commit", "--quiet", "--message", "A change")
    return head(world)


def head(world: World) -> str:
    return git(world.folder, "rev-parse", "HEAD")


def told(world: World, base: str, after: str) -> tuple[Retired, ...]:
    return retired(world.config, Event(7, base, after))


def test_one_that_is_gone_is_told_with_its_size(world: World) -> None:
    base = head(world)
    shutil.rmtree(world.folder / "eu")
    shutil.rmtree(world.folder / "example")
    (world.folder / "example").mkdir()
    assert told(world, base, commit(world)) == (Retired("eu/billing", 1, 1),)


def test_one_with_mistakes_is_told_without(world: World) -> None:
    write(world, "eu/billing/accounts/brass.yaml", "nonsense: [\n")
    base = commit(world)
    git(world.folder, "rm", "-rq", "eu")
    (world.folder / "eu").mkdir()
    write(world, "eu/notes.md", "gone")
    assert told(world, base, commit(world)) == (Retired("eu/billing"),)


def test_one_that_moves_goes_on(world: World) -> None:
    base = head(world)
    git(world.folder, "mv", "eu/billing", "eu/north")
    assert told(world, base, commit(world)) == ()


def test_one_whose_ledger_is_on_no_branch_any_more_is_still_there(world: World) -> None:
    base = head(world)
    write(world, "eu/billing/billing.yaml", BILLING)
    assert told(world, base, commit(world)) == ()


def test_what_main_took_on_or_out_since_the_branch_left_it_is_not_the_branchs(world: World) -> None:
    old = head(world)
    write(world, "example/notes.md", "new")
    branch = commit(world)
    git(world.folder, "checkout", "--quiet", "--detach", old)
    shutil.copytree(world.folder / "eu", world.folder / "eu/asia")
    added = commit(world)
    assert told(world, added, branch) == ()
    git(world.folder, "rm", "-rq", "eu/billing")
    assert told(world, commit(world), branch) == ()


def test_several_are_told_in_one_sentence() -> None:
    both = (Retired("eu", 1, 2), Retired("us"))
    assert headline(both) == (
        "Merging this takes the configurations eu (2 lines of 1 account) and us out: nothing"
        " counts their lines any more, and BMS bills them on as they are."
    )
    assert in_short(both) == "takes the configurations eu and us out"
    (step,) = next_steps(both)
    assert step.what.startswith("Make sure that all lines of eu and us are to be billed on")
    assert list(next_steps(())) == []


def test_a_folders_name_is_no_markup_in_what_to_do() -> None:
    (step,) = next_steps((Retired("eu @octo-org `x` <b>", 1, 1),))
    assert "eu @&#8203;octo-org &#96;x&#96; &#60;b&#62; are to be billed on" in step.what
