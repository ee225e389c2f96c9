"""A real ledger in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reconciler.ledger import Ledger, open_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with open_ledger(path, tenant="Example MSP") as opened:
        yield opened
