"""What the files and folders of a configuration directory are called."""

from __future__ import annotations

from typing import Final

BILLING: Final = "billing.yaml"
SERVICES: Final = "services"
ACCOUNTS: Final = "accounts"
APPROVALS: Final = "approvals"
TESTS: Final = "tests"
FOLDERS: Final = (SERVICES, ACCOUNTS, APPROVALS, TESTS)

ENDINGS: Final = (".yaml", ".yml")


def counts(name: str) -> bool:
    """Is a file of one of the folders read by this name?"""
    return name.endswith(ENDINGS) and not hidden(name)


def hidden(name: str) -> bool:
    """Does it belong to a tool?"""
    return name.startswith(".")
