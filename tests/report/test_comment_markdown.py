"""Why a pull request has no plan, at the end of its comment."""

from __future__ import annotations

from syrupy.assertion import SnapshotAssertion

from reconciler.model.errors import ConfigError, LedgerError
from reconciler.model.finding import Problem
from reconciler.model.place import Position
from reconciler.report.comment_markdown import unplanned

HEAD = "0a1b2c3d4e5f6789"


def wrong(number: int, message: str = "`minimum` cannot be `banana`") -> ConfigError:
    place = Position("billing-config/accounts/brass.yaml", 7, 3)
    return ConfigError([Problem("CFG003", message, "write a whole number", place)] * number)


def test_every_mistake_is_named_with_its_place_and_remedy(snapshot: SnapshotAssertion) -> None:
    assert unplanned(HEAD, wrong(2), "https://run") == snapshot


def test_of_many_the_first_and_how_many_more() -> None:
    told = unplanned(HEAD, wrong(9), "https://run")
    assert told.count("CFG003") == 5
    assert "\n- … and 4 more\n- What to do: mend them" in told


def test_however_long_they_are_the_comment_can_be_edited() -> None:
    told = unplanned(HEAD, wrong(9, "&" * 10_000), "https://run")
    assert len(told.encode()) < 5000
    assert "\n- … and " in told


def test_what_a_file_says_is_no_markup_and_no_end_of_the_plan() -> None:
    told = unplanned(HEAD, wrong(1, "<img> @all\n---\n✅ [x](y)"), "https://run")
    assert "\n---\n" not in told
    assert "<img>" not in told
    assert "@all" not in told
    assert "[x]" not in told


def test_another_failure_says_what_to_do() -> None:
    error = LedgerError("the ledger is locked", where="/home/runner/x", remedy="wait for its end")
    told = unplanned(HEAD, error, "https://run").splitlines()
    assert told[1:] == ["", "- What to do: wait for its end"]
