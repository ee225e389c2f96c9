"""Find the writes that a correction names, one by one or by their plan, done and not reversed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, tzinfo
from itertools import pairwise
from typing import Final, TypeAlias, cast
from zoneinfo import ZoneInfo

from reconciler.engine.correcting import reversal_id
from reconciler.engine.periods import DAY, Cycle, Schedule
from reconciler.engine.retracted import Behind
from reconciler.engine.rules import by_line
from reconciler.engine.spliced import set_on
from reconciler.ledger import Ledger
from reconciler.model.bms import Contract
from reconciler.model.errors import PlanError, WrongUsage
from reconciler.model.ledgered import Intent, Settled
from reconciler.model.plan import Cause, Change
from reconciler.model.rules import LineRule
from reconciler.report import plan_json

ALL: Final = 10**9
DONE: Final = ("answered", "proved")
_EDITS: Final[tuple[Cause, ...]] = ("config", "fixed")
SHORTEST_DIGEST: Final = 12
"""As much of a plan's digest as outputs show."""

Writes: TypeAlias = "dict[str, tuple[Intent, Settled | None]]"
"""By ref, with how each ended."""


def writes_named(ledger: Ledger, names: Sequence[str], time_zone: str) -> tuple[Intent, ...]:
    """The writes with these refs, as notes on the lines show them, upper or lower case; for the
    digest of a plan, or how it begins, all that it wrote and that nobody took back since. Errors
    have days of ``time_zone``.

    Raises WrongUsage for a ref that is unknown, PlanError for one that is not done, a price's, or
    reversed before.
    """
    if not names:
        return ()
    writes = {intent.ref: (intent, end) for intent, end in ledger.writes(ALL)}
    refs = [ref for name in names for ref in _refs(name, writes)]
    zone = ZoneInfo(time_zone)
    return tuple(_named(ref, writes, zone) for ref in dict.fromkeys(refs))


def edits_behind(
    ledger: Ledger,
    rules: Sequence[LineRule],
    contracts: Iterable[Contract],
    intents: Sequence[Intent],
) -> Iterator[Behind]:
    """The edits of the configuration that brought writes.

    ``rules``: those in force, by day; ``contracts``: as BMS has them.
    """
    if not intents:
        return
    writes = [intent for intent, _ in ledger.writes(ALL)]
    mine = by_line(rules)
    by_id = {contract.id: contract for contract in contracts}
    for intent, change, as_of in _brought(ledger, intents):
        line = intent.line
        known = [rule for rule in mine.get(line, ()) if rule.day <= as_of]
        since = _period_before(by_id.get(line.contract_id), change.day)
        of_units = (one for one in writes if one.line == line and one.kind == "units")
        others = {one.day for one in of_units if one.ref != intent.ref}
        edits = _edits_by_day(ledger.rule_days(line))
        found = _edits_of(change, known, as_of, since, others)
        sure = tuple(day for day in found if edits[day] == 1)
        # Another write of the same day may be another edit's, and stays.
        mixed = () if change.day in others else tuple(day for day in found if edits[day] > 1)
        yield Behind(line, sure, mixed, is_all=change.cause != "usage")


def _edits_by_day(days: Iterable[date]) -> Counter[date]:
    """How often a line was edited on each day. A correction says rules of earlier days anew, and
    with them those of the days that follow: they are no edits."""
    edits: Counter[date] = Counter()
    newest, anew = date.min, False
    for day in days:
        if day != newest:
            newest, anew = max(day, newest), day < newest
        if not anew:
            edits[day] += 1
    return edits


def _brought(ledger: Ledger, intents: Sequence[Intent]) -> Iterator[tuple[Intent, Change, date]]:
    """Each write that is no correction itself, with the change that it was and its plan's day."""
    for digest in dict.fromkeys(intent.plan for intent in intents):
        text = ledger.load_plan(digest)
        if text is None:
            continue
        plan = plan_json.loads(text)
        changes = {change.id: change for change in plan.changes}
        for intent in intents:
            change = changes.get(intent.change) if intent.plan == digest else None
            if change is not None and change.cause != "correction":
                yield intent, change, plan.as_of


def _edits_of(
    change: Change,
    rules: Sequence[LineRule],
    as_of: date,
    since: date | None,
    others: Collection[date],
) -> Sequence[date]:
    """The newest that dates something on the change's very day; else those that waited for its
    period, the one of that day, or of the plan's, where the policy gave the change another.
    ``since``: where it begins a period, the first day of the one before; ``others``: days of the
    line's other writes."""
    for before, rule in reversed(list(pairwise(rules))):
        if _dated_anew(before, rule, change.day):
            return [rule.day]
    if change.cause not in (*_EDITS, "usage"):
        return []
    days = {rule.day for rule in rules[1:]}
    of_a_day = [day for day in (change.day, as_of) if day in days]
    waited = [] if since is None else _waited(rules, change, since, others)
    return waited or of_a_day[:1]


def _dated_anew(before: LineRule, rule: LineRule, day: date) -> bool:
    """Does a dated change of that day set what none did before the edit?"""
    old = set_on(before.by_day, day)
    return any(one not in old for one in set_on(rule.by_day, day))


def _waited(
    rules: Sequence[LineRule], change: Change, since: date, others: Collection[date]
) -> list[date]:
    """The edits of the period before, where such a change waits for the next. What was written on
    its own day did not wait."""
    rises = change.units_after > change.units_before
    found = [
        rule
        for before, rule in pairwise(rules)
        if since <= rule.day < change.day
        and rule.day not in others
        and _counts_otherwise(before, rule)
    ]
    waits = bool(found) and found[-1].settings.when(rises=rises) == "next-period"
    return [rule.day for rule in found] if waits else []


def _period_before(contract: Contract | None, day: date) -> date | None:
    """The first day of the period that ends before a day which begins one; None where none does."""
    if contract is None or day <= contract.start:
        return None
    cycle = cast("Cycle", contract.billing_cycle.lower())
    for calendar in (False, True):
        schedule = Schedule(contract.start, cycle, calendar=calendar)
        if schedule.containing(day).first == day:
            return schedule.containing(day - DAY).first
    return None


def _counts_otherwise(before: LineRule, rule: LineRule) -> bool:
    """Does an edit change more than the price?"""
    settings = replace(before.settings, price=rule.settings.price)
    return replace(before, settings=settings, day=rule.day) != rule


def still_to_reverse(ledger: Ledger, refs: Sequence[str], plan: str) -> tuple[str, ...]:
    """Those refs whose write the plan, by its digest, did not reverse in an earlier run."""
    writes = {intent.ref: (intent, end) for intent, end in ledger.writes(ALL)}
    undone = {ref: _reversed_by(writes[ref][0], writes) for ref in refs if ref in writes}
    return tuple(ref for ref in refs if (other := undone.get(ref)) is None or other.plan != plan)


def _refs(name: str, writes: Writes) -> list[str]:
    """Those of a plan; the name itself where it is not a plan's."""
    if name.upper() in writes or len(name) < SHORTEST_DIGEST:
        return [name.upper()]
    of_plan = [intent for intent, _ in writes.values() if intent.plan.startswith(name.lower())]
    if not of_plan:
        return [name.upper()]
    if len({intent.plan for intent in of_plan}) > 1:
        raise _refused(name, "more than one plan begins like that")
    there = [i.ref for i in of_plan if stands(i, writes)]
    if not there:
        raise _refused(name, "nothing that this plan wrote is left to take back")
    return there


def stands(intent: Intent, writes: Writes) -> bool:
    """Was it done, and not reversed? One in doubt is taken along, and refused by its own name."""
    end = writes[intent.ref][1]
    done = end is None or end.outcome in DONE
    return done and intent.kind == "units" and _reversed_by(intent, writes) is None


def _named(ref: str, writes: Writes, zone: tzinfo) -> Intent:
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
    undone = _reversed_by(intent, writes)
    if undone is not None:
        day = undone.at.astimezone(zone).date()
        raise _refused(ref, f"{undone.ref} reversed it on {day}")
    return intent


def _reversed_by(intent: Intent, writes: Writes) -> Intent | None:
    undo = reversal_id(intent.line, intent.ref)
    for other, end in writes.values():
        if other.change == undo and (end is None or end.outcome in DONE):
            return other
    return None


def _refused(ref: str, why: str) -> PlanError:
    return PlanError(
        f"{ref} cannot be reversed: {why}",
        where="--correct",
        remedy="`reconciler history` shows every write with its ref",
    )
