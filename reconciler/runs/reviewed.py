"""Hold a reviewed plan against what would be written now."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import date
from typing import Final

from deepdiff import DeepDiff

from reconciler.engine.digests import check_unedited
from reconciler.ledger import Ledger
from reconciler.model.errors import PlanForeign, PlanStale
from reconciler.model.plan import Change, Plan
from reconciler.report.money import signed, with_code
from reconciler.report.subjects import about
from reconciler.report.words import STANDINGS, before_after, needs_person
from reconciler.runs.asked import PlanRun
from reconciler.runs.correcting import ALL, DONE

DECISIVE: Final = ("kind", "line", "day", "units_before", "units_after", "posts", "price")
"""The fields of a change that say what is written."""
SHOWN: Final = 20
STALE_SHOWN: Final = 5


def writable(plan: Plan, *, approved: bool) -> list[Change]:
    """The changes an apply writes; those that wait for approval only when it is given."""
    standings = ("ready", "proposed") if approved else ("ready",)
    return [change for change in plan.changes if change.standing in standings]


def still_to_write(
    reviewed: Plan, run: PlanRun, ledger: Ledger, *, approved: bool, merge: str | None = None
) -> tuple[list[Change], tuple[Change, ...]]:
    """What is left of a reviewed plan, and what of it earlier runs had written; those of one
    ``merge`` alone, as another of that day may have had an equal plan.

    Raises PlanStale when a reviewed change is no longer what would be written, and PlanForeign for
    a plan of another tenant or ledger.
    """
    _check(reviewed, run, ledger)
    wanted = writable(reviewed, approved=approved)
    now = {change.id: change for change in writable(run.planned.plan, approved=approved)}
    # What is planned again is not there any more, though it was written once. What the plan itself
    # just proved as done is in the ledger, and not in what it started from.
    again = {c.id for c in wanted if _equal(c, now.get(c.id))}
    done = _done(ledger, reviewed.digest, merge) - again
    stale = [c for c in wanted if c.id not in done | again]
    if stale:
        raise PlanStale(
            "what was reviewed is no longer what would be written",
            where=differences(stale, run.planned.plan),
            remedy="make a new plan, which shows all of it, and have it reviewed",
        )
    left = [now[c.id] for c in wanted if c.id not in done]
    return left, tuple(c for c in wanted if c.id in done)


def _done(ledger: Ledger, digest: str, merge: str | None) -> Set[str]:
    """Ids of what was written of a plan; by one merge alone, where it is named."""
    if merge is None:
        return ledger.done_changes(digest)
    return {
        intent.change
        for intent, end in ledger.writes(ALL)
        if intent.plan == digest and end is not None and end.outcome in DONE
        if (let := ledger.let_by(intent)) is not None and let.commit in (None, merge)
    }


def told(plan: Plan) -> list[str]:
    """What a plan comes to, a line each: for whoever reviewed another one."""
    lines = [_change(one, plan.currency) for one in plan.changes]
    for one in filter(needs_person, plan.findings):
        named = about(one.subject, one.message)
        lines.append(f"{one.code} {f'{named}: ' if named else ''}{one.message}")
    more = len(lines) - SHOWN
    return lines if more <= 0 else [*lines[:SHOWN], f"… and {more:,} more"]


def _change(change: Change, currency: str) -> str:
    line = change.line
    units = before_after(change, currency).replace("->", "→")
    standing = ", ".join([STANDINGS[change.standing].lower(), *change.because])
    return (
        f"{line.service} of {line.account}: {units} from {change.day},"
        f" {with_code(signed(change.money.monthly, currency), currency)} per month ({standing})"
    )


def _check(reviewed: Plan, run: PlanRun, ledger: Ledger) -> None:
    """Is the file a plan of ours, unchanged, and still of use?"""
    fresh = run.planned.plan
    if (reviewed.tenant, reviewed.ledger) != (fresh.tenant, ledger.id):
        raise PlanForeign(
            f"the plan was made for {reviewed.tenant} with another ledger or tenant",
            remedy="make a plan with this configuration and this ledger",
        )
    check_unedited(reviewed)
    newest = max((rule.day for rule in run.remembered.rules), default=date.min)
    if newest > reviewed.as_of:
        raise PlanStale(
            f"the plan is as of {reviewed.as_of}, and edits of {newest} were applied since",
            remedy="make a new plan, and have it reviewed",
        )


def _written(change: Change) -> dict[str, object]:
    return {name: getattr(change, name) for name in DECISIVE}


def _equal(reviewed: Change, now: Change | None) -> bool:
    """Would exactly this be written?"""
    return now is not None and _written(reviewed) == _written(now)


def differences(stale: Sequence[Change], plan: Plan) -> str:
    """How many, and the first of them."""
    named = [_difference(change, plan) for change in stale[:STALE_SHOWN]]
    more = len(stale) - len(named)
    if not more:
        return "; ".join(named)
    return "; ".join([f"{len(stale):,} changes: {named[0]}", *named[1:], f"and {more:,} more"])


def _difference(change: Change, plan: Plan) -> str:
    ref = change.line
    name = f"{ref.bms_service} of {ref.account} from {change.day}"
    same_line = [c for c in plan.changes if c.line == ref]
    if not same_line:
        return f"{name}: {change.units_before} -> {change.units_after} is not planned any more"
    same = next((c for c in same_line if c.id == change.id), same_line[0])
    if _equal(change, same):
        why = f" ({', '.join(same.because)})" if same.because else ""
        return f"{name}: {STANDINGS[same.standing].lower()} now{why}"
    found = DeepDiff(_written(change), _written(same), verbose_level=2)
    moves = (
        f"{path.split(chr(39))[1]} {moved['old_value']} -> {moved['new_value']}"
        for path, moved in sorted(found.get("values_changed", {}).items())
    )
    return f"{name}: {', '.join(moves)}"
