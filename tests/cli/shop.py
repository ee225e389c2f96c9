"""A small MSP as the command line meets it: a folder with a configuration, usage files, a ledger,
and a sandbox BMS served on a loopback port.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from reconciler.cli.main import run
from reconciler.sandbox import Sandbox

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)
BRASS, COBALT = "Brass Building Supplies", "Cobalt Communications Inc."

BILLING = """\
version: 1
tenant: Example MSP
currency: USD
time_zone: America/New_York
billing_starts: 2026-11-01
mode: propose
bms:
  url: https://bms.invalid
  company: Example MSP
  username: ${BMS_USERNAME}
  password: ${BMS_PASSWORD}
  assume: {line_update: append, negative_units: accepted}
usage:
  - {source: file, path: usage/*.csv, max_age: 2d}
guards: {percent: 30, percent_floor_units: 3, line: 500, account: 2000, run: 5000}
"""

SERVICES = """\
version: 1
product: datto-edr
services:
  endpoint:
    bms_service: Protected Endpoint
    count: {metric: total-devices}
  windows:
    bms_service: Windows Endpoint
    count: {metric: windows-devices}
"""

ACCOUNT = """\
version: 1
account: {name}
mode: {mode}
organizations:
  datto-edr: {name}
contracts:
  - contract: Managed Services
    services:
{services}
"""

HEADER = "product,organization_id,organization,metric,dimension,day,quantity,names\n"


@dataclass(frozen=True, slots=True)
class Result:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


@dataclass(slots=True)
class Shop:
    """Brass is in mode apply: one change is ready, one is held. Cobalt is in mode propose."""

    folder: Path
    sandbox: Sandbox
    capture: pytest.CaptureFixture[str]
    clock: time_machine.Traveller

    def __call__(self, *arguments: str) -> Result:
        """Run a command line in the folder."""
        self.capture.readouterr()
        code = run(list(arguments))
        printed = self.capture.readouterr()
        return Result(code, printed.out, printed.err)

    @property
    def config(self) -> Path:
        return self.folder / "billing-config"

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a file of the configuration."""
        path = self.config / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def calm(self) -> None:
        """Take away the change that a guard holds."""
        old, new = "windows: {}", "windows: {units: {fixed: 8, reason: dispute}}"
        self.edit("accounts/brass.yaml", old, new)

    def units(self, account: str, service: str) -> int:
        """What a person sees in BMS."""
        rows = self.sandbox.ui.read_units()
        return sum(r.units for r in rows if (r.account, r.service) == (account, service))

    def row(self, account: str, service: str) -> int:
        """The id of the line's first row."""
        rows = self.sandbox.ui.read_units()
        return min(r.row_id for r in rows if (r.account, r.service) == (account, service))


def account(name: str, mode: str, *services: str) -> str:
    """An account's file."""
    lines = "\n".join(f"      {service}: {{}}" for service in services)
    return ACCOUNT.format(name=name, mode=mode, services=lines)


def usage(name: str, metric: str, before: int, after: int) -> str:
    """Readings of this month that change on the 10th."""
    first = date(2026, 11, 1)
    days = (first + timedelta(days=n) for n in range((TODAY - first).days))
    return "".join(
        f"datto-edr,,{name},{metric},,{day},{before if day.day < 10 else after},\n" for day in days
    )


def write_files(folder: Path) -> None:
    """The configuration and the usage files."""
    config = folder / "billing-config"
    texts = {
        "billing.yaml": BILLING,
        "services/datto-edr.yaml": SERVICES,
        "accounts/brass.yaml": account(BRASS, "apply", "endpoint", "windows"),
        "accounts/cobalt.yaml": account(COBALT, "propose", "endpoint"),
        "usage/edr.csv": HEADER
        + usage(BRASS, "total-devices", 10, 12)
        + usage(BRASS, "windows-devices", 8, 18)
        + usage(COBALT, "total-devices", 20, 21),
    }
    for name, text in texts.items():
        path = config / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def write_sandbox(folder: Path, password: str = "sandbox") -> None:
    """The BMS that goes with them."""
    file = folder / ".reconciler" / "sandbox.db"
    with Sandbox.create(file, now=TODAY, password=password) as sandbox:
        endpoint = sandbox.add_service("Protected Endpoint", "5.00")
        windows = sandbox.add_service("Windows Endpoint", "3.00")
        for name, lines in ((BRASS, {endpoint: 10, windows: 8}), (COBALT, {endpoint: 20})):
            contract = sandbox.add_contract(
                sandbox.add_account(name), "Managed Services", date(2026, 1, 1), date(2027, 12, 31)
            )
            for service, units in lines.items():
                sandbox.add_line(contract, service, units, date(2026, 1, 1))


@contextmanager
def opened(
    folder: Path, capture: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch
) -> Iterator[Shop]:
    """Stand in the folder, on the sandbox's day, with its BMS served."""
    patch.chdir(folder)
    patch.setenv("COLUMNS", "100")
    patch.delenv("RECONCILER_LEDGER", raising=False)
    patch.delenv("RECONCILER_CONFIG", raising=False)
    with (
        Sandbox.open(folder / ".reconciler" / "sandbox.db") as sandbox,
        sandbox.serve() as url,
        time_machine.travel(NOON, tick=True) as clock,
    ):
        patch.setenv("RECONCILER_BMS_URL", url)
        patch.setenv("BMS_USERNAME", sandbox.client_settings.username)
        patch.setenv("BMS_PASSWORD", sandbox.client_settings.password)
        yield Shop(folder, sandbox, capture, clock)


def copy(pattern: Path, folder: Path) -> None:
    """A shop of one's own."""
    shutil.copytree(pattern, folder, dirs_exist_ok=True)
