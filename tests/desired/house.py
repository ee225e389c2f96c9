"""A small configuration directory that tests break in one place at a time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from reconciler.desired import load, load_checked
from reconciler.model.desired import DesiredLine, DesiredState

BILLING: Final = """\
version: 1
tenant: Example MSP
currency: USD
time_zone: America/New_York
"""

SERVICES: Final = """\
version: 1
product: datto-rmm
services:
  workstation:
    bms_service: Managed Workstation
    count: {metric: devices-by-type, of: [Desktop, Laptop]}
  server:
    bms_service: {id: 1202, name: Managed Server}
    count: {metric: devices-by-type, of: Server}
"""

ACCOUNT: Final = """\
version: 1
account: Brass Building Supplies
organizations:
  datto-rmm: Brass Building Supplies
contracts:
  - contract: Managed Services
    services:
      workstation: {}
"""

FILES: Final[Mapping[str, str]] = {
    "billing.yaml": BILLING,
    "services/datto-rmm.yaml": SERVICES,
    "accounts/brass.yaml": ACCOUNT,
}


def build(root: Path, files: Mapping[str, str] | None = None) -> Path:
    """Write the small configuration with these files added or replaced."""
    top = root / "billing-config"
    for name, text in {**FILES, **(files or {})}.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return top


def found(root: Path, files: Mapping[str, str]) -> list[tuple[str, str]]:
    """Code and place (without the directory) of every problem."""
    state, problems = load_checked(build(root, files))
    assert (state is None) == bool(problems)
    return [(one.code, str(one.position).removeprefix("billing-config/")) for one in problems]


def messages(root: Path, files: Mapping[str, str]) -> list[str]:
    """Every problem as it is printed."""
    return [str(one) for one in load_checked(build(root, files))[1]]


def state_of(root: Path, files: Mapping[str, str] | None = None) -> DesiredState:
    """The state of the small configuration with these files."""
    return load(build(root, files))


def lines_of(state: DesiredState) -> dict[str, DesiredLine]:
    """The lines of the first account's first contract, by service."""
    return {one.service: one for one in state.accounts[0].contracts[0].lines}
