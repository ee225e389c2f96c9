"""How much of this copy is on the branch."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.ledger.statements import text

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Copy:
    """This copy's name, and the newest segment whose rows it has."""

    name: str
    segment: int = 0
    digest: str = ""
    """Of that segment's file."""
    commit: str | None = None
    """The branch's commit that was read or written last."""
    marks: Mapping[str, int] | None = None
    """By table, the last row that the branch has; None: nothing was sent or received yet."""


def load_copy(connection: Connection) -> Copy:
    """As saved; a new one where nothing was."""
    row = connection.execute(
        text("SELECT copy, segment, digest, git_commit, marks FROM branch_copy")
    ).first()
    if row is None:
        return Copy(secrets.token_hex(8))
    return Copy(row.copy, row.segment, row.digest, row.git_commit, json.loads(row.marks))


def save_copy(connection: Connection, copy: Copy) -> None:
    """In place of what was saved before."""
    connection.execute(
        text(
            "INSERT OR REPLACE INTO branch_copy (only, copy, segment, digest, git_commit, marks)"
            " VALUES (1, :copy, :segment, :digest, :commit, :marks)"
        ),
        {
            "copy": copy.name,
            "segment": copy.segment,
            "digest": copy.digest,
            "commit": copy.commit,
            "marks": json.dumps(copy.marks or {}, sort_keys=True),
        },
    )
