"""Commits are made of files alone, whatever their names and contents are."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.git import Git, GitError
from reconciler.git.trees import commit_files
from tests.ledger.branch.copies import git

NAMES = {
    "plain.txt": b"",
    "a folder/with spaces.yaml": b"no newline at its end",
    'quoted "name".yaml': b"\n\ndata 3\nM 100644 inline x\n",
    "back\\slash": b"\x00\xff\r\n",
    "two\nlines": b"x\n",
    "umlaut-\u00fc.yaml": "\u00fc".encode(),
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    return tmp_path


def content(place: Path, commit: str) -> dict[str, bytes]:
    names = Git(place).run("ls-tree", "-r", "-z", "--name-only", commit).stdout.split(b"\0")
    return {
        name.decode(): Git(place).run("show", f"{commit}:{name.decode()}").stdout
        for name in names
        if name
    }


def test_files_are_kept_as_they_are(place: Path) -> None:
    made = commit_files(Git(place), None, NAMES, "Begin")
    assert content(place, made) == NAMES
    assert Git(place).text("fsck", "--strict", "--no-dangling") == ""


def test_they_stand_beside_or_in_place_of_the_parents(place: Path) -> None:
    first = commit_files(Git(place), None, {"a": b"1", "b": b"1"}, "First")
    made = commit_files(Git(place), first, {"b": b"2", "c/d": b"2"}, "Second")
    assert content(place, made) == {"a": b"1", "b": b"2", "c/d": b"2"}
    assert git(place, "rev-parse", f"{made}^") == first


def test_it_follows_the_others_too_and_has_the_parents_files(place: Path) -> None:
    first, other = (commit_files(Git(place), None, {n: b""}, n) for n in ("one", "two"))
    made = commit_files(Git(place), first, {"three": b""}, "Both", other)
    assert git(place, "rev-list", "--parents", "--max-count=1", made).split() == [
        made,
        first,
        other,
    ]
    assert set(content(place, made)) == {"one", "three"}


def test_words_and_author_are_ours(place: Path) -> None:
    made = commit_files(Git(place), None, {"a": b""}, "A title\n\nfrom refs/heads/main\n")
    assert git(place, "log", "-1", "--format=%an %ae %cn%n%B", made) == (
        "Reconciler reconciler@localhost Reconciler\nA title\n\nfrom refs/heads/main"
    )


def test_no_ref_and_nothing_in_the_work_tree_is_left(place: Path) -> None:
    commit_files(Git(place), None, {"a": b""}, "Begin")
    assert git(place, "for-each-ref") == ""
    assert [path.name for path in place.iterdir()] == [".git"]


def test_names_of_commits_may_be_longer(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--object-format=sha256")
    made = commit_files(Git(tmp_path), None, {"a": b"1"}, "Begin")
    assert len(made) == 64
    assert content(tmp_path, made) == {"a": b"1"}


def test_a_parent_that_is_not_there_is_an_error_of_git(place: Path) -> None:
    with pytest.raises(GitError, match="fast-import failed"):
        commit_files(Git(place), "1" * 40, {"a": b""}, "Begin")
