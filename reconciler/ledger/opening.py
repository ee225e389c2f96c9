"""Opens a ledger, or makes a new one."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.ledger.database import sqlite_database
from reconciler.ledger.failures import translating
from reconciler.ledger.migrate import migrate
from reconciler.ledger.statements import text
from reconciler.ledger.store import Ledger
from reconciler.ledger.texts import instant_text
from reconciler.model.errors import LedgerError, LedgerMismatch

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from reconciler.ledger.database import Database


def open_ledger(target: str | Path, *, tenant: str | None, create: bool = True) -> Ledger:
    """The ledger in a file, brought to this program's format.

    ``target`` is a path or a ``sqlite:///`` URL. The first tenant named is the ledger's for good;
    None asks for none. Raises `LedgerMismatch` for another tenant's ledger or a newer format, and
    `LedgerError` when the file cannot be used, or is missing or empty and ``create`` is false.
    """
    database = database_of(target, create=create)
    try:
        return Ledger(database, *introduced(database, tenant))
    except BaseException:
        database.close()
        raise


def introduced(database: Database, tenant: str | None) -> tuple[str, str | None]:
    """The ledger's id and tenant, given now where it has none.

    Raises `LedgerMismatch` for another tenant's ledger.
    """
    with database.reading() as connection:
        known = _meta(connection)
    if "ledger" not in known or (tenant is not None and "tenant" not in known):
        known = _introduce(database, tenant)
    if tenant is not None and known["tenant"] != tenant:
        raise _other_tenant(known["tenant"], tenant, database.where)
    return known["ledger"], known.get("tenant")


def is_new(database: Database) -> bool:
    """Was nothing ever kept in it?"""
    with database.reading() as connection:
        return not _meta(connection)


def database_of(target: str | Path, *, create: bool) -> Database:
    """The file's database, in this program's format."""
    path = _path(target)
    with translating(str(path)):
        _make_room(path, create=create)
    database = sqlite_database(path)
    try:
        migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def _path(target: str | Path) -> Path:
    if isinstance(target, Path):
        return target
    scheme, found, rest = target.partition("://")
    if not found:
        return Path(target)
    if scheme != "sqlite" or not rest.startswith("/"):
        raise LedgerError(
            f"a ledger cannot be opened by a {scheme} address",
            remedy="give the path of a file, or sqlite:///PATH",
        )
    return Path(rest[1:])


def _make_room(path: Path, *, create: bool) -> None:
    if not create and not path.exists():
        raise LedgerError(
            "there is no ledger",
            where=str(path),
            remedy="run `reconciler usage pull` or `reconciler baseline` first, or name the ledger"
            " with --ledger",
        )
    if not create and path.is_file() and not path.stat().st_size:
        raise LedgerError(
            "the ledger's file is empty: it knows nothing of what was written",
            where=str(path),
            remedy="restore it from a copy, or name the ledger with --ledger; if nothing was ever"
            " written, delete it and run `reconciler usage pull` or `reconciler baseline`",
        )
    if path.is_dir():
        raise LedgerError(
            "the ledger is a directory", where=str(path), remedy="name a file with --ledger"
        )
    path.parent.mkdir(parents=True, exist_ok=True)


def _meta(connection: Connection) -> dict[str, str]:
    return dict(connection.execute(text("SELECT name, value FROM meta")).all())


def _introduce(database: Database, tenant: str | None) -> dict[str, str]:
    """Names the ledger, its creation and its tenant, each once."""
    own = {"ledger": secrets.token_hex(16), "created": instant_text(datetime.now(UTC))}
    if tenant is not None:
        own["tenant"] = tenant
    with database.writing() as connection:
        connection.execute(
            text(
                "INSERT INTO meta (name, value) VALUES (:name, :value)"
                " ON CONFLICT (name) DO NOTHING"
            ),
            [{"name": name, "value": value} for name, value in own.items()],
        )
        return _meta(connection)


def _other_tenant(owner: str, tenant: str, where: str) -> LedgerMismatch:
    return LedgerMismatch(
        f"the ledger belongs to {owner}, and the configuration is of {tenant}",
        where=where,
        remedy="name this tenant's ledger with --ledger, or correct `tenant` in billing.yaml",
    )
