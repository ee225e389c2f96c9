"""Shops: one is stocked per session, through the command line, and copied for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli import shop as shops
from tests.cli.shop import Shop


@pytest.fixture(scope="session")
def empty_pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files and a BMS; nothing read yet."""
    folder = tmp_path_factory.mktemp("empty-shop")
    (folder / ".reconciler").mkdir()
    shops.write_files(folder)
    shops.write_sandbox(folder)
    return folder


@pytest.fixture
def new_shop(
    empty_pattern: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Shop]:
    """Nothing was read yet: no readings, no starting units."""
    shops.copy(empty_pattern, tmp_path)
    with shops.opened(tmp_path, capsys, monkeypatch) as shop:
        yield shop


_stocked: list[Path] = []


@pytest.fixture
def shop(new_shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Readings and starting units are in the ledger."""
    ledger = new_shop.folder / ".reconciler" / "ledger.db"
    if _stocked:
        shops.copy(_stocked[0], ledger.parent)
        return new_shop
    assert new_shop("usage", "pull").code == 0
    assert new_shop("sandbox", "baseline", "units.csv").code == 0
    assert new_shop("baseline", "--import", "units.csv").code == 0
    kept = tmp_path_factory.mktemp("stocked")
    for path in ledger.parent.glob("ledger.db*"):
        (kept / path.name).write_bytes(path.read_bytes())
    _stocked.append(kept)
    return new_shop
