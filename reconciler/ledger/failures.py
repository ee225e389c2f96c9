"""The one place where a database error becomes a sentence a person can act on."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import DBAPIError, IntegrityError

from reconciler.model.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MEANING: Final = {
    "SQLITE_FULL": ("the disk is full", "free some space and run again; nothing was half-written"),
    "SQLITE_READONLY": (
        "the ledger may not be written",
        "give this user write permission on the file and its directory",
    ),
    "SQLITE_PERM": (
        "permission denied",
        "give this user read and write permission on the file and its directory",
    ),
    "SQLITE_CANTOPEN": (
        "the ledger cannot be opened",
        "check that the directory exists and that this user may read and write in it",
    ),
    "SQLITE_NOTADB": (
        "the file is not a ledger",
        "name another file with --ledger, or restore this one from a copy",
    ),
    "SQLITE_CORRUPT": (
        "the ledger is damaged",
        "restore it from a copy; do not apply with a new one: it would know nothing",
    ),
    "SQLITE_BUSY": ("another program is writing to the ledger", "wait for it, then run again"),
    "SQLITE_LOCKED": ("another program is writing to the ledger", "wait for it, then run again"),
    "SQLITE_IOERR": (
        "the disk did not read or write",
        "check the disk; a ledger on a network share is not supported",
    ),
}


@contextmanager
def translating(where: str) -> Iterator[None]:
    """Turns what the database and the file system refuse into `LedgerError`.

    A broken constraint is a defect and passes through as it is.
    """
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise _ledger_error(error.orig or error, where) from error
    except sqlite3.Error as error:
        raise _ledger_error(error, where) from error
    except OSError as error:
        raise LedgerError(
            f"the ledger cannot be opened: {error.strerror or error}",
            where=where,
            remedy="check the path and its permissions, or name another file with --ledger",
        ) from error


def _ledger_error(error: BaseException, where: str) -> LedgerError:
    name = str(getattr(error, "sqlite_errorname", ""))
    for code, (message, remedy) in _MEANING.items():
        if name.startswith(code):
            return LedgerError(f"{message} ({error})", where=where, remedy=remedy)
    return LedgerError(
        f"the ledger could not be used: {error}",
        where=where,
        remedy="run again; if it stays, restore the file from a copy",
    )
