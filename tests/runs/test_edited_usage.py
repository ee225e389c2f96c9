"""Which readings a pull request changes, by the repository's own history."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.github import Event
from reconciler.model.desired import FileSource
from reconciler.runs.edited_usage import edited_usage
from tests.ledger.branch.copies import git
from tests.runs.beginnings import commit, repository, tens
from tests.runs.conftest import MakeWorld
from tests.runs.world import World


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Its configuration has one file of usage, committed as `main`."""
    world = tens(make_world())
    add(world, "edr.csv", "old")
    repository(world)
    return world


def add(world: World, name: str, text: str) -> None:
    path = world.config / "usage" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")


def edited(world: World, base: str, head: str, pattern: str = "usage/*.csv") -> tuple[str, ...]:
    state = replace(world.around.desired(), sources=(FileSource(pattern),))
    return edited_usage(world.around, state, Event(7, base, head))


def test_a_file_that_is_edited_or_new_is_named_from_the_folder(world: World) -> None:
    base = git(world.config, "rev-parse", "HEAD")
    add(world, "edr.csv", "new")
    add(world, "rmm.csv", "new")
    add(world, "notes.txt", "new")
    assert edited(world, base, commit(world, "more")) == (
        "billing-config/usage/edr.csv",
        "billing-config/usage/rmm.csv",
    )


def test_what_main_has_since_the_branch_left_it_is_not_the_branchs(world: World) -> None:
    git(world.config, "checkout", "--quiet", "-b", "change")
    world.configure(alpha="minimum: 2")
    head = commit(world, "more")
    git(world.config, "checkout", "--quiet", "main")
    add(world, "tuesday.csv", "new")
    assert edited(world, commit(world, "more"), head) == ()


@pytest.mark.parametrize(
    "pattern", ["./usage/*.csv", "../billing-config/usage/*.csv", "usage/edr.csv"]
)
def test_however_the_pattern_is_written(world: World, pattern: str) -> None:
    base = git(world.config, "rev-parse", "HEAD")
    add(world, "edr.csv", "new")
    assert edited(world, base, commit(world, "more"), pattern) == ("billing-config/usage/edr.csv",)


def test_an_absolute_pattern_and_a_file_that_is_gone_count_too(world: World) -> None:
    base = git(world.config, "rev-parse", "HEAD")
    (world.config / "usage" / "edr.csv").unlink()
    pattern = str(world.config.resolve() / "usage" / "*.csv")
    head = commit(world, "more")
    assert edited(world, base, head, pattern) == ("billing-config/usage/edr.csv",)


def test_what_main_has_of_the_branch_already_is_not_told(world: World) -> None:
    """Its first half was merged as one commit of another name."""
    git(world.config, "checkout", "--quiet", "-b", "change")
    add(world, "nov.csv", "new")
    commit(world, "first half")
    world.configure(alpha="minimum: 2")
    head = commit(world, "second half")
    git(world.config, "checkout", "--quiet", "main")
    add(world, "nov.csv", "new")
    assert edited(world, commit(world, "squashed"), head) == ()


def test_any_folder_may_be_none(world: World) -> None:
    """As it is when the files are read."""
    base = git(world.config, "rev-parse", "HEAD")
    add(world, "edr.csv", "new")
    add(world, "2026/11.csv", "new")
    add(world, ".lock.csv", "new")
    assert edited(world, base, commit(world, "more"), "usage/**/*.csv") == (
        "billing-config/usage/2026/11.csv",
        "billing-config/usage/edr.csv",
    )


def test_a_file_in_a_folder_that_no_source_reads_is_no_reading(world: World) -> None:
    base = git(world.config, "rev-parse", "HEAD")
    add(world, "old/edr.csv", "new")
    assert edited(world, base, commit(world, "more")) == ()


@pytest.mark.parametrize("pattern", ["exports/*.csv", "/elsewhere/*.csv"])
def test_files_that_no_source_reads_are_no_readings(world: World, pattern: str) -> None:
    base = git(world.config, "rev-parse", "HEAD")
    add(world, "edr.csv", "new")
    assert edited(world, base, commit(world, "more"), pattern) == ()


def test_two_histories_that_never_met_are_compared_as_they_are(world: World) -> None:
    base = git(world.config, "rev-parse", "HEAD")
    git(world.config, "checkout", "--quiet", "--orphan", "other")
    add(world, "edr.csv", "new")
    assert edited(world, base, commit(world, "more")) == ("billing-config/usage/edr.csv",)
