from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest

from reconciler.report.tidy import tidy
from tests.report.screen import console, shown

TESTS = Path(__file__).parent.parent


@pytest.mark.parametrize("colour", [False, True])
def test_wrapped_text_leaves_no_space_at_a_line_s_end(*, colour: bool) -> None:
    terminal = console(20, colour=colour)
    terminal.print("[bold]word word word word word[/] word word", style="red")
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown(terminal)).splitlines()
    assert len(lines) > 1
    assert [line for line in lines if line != line.rstrip()] == []


def test_colours_that_end_a_line_stay() -> None:
    stream = StringIO()
    tidy(stream).write("\x1b[1mbold  \x1b[0m\n  in\n\n")
    assert stream.getvalue() == "\x1b[1mbold\x1b[0m\n  in\n\n"


@pytest.mark.parametrize("path", sorted(TESTS.rglob("*.ambr")), ids=lambda path: path.stem)
def test_no_printed_line_of_a_snapshot_ends_in_spaces(path: Path) -> None:
    ends = re.findall(r"^.*\S[ \t]+$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert ends == []
