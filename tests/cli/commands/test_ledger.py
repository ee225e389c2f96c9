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
    return shop


def entries(shop: Shop) -> int:
    """On the branch: each file has a line of its own before them."""
    tip = git(shop.folder, "ls-remote", "origin", f"refs/heads/{BRANCH}")[:40]
    git(shop.folder, "fetch", "--quiet", "origin", BRANCH)
    names = git(shop.folder, "ls-tree", "-r", "--name-only", tip).splitlines()
    files = [name for name in names if name.endswith(".jsonl")]
    return sum(len(git(shop.folder, "show", f"{tip}:{name}").splitlines()) - 1 for name in files)


def test_what_is_sent_and_what_comes_in_is_said_in_one_unit(
    on_branch: Shop, tmp_path: Path
) -> None:
    first = on_branch("ledger", "push").err
    sent = entries(on_branch)
    assert sent > 1
    assert first == f"{sent} ledger entries sent to branch {BRANCH} of origin\n"
    assert on_branch("usage", "pull").code == 0
    fresh = tmp_path / "fresh.db"
    told = [on_branch("ledger", "pull", "--ledger", str(fresh)).err for _ in range(2)]
    assert told == [
        f"{entries(on_branch)} ledger entries taken from branch {BRANCH} of origin\n",
        f"0 ledger entries taken from branch {BRANCH} of origin\n",
    ]
