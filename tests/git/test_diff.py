"""Which lines differ, as the later commit numbers them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reconciler.git import Diff, GitError
from tests.ledger.branch.copies import git

NAME = "a b:ü*.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Not the repository's top."""
    git(tmp_path, "init", "--quiet")
    made = tmp_path / "config"
    made.mkdir()
    return made


def commit(folder: Path, *lines: str, name: str = NAME) -> str:
    (folder / name).write_text("".join(f"{line}\n" for line in lines), "utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "a change")
    return git(folder, "rev-parse", "HEAD")


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("abc", "abc", []),
        ("abc", "aXc", [2]),
        ("abc", "abcde", [4, 5]),
        ("abcdef", "XbcdeY", [1, 6]),
        ("abcd", "ad", [1, 2]),
        ("", "ab", [1, 2]),
        (["@@", "-1,2", "+9,9", "@@"], ["x"], [1]),
    ],
)
def test_lines_are_counted_as_they_are_afterwards(
    folder: Path, before: str, after: str, lines: list[int]
) -> None:
    base = commit(folder, *before, name="x.yaml")
    commit(folder, "beside", name="other.yaml")
    head = commit(folder, *after, name="x.yaml") if before != after else "HEAD"
    found = Diff(folder, base, head).lines("x.yaml")
    assert [line for part in found for line in part] == lines


def test_a_name_is_no_pattern_and_no_option(folder: Path) -> None:
    base = commit(folder, "a", name="--output=hacked")
    commit(folder, "a", name="a b:üxx.yaml")
    head = commit(folder, "a")
    diff = Diff(folder, base, head)
    assert diff.files() == {NAME, "a b:üxx.yaml"}
    assert diff.lines(NAME) == (range(1, 2),)
    assert diff.lines("a b:") == ()
    assert diff.lines("--output=hacked") == ()


def test_what_was_deleted_or_lies_elsewhere_is_not_named_twice(folder: Path) -> None:
    base = commit(folder, "a")
    (folder / NAME).unlink()
    (folder.parent / "elsewhere").write_text("x", "utf-8")
    head = commit(folder, "b", name="new.yaml")
    assert Diff(folder, base, head).files() == {NAME, "new.yaml"}


def test_a_commit_that_is_not_there_is_told(folder: Path) -> None:
    commit(folder, "a")
    with pytest.raises(GitError):
        Diff(folder, "f" * 40, "HEAD").files()


def test_a_name_that_is_not_in_utf_8_is_a_name(folder: Path) -> None:
    base = commit(folder, "a")
    name = os.fsdecode(b"\xff.csv")
    (folder / name).write_text("new", "utf-8")
    assert Diff(folder, base, commit(folder, "b", name="other")).files() >= {name, "other"}


def test_files_everywhere_are_those_beside_the_folder_too(folder: Path) -> None:
    base = commit(folder, "a")
    (folder.parent / "ü b").write_text("new", "utf-8")
    (folder / NAME).unlink()
    head = commit(folder, "b", name="other")
    diff = Diff(folder, base, head)
    assert diff.everywhere() == {"ü b", f"config/{NAME}", "config/other"}
    assert Diff(folder, base, f"{head}^{{tree}}").everywhere() == diff.everywhere()
