from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import click
import pytest

from reconciler.cli.main import COMMANDS, cli, run

HEAVY = ("sqlalchemy", "pydantic", "rich", "httpx", "werkzeug", "ruamel", "ryml", "jsonschema")


def program(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reconciler", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def test_help_names_every_command_and_the_exit_codes() -> None:
    result = program("--help")
    assert result.returncode == 0
    assert result.stderr == ""
    for name, lazy in COMMANDS.items():
        assert f"  {name} " in result.stdout
        assert lazy.help in result.stdout
    assert "3 a person is needed" in " ".join(result.stdout.split())


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from reconciler.cli.main import run; run(['--help']);"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=30
    )
    assert result.stderr == ""
    assert result.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_loads_and_its_line_in_the_help_is_its_own(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.name == name
    assert COMMANDS[name].help == command.get_short_help_str(limit=100)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    assert f"Usage: reconciler {name}" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert version("reconciler") in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["frobnicate"], ["--frob"], ["rule", "--format", "xml"], []])
def test_a_wrong_command_line_is_2_and_says_so_on_standard_error(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    assert capsys.readouterr().err


def test_a_reader_that_stops_early_sees_no_complaint() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "reconciler", "rule", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    complaint = process.stderr.read()
    process.stderr.close()
    process.wait(timeout=30)
    assert complaint == b""


def test_a_terminal_without_our_characters_loses_only_those() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "reconciler", "rule", "CFG001"],
        capture_output=True,
        env={"PYTHONIOENCODING": "ascii"},
        check=False,
        timeout=30,
    )
    assert result.returncode == 0
    assert b"CFG001" in result.stdout
