"""One SQLite file behind one lock: every call of the sandbox is one transaction."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.sandbox import schema
from reconciler.sandbox.errors import SandboxError, writing

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = "1"
MEMORY = ":memory:"

Value = str | int | bytes | None

_OF_THE_FILE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    }
)
"""What SQLite says when the file, its folder or the disk is the reason."""


def exists(path: str | Path) -> bool:
    """Whether a file of this name is there."""
    return str(path) != MEMORY and Path(path).exists()


class Store:
    """SQL with a lock; nested transactions join the outer one."""

    def __init__(self, path: str | Path) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._path = str(path)
        with self._told():
            self._db = sqlite3.connect(
                self._path, isolation_level=None, check_same_thread=False, timeout=20
            )
        self._db.row_factory = sqlite3.Row

    def _hurry(self) -> None:
        # A sandbox survives a killed process; surviving a power cut is not worth the waiting.
        self._execute("PRAGMA synchronous = OFF")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the file does not allow is said with its name; any other error is a defect."""
        try:
            yield
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode & 0xFF not in _OF_THE_FILE:
                raise
            raise SandboxError(
                f"the sandbox's file cannot be used: {problem}",
                where=self._path,
                remedy="check the path, its permissions, and the room that is left on the disk",
            ) from problem

    def _execute(self, sql: str, values: tuple[Value, ...] = ()) -> sqlite3.Cursor:
        try:
            return self._db.execute(sql, values)
        except sqlite3.OperationalError:
            with self._told():
                raise

    @staticmethod
    def create(path: str | Path) -> Store:
        """A new file with empty tables; refuses a file that is there."""
        if str(path) != MEMORY:
            if exists(path):
                raise SandboxError(
                    f"{path} is there already", remedy="open it, or reset the sandbox"
                )
            with writing(path):
                Path(path).parent.mkdir(parents=True, exist_ok=True)
        store = Store(path)
        store._hurry()
        with store._told():
            store._db.executescript(schema.TABLES)
        store.set("format", FORMAT)
        return store

    @staticmethod
    def open(path: str | Path) -> Store:
        """The sandbox kept in a file."""
        if not Path(path).is_file():
            raise SandboxError(f"no sandbox at {path}", remedy="run `reconciler sandbox reset`")
        store = Store(path)
        try:
            store._hurry()
            found = store.get("format")
        except sqlite3.DatabaseError as problem:
            store.close()
            raise SandboxError(f"{path} is not a sandbox", remedy="give another path") from problem
        if found != FORMAT:
            store.close()
            raise SandboxError(f"{path} has format {found}, not {FORMAT}", remedy="reset it")
        return store

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; the lock is held throughout."""
        with self._lock:
            if self._depth:
                yield
                return
            self._execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
            except BaseException:
                self._execute("ROLLBACK")
                raise
            else:
                self._execute("COMMIT")
            finally:
                self._depth = 0

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Inside a transaction: undo only what this block wrote when it fails."""
        self._execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            self._execute("ROLLBACK TO attempt")
            raise
        finally:
            self._execute("RELEASE attempt")

    def rows(self, sql: str, *values: Value) -> list[sqlite3.Row]:
        """Every row of a query."""
        with self._lock:
            return self._execute(sql, values).fetchall()

    def row(self, sql: str, *values: Value) -> sqlite3.Row | None:
        """The first row of a query, if any."""
        with self._lock:
            found: sqlite3.Row | None = self._execute(sql, values).fetchone()
            return found

    def run(self, sql: str, *values: Value) -> int:
        """Run one statement; the id of the row it inserted."""
        with self._lock:
            return self._execute(sql, values).lastrowid or 0

    def get(self, name: str) -> str | None:
        """A setting of the sandbox."""
        found = self.row("SELECT value FROM meta WHERE name = ?", name)
        return None if found is None else found["value"]

    def set(self, name: str, value: str | None) -> None:
        """Keep a setting of the sandbox."""
        self.run("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", name, value)

    def clear(self) -> None:
        """Empty every table in place, so that a running server sees the new start."""
        with self.transaction():
            for name in schema.NAMES:
                self.run(f"DROP TABLE {name}")
            self.run("DELETE FROM sqlite_sequence")
            for statement in schema.TABLES.split(";\n"):
                if statement.strip():
                    self.run(statement)
            self.set("format", FORMAT)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()
