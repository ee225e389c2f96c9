"""What a pull request causes, and what goes on beside it, in sentences."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from reconciler.engine.approvals import APPROVABLE, awaits_approval
from reconciler.engine.dropped import Dropped
from reconciler.findings import CODES
from reconciler.report import (
    allowed,
    dropped,
    early,
    forecast,
    lapsing,
    later,
    retired,
    reverted,
    unplanned,
    unread,
)
from reconciler.report.plan_view import misfits
from reconciler.report.remedies import on_github
from reconciler.report.sentences import Next, headline
from reconciler.report.words import STANDINGS, counted
from reconciler.report.worth import per_month

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reconciler.engine.caused import Caused, Permission
    from reconciler.model.plan import Change, Plan, Standing
    from reconciler.report.retired import Retired
    from reconciler.report.unread import Unread


SHOWN: Final = 5
_NOTHING: Final = " writes nothing to BMS."

_FOLLOWS: Final = frozenset({"POL006"})
"""What is held because an earlier step is goes on with that one."""

_FITS: Final = {False: "BMS", True: "the readings"}
"""What the configuration names things of, by whether a finding of usage says so."""

_APPROVE: Final = (
    "reconciler plan --base origin/main --out plan.json",
    'reconciler approve --plan plan.json --reason "..."',
)


def first_line(found: Caused) -> str:
    """For a billing lead who reads nothing else."""
    said = _does(found)
    if not found.allowances:
        return f"Merging this{said}"
    it = said.removeprefix(": ") if said.startswith(":") else f"It{said}"
    return f"Merging this {allowed.in_short(found.allowances)}. {it}"


def _does(found: Caused) -> str:
    plan, currency = found.planned.plan, found.planned.plan.currency
    if not plan.changes:
        return _nothing(found, currency)
    ends = "; ".join(_at_the_end(found, currency))
    return f"{_today(plan, currency)} Beside it, {ends}." if ends else _today(plan, currency)


def _today(plan: Plan, currency: str) -> str:
    if all(change.standing == "observed" for change in plan.changes):
        return " writes nothing to BMS: what it changes is only observed."
    if all(change.standing == "scheduled" for change in plan.changes):
        some = _some(plan.changes, currency)
        return f" writes nothing to BMS today; it schedules {some}."
    return f": {headline(plan)}"


def _nothing(found: Caused, currency: str) -> str:
    """No line moves today; what it does all the same."""
    parts = list(_beyond(found, currency))
    if found.ahead:
        return f"{'; '.join([early.headline(found.ahead, currency), *parts])}."
    if any(map(_lets, found.permissions)):
        return f" writes nothing to BMS by itself; {'; '.join(parts)}."
    return f" writes nothing to BMS today; {'; '.join(parts)}." if parts else _NOTHING


def _beyond(found: Caused, currency: str) -> Iterator[str]:
    let = [one.change for one in found.permissions if _lets(one)]
    if let:
        yield f"the nightly run then writes {_some(let, currency)}"
    if found.later:
        yield later.headline(found.later, found.planned.plan)
    yield from _at_the_end(found, currency)


def _at_the_end(found: Caused, currency: str) -> Iterator[str]:
    if found.foreseen:
        yield forecast.headline(found.foreseen, currency)
    if found.voided:
        yield f"it {forecast.voids(found.voided)}"
    if found.unfit:
        yield early.fits_nothing(found.unfit)
    yield from (f"it {does}" for does in dropped.in_short(found.dropped))
    yield from unplanned.headline(found.unplanned)


def _lets(permission: Permission) -> bool:
    return permission.change.standing == "ready"


def in_short(found: Caused) -> tuple[str, ...]:
    """What it does beside what the plan writes, in a few words each."""
    parts = [allowed.in_short(found.allowances)] if found.allowances else []
    if found.foreseen:
        parts.append(forecast.in_short(found.foreseen, found.planned.plan.currency))
    if found.voided:
        parts.append(forecast.voids(found.voided))
    return (*parts, *dropped.in_short(found.dropped), *unplanned.in_short(found.unplanned))


def beside(found: Caused, currency: str) -> Iterator[str]:
    """What is taken back, what usage moves on the same lines, what tonight does anyway, and who may
    write what then."""
    yield from reverted.sentences(found, currency)
    by_merging = [c for c in found.planned.plan.changes if c.standing in ("ready", "proposed")]
    yield from lapsing.sentences(found.planned.examined.part.lapses, by_merging, currency)
    yield from _anyway(found, currency)
    tonight = [c for c in found.tonight.changes if c.standing in ("ready", "proposed", "held")]
    if tonight:
        of_usage = " of usage" if all(change.cause == "usage" for change in tonight) else ""
        waits = "waits" if len(tonight) == 1 else "wait"
        some = f"{_some(tonight, currency)}{of_usage}"
        yield f"Beside it, {some} {waits} on other lines, merged or not."
    yield from _permissions(found, currency)
    yield from later.sentences(found.later, currency)
    yield from forecast.sentences(found.foreseen, currency)
    yield from forecast.voided(found.voided)
    yield from early.sentences(found, currency)
    yield from dropped.sentences(found.dropped)
    yield from unplanned.sentences(found.unplanned)


def _anyway(found: Caused, currency: str) -> Iterator[str]:
    """Usage goes on whatever is merged; what an earlier edit left to be written may not."""
    usage = [change for change in found.anyway if change.cause == "usage"]
    if usage:
        yield (
            f"Of these lines usage alone moves {_some(usage, currency)}, whatever is merged;"
            " they are written whole."
        )
    earlier = [change for change in found.anyway if change.cause != "usage"]
    if earlier:
        waits = "waits" if len(earlier) == 1 else "wait"
        yield (
            f"On these lines {_some(earlier, currency)} of earlier edits {waits} to be written;"
            " what this leaves of it is planned here."
        )


def next_steps(
    found: Caused,
    *,
    moved: bool = False,
    reads: bool = False,
    retires: Sequence[Retired] = (),
    unseen: Sequence[Unread] = (),
) -> tuple[Next, ...]:
    """What a person who reviews can do. ``moved``: does it change where BMS or the ledger is?
    ``reads``: does it change readings? ``retires``: other configurations that are gone or moved.
    ``unseen``: what nothing reads of it."""
    plan = found.planned.plan
    mends = tuple(_mends(plan))
    steps = list(mends)
    if reads:
        steps.append(Next("Compare the readings it changes with the product's own report."))
    steps.extend(unread.next_steps(unseen))
    steps.extend(retired.next_steps(retires))
    steps.extend(early.next_steps(found.unfit))
    steps.extend(dropped.next_steps(found.dropped))
    steps.extend(unplanned.next_steps(found.unplanned))
    if moved:
        steps.append(Next("Merge it only if the new place in the warning above is meant."))
    if any(one.loosens for one in found.allowances):
        steps.append(Next("Make sure that each rule it loosens is meant to be looser."))
    held = [change for change in plan.changes if change.standing == "held"]
    steps.extend(_holds(held))
    if any(map(awaits_approval, held)):
        what = (
            "What is held is not written by merging. To approve exactly these numbers, run the"
            " workflow **approve** with the number of this pull request, or add the file that these"
            " write."
        )
        steps.append(Next(what, _APPROVE))
    if any(change.standing in ("ready", "proposed") for change in plan.changes):
        steps.append(Next("Merge it: exactly these changes are written then, or none."))
    elif not (mends or retired.to_mend(retires)) and (
        any(one.tells for one in retires) or merges_more(found, reads=reads)
    ):
        steps.append(Next("Merge it if all of this is wanted: merging alone writes nothing."))
    return tuple(steps) or (Next("Nothing to do but to merge it."),)


def merges_more(found: Caused, *, reads: bool) -> bool:
    """Does merging change something though no line moves for it today?"""
    beyond = found.foreseen or found.voided or found.allowances or found.dropped != Dropped()
    return bool(beyond or found.unplanned) or reads


def _mends(plan: Plan) -> Iterator[Next]:
    """What a merge would leave broken."""
    if plan.verdict == "nothing-checked":
        yield Next("Mend what needs a person before merging: nothing could be checked.")
    elif wrong := misfits(plan.findings):
        of_usage = {found.code.startswith("USG") for found in wrong}
        what = " or ".join(_FITS[one] for one in sorted(of_usage))
        yield Next(f"Mend what needs a person before merging: what it names does not fit {what}.")


def _holds(held: Sequence[Change]) -> Iterator[Next]:
    """Of codes that no approval does away with; their finding may have stood there before."""
    codes = {code for change in held for code in change.because}
    for code in sorted(codes - APPROVABLE - _FOLLOWS):
        entry = CODES[code]
        yield Next(
            f"What is held by {code} is not written by merging, nor by an approval:"
            f" {on_github(code, entry.remedy)}."
        )


def _permissions(found: Caused, currency: str) -> Iterator[str]:
    moved: dict[tuple[Standing, Standing], list[Change]] = defaultdict(list)
    for permission in found.permissions:
        moved[permission.before, permission.change.standing].append(permission.change)
    for (before, after), changes in sorted(moved.items()):
        yield (
            f"It changes who may write: {_some(changes, currency)} of other lines go from"
            f" “{STANDINGS[before].lower()}” to “{STANDINGS[after].lower()}”."
        )


def _some(changes: Sequence[Change], currency: str) -> str:
    return f"{counted(len(changes), 'change')} ({per_month(changes, currency)})"
