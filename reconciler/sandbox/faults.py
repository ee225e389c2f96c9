"""Faults on demand: what can go wrong between a client and BMS, armed for the next calls."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal, get_args

from reconciler.sandbox.errors import SandboxError

if TYPE_CHECKING:
    import sqlite3

    from reconciler.sandbox.store import Store

FaultKind = Literal[
    "lose-answer-after-write",
    "lose-answer-before-write",
    "land-late",
    "http-429",
    "http-500-before",
    "http-500-after-write",
    "failure-500-after-write",
    "slow",
    "expire-tokens",
    "refuse",
    "malformed-json",
    "html-502",
]
KINDS: tuple[FaultKind, ...] = get_args(FaultKind)

EFFECTS: dict[FaultKind, str] = {
    "lose-answer-after-write": "it is carried out, and no answer comes",
    "lose-answer-before-write": "it is not carried out, and no answer comes",
    "land-late": "no answer comes; it is carried out 90 minutes later",
    "http-429": "too many calls",
    "http-500-before": "the server fails before it does anything",
    "http-500-after-write": "the server fails after it is carried out",
    "failure-500-after-write": "it is carried out, and a 200 says that the server failed",
    "slow": "the answer takes a second",
    "expire-tokens": "the login no longer counts",
    "refuse": "BMS says no",
    "malformed-json": "half an answer",
    "html-502": "a web page instead of an answer",
}
"""What a client sees, by default."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that strikes now."""

    kind: FaultKind
    minutes: int = 90
    seconds: float = 1.0
    retry_after: int | None = None
    message: str = "The request was refused"


class Faults:
    """The armed faults, kept in the sandbox's file, so that another process can arm them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def arm(
        self,
        kind: str,
        *,
        path: str | None = None,
        method: str | None = None,
        times: int = 1,
        after: int = 0,
        minutes: int = 90,
        seconds: float = 1.0,
        retry_after: int | None = None,
        message: str = "The request was refused",
    ) -> None:
        """Let a fault strike the next matching calls.

        path         a piece of the path, or a pattern with `*`; none: every call but logging in
        method       GET, POST or PUT; without it any
        times        how many matching calls it strikes
        after        how many matching calls it lets pass first
        minutes      land-late: when, on the sandbox's clock, the write arrives after all
        seconds      slow: how long the answer takes
        retry_after  http-429: the Retry-After header in seconds, if any
        message      refuse: what BMS says
        """
        if kind not in KINDS:
            raise SandboxError(f"no fault is called {kind!r}", remedy=f"one of: {', '.join(KINDS)}")
        if times < 1 or after < 0:
            raise SandboxError("times must be 1 or more, and after 0 or more")
        options = {
            "minutes": minutes,
            "seconds": seconds,
            "retry_after": retry_after,
            "message": message,
        }
        self._store.run(
            "INSERT INTO faults (kind, path, method, times_left, skip, options)"
            " VALUES (?,?,?,?,?,?)",
            kind,
            path,
            method.upper() if method else None,
            times,
            after,
            json.dumps(options),
        )

    def armed(self) -> list[str]:
        """The kinds still to strike, oldest first."""
        sql = "SELECT kind FROM faults WHERE times_left > 0 ORDER BY id"
        return [row["kind"] for row in self._store.rows(sql)]

    def clear(self) -> None:
        """Disarm everything, late landings included."""
        with self._store.transaction():
            self._store.run("DELETE FROM faults")
            self._store.run("DELETE FROM landings")

    def take(self, method: str, path: str, *, tokens: bool) -> Fault | None:
        """The fault that strikes this call; `tokens`: only expire-tokens, else only others."""
        rows = self._store.rows("SELECT * FROM faults WHERE times_left > 0 ORDER BY id")
        for row in rows:
            if (row["kind"] == "expire-tokens") == tokens and _fits(row, method, path):
                if row["skip"] == 0:
                    return self._strike(row)
                self._store.run("UPDATE faults SET skip = skip - 1 WHERE id = ?", row["id"])
        return None

    def _strike(self, row: sqlite3.Row) -> Fault:
        self._store.run("UPDATE faults SET times_left = times_left - 1 WHERE id = ?", row["id"])
        return Fault(row["kind"], **json.loads(row["options"]))


def _fits(row: sqlite3.Row, method: str, path: str) -> bool:
    if row["method"] not in (None, method):
        return False
    wanted = row["path"]
    if wanted is None:
        return not path.startswith("/v2/security/")
    return fnmatchcase(path, wanted) if "*" in wanted else wanted in path
