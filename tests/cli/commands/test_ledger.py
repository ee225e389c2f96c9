from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.shop import Shop
from tests.ledger.branch.copies import BRANCH, git


@pytest.fixture
def on_branch(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The ledger of a shop that was at work already, put on a branch."""
    remote = tmp_path_factory.mktemp("remote")
    git(remote, "init", "--bare", "--quiet")
    git(shop.folder, "init", "--quiet")
    git(shop.folder, "remote", "add", "origin", str(remote))
    billing = shop.folder / "billing-config" / "billing.yaml"
    text = billing.read_text("utf-8")
    billing.write_text(f"{text}ledger: {{branch: {BRANCH}}}\n", "utf-8")
    assert f"sent to branch {BRANCH} of origin" in shop("ledger", "push").err
    return shop


def test_a_new_copy_says_what_came_in(on_branch: Shop, tmp_path: Path) -> None:
    assert on_branch("usage", "pull").code == 0
    fresh = tmp_path / "fresh.db"
    told = [on_branch("ledger", "pull", "--ledger", str(fresh)).err for _ in range(2)]
    assert told == [
        f"2 segments taken from branch {BRANCH} of origin\n",
        f"0 segments taken from branch {BRANCH} of origin\n",
    ]
