"""What cannot be planned yet is said first, with why and what to do, and is no ✅."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.engine.caused import Caused, caused
from reconciler.engine.unplanned import NamedLine, Unplanned
from reconciler.report.caused import beside, first_line, in_short, next_steps
from reconciler.report.comment_markdown import Also, render
from tests.engine.test_foreseen import TODAY, of, shop

ONE = (NamedLine("Teal Tech Inc.", "endpoint"),)
TWO = (*ONE, NamedLine("Brass Building Supplies", "backup"))


def of_none(unplanned: Unplanned) -> Caused:
    """An edit that moves nothing."""
    found = caused(shop(of()).entry(TODAY), shop(of()).entry(TODAY))
    return replace(found, unplanned=unplanned)


def said(found: Caused) -> str:
    return " ".join(beside(found, "USD"))


def test_unknown_units() -> None:
    found = of_none(Unplanned(unknown=ONE))
    assert first_line(found) == (
        "Merging this writes nothing to BMS today; what it says of 1 line cannot be planned yet."
    )
    assert said(found) == (
        "What it says of endpoint of Teal Tech Inc. cannot be planned yet, and what that comes to"
        " is not told here: nobody knows its units. It is planned when a baseline tells them."
    )
    assert in_short(found) == ("1 edited line not planned: units unknown",)
    first, second = next_steps(found)
    assert first.what.startswith("Take over a baseline first, with the workflow **baseline**")
    assert second.what.startswith("Merge it if all of this is wanted")


def test_lines_that_are_not_found() -> None:
    found = of_none(Unplanned(not_found=TWO))
    assert said(found) == (
        "What it says of endpoint of Teal Tech Inc. and backup of Brass Building Supplies cannot be"
        " planned yet, and what that comes to is not told here: BMS does not have them as named."
        " It is planned when that is mended."
    )
    assert in_short(found) == ("2 edited lines not planned: not found in BMS",)


@pytest.mark.parametrize(("lines", "counts"), [(ONE, "it counts"), (TWO, "they count")])
def test_lines_that_count_what_was_never_read(lines: tuple[NamedLine, ...], counts: str) -> None:
    found = of_none(Unplanned(uncounted=lines))
    assert f"no reading ever came of something that {counts}." in said(found)
    first, _ = next_steps(found)
    assert first.what.startswith("Look whether each organization of these lines is spelt")
    (short,) = in_short(found)
    assert short.endswith("not counted: never read")


@pytest.mark.parametrize(
    "unplanned", [Unplanned(unknown=ONE), Unplanned(not_found=TWO), Unplanned(uncounted=ONE)]
)
def test_it_is_never_called_harmless(unplanned: Unplanned) -> None:
    calm = render(of_none(Unplanned()), "", "", Also())
    assert calm.startswith("## ✅ ")
    assert "Nothing to do but to merge it." in calm
    told = render(of_none(unplanned), "", "", Also())
    assert told.startswith("## ⚠️ ")
    assert "Nothing to do" not in told
