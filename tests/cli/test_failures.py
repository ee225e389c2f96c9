from __future__ import annotations

from pathlib import Path

import click
import pytest

from reconciler.cli.failures import guarded, told
from reconciler.model.errors import (
    ConfigError,
    PlanStale,
    ReconcilerError,
    SourceError,
)
from reconciler.model.finding import Problem
from reconciler.model.place import Position


def failing(error: BaseException) -> object:
    raise error


def test_an_expected_failure_says_what_where_and_what_to_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    error = SourceError("row 3 is bad", where="usage/a.csv", remedy="mend the row")
    assert guarded(lambda: failing(error)) == 1
    shown = capsys.readouterr()
    assert shown.err == "error: row 3 is bad\n  where: usage/a.csv\n  what to do: mend the row\n"
    assert shown.out == ""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ReconcilerError("x"), 1),
        (PlanStale("x"), 3),
    ],
)
def test_the_exit_code_is_the_errors_own(error: ReconcilerError, code: int) -> None:
    assert guarded(lambda: failing(error)) == code


def test_every_problem_of_the_configuration_is_listed() -> None:
    problems = [
        Problem("CFG002", f"key {n}", "remove it", Position("b.yaml", n, 1)) for n in (4, 9)
    ]
    text = told(ConfigError(problems))
    assert text.startswith("error: 2 problems in the configuration\n")
    assert "  b.yaml:4:1: CFG002 key 4; remove it\n" in text
    assert "  b.yaml:9:1: CFG002 key 9; remove it\n" in text


def test_an_error_cannot_command_the_terminal() -> None:
    text = told(ReconcilerError("BMS says \x1b[2J\nerror: all is well"))
    assert "\x1b" not in text
    assert len(text.splitlines()) == 1


def test_a_wrong_command_line_is_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(lambda: failing(click.UsageError("no such option"))) == 2
    assert "no such option" in capsys.readouterr().err


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()])
def test_an_interruption_is_130_without_traceback(
    error: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guarded(lambda: failing(error)) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_a_defect_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        guarded(lambda: failing(ZeroDivisionError()))


@pytest.mark.parametrize(("returned", "code"), [(3, 3), (0, 0), (None, 0)])
def test_the_commands_own_code_is_returned(returned: int | None, code: int) -> None:
    assert guarded(lambda: returned) == code


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The summary of a job that a form started."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    monkeypatch.setenv("GITHUB_EVENT_NAME", "workflow_dispatch")
    (tmp_path / "summary.md").write_text("An answer.\n", "utf-8")
    return tmp_path / "summary.md"


def test_whoever_filled_in_a_form_is_told_on_its_page(page: Path) -> None:
    error = SourceError("<b>*row* 3 is bad", where="a|b.csv", remedy="run `x` @all")
    assert guarded(lambda: failing(error)) == 1
    assert page.read_text("utf-8") == (
        "An answer.\n### ❌ &#60;b&#62;&#42;row&#42; 3 is bad\n\n**Where:** a&#124;b.csv\n\n"
        "**What to do:** run <code>x</code> @&#8203;all\n"
    )


def test_there_a_wrong_command_line_is_told_too(page: Path) -> None:
    assert guarded(lambda: failing(click.UsageError("no *such* month"))) == 2
    assert page.read_text("utf-8") == (
        "An answer.\n### ❌ no &#42;such&#42; month\n\n"
        "**What to do:** run the form again with that put right\n"
    )


def test_of_many_problems_the_first_are_told_there(page: Path) -> None:
    error = ConfigError(
        [Problem("CFG002", f"key {n}", "mend it", Position("b.yaml", n, 1)) for n in range(1, 31)]
    )
    guarded(lambda: failing(error))
    told = page.read_text("utf-8")
    assert "- b.yaml:20:1: CFG002 key 20; mend it\n- 10 more, which the log of this" in told
    assert "key 21" not in told


def test_a_schedules_run_has_nobody_who_waits_for_an_answer(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_EVENT_NAME", "schedule")
    guarded(lambda: failing(SourceError("bad")))
    assert page.read_text("utf-8") == "An answer.\n"


def test_a_defect_is_not_explained_there(page: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        guarded(lambda: 1 // 0)
    assert page.read_text("utf-8") == "An answer.\n"
