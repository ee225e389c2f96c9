"""The ledger's format as steps. A step that was ever released is never edited: add another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from sqlalchemy import Connection

from reconciler.ledger.rebuild import rebuild_series

Step: TypeAlias = Callable[[Connection], None]

APPEND_ONLY: Final = (
    """meta (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL)""",
    """pull (
        id INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        at TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('ok', 'failed')),
        message TEXT,
        products TEXT NOT NULL,
        days TEXT NOT NULL,
        rows INTEGER NOT NULL,
        added INTEGER NOT NULL,
        newest TEXT)""",
    """reading (
        id INTEGER PRIMARY KEY,
        pull_id INTEGER NOT NULL REFERENCES pull (id),
        seq INTEGER NOT NULL,
        product TEXT NOT NULL,
        org_key TEXT NOT NULL,
        org_id TEXT,
        org_name TEXT,
        metric TEXT NOT NULL,
        dimension TEXT NOT NULL,
        day TEXT NOT NULL,
        quantity TEXT NOT NULL,
        names TEXT NOT NULL,
        source TEXT NOT NULL)""",
    """organization (
        id INTEGER PRIMARY KEY,
        pull_id INTEGER NOT NULL REFERENCES pull (id),
        product TEXT NOT NULL,
        org_key TEXT NOT NULL,
        org_id TEXT,
        name TEXT NOT NULL)""",
    """organization_alias (
        id INTEGER PRIMARY KEY,
        pull_id INTEGER NOT NULL REFERENCES pull (id),
        product TEXT NOT NULL,
        name_key TEXT NOT NULL,
        org_key TEXT NOT NULL,
        UNIQUE (product, name_key))""",
    """bms_read (
        id INTEGER PRIMARY KEY,
        at TEXT,
        day TEXT)""",
    """bms_snapshot (
        id INTEGER PRIMARY KEY,
        read_id INTEGER NOT NULL REFERENCES bms_read (id),
        kind TEXT NOT NULL,
        item INTEGER NOT NULL,
        digest TEXT NOT NULL,
        content TEXT NOT NULL)""",
    """known_fact (
        id INTEGER PRIMARY KEY,
        account_id INTEGER NOT NULL,
        contract_id INTEGER NOT NULL,
        service_id INTEGER NOT NULL,
        row_id INTEGER,
        day TEXT NOT NULL,
        effect TEXT NOT NULL CHECK (effect IN ('add', 'set')),
        units INTEGER NOT NULL,
        source TEXT NOT NULL,
        ref TEXT,
        recorded_at TEXT)""",
    """agreement (
        id INTEGER PRIMARY KEY,
        contract_id INTEGER NOT NULL,
        day TEXT NOT NULL,
        total TEXT NOT NULL,
        residual TEXT NOT NULL,
        services TEXT NOT NULL,
        marks TEXT NOT NULL,
        others TEXT NOT NULL)""",
    """lease (
        number INTEGER PRIMARY KEY,
        holder TEXT NOT NULL,
        at TEXT NOT NULL,
        expires TEXT NOT NULL)""",
    """lease_event (
        id INTEGER PRIMARY KEY,
        number INTEGER NOT NULL REFERENCES lease (number),
        kind TEXT NOT NULL CHECK (kind IN ('renewed', 'released')),
        at TEXT NOT NULL,
        expires TEXT NOT NULL)""",
    """intent (
        id INTEGER PRIMARY KEY,
        ref TEXT NOT NULL UNIQUE,
        plan TEXT NOT NULL,
        change_id TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('units', 'price')),
        account_id INTEGER NOT NULL,
        contract_id INTEGER NOT NULL,
        service_id INTEGER NOT NULL,
        day TEXT NOT NULL,
        posted_units INTEGER NOT NULL,
        units_before INTEGER NOT NULL,
        units_after INTEGER NOT NULL,
        price TEXT NOT NULL,
        rows_before TEXT NOT NULL,
        total_before TEXT NOT NULL,
        total_after TEXT NOT NULL,
        at TEXT NOT NULL,
        lease INTEGER NOT NULL REFERENCES lease (number))""",
    """settled (
        id INTEGER PRIMARY KEY,
        ref TEXT NOT NULL UNIQUE REFERENCES intent (ref),
        outcome TEXT NOT NULL CHECK (outcome IN ('answered', 'refused', 'proved', 'absent')),
        at TEXT NOT NULL,
        row_id INTEGER,
        detail TEXT NOT NULL)""",
    """resolved_name (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        bms_id INTEGER NOT NULL)""",
    """applied_plan (
        digest TEXT PRIMARY KEY,
        at TEXT NOT NULL,
        content TEXT NOT NULL)""",
    """approval (
        id INTEGER PRIMARY KEY,
        digest TEXT NOT NULL REFERENCES applied_plan (digest),
        at TEXT NOT NULL,
        who TEXT NOT NULL,
        how TEXT NOT NULL)""",
    """run (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        at TEXT NOT NULL,
        version TEXT NOT NULL,
        config TEXT NOT NULL,
        git_commit TEXT,
        as_of TEXT NOT NULL,
        outcome TEXT NOT NULL,
        detail TEXT NOT NULL)""",
)

RULES: Final = (
    """rule_settings (
        digest TEXT PRIMARY KEY,
        content TEXT NOT NULL)""",
    """line_rule (
        id INTEGER PRIMARY KEY,
        account_id INTEGER NOT NULL,
        contract_id INTEGER NOT NULL,
        service_id INTEGER NOT NULL,
        day TEXT NOT NULL,
        settings TEXT NOT NULL REFERENCES rule_settings (digest),
        organizations TEXT NOT NULL)""",
)

NAMED_PRICES: Final = (
    """named_price (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        git_commit TEXT NOT NULL,
        account_id INTEGER NOT NULL,
        contract_id INTEGER NOT NULL,
        service_id INTEGER NOT NULL,
        day TEXT NOT NULL,
        price_before TEXT NOT NULL,
        price TEXT NOT NULL,
        who TEXT NOT NULL)""",
)

ENTERED: Final = (
    """entered_period (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        account_id INTEGER NOT NULL,
        contract_id INTEGER NOT NULL,
        service_id INTEGER NOT NULL,
        day TEXT NOT NULL,
        units INTEGER NOT NULL)""",
)

LOOKS: Final = (
    """look (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        as_of TEXT NOT NULL)""",
)

_INDEXES: Final = (
    "CREATE INDEX reading_series ON reading (product, org_key, metric, day)",
    "CREATE INDEX bms_snapshot_item ON bms_snapshot (kind, item, id)",
    "CREATE INDEX agreement_contract ON agreement (contract_id, id)",
    "CREATE INDEX pull_source ON pull (source, id)",
)

_MONTH_SERIES: Final = """CREATE TABLE month_series (
    month TEXT NOT NULL,
    product TEXT NOT NULL,
    org_key TEXT NOT NULL,
    metric TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    quantities TEXT NOT NULL,
    names TEXT NOT NULL,
    PRIMARY KEY (month, product, org_key, metric))"""


def append_only_tables() -> tuple[str, ...]:
    """The names of the tables whose rows are never changed."""
    bodies = (*APPEND_ONLY, *RULES, *NAMED_PRICES, *ENTERED, *LOOKS)
    return tuple(body.split(" ", 1)[0] for body in bodies)


def make_append_only_tables(connection: Connection) -> None:
    """Step 1: everything that was said or done, and triggers that keep it so."""
    for body in APPEND_ONLY:
        connection.exec_driver_sql(f"CREATE TABLE {body}")
        protect(connection, body.split(" ", 1)[0])
    for index in _INDEXES:
        connection.exec_driver_sql(index)


def make_month_series(connection: Connection) -> None:
    """Step 2: readings per month, derived, so that a plan loads them at once."""
    connection.exec_driver_sql(_MONTH_SERIES)
    connection.exec_driver_sql(
        "CREATE INDEX month_series_organization ON month_series (product, org_key)"
    )
    rebuild_series(connection)


def make_rules(connection: Connection) -> None:
    """Step 3: by which rules each line was counted, and since when."""
    for body in RULES:
        connection.exec_driver_sql(f"CREATE TABLE {body}")
        protect(connection, body.split(" ", 1)[0])


def let_a_misfit_follow(connection: Connection) -> None:
    """Step 4: what BMS answered may turn out not to fit, and a person may accept that. Each is a
    row of its own; the newest says how the write stands."""
    connection.exec_driver_sql("""CREATE TABLE settled_anew (
        id INTEGER PRIMARY KEY,
        ref TEXT NOT NULL REFERENCES intent (ref),
        outcome TEXT NOT NULL CHECK (outcome IN
            ('answered', 'refused', 'proved', 'absent', 'misfit', 'accepted')),
        at TEXT NOT NULL,
        row_id INTEGER,
        detail TEXT NOT NULL,
        UNIQUE (ref, outcome))""")
    connection.exec_driver_sql(
        "INSERT INTO settled_anew (id, ref, outcome, at, row_id, detail)"
        " SELECT id, ref, outcome, at, row_id, detail FROM settled"
    )
    connection.exec_driver_sql("DROP TABLE settled")
    connection.exec_driver_sql("ALTER TABLE settled_anew RENAME TO settled")
    protect(connection, "settled")


def protect(connection: Connection, table: str) -> None:
    """From now on a row of the table can be added, and neither changed nor removed."""
    for verb in ("UPDATE", "DELETE"):
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
        )


def unprotect(connection: Connection, table: str) -> None:
    """Until it is protected again, rows of the table can be removed."""
    for verb in ("update", "delete"):
        connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{verb}")


def mark_what_was_sent(connection: Connection) -> None:
    """Step 5: how much of this copy is on a branch. A mark, which moves."""
    connection.exec_driver_sql("""CREATE TABLE branch_copy (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        copy TEXT NOT NULL,
        segment INTEGER NOT NULL,
        digest TEXT NOT NULL,
        git_commit TEXT,
        marks TEXT NOT NULL)""")


def make_named_prices(connection: Connection) -> None:
    """Step 6: prices that a merge named before their day."""
    for body in NAMED_PRICES:
        connection.exec_driver_sql(f"CREATE TABLE {body}")
        protect(connection, body.split(" ", 1)[0])


def tell_commits_apart(connection: Connection) -> None:
    """Step 7: for which commit a plan was applied, which is kept once for all with its digest."""
    connection.exec_driver_sql("ALTER TABLE approval ADD COLUMN git_commit TEXT")


def keep_what_periods_were_entered_with(connection: Connection) -> None:
    """Step 8: what a write found its period to begin with, before the period's own counts."""
    connection.exec_driver_sql("ALTER TABLE intent ADD COLUMN entered INTEGER")


def remember_what_periods_were_entered_with(connection: Connection) -> None:
    """Step 9: the same where nothing was written."""
    for body in ENTERED:
        connection.exec_driver_sql(f"CREATE TABLE {body}")
        protect(connection, body.split(" ", 1)[0])


def remember_when_a_run_looked(connection: Connection) -> None:
    """Step 10: the days as of which a run looked at every line."""
    for body in LOOKS:
        connection.exec_driver_sql(f"CREATE TABLE {body}")
        protect(connection, body.split(" ", 1)[0])


STEPS: Final[tuple[Step, ...]] = (
    make_append_only_tables,
    make_month_series,
    make_rules,
    let_a_misfit_follow,
    mark_what_was_sent,
    make_named_prices,
    tell_commits_apart,
    keep_what_periods_were_entered_with,
    remember_what_periods_were_entered_with,
    remember_when_a_run_looked,
)
