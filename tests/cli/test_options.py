from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from reconciler.cli.options import Options, common


def seen(arguments: list[str], **environment: str) -> Options:
    found: list[Options] = []

    @click.command
    @click.option("--other")
    @common("text", "json", config=True, ledger=True)
    def command(options: Options, other: str | None) -> int:
        found.append(options)
        return 0

    result = CliRunner(
        env={"RECONCILER_LEDGER": "", "RECONCILER_CONFIG": "", **environment}
    ).invoke(command, arguments)
    assert result.exit_code == 0, result.output
    return found[0]


def test_defaults() -> None:
    options = seen([])
    assert options == Options()
    assert options.config == Path("billing-config")
    assert options.ledger == ".reconciler/ledger.db"


def test_everything_can_be_given() -> None:
    given = seen(["--config", "c", "--ledger", "l.db", "--format", "json", "--no-color"])
    assert given == Options(Path("c"), "l.db", "json", color=False)


def test_the_environment_names_the_ledger_and_the_option_wins() -> None:
    assert seen([], RECONCILER_LEDGER="e.db").ledger == "e.db"
    assert seen(["--ledger", "o.db"], RECONCILER_LEDGER="e.db").ledger == "o.db"


def test_the_environment_names_the_configuration_and_the_option_wins() -> None:
    assert seen([], RECONCILER_CONFIG="eu/billing").config == Path("eu/billing")
    assert seen(["--config", "c"], RECONCILER_CONFIG="eu/billing").config == Path("c")


@pytest.mark.parametrize(
    "arguments", [["--config", "x"], ["--ledger", "x"], ["--format", "github"]]
)
def test_a_command_has_only_the_options_it_asked_for(arguments: list[str]) -> None:
    @click.command
    @common("text", "json")
    def command(options: Options) -> int:
        return 0

    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 2
