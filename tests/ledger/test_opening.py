"""A ledger is opened only when it is surely the right one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from reconciler.ledger import open_ledger
from reconciler.model.errors import LedgerError, LedgerMismatch
from tests.ledger.making import NOW, reading, rows, run_sql


def test_a_new_ledger_has_an_id_that_stays(path: Path) -> None:
    with open_ledger(path, tenant="Example MSP") as first:
        kept = first.id
    with open_ledger(path, tenant="Example MSP") as again:
        assert again.id == kept
        assert again.tenant == "Example MSP"
    assert len(kept) == 32


def test_two_ledgers_have_different_ids(tmp_path: Path) -> None:
    with (
        open_ledger(tmp_path / "a.db", tenant="A") as one,
        open_ledger(tmp_path / "b.db", tenant="A") as other,
    ):
        assert one.id != other.id


def test_another_tenants_ledger_is_refused(path: Path) -> None:
    open_ledger(path, tenant="Example MSP").close()
    with pytest.raises(LedgerMismatch, match=r"Example MSP.*Other MSP") as caught:
        open_ledger(path, tenant="Other MSP")
    assert caught.value.where == str(path)


def test_the_first_tenant_named_is_the_ledgers_for_good(path: Path) -> None:
    open_ledger(path, tenant=None).close()
    open_ledger(path, tenant="Example MSP").close()
    with pytest.raises(LedgerMismatch):
        open_ledger(path, tenant="Other MSP")


def test_without_a_tenant_any_ledger_opens(path: Path) -> None:
    open_ledger(path, tenant="Example MSP").close()
    with open_ledger(path, tenant=None) as ledger:
        assert ledger.tenant == "Example MSP"


def test_missing_folders_are_made(tmp_path: Path) -> None:
    target = tmp_path / "new" / "deeper" / "ledger.db"
    open_ledger(target, tenant=None).close()
    assert target.exists()


def test_a_url_names_the_same_file(path: Path) -> None:
    with open_ledger(f"sqlite:///{path}", tenant=None) as first:
        kept = first.id
    with open_ledger(str(path), tenant=None) as again:
        assert again.id == kept


@pytest.mark.parametrize("target", ["postgresql://host/db", "sqlite://x", "mysql://h/d"])
def test_an_address_we_cannot_open_is_refused(target: str) -> None:
    with pytest.raises(LedgerError, match="cannot be opened by"):
        open_ledger(target, tenant=None)


def test_a_missing_ledger_is_not_made_when_it_must_be_there(path: Path) -> None:
    with pytest.raises(LedgerError, match="no ledger") as caught:
        open_ledger(path, tenant=None, create=False)
    assert "--ledger" in (caught.value.remedy or "")
    assert not path.exists()


def test_a_directory_is_not_a_ledger(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="directory"):
        open_ledger(tmp_path, tenant=None)


def test_a_path_below_a_file_says_where_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    target = tmp_path / "file" / "ledger.db"
    with pytest.raises(LedgerError, match="cannot be opened") as caught:
        open_ledger(target, tenant=None)
    assert caught.value.where == str(target)
    assert caught.value.remedy


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    content = b"product,day,quantity\n" * 200
    path.write_bytes(content)
    with pytest.raises(LedgerError, match="not a ledger") as caught:
        open_ledger(path, tenant=None)
    assert caught.value.where == str(path)
    assert path.read_bytes() == content


def test_a_database_of_something_else_is_refused(path: Path) -> None:
    run_sql(path, "CREATE TABLE customer (id INTEGER)")
    with pytest.raises(LedgerMismatch, match="not a ledger"):
        open_ledger(path, tenant=None)
    assert rows(path, "SELECT name FROM sqlite_master") == [("customer",)]


def test_a_full_disk_takes_nothing_and_says_so(path: Path) -> None:
    with open_ledger(path, tenant=None) as ledger:
        ledger.record_pull("s", [reading(1, 5)], NOW)
        before = ledger.load_usage(reading(1, 5).day, reading(30, 5).day)
        with ledger._database.reading() as connection:  # the limit holds for this connection
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        many = [reading(2, n, id=str(n), name="x" * 500 + str(n)) for n in range(300)]
        with pytest.raises(LedgerError, match="disk is full") as caught:
            ledger.record_pull("s", many, NOW)
        assert caught.value.where == str(path)
        assert ledger.load_usage(reading(1, 5).day, reading(30, 5).day) == before


def test_a_ledger_somebody_else_writes_to_says_so(path: Path) -> None:
    with open_ledger(path, tenant=None) as ledger, closing(sqlite3.connect(path)) as other:
        with ledger._database.reading() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 10")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="another program"):
            ledger.record_pull("s", [], NOW)
        other.rollback()
        assert ledger.record_pull("s", [reading(1, 5)], NOW) == 1
