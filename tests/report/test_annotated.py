"""Mistakes in the diff where they fit there, and nowhere lost."""

from __future__ import annotations

from dataclasses import replace

from syrupy.assertion import SnapshotAssertion

from reconciler.model.finding import Problem
from reconciler.model.place import Position
from reconciler.report.annotated import MOST, NOTHING, arranged, commands, summary

ERROR = Problem(
    "CFG006",
    "datto-rmm has no metric `total-device`",
    "take `total-devices`",
    Position("billing-config/services/datto-rmm.yaml", 12, 22),
)
WARNING = replace(ERROR, code="CFG014", severity="warning")
HOSTILE = Problem(
    "CFG003",
    "bad\n::error::value | <b>@octocat</b> ##[add-mask]x \x1b[31m 100%",
    "mend it",
    Position("a,b: c|d/x.yaml", 1, 1),
)


def starting(text: str, word: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(f"::{word}")]


def test_what_fits_is_shown_and_the_summary_says_nothing() -> None:
    found = arranged([ERROR] * MOST + [WARNING] * MOST)
    said = commands(found)
    assert (len(starting(said, "error ")), len(starting(said, "warning "))) == (MOST, MOST)
    assert (found.others, summary(found)) == ((), "")


def test_one_too_many_leaves_a_place_for_the_line_that_says_so() -> None:
    found = arranged([ERROR] * (MOST + 1))
    said = commands(found)
    assert len(starting(said, "error")) == MOST
    assert "::error::2 more errors: see the summary of this run" in said
    assert said.count("CFG006") == MOST + 1


def test_what_is_not_on_a_changed_line_is_in_the_summary(snapshot: SnapshotAssertion) -> None:
    found = arranged([WARNING], [ERROR, HOSTILE, replace(WARNING, severity="info")])
    assert summary(found) == snapshot(name="summary")
    assert commands(found) == snapshot(name="log")


def test_nothing_in_a_log_line_is_a_command() -> None:
    said = commands(arranged([], [HOSTILE]))
    assert len(starting(said, "error")) == 1
    assert "##[" not in said
    assert "\x1b" not in said


def test_a_summary_keeps_its_size_and_says_what_it_leaves_out() -> None:
    text = summary(arranged([], [ERROR] * 1_000), limit=20_000)
    assert 15_000 < len(text.encode()) <= 20_000
    assert "more.** `reconciler validate` lists them all." in text


def test_nothing_wrong_says_nothing() -> None:
    assert (commands(NOTHING), summary(NOTHING)) == ("", "")
