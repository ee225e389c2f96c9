"""What the repository says of its commits."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.git import GitError, Revisions
from tests.ledger.branch.copies import git


def test_messages_are_those_of_all_commits_between_two(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    said = ["Begin", "An edit\n\nwith a body, and ünïcode", "Another"]
    for message in said:
        git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", message)
    revisions = Revisions(tmp_path)
    assert [one.strip() for one in revisions.messages("HEAD~2", "HEAD")] == said[1:]
    assert revisions.messages("HEAD", "HEAD") == []
    assert revisions.messages("HEAD", "HEAD~1") == []


def test_earlier_commits_are_those_of_the_main_line_that_touch_the_folder(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    (tmp_path / "in").mkdir()
    made: dict[str, str] = {}

    def commit(name: str) -> None:
        path = tmp_path / name
        path.write_text(f"{len(made)}", "utf-8")
        git(tmp_path, "add", name)
        git(tmp_path, "commit", "--quiet", "--message", name)
        made[name] = git(tmp_path, "rev-parse", "HEAD")

    for name in ("in/a", "in/b", "beside"):
        commit(name)
    git(tmp_path, "checkout", "--quiet", "-b", "change")
    commit("in/c")
    git(tmp_path, "checkout", "--quiet", "main")
    git(tmp_path, "merge", "--quiet", "--no-ff", "--message", "Merge it", "change")
    merge = git(tmp_path, "rev-parse", "HEAD")
    revisions = Revisions(tmp_path / "in")
    assert revisions.earlier("HEAD", 5) == [made["in/b"], made["in/a"]]
    assert revisions.earlier("HEAD", 1) == [made["in/b"]]
    commit("in/d")
    assert revisions.earlier("HEAD", 2) == [merge, made["in/b"]]
    assert revisions.earlier(made["in/a"], 5) == []


def test_folders_are_found_by_a_line_of_a_file_wherever_they_lie(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    wanted = {".": "a: 1\nwanted: 2\n", "in": "wanted : 2\n", "in/ü b": "wanted:\n"}
    others = {"other": "# wanted: 2\n", "deep": "a: {wanted: 2}\n", "empty": ""}
    for folder, text in {**wanted, **others}.items():
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "x.yaml").write_text(text, "utf-8")
        (tmp_path / folder / "not-x.yaml").write_text("wanted: 2\n", "utf-8")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "a change")
    revisions = Revisions(tmp_path / "in")
    for tree in ("HEAD", "HEAD^{tree}"):
        assert revisions.with_line(tree, "x.yaml", "wanted[[:space:]]*:") == wanted.keys()
    assert revisions.with_line("HEAD", "x.yaml", "nothing") == frozenset()
    files = revisions.files_with_line("HEAD", "*", "wanted[[:space:]]*:")
    assert {"x.yaml", "in/ü b/x.yaml", "other/not-x.yaml"} <= files
    assert "other/x.yaml" not in files
    names = ["in/ü b/x.yaml", "empty/x.yaml"]
    assert revisions.contents("HEAD", names) == [b"wanted:\n", b""]
    assert revisions.with_line("HEAD", "x.yaml", "wanted", "a:") == {"."}
    assert revisions.with_line("HEAD", "x.yaml", "wanted", "nothing") == frozenset()


def test_many_files_are_read_at_once_whatever_they_are_called(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    files = {"a b": b"one\n", "c\nd": b"\0two", "e": b""}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "f").mkdir()
    (tmp_path / "f/g").write_bytes(b"")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "a change")
    revisions = Revisions(tmp_path)
    assert revisions.contents("HEAD", list(files)) == list(files.values())
    assert revisions.contents("HEAD", []) == []
    for name in ("gone", "f", "gone\nalso"):
        with pytest.raises(GitError, match="is no file of HEAD"):
            revisions.contents("HEAD", ["e", name])
