"""Edits made by hand in BMS whose line and units are clear enough to be proposed as agreed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from reconciler.engine.contracts import ContractOutcome
from reconciler.engine.edits import Edit
from reconciler.engine.lines import LineWork
from reconciler.engine.proof import Drifted
from reconciler.model.desired import OnDrift
from reconciler.model.place import Origin
from reconciler.model.plan import LineRef


@dataclass(frozen=True, slots=True)
class HandEdit:
    """Of one line; no other single edit explains what BMS shows of its contract."""

    line: LineRef
    origin: Origin
    """Of the line in the configuration."""
    before: int
    after: int
    monthly: Decimal
    """By how much it moved the contract's total."""
    on_drift: OnDrift


def hand_edits(outcomes: Iterable[ContractOutcome]) -> Iterator[HandEdit]:
    """Not where rows show an edit, or where rows of others changed or may be the reason: there the
    total does not tell the units of ours. Not where the line's policy would let units that are
    fixed now count later only: to fix them would leave the contract as it is."""
    for outcome in outcomes:
        proof = outcome.proof
        if not isinstance(proof, Drifted) or proof.seen or proof.others or proof.alone:
            continue
        if len(proof.edits) != 1:
            continue
        (edit,) = proof.edits
        for work in outcome.works:
            if work.bound.service.id == edit.service and _at_once(work, edit):
                yield HandEdit(
                    work.bound.ref,
                    work.bound.line.origin,
                    edit.before,
                    edit.after,
                    proof.difference,
                    work.bound.contract.desired.on_drift,
                )


def _at_once(work: LineWork, edit: Edit) -> bool:
    moves = work.settings.when(rises=edit.moved > 0)
    return work.billed and moves in ("change-date", "period-start")
