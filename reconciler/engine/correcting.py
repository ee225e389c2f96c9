"""Exact reversals of writes of ours, at their own day, whatever the line's policy says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from datetime import date
from typing import Final

from reconciler.engine.begun import begun_on
from reconciler.engine.diff import Difference, Rules, UnitsUnknown, difference
from reconciler.engine.digests import change_id
from reconciler.engine.frame import Frame
from reconciler.engine.lines import LineWork, without
from reconciler.engine.price_changes import price_change
from reconciler.engine.reversal_prices import back, price_now
from reconciler.engine.standings import WAITS
from reconciler.engine.swapped import correction, levelled, swapped
from reconciler.model.bms import LineKey
from reconciler.model.errors import PlanError
from reconciler.model.ledgered import Intent, KnownFact
from reconciler.model.plan import Change, Step
from reconciler.model.timeline import UNKNOWN, Timeline

REVERSES: Final = "reverses "
"""How the step begins that names the write which is taken back."""

_OF_LATER_DAYS: Final = ", of later days"
_BY_HAND: Final = (
    "where BMS updates a line, nothing is written before its newest day: bill or credit the days up"
    " to then by hand, and leave the later writes where BMS has the right units since"
)
"""What can be done of a write that others of later days stand on."""


def reversal_id(line: LineKey, ref: str) -> str:
    """The id of the change that reverses a write; a write is reversed once."""
    return change_id((*line, "correction", ref))


def check_billed(intents: Sequence[Intent], billing_starts: date | None) -> None:
    """PlanError for a write dated before billing starts: nothing is dated earlier, a reversal
    neither. Where no day is set, MOD002 holds every change."""
    for intent in intents:
        why = too_early(intent, billing_starts)
        if why is not None:
            raise PlanError(
                f"{intent.ref} cannot be reversed: {why}",
                where="--correct",
                remedy="put it right in BMS by hand, or set an earlier `billing_starts:`",
            )


def too_early(intent: Intent, billing_starts: date | None) -> str | None:
    """Why billing has not started on the write's day, where it has not."""
    if billing_starts is None or intent.day >= billing_starts:
        return None
    return f"it is dated {intent.day}, and billing starts on {billing_starts}"


def reversals(
    work: LineWork, intents: Sequence[Intent], frame: Frame, blocked: Sequence[str]
) -> Iterator[Change]:
    """One change per write, the newest first; ``blocked``: codes that hold the line.

    Raises PlanError where the line moved since by something else, or would fall below 0.
    """
    found = all_or_none(list(_reversals(work, intents, frame, blocked)))
    yield from found
    yield from brought_back(work, intents, found, frame, blocked)


def brought_back(
    work: LineWork,
    intents: Sequence[Intent],
    found: Sequence[Change],
    frame: Frame,
    blocked: Sequence[str],
) -> Iterator[Change]:
    """What follows the reversals that were ``found``: what they come to on invoices of other
    prices, and the line's price on rows that no night would bring back to it. Nothing where these
    wait."""
    if any(change.standing in WAITS for change in found):
        return
    have = without(work.known.timeline, intents)
    backs = [back(work, intent, frame) for intent in intents]
    more = list(swapped(work, backs, have, frame, blocked))
    yield from more
    if work.bound.price_back is None or price_change(work, frame, blocked) is None:
        yield from levelled(work, [*found, *more], frame)


def all_or_none(found: Sequence[Change]) -> Sequence[Change]:
    """Of writes that stand on each other the one alone may be the good one: what keeps one reversal
    of a line from being written keeps all of them."""
    for standing in WAITS:
        mine = [change for change in found if change.standing == standing]
        if mine:
            because = tuple(dict.fromkeys(code for change in mine for code in change.because))
            return [replace(change, standing=standing, because=because) for change in found]
    return found


def _reversals(
    work: LineWork, intents: Sequence[Intent], frame: Frame, blocked: Sequence[str]
) -> Iterator[Change]:
    have = work.known.timeline
    order = [fact.ref for fact in work.known.facts]
    gone: set[str] = set()
    for intent in sorted(intents, key=lambda i: order.index(i.ref) if i.ref in order else -1)[::-1]:
        wanted = without(have, [intent])
        why = in_the_way(work.known.facts, intent, gone, upsert=work.upsert) or below_zero(wanted)
        if why is not None:
            raise _refused(intent, why)
        gone.add(intent.ref)
        step = _step(work, intent, have, wanted, frame)
        yield reversal(work, intent, step, frame, blocked, gone)
        have = wanted


def in_the_way(
    facts: Sequence[KnownFact], intent: Intent, gone: Set[str], *, upsert: bool
) -> str | None:
    """What moved the line since the write, but for those of ``gone``, that stands on it."""
    place = next((n for n, fact in enumerate(facts) if fact.ref == intent.ref), None)
    if place is None:
        return "the line's units are known from elsewhere since"
    since = [fact for fact in facts[place + 1 :] if fact.ref not in gone]
    if any(fact.ref is None for fact in since):
        return "the line was moved since by something else"
    if not upsert or not since:
        return None
    later = ", ".join(sorted(fact.ref or "" for fact in since))
    if any(fact.day > intent.day for fact in since):
        return f"later writes stand on it: {later}{_OF_LATER_DAYS}"
    return f"later writes stand on it: {later}; correct those too"


def below_zero(timeline: Timeline) -> str | None:
    """Would the line have less than nothing on some day?"""
    if any(units is not UNKNOWN and units < 0 for _, units in timeline.steps):
        return "without it the line would fall below 0 units"
    return None


def _step(
    work: LineWork, intent: Intent, have: Timeline, wanted: Timeline, frame: Frame
) -> Difference:
    rules = Rules(frame.assume, intent.day, frame.as_of, work.known.newest_reply)
    steps = difference(wanted, have, rules)
    if len(steps) != 1 or isinstance(steps[0], UnitsUnknown):
        raise _refused(intent, "one write cannot undo it")
    return steps[0]


def reversal(
    work: LineWork,
    intent: Intent,
    step: Difference,
    frame: Frame,
    blocked: Sequence[str],
    gone: Set[str],
) -> Change:
    """The change that a step makes which takes the write back, at its own price where invoices can
    have back what they billed of it, else at the one that it has now. ``gone``: the writes taken
    back with it."""
    now = price_now(work, intent)
    change = correction(work, step, back(work, intent, frame).price, now, frame, blocked)
    told = f"{intent.units_before} -> {intent.units_after} from {intent.day}"
    return replace(
        change,
        id=reversal_id(work.bound.key, intent.ref),
        price_before=now,
        steps=(_reverses(intent, told, frame),),
        entered=begun_on(work.known.facts, intent.day, gone),
    )


def price_reversal(work: LineWork, frame: Frame, blocked: Sequence[str]) -> Iterator[Change]:
    """The change that writes a price again which a reverted merge put another in place of."""
    back, change = work.bound.price_back, price_change(work, frame, blocked)
    if back is None or change is None:
        return
    yield replace(
        change,
        id=reversal_id(work.bound.key, back.write.ref),
        price_from="line",
        cause="correction",
        steps=(_reverses(back.write, f"{back.price} -> {back.write.price}", frame),),
    )


def _reverses(write: Intent, told: str, frame: Frame) -> Step:
    """Which write is taken back; ``told``: what it did."""
    return Step(f"{REVERSES}{write.ref} of {write.at.astimezone(frame.zone).date()}", told)


def _refused(intent: Intent, why: str) -> PlanError:
    return PlanError(
        f"{intent.ref} cannot be reversed: {why}",
        where="--correct",
        remedy=_BY_HAND
        if why.endswith(_OF_LATER_DAYS)
        else "see `reconciler history`, and correct the line in the configuration",
    )
