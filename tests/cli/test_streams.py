from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.cli.failures import guarded
from reconciler.cli.output import note, write
from tests.cli.shop import BRASS, Shop

FULL = Path("/dev/full")

needs_a_full_device = pytest.mark.skipif(not FULL.exists(), reason="the system has no full device")


def program(*arguments: str, out: int | None = None, err: int | None = None) -> tuple[int, str]:
    """The exit code, and what standard error got where it is not given."""
    done = subprocess.run(
        [sys.executable, "-m", "reconciler", *arguments],
        stdout=subprocess.DEVNULL if out is None else out,
        stderr=subprocess.PIPE if err is None else err,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stderr or ""


@needs_a_full_device
@pytest.mark.parametrize(
    "arguments",
    [
        ("rule",),
        ("rule", "--format", "json"),
        ("--help",),
        ("--version",),
        ("validate",),
        ("history",),
        ("usage", "show"),
        ("usage", "pull"),
        ("sandbox", "rows"),
        ("plan", "--format", "json"),
        ("plan",),
        ("baseline", "--template"),
        ("explain", BRASS),
    ],
    ids=" ".join,
)
def test_a_full_output_is_told_in_a_few_lines(shop: Shop, arguments: tuple[str, ...]) -> None:
    assert shop("plan").code == 3  # so that there is something to explain
    with FULL.open("w") as full:
        code, said = program(*arguments, out=full.fileno())
    assert code == 1
    assert "error: the result cannot be written" in said
    assert "Traceback" not in said
    assert "Exception ignored" not in said


@needs_a_full_device
def test_a_full_output_says_what_where_and_what_to_do() -> None:
    with FULL.open("w") as full:
        code, said = program("rule", out=full.fileno())
    assert code == 1
    assert said.splitlines()[:2] == [
        "error: the result cannot be written: No space left on device",
        "  where: standard output",
    ]
    assert said.splitlines()[2].startswith("  what to do: free some space")


@needs_a_full_device
def test_a_full_standard_error_does_not_stop_a_command() -> None:
    with FULL.open("w") as full:
        assert program("rule", err=full.fileno())[0] == 0
        assert program("rule", "NOPE", err=full.fileno())[0] == 2


@pytest.mark.parametrize("closed", [1, 2])
def test_a_closed_stream_takes_everything(closed: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reconciler", "rule", "CFG001"],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        preexec_fn=lambda: os.close(closed),
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_results_and_notes_go_where_they_belong(capsys: pytest.CaptureFixture[str]) -> None:
    def command() -> None:
        write("result\n")
        note("by the way")

    assert guarded(command) == 0
    assert capsys.readouterr() == ("result\n", "by the way\n")
