from __future__ import annotations

import re
from dataclasses import replace

import pytest
from rich.cells import cell_len
from syrupy.assertion import SnapshotAssertion

from reconciler.model.plan import Plan
from reconciler.report.plan_text import NOTES_SHOWN, render
from tests.report.example import CHANGES, FINDINGS, IN_STEP, NOTHING_CHECKED, PLAN
from tests.report.screen import console, shown

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def rendered(plan: Plan, width: int = 80, *, colour: bool = False) -> str:
    terminal = console(width, colour=colour)
    render(plan, terminal)
    return shown(terminal)


@pytest.mark.parametrize("width", [80, 120])
def test_a_full_plan(width: int, snapshot: SnapshotAssertion) -> None:
    assert rendered(PLAN, width) == snapshot


def test_a_full_plan_in_colour(snapshot: SnapshotAssertion) -> None:
    assert rendered(PLAN, 80, colour=True) == snapshot


def test_in_step(snapshot: SnapshotAssertion) -> None:
    assert rendered(IN_STEP) == snapshot


def test_nothing_checked(snapshot: SnapshotAssertion) -> None:
    assert rendered(NOTHING_CHECKED) == snapshot


@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert all(cell_len(line) <= width for line in rendered(PLAN, width).splitlines())


@pytest.mark.parametrize("width", [80, 100, 120])
def test_numbers_are_never_cut(width: int) -> None:
    text = rendered(PLAN, width)
    for number in ("1,250 -> 1,100", "+5,100.00", "+2,720.00", "-825.00", "22.00 -> 24.00"):
        assert number in text


def test_colour_adds_nothing_that_words_do_not_say() -> None:
    coloured = COLOUR.sub("", rendered(PLAN, colour=True))
    squeezed = [line.rstrip() for line in coloured.splitlines()]
    assert squeezed == rendered(PLAN).splitlines()


def test_a_name_cannot_command_the_terminal_or_use_markup() -> None:
    line = replace(CHANGES[0].line, account="[red]x[/] :smile: \x1b]0;owned\x07")
    text = rendered(replace(PLAN, changes=(replace(CHANGES[0], line=line),)))
    assert "[red]x[/] :smile: " in text
    assert "\x1b" not in text


def test_findings_that_block_are_listed_to_the_last() -> None:
    many = tuple(replace(FINDINGS[2], message=f"contract number {n:03}") for n in range(60))
    text = rendered(replace(PLAN, findings=many))
    assert all(f"contract number {n:03}" in text for n in range(60))


def test_notes_are_shortened_and_say_so() -> None:
    text = rendered(PLAN)
    assert text.count("carried from the day before") == NOTES_SHOWN
    assert "and 4 more" in text


def test_every_held_change_is_shown_whatever_their_number() -> None:
    held = tuple(
        replace(CHANGES[5], id=f"h{n}", line=replace(CHANGES[5].line, service=f"service-{n:03}"))
        for n in range(80)
    )
    text = rendered(replace(PLAN, changes=held))
    assert all(f"service-{n:03}" in text for n in range(80))
