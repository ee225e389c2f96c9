"""Real repositories: a bare one that everybody pushes to, and clones of it."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.ledger.branch import Repository, SharedLedger, open_shared
from reconciler.ledger.steps import append_only_tables

BRANCH = "reconciler-ledger"
TENANT = "Example MSP"
IDENTITY = ("-c", "user.name=T", "-c", "user.email=t@example.test")
UNTENDED = ("-c", "maintenance.auto=false")
"""No repository of a test lives long enough to be tidied."""


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *IDENTITY, *UNTENDED, *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@dataclass(frozen=True)
class Hub:
    """The remote, and where clones of it go."""

    folder: Path

    @property
    def remote(self) -> Path:
        return self.folder / "remote.git"

    def make(self) -> None:
        self.remote.mkdir(parents=True)
        git(self.remote, "init", "--bare", "--quiet")
        git(self.remote, "config", "receive.autogc", "false")

    def clone(self, name: str) -> Copy:
        """Another machine."""
        place = self.folder / name
        git(self.folder, "clone", "--quiet", str(self.remote), str(place))
        return Copy(place)

    def lose(self) -> None:
        """No network."""
        self.remote.rename(self.folder / "gone.git")

    def find(self) -> None:
        (self.folder / "gone.git").rename(self.remote)

    def edit(self, name: str, content: bytes | None) -> None:
        """Somebody else's commit on the branch: a file changed, or removed."""
        place = self.folder / "by-hand"
        git(self.folder, "clone", "--quiet", "--branch", BRANCH, str(self.remote), str(place))
        if content is None:
            (place / name).unlink()
        else:
            (place / name).write_bytes(content)
        git(place, "commit", "--quiet", "--all", "--message", "by hand")
        git(place, "push", "--quiet")

    def files(self) -> dict[str, bytes]:
        names = git(self.remote, "ls-tree", "-r", "--name-only", BRANCH).splitlines()
        return {
            name: subprocess.run(
                ["git", "-C", str(self.remote), "show", f"{BRANCH}:{name}"],
                check=True,
                capture_output=True,
            ).stdout
            for name in names
        }


@dataclass(frozen=True)
class Copy:
    """One machine's clone, and its copy of the ledger."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / ".reconciler" / "ledger.db"

    @property
    def repository(self) -> Repository:
        # A configuration lies in a folder of its repository.
        inside = self.folder / "billing-config"
        inside.mkdir(exist_ok=True)
        return Repository(inside, BRANCH)

    @contextmanager
    def open(self, **options: Any) -> Iterator[SharedLedger]:
        options.setdefault("tenant", TENANT)
        with open_shared(self.path, self.repository, **options) as ledger:
            yield ledger

    def content(self) -> dict[str, list[Any]]:
        """Every row of every table that a branch keeps, as SQLite has them."""
        with closing(sqlite3.connect(self.path)) as connection:
            return {
                table: connection.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall()
                for table in append_only_tables()
            }
