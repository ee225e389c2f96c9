"""Bring a copy of the ledger and its branch to the same rows.

Both directions are one transaction of the copy, so that a copy never has less or more than its mark
says. The branch is only ever added to; whoever pushes second takes the other's rows in first.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from reconciler.ledger.branch.copy import Copy, load_copy, save_copy
from reconciler.ledger.branch.rebase import REFERS, Rebase
from reconciler.ledger.branch.rows import ends, every, insert, of, take_back, unsent
from reconciler.ledger.branch.segments import (
    Segment,
    checked,
    damaged,
    digest,
    file_name,
    numbered,
)
from reconciler.ledger.rebuild import rebuild_series
from reconciler.ledger.steps import STEPS
from reconciler.model.errors import LedgerLocked, LedgerMismatch

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from reconciler.ledger.branch.repository import Repository
    from reconciler.ledger.branch.segments import Row

TRIES: Final = 8
"""Pushes that may come second before a run gives up."""

PAUSE: Final = 0.2
"""Seconds, more after each try."""

SERIES: Final = ("reading", "organization_alias")
"""What the stored months are derived from."""

NUMBERS: Final = ("id", *(column for column, _ in REFERS.values()))
"""Columns that say nothing beyond the copy that gave them."""

README: Final = b"""# The ledger of Reconciler

Every reading, plan, approval, write and answer, as JSON lines. Reconciler alone writes here: each
file names the one before it by its SHA-256, so an edit shows. Allow no force-push to this branch.
"""


@dataclass(frozen=True, slots=True)
class Sync:
    """One copy and one branch, inside one transaction of the copy."""

    connection: Connection
    repository: Repository

    def receive(self) -> int:
        """Take in what other copies sent, before what this one did not send yet; how many rows.

        Raises LedgerError where the branch cannot be read, or is damaged: nothing is changed then.
        """
        copy = load_copy(self.connection)
        commit = self.repository.tip()
        if commit is None or commit == copy.commit:
            return 0
        segments, newest = self._segments(copy, commit)
        marks = self._take_in(copy, segments)
        number = copy.segment + len(segments)
        save_copy(self.connection, Copy(copy.name, number, newest, commit, marks))
        return sum(len(one.rows) for one in segments)

    def send(self) -> int:
        """Add what the branch does not have as one segment; how many rows.

        Raises LedgerError where it cannot be pushed, LedgerLocked where others always were first,
        and LeaseLost where one of them took the lease meanwhile.
        """
        for attempt in range(TRIES):
            copy = load_copy(self.connection)
            rows = unsent(self.connection, copy.marks or {})
            if not rows:
                return 0
            content = self._segment(copy, rows).dumps()
            name = file_name(copy.segment + 1, datetime.now(UTC))
            files = {name: content} | ({} if copy.commit else {"README.md": README})
            commit = self.repository.commit(copy.commit, files, _message(copy.segment + 1, rows))
            if self.repository.push(commit):
                sent = Copy(
                    copy.name, copy.segment + 1, digest(content), commit, ends(self.connection)
                )
                save_copy(self.connection, sent)
                return len(rows)
            time.sleep(PAUSE * attempt)
            self.receive()
        raise LedgerLocked(
            f"other runs pushed first, {TRIES} times",
            where=self.repository.where,
            remedy="run again when they have ended",
        )

    def _segment(self, copy: Copy, rows: Sequence[Row]) -> Segment:
        return Segment(
            copy.segment + 1,
            copy.digest,
            len(STEPS),
            copy.name,
            tuple(rows),
        )

    def _segments(self, copy: Copy, commit: str) -> tuple[list[Segment], str]:
        """Those the copy does not have, and the digest of the branch's newest."""
        where = self.repository.where
        names = numbered(self.repository.files(commit), where)
        if not names:
            raise LedgerMismatch(
                "the branch is there, and holds no ledger",
                where=where,
                remedy="name a branch of its own in billing.yaml; Reconciler makes it",
            )
        if len(names) < copy.segment:
            raise damaged(f"it has {len(names)} segments, and had {copy.segment}", where)
        names = names[copy.segment :]
        contents = self.repository.contents(commit, [name for _, name in names])
        previous, found = copy.digest, []
        for (number, name), content in zip(names, contents, strict=True):
            found.append(checked(name, number, content, previous, len(STEPS), where))
            previous = digest(content)
        return found, previous

    def _take_in(self, copy: Copy, segments: Sequence[Segment]) -> Mapping[str, int]:
        """How far the tables reach that the branch has; what was never sent comes after."""
        marks = copy.marks or {}
        before = unsent(self.connection, marks)
        own = [row for one in segments if one.copy == copy.name for row in one.rows]
        ours, strange = never_sent(before, own)
        theirs = [row for one in segments if one.copy != copy.name for row in one.rows] + strange
        if any(table != "meta" for table, _ in ours):
            self._check_same_ledger(theirs)
        if before:
            take_back(self.connection, marks)
        for segment in segments:
            insert(self.connection, segment.rows)
        marks = ends(self.connection)
        Rebase(self.connection, theirs, self.repository.where).append(ours)
        if any(table in SERIES for table, _ in (*before, *theirs)):
            rebuild_series(self.connection)
        return marks

    def _check_same_ledger(self, theirs: Sequence[Row]) -> None:
        own = {row["name"]: row["value"] for row in every(self.connection, "meta")}
        for row in of(theirs, "meta"):
            if row["name"] == "ledger" and own.get("ledger", row["value"]) != row["value"]:
                raise LedgerMismatch(
                    "the branch holds another ledger than this file",
                    where=self.repository.where,
                    remedy="name another file with --ledger, or another branch in billing.yaml",
                )


def never_sent(ours: Sequence[Row], sent: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Our rows that are in no segment of this copy; and rows of such segments that are not ours.

    A run that died right after its push did not mark what it sent, and a copied file has our name.
    Rows are compared by what they say: their numbers may have changed on the way.
    """
    there = Counter(map(_said, sent))
    left = []
    for row in ours:
        said = _said(row)
        if there[said]:
            there[said] -= 1
        else:
            left.append(row)
    return left, [row for row in sent if there[_said(row)] > 0]


def _said(row: Row) -> str:
    table, columns = row
    return f"{table} {sorted((name, columns[name]) for name in columns if name not in NUMBERS)}"


def _message(number: int, rows: Sequence[Row]) -> str:
    counts = Counter(table for table, _ in rows)
    listed = ", ".join(f"{count} {table}" for table, count in counts.items())
    return f"Ledger segment {number}: {listed}"
