"""Find the writes that a correction names, each of them done and not reversed before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reconciler.engine.correcting import reversal_id
from reconciler.ledger import Ledger
from reconciler.model.errors import PlanError, WrongUsage
from reconciler.model.ledgered import Intent, Settled

ALL: Final = 10**9
DONE: Final = ("answered", "proved")


def writes_named(ledger: Ledger, refs: Sequence[str]) -> tuple[Intent, ...]:
    """The writes with these refs, as notes on the lines show them; upper or lower case.

    Raises WrongUsage for a ref that is unknown, PlanError for one that is not done, a price's, or
    reversed before.
    """
    if not refs:
        return ()
    writes = {intent.ref: (intent, end) for intent, end in ledger.writes(ALL)}
    wanted = dict.fromkeys(ref.upper() for ref in refs)
    return tuple(_named(ref, writes) for ref in wanted)


def _named(ref: str, writes: dict[str, tuple[Intent, Settled | None]]) -> Intent:
    if ref not in writes:
        raise WrongUsage(
            f"{ref} cannot be reversed: no write has that ref",
            where="--correct",
            remedy="take the ref from `reconciler history`",
        )
    intent, end = writes[ref]
    if intent.kind == "price":
        raise _refused(ref, "it changed a price; set the price in the configuration")
    if end is None:
        raise _refused(ref, "nobody knows yet whether it was done")
    if end.outcome not in DONE:
        raise _refused(ref, "it was not done")
    undo = reversal_id(intent.line, ref)
    for other, ended in writes.values():
        if other.change == undo and (ended is None or ended.outcome in DONE):
            raise _refused(ref, f"{other.ref} reversed it on {other.at:%Y-%m-%d}")
    return intent


def _refused(ref: str, why: str) -> PlanError:
    return PlanError(
        f"{ref} cannot be reversed: {why}",
        where="--correct",
        remedy="`reconciler history` shows every write with its ref",
    )
