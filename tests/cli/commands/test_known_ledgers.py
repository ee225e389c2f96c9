"""A ledger whose name is mistyped, or whose file was emptied, is never taken for a new one."""

from __future__ import annotations

import pytest

from tests.cli.shop import BRASS, Shop

LOOKS = (
    ("history",),
    ("explain", BRASS),
    ("simulate", "--from", "2026-11", "--to", "2026-11"),
    ("verify", "--period", "2026-11"),
    ("drift",),
    ("approve", "--reason", "x"),
    ("plan", "--offline"),
    ("usage", "show"),
    ("ledger", "check"),
)


@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
def test_what_only_looks_makes_no_ledger(shop: Shop, words: tuple[str, ...]) -> None:
    done = shop(*words, "--ledger", "typo/ledger.db")
    assert (done.code, "there is no ledger" in done.err) == (1, True), done.err
    assert "name the ledger with --ledger" in done.err
    assert not (shop.folder / "typo").exists()


@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
def test_an_empty_file_is_no_ledger_that_knows_nothing(shop: Shop, words: tuple[str, ...]) -> None:
    file = shop.folder / "emptied.db"
    file.touch()
    done = shop(*words, "--ledger", str(file))
    assert (done.code, "the ledger's file is empty" in done.err) == (1, True), done.err
    assert "restore it from a copy" in done.err
    assert file.stat().st_size == 0


def test_the_first_plan_still_makes_one(shop: Shop) -> None:
    assert shop("plan", "--ledger", "new.db").code == 3
    assert (shop.folder / "new.db").exists()
