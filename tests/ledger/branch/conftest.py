from __future__ import annotations

from pathlib import Path

import pytest

from tests.ledger.branch.copies import Copy, Hub


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    made = Hub(tmp_path)
    made.make()
    return made


@pytest.fixture
def mine(hub: Hub) -> Copy:
    return hub.clone("mine")


@pytest.fixture
def other(hub: Hub) -> Copy:
    return hub.clone("other")
