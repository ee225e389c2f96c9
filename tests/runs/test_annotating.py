"""What a plan finds is shown in the diff only where the pull request caused it and it matters."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.github import Event
from reconciler.model.finding import Finding, Subject
from reconciler.model.place import Origin
from reconciler.runs.annotating import remarks
from tests.ledger.branch.copies import git

TEXT = "".join(f"line{number}: 1\n" for number in range(1, 21))
FOUND = Finding("GRD005", "error", "over", "remove it", origin=Origin("config/a.yaml", ("line10",)))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Its tenth line was changed."""
    made = tmp_path / "config"
    made.mkdir()
    git(tmp_path, "init", "--quiet")
    for text in (TEXT, TEXT.replace("line10: 1", "line10: 2")):
        (made / "a.yaml").write_text(text, "utf-8")
        git(tmp_path, "add", "config")
        git(tmp_path, "commit", "--quiet", "--message", "a change")
    return made


def shown(config: Path, *found: Finding, base: str = "HEAD^") -> list[int]:
    event = Event(7, git(config, "rev-parse", base), git(config, "rev-parse", "HEAD"))
    return [one.position.line for one in remarks(config, event, found).shown]


def at(key: str, file: str = "config/a.yaml") -> Finding:
    return replace(FOUND, origin=Origin(file, (key,)))


def test_it_is_a_warning_on_its_line_even_where_it_holds_lines(config: Path) -> None:
    event = Event(7, git(config, "rev-parse", "HEAD^"), git(config, "rev-parse", "HEAD"))
    (one,) = remarks(config, event, [FOUND]).shown
    assert (one.severity, one.position.line, one.position.file) == ("warning", 10, "config/a.yaml")


def test_what_a_place_does_to_several_accounts_is_shown_there_once(config: Path) -> None:
    others = [replace(FOUND, subject=Subject(account=name)) for name in ("Brass", "Cobalt")]
    assert shown(config, *others) == [10]


def test_as_many_lines_around_the_change_as_a_diff_shows(config: Path) -> None:
    assert shown(config, *(at(f"line{number}") for number in range(1, 21))) == list(range(7, 14))


@pytest.mark.parametrize(
    "other",
    [
        replace(FOUND, severity="info"),
        replace(FOUND, waived="known, up to 2030-01-01"),
        replace(FOUND, origin=None),
        at("line10", "config/gone.yaml"),
    ],
    ids=["info", "waived", "nowhere", "gone"],
)
def test_what_is_good_to_know_waived_or_nowhere_is_not_shown(config: Path, other: Finding) -> None:
    assert shown(config, other) == []


def test_nothing_changed_shows_nothing(config: Path) -> None:
    assert shown(config, FOUND, base="HEAD") == []
