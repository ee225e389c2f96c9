"""An older ledger comes along; a newer one is left alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text

from reconciler.ledger import Ledger, open_ledger
from reconciler.ledger.database import sqlite_database
from reconciler.ledger.intents import settle
from reconciler.ledger.migrate import format_version, migrate
from reconciler.ledger.steps import STEPS, append_only_tables
from reconciler.ledger.texts import instant_text
from reconciler.model.errors import LedgerMismatch
from reconciler.model.ledgered import Settled
from reconciler.model.reading import MetricKey
from tests.ledger.making import NOW, day, rows, run_sql

FORMAT_1 = (
    "CREATE TABLE ledger_format (version INTEGER PRIMARY KEY, at TEXT NOT NULL)",
    "INSERT INTO ledger_format VALUES (1, '2026-11-01T00:00:00.000000+00:00')",
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "INSERT INTO meta VALUES ('ledger', 'abc'), ('tenant', 'Example MSP')",
    "CREATE TABLE pull (id INTEGER PRIMARY KEY, source TEXT, at TEXT, status TEXT, message TEXT,"
    " products TEXT, days TEXT, rows INTEGER, added INTEGER, newest TEXT)",
    "INSERT INTO pull VALUES (1, 's', '2026-11-02T00:00:00.000000+00:00', 'ok', NULL,"
    " '[\"datto-rmm\"]', '[]', 2, 2, '2026-11-02')",
    "CREATE TABLE organization (id INTEGER PRIMARY KEY, pull_id INTEGER, product TEXT,"
    " org_key TEXT, org_id TEXT, name TEXT)",
    "INSERT INTO organization VALUES (1, 1, 'datto-rmm', '7', '7', 'Brass')",
    "CREATE TABLE organization_alias (id INTEGER PRIMARY KEY, pull_id INTEGER, product TEXT,"
    " name_key TEXT, org_key TEXT)",
    "CREATE TABLE reading (id INTEGER PRIMARY KEY, pull_id INTEGER, seq INTEGER, product TEXT,"
    " org_key TEXT, org_id TEXT, org_name TEXT, metric TEXT, dimension TEXT, day TEXT,"
    " quantity TEXT, names TEXT, source TEXT)",
    "INSERT INTO reading VALUES"
    " (1, 1, 0, 'datto-rmm', '7', '7', 'Brass', 'total-devices', '', '2026-11-01', '5', '[]', 's'),"
    " (2, 1, 1, 'datto-rmm', '7', '7', 'Brass', 'total-devices', '', '2026-11-02', '6', '[]', 's')",
    "CREATE TABLE intent (id INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE)",
    "CREATE TABLE settled (id INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE, outcome TEXT,"
    " at TEXT, row_id INTEGER, detail TEXT)",
    "CREATE TABLE approval (id INTEGER PRIMARY KEY, digest TEXT, at TEXT, who TEXT, how TEXT)",
)


INTENT_OF_FORMAT_3 = (
    "INSERT INTO intent (ref, plan, change_id, kind, account_id, contract_id, service_id, day,"
    " posted_units, units_before, units_after, price, rows_before, total_before, total_after, at,"
    " lease) VALUES (:ref, 'digest', :ref, 'units', 7, 5001, 1201, '2026-11-15', 2, 10, 12,"
    " '22.00', '[]', '220.00', '264.00', '2026-11-15T00:00:00.000000+00:00', 1)"
)


def test_a_ledger_of_format_1_keeps_its_readings(path: Path) -> None:
    run_sql(path, *FORMAT_1)
    with open_ledger(path, tenant="Example MSP") as ledger:
        assert ledger.id == "abc"
        usage = ledger.load_usage(day(1), day(30))
    series = usage.series[MetricKey("datto-rmm", "7", "total-devices")]
    assert series.covered == ((day(1), day(2)),)
    assert [str(quantity) for _, _, quantity in series.spans[""]] == ["5", "6"]
    assert rows(path, "SELECT version FROM ledger_format ORDER BY 1") == [
        (n,) for n in range(1, len(STEPS) + 1)
    ]


def test_ends_of_a_ledger_of_format_3_are_kept_and_may_turn_out_misfits(path: Path) -> None:
    database = sqlite_database(path)
    migrate(database, STEPS[:3])
    with database.writing() as connection:
        take_lease(connection)
        for ref in ("A1", "A2"):
            connection.execute(text(INTENT_OF_FORMAT_3), {"ref": ref})
        for ref, outcome in (("A1", "answered"), ("A2", "absent")):
            insert = (
                "INSERT INTO settled (ref, outcome, at, detail) VALUES (:ref, :outcome, :at, '')"
            )
            at = instant_text(NOW)
            connection.execute(text(insert), {"ref": ref, "outcome": outcome, "at": at})
    migrate(database)
    with database.writing() as connection:
        assert settle(connection, Settled("A1", "misfit", NOW, None, "row 3 is gone"), "here")
    database.close()
    with open_ledger(path, tenant=None) as ledger:
        ends = [(written.ref, end and end.outcome) for written, end in ledger.writes()]
        assert ends == [("A2", "absent"), ("A1", "misfit")]
        assert [written.entered for written, _ in ledger.writes()] == [None, None]
        assert not [said for said in ledger.check() if "settled" in said or "answer" in said]


def take_lease(connection: Connection) -> None:
    connection.execute(
        text("INSERT INTO lease (number, holder, at, expires) VALUES (1, 'x', :at, :until)"),
        {"at": instant_text(NOW), "until": instant_text(NOW + timedelta(hours=1))},
    )


def test_a_newer_ledger_is_refused_and_left_alone(ledger: Ledger, path: Path) -> None:
    ledger.close()
    run_sql(path, "INSERT INTO ledger_format VALUES (99, 'then')")
    with pytest.raises(LedgerMismatch, match=rf"format 99.*up to {len(STEPS)}") as caught:
        open_ledger(path, tenant="Example MSP")
    assert "newer program" in (caught.value.remedy or "")


def test_a_step_that_fails_leaves_the_ledger_as_it_was(path: Path) -> None:
    def bad(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE half (id INTEGER)"))
        raise RuntimeError("power cut")

    database = sqlite_database(path)
    migrate(database)
    with pytest.raises(RuntimeError, match="power cut"):
        migrate(database, (*STEPS, bad))
    with database.reading() as connection:
        assert format_version(connection, str(path)) == len(STEPS)
        assert "half" not in inspect(connection).get_table_names()
    database.close()


def test_a_further_step_is_applied_once(path: Path) -> None:
    def further(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE more (id INTEGER)"))

    database = sqlite_database(path)
    migrate(database)
    migrate(database, (*STEPS, further))
    migrate(database, (*STEPS, further))
    with database.reading() as connection:
        assert format_version(connection, str(path)) == len(STEPS) + 1
    database.close()


@pytest.mark.parametrize("table", append_only_tables())
@pytest.mark.parametrize("statement", ["UPDATE {0} SET rowid = rowid", "DELETE FROM {0}"])
def test_rows_are_never_changed(ledger: Ledger, path: Path, table: str, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
        connection.execute(
            f"INSERT INTO {table} VALUES ({', '.join('?' for _ in columns)})",
            [99 if column[2] == "INTEGER" else "99" for column in columns],
        )
        with pytest.raises(sqlite3.IntegrityError, match=f"rows of {table} are never changed"):
            connection.execute(statement.format(table))
