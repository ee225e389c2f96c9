"""Applied plans, who approved them, and the runs there were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from reconciler.ledger.statements import text
from reconciler.ledger.texts import instant_text

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection

    from reconciler.ledger.texts import Reader


@dataclass(frozen=True, slots=True)
class Approval:
    """Who let a plan be applied, and how: a merged pull request, a person at a terminal."""

    who: str
    how: str
    at: datetime
    commit: str | None = None
    """Whose configuration was applied. Plans of two commits can have one digest, and only the first
    is kept; None: as that one says."""

    def __str__(self) -> str:
        return f"{self.who} ({self.how})"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the program."""

    kind: str
    """``plan``, ``apply``, ``true-up``, ..."""
    at: datetime
    version: str
    """Of the program."""
    config: str
    """Digest of the configuration."""
    commit: str | None
    as_of: date
    outcome: str
    detail: str = ""


def save_plan(connection: Connection, digest: str, content: str, approval: Approval) -> None:
    """Keeps an applied plan once, and every approval of it."""
    connection.execute(
        text(
            "INSERT INTO applied_plan (digest, at, content) VALUES (:digest, :at, :content)"
            " ON CONFLICT (digest) DO NOTHING"
        ),
        {"digest": digest, "at": instant_text(approval.at), "content": content},
    )
    connection.execute(
        text(
            "INSERT INTO approval (digest, at, who, how, git_commit)"
            " VALUES (:digest, :at, :who, :how, :commit)"
        ),
        {
            "digest": digest,
            "at": instant_text(approval.at),
            "who": approval.who,
            "how": approval.how,
            "commit": approval.commit,
        },
    )


def load_plan(connection: Connection, digest: str) -> str | None:
    """The JSON text of an applied plan."""
    rows = connection.execute(
        text("SELECT content FROM applied_plan WHERE digest = :digest"), {"digest": digest}
    )
    return rows.scalar_one_or_none()


def load_plans_of(connection: Connection, commit: str) -> tuple[str, ...]:
    """The JSON texts of the plans that name a commit, or were applied for it, oldest first."""
    rows = connection.execute(
        text(
            "SELECT content FROM applied_plan p WHERE content LIKE :named OR EXISTS"
            " (SELECT 1 FROM approval a WHERE a.digest = p.digest AND a.git_commit = :commit)"
            " ORDER BY at, digest"
        ),
        {"named": f'%"{commit}"%', "commit": commit},
    )
    return tuple(rows.scalars())


def load_approvals(connection: Connection, digest: str, reader: Reader) -> tuple[Approval, ...]:
    """The approvals of an applied plan, oldest first."""
    rows = connection.execute(
        text("SELECT who, how, at, git_commit FROM approval WHERE digest = :digest ORDER BY id"),
        {"digest": digest},
    )
    return tuple(Approval(who, how, reader.instant(at), commit) for who, how, at, commit in rows)


def load_approval(
    connection: Connection, digest: str, at: datetime, reader: Reader
) -> Approval | None:
    """The newest approval of an applied plan that was given by then."""
    row = connection.execute(
        text(
            "SELECT who, how, at, git_commit FROM approval WHERE digest = :digest AND at <= :at"
            " ORDER BY at DESC, id DESC LIMIT 1"
        ),
        {"digest": digest, "at": instant_text(at)},
    ).first()
    if row is None:
        return None
    return Approval(row.who, row.how, reader.instant(row.at), row.git_commit)


def append_run(connection: Connection, run: Run) -> None:
    connection.execute(
        text(
            "INSERT INTO run (kind, at, version, config, git_commit, as_of, outcome, detail)"
            " VALUES (:kind, :at, :version, :config, :commit, :as_of, :outcome, :detail)"
        ),
        {
            "kind": run.kind,
            "at": instant_text(run.at),
            "version": run.version,
            "config": run.config,
            "commit": run.commit,
            "as_of": run.as_of.isoformat(),
            "outcome": run.outcome,
            "detail": run.detail,
        },
    )


def count(connection: Connection) -> tuple[int, int]:
    """How many runs there are, and how many writes."""
    both = text("SELECT (SELECT count(*) FROM run), (SELECT count(*) FROM intent)")
    runs, writes = connection.execute(both).one()
    return runs, writes


_COLUMNS: Final = "kind, at, version, config, git_commit, as_of, outcome, detail"


def load_runs(connection: Connection, limit: int, reader: Reader) -> tuple[Run, ...]:
    """The newest runs first."""
    rows = connection.execute(
        text(f"SELECT {_COLUMNS} FROM run ORDER BY id DESC LIMIT :limit"), {"limit": limit}
    )
    return tuple(_run(row, reader) for row in rows)


def load_runs_of(connection: Connection, kind: str, since: date, reader: Reader) -> tuple[Run, ...]:
    """Those of that kind, as of that day or later, oldest first."""
    rows = connection.execute(
        text(f"SELECT {_COLUMNS} FROM run WHERE kind = :kind AND as_of >= :since ORDER BY id"),
        {"kind": kind, "since": since.isoformat()},
    )
    return tuple(_run(row, reader) for row in rows)


def _run(row: Any, reader: Reader) -> Run:
    kind, at, version, config, commit, as_of, outcome, detail = row
    return Run(
        kind, reader.instant(at), version, config, commit, reader.day(as_of), outcome, detail
    )
