"""A merge that is reverted: its edits never were, and its writes are taken back at their own day.

Only where the line is counted again as it was before that merge, by the rules that the ledger has.
Where something that came after it stands in the way, the revert is an edit like any other, from its
own day on. So is the revert of a revert: nobody is billed for past days on second thoughts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from reconciler.engine.bound import BoundLine, PriceBack
from reconciler.engine.correcting import below_zero, in_the_way, too_early
from reconciler.engine.entry import PlanInput
from reconciler.engine.known import replay
from reconciler.engine.lines import without
from reconciler.engine.looked_at import opens_on
from reconciler.engine.price_back import price_back
from reconciler.engine.rules import same_rule
from reconciler.model.bms import LineKey
from reconciler.model.ledgered import Intent, KnownFact, Reverted
from reconciler.model.rules import LineRule


@dataclass(frozen=True, slots=True)
class Retracted:
    """A line that is counted as if the merges had never been."""

    rules: Sequence[LineRule]
    """Those before them, which are in force again from then on."""
    again: Sequence[LineRule]
    """To be remembered in place of theirs."""
    intents: tuple[Intent, ...]
    """The writes to take back, in the order in which they were learned."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Why what a merge wrote on a line stays: the revert is an edit of today there."""

    merge: str
    why: str


class Reverts:
    """The merges that a plan takes back, against what the ledger knows of their lines."""

    __slots__ = ("_entry", "_facts", "_left", "_of", "_priced")

    def __init__(self, entry: PlanInput) -> None:
        self._entry = entry
        self._of: dict[LineKey, list[Reverted]] = defaultdict(list)
        for one in entry.reverts:
            for line in one.lines:
                self._of[line].append(one)
        self._priced = {intent.line for one in entry.reverts for intent in one.prices}
        self._left: dict[LineKey, list[Intent]] = defaultdict(list)
        for intent in entry.left:
            self._left[intent.line].append(intent)
        self._facts: dict[LineKey, list[KnownFact]] = defaultdict(list)
        for fact in entry.remembered.facts if self._of or self._left else ():
            if fact.line in self._of or fact.line in self._left:
                self._facts[fact.line].append(fact)

    def __contains__(self, line: LineKey) -> bool:
        return line in self._of or line in self._priced or line in self._left

    def price(self, line: BoundLine, now: LineRule) -> PriceBack | None:
        """The price that the line has again, where it names none now."""
        if line.key not in self._priced:
            return None
        base = (self._entry.before or {}).get(line.key)
        return price_back(line, now, base, self._entry.reverts, self._entry.as_of)

    def left(self, line: BoundLine) -> tuple[Intent, ...]:
        """What a person is yet to take back of a line in BMS, in the order in which it was written:
        until something else moves the line, or writes that nobody counts again stand on it."""
        if line.key not in self._left:
            return ()
        opens = opens_on(line.contract, self._entry.as_of)
        facts = self._facts[line.key]
        upsert = self._entry.state.assumptions.line_update == "upsert"
        gone: set[str] = set()
        found: list[Intent] = []
        for intent in sorted(self._left[line.key], key=lambda one: one.at, reverse=True):
            if in_the_way(facts, intent, gone, upsert=upsert) is not None:
                continue
            place = next(n for n, fact in enumerate(facts) if fact.ref == intent.ref)
            if _buried(facts[place + 1 :], intent, gone, opens) is None:
                gone.add(intent.ref)
                found.append(intent)
        return tuple(reversed(found))

    def of(
        self, now: LineRule, remembered: Sequence[LineRule], opens: date
    ) -> Retracted | Kept | None:
        """What becomes of a line. ``now``: what the configuration says of it; ``opens``: the first
        day that is counted again.

        None where the line is not changed since the base, or no merge wrote it.
        """
        before = (self._entry.before or {}).get(now.line)
        if before is None or now.line not in self._of or same_rule(before, now):
            return None
        mine = self._of[now.line]
        rules, undone = _split(now, remembered, mine)
        intents, why = self._writes(now.line, mine, opens)
        if any(now.line in one.reversals for one in mine):
            why = "it was a revert itself"
        elif not undone:
            why = _overtaken(rules, mine)
        elif why is None and (other := self._stood_on(now.line, mine, intents)) is not None:
            why = other
        elif not same_rule(rules[-1], now):
            why = "its configuration is not what it was before"
        if why is not None:
            return Kept(" and ".join(one.name for one in mine), why)
        again = [replace(now, day=rule.day) for rule in undone if not same_rule(rule, now)]
        return Retracted(rules, again, intents)

    def _writes(
        self, line: LineKey, mine: Sequence[Reverted], opens: date
    ) -> tuple[tuple[Intent, ...], str | None]:
        """The writes of these merges, and what is in the way of taking them back."""
        facts = self._facts[line]
        order = {fact.ref: place for place, fact in enumerate(facts)}
        found = [intent for one in mine for intent in one.intents if intent.line == line]
        found.sort(key=lambda intent: order.get(intent.ref, -1))
        upsert = self._entry.state.assumptions.line_update == "upsert"
        doubtful = {ref for one in mine for ref in one.doubtful}
        gone: set[str] = set()
        timeline = replay(facts)
        for intent in reversed(found):
            timeline = without(timeline, [intent])
            why = (
                ("nobody knows yet whether it was done" if intent.ref in doubtful else None)
                or in_the_way(facts, intent, gone, upsert=upsert)
                or _buried(facts[order[intent.ref] + 1 :], intent, gone, opens)
                or self._refused(intent)
                or below_zero(timeline)
            )
            if why is not None:
                return (), why
            gone.add(intent.ref)
        return tuple(found), None

    def _stood_on(
        self, line: LineKey, mine: Sequence[Reverted], intents: Sequence[Intent]
    ) -> str | None:
        """What else edited or moved the line on the very day of these merges. The rules of one day
        do not tell who made which, nor a write whether usage or an edit made it."""
        if not intents:
            again = any(line in one.superseded for one in mine)
            return "its configuration was changed more than once that day" if again else None
        own, days = {intent.ref for intent in intents}, {one.day for one in mine}
        facts = self._facts[line]
        last = max(place for place, fact in enumerate(facts) if fact.ref in own)
        later = any(fact.day in days for fact in facts[last + 1 :])
        return "a later write on the line counts from the same day" if later else None

    def _refused(self, intent: Intent) -> str | None:
        state = self._entry.state
        if state.assumptions.back_dated == "refused" and intent.day < self._entry.as_of:
            return "BMS takes nothing that is dated back"
        return too_early(intent, state.billing_starts)


def _buried(since: Sequence[KnownFact], intent: Intent, gone: Set[str], opens: date) -> str | None:
    """Nobody counts again what the writes of periods that are long over would have been."""
    later = any(fact.day < opens and fact.ref not in gone for fact in since)
    if later and intent.day < opens:
        return "later writes stand on it in periods that are over"
    return None


def _overtaken(rules: Sequence[LineRule], mine: Sequence[Reverted]) -> str:
    """Why the newest rule that is known is none of these merges that could be left out."""
    days = {one.day for one in mine}
    if not rules or rules[-1].day in days:
        return "nothing is known of its configuration before that day"
    if rules[-1].day > min(days):
        return "its configuration was changed again since"
    return "that left its configuration as it was"


def _split(
    now: LineRule, rules: Sequence[LineRule], mine: Sequence[Reverted]
) -> tuple[list[LineRule], list[LineRule]]:
    """Rules that were in force before these merges, and those that they left, if nothing came
    after."""
    days = {one.day for one in mine}
    place = len(rules)
    while place > 1 and rules[place - 1].day in days:
        place -= 1
    before, undone = list(rules[:place]), list(rules[place:])
    if undone and not same_rule(before[-1], now):
        # Another edit of that day came before theirs; or this very plan was begun by a run.
        day = undone[0].day
        others = [one.superseded.get(now.line) for one in mine if one.day == day]
        same = (one for one in (*others, undone[0]) if one is not None and same_rule(one, now))
        before.extend(islice(same, 1))
    return before, undone
