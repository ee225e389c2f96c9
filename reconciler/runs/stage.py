"""The demo's stage: a sandbox with 62 customers, the example configuration, a ledger, one clock."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from reconciler.desired import load
from reconciler.model.errors import ReconcilerError
from reconciler.runs.surroundings import Surroundings
from reconciler.sandbox import Sandbox
from reconciler.sandbox.example import write_usage_files
from reconciler.sandbox.transport import SandboxTransport

TODAY: Final = date(2026, 11, 23)
DAYS: Final = 53
"""Of usage: this month and the one before."""


class StageError(ReconcilerError):
    """The demo cannot be set up."""


class SandboxClock:
    """The sandbox's own clock; waiting moves it on, so nobody waits."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def now(self) -> datetime:
        """The sandbox's instant."""
        return self._sandbox.now()

    def sleep(self, seconds: float) -> None:
        """Move it on."""
        self._sandbox.advance(timedelta(seconds=seconds))


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything in one folder."""

    folder: Path
    sandbox: Sandbox
    around: Surroundings

    @property
    def baseline(self) -> Path:
        """What a person read on the screens."""
        return self.folder / "baseline.csv"


def set_up(folder: Path) -> Stage:
    """A fresh stage in an empty folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StageError(
            f"the folder cannot be made: {error.strerror or error}",
            where=str(folder),
            remedy="name a new or an empty folder",
        ) from error
    if any(folder.iterdir()):
        raise StageError(
            "the folder is not empty", where=str(folder), remedy="name a new or an empty one"
        )
    sandbox = Sandbox.reset(folder / "sandbox.db", today=TODAY)
    config = folder / "billing-config"
    shutil.copytree(example_config(), config)
    write_usage_files(config / "usage", TODAY - timedelta(days=1), DAYS)
    stage = _stage(folder, sandbox)
    _write_baseline(stage)
    return stage


def stage_in(folder: Path) -> Stage:
    """The stage that was set up in a folder, as it is by now."""
    return _stage(folder, Sandbox.open(folder / "sandbox.db"))


def _stage(folder: Path, sandbox: Sandbox) -> Stage:
    login = sandbox.client_settings
    around = Surroundings(
        config=folder / "billing-config",
        ledger=folder / "ledger.db",
        env={"BMS_USERNAME": login.username, "BMS_PASSWORD": login.password},
        clock=SandboxClock(sandbox),
        transport=SandboxTransport(sandbox.app),
    )
    return Stage(folder, sandbox, around)


def example_config() -> Path:
    """The example configuration: beside the package, or packed into it."""
    package = Path(__file__).resolve().parent.parent
    for place in (package / "example", package.parent / "billing-config"):
        if (place / "billing.yaml").is_file():
            return place
    raise StageError(
        "the example configuration is missing",
        where=str(package),
        remedy="run the demo from a clone of the project, or install it again",
    )


def _write_baseline(stage: Stage) -> None:
    """Only the mapped customers' lines: the others are not in the configuration."""
    mapped = {str(account.account) for account in load(stage.around.config).accounts}
    stage.sandbox.write_baseline(stage.baseline)
    lines = stage.baseline.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines[1:] if line.split(",")[2] in mapped]
    stage.baseline.write_text("".join([lines[0], *kept]), encoding="utf-8")
