"""One bound line: its first writable day, desired timeline, and what differs from known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import takewhile
from operator import attrgetter
from typing import Final

from reconciler.engine.begun import begun_with
from reconciler.engine.bound import BoundLine
from reconciler.engine.day_runs import Input
from reconciler.engine.desired import Desired, counted, desired
from reconciler.engine.diff import Closed, Difference, Rules, UnitsUnknown, difference
from reconciler.engine.in_bms import is_prorated_late
from reconciler.engine.known import KnownLine, replay
from reconciler.engine.looked_at import counts_from, first_writable
from reconciler.engine.periods import DAY
from reconciler.engine.price_waits import WaitingPrice, due_price, priced_on
from reconciler.engine.question import Question, settings_on
from reconciler.engine.too_old import TooOld, too_old, units_since
from reconciler.engine.under_invoices import Invoiced, kept
from reconciler.model.assumptions import Assumptions
from reconciler.model.ledgered import Intent, KnownFact
from reconciler.model.settings import LineSettings
from reconciler.model.timeline import UNKNOWN, Timeline, Units

NOTHING: Final = Timeline(((date.min, 0),))
"""What BMS has of a line that it does not have."""


@dataclass(slots=True)  # not frozen: it would take three times as long
class LineWork:
    """What is wanted of a line and what it takes."""

    bound: BoundLine
    known: KnownLine
    inputs: Sequence[Input]
    settings: LineSettings
    """Those in force on the day of the plan; with the price that is taken back to, where one is,
    and in place of one that waits the one before it."""
    first: date
    desired: Desired
    steps: tuple[Difference, ...]
    upsert: bool
    """Is posting assumed to update the line?"""
    billed: bool = True
    """Is the day of the plan one from which on the line may be changed, and not after its end or
    its contract's?"""
    priced: bool = True
    """The same for its price, which in arrears counts until the invoice of its last day."""
    price_waits: WaitingPrice | None = None
    left_out: date | TooOld | None = None
    """What the line should have had on days that no plan looks at any more: from when on a new line
    would have had units there; of another, what its last such day lacks."""
    begun: Mapping[date, Units] = field(default_factory=dict)
    """What periods began with whose first day their own counts have moved since."""

    @property
    def wanted_price(self) -> Decimal | None:
        """The one that the configuration names for today, whether it waits or not."""
        return self.settings.price if self.price_waits is None else self.price_waits.price

    @property
    def stands(self) -> Timeline:
        """What BMS has, without the writes that are taken back."""
        return without(self.known.timeline, self.bound.takes_back)

    def has_ended(self, as_of: date) -> bool:
        """Has the line's own last day passed?"""
        ends = self.bound.line.last_day
        return ends is not None and ends < as_of


def without(timeline: Timeline, writes: Iterable[Intent]) -> Timeline:
    """As if these writes had never been made."""
    for intent in writes:
        timeline = timeline.adding(intent.day, intent.units_before - intent.units_after)
    return timeline


def as_before_us(known: KnownLine, stands: Timeline, first: date) -> Timeline:
    """``stands``, and on the day before ``first`` what the line had before any write of ours, where
    nothing tells that: what a write brought on its first day is not what it began with."""
    if stands.known_from != first or all(fact.ref is None for fact in known.facts):
        return stands
    told = tuple(takewhile(lambda fact: fact.ref is None, known.facts))
    before = replay(told).at(first) if told else 0
    return stands if before is UNKNOWN else Timeline.of([(first - DAY, before), *stands.steps])


def still_there(bound: BoundLine, facts: Sequence[KnownFact]) -> BoundLine:
    """Nothing is to be taken back any more where a person has moved the line since."""
    if not bound.takes_back:
        return bound
    refs = {intent.ref for intent in bound.takes_back}
    last = max((place for place, fact in enumerate(facts) if fact.ref in refs), default=-1)
    if all(fact.ref is not None for fact in facts[last + 1 :]):
        return bound
    return replace(bound, takes_back=())


def work(
    bound: BoundLine,
    known: KnownLine,
    inputs: Sequence[Input],
    opens: date,
    as_of: date,
    assume: Assumptions,
) -> LineWork:
    """Desired timeline and difference of one line on the day of the plan.

    ``opens`` is the contract's first writable day on that day.
    """
    stands = without(known.timeline, bound.takes_back)
    first = first_writable(bound, known, opens, as_of)
    question = Question(
        line=bound.line,
        inputs=inputs,
        schedule=bound.contract.schedule,
        first=first,
        as_of=as_of,
        known=as_before_us(known, stands, first),
        exists=known.exists,
        closed=bound.contract.closed_through,
        closings=bound.contract.closings,
        edited=bound.edited,
        counts_from=counts_from(bound),
        begun=begun_with(bound.contract.schedule, known.facts, bound.takes_back),
    )
    left_out: date | TooOld | None = None
    if not known.exists:
        left_out = _left_out(bound, question)
        question = replace(question, first=_birth(question))
    settings = settings_on(bound.line, as_of)
    paid_on = priced_on(bound, max(question.first, question.counts_from), as_of)
    if bound.price_back is not None:
        settings = replace(settings, price=bound.price_back.price)
    elif paid_on < as_of:
        settings = replace(settings, price=settings_on(bound.line, paid_on).price)
    wanted, allowed = Desired(stands), stands
    upsert = assume.line_update == "upsert"
    held: tuple[Closed, ...] = ()
    steps: tuple[Difference, ...] = ()
    if question.first <= min(as_of, bound.contract.contract.end):
        wanted = desired(question)
        allowed = wanted.timeline
        if not wanted.is_steady:
            have = known.timeline if known.exists else NOTHING
            rules = Rules(assume, question.first, as_of, known.newest_reply)
            steps = difference(allowed, have, rules)
            if is_held_by_day(known, upsert=upsert) and (steps or bound.takes_back):
                allowed, held = _under_invoices(bound, allowed, stands, question)
                steps = difference(allowed, have, rules) if held else steps
    if bound.takes_back:
        since = min(question.first, *(intent.day for intent in bound.takes_back))
        rules = Rules(assume, since, as_of, known.newest_reply)
        steps = difference(_from(stands, question.first, allowed), known.timeline, rules)
    steps = tuple(sorted([*held, *steps], key=attrgetter("day"))) if held else steps
    if steps and known.exists:
        left_out = _too_old(question, opens, steps[0])
    if bound.contract.is_over:
        # What BMS has from a later day on bills nothing.
        steps = tuple(step for step in steps if step.day <= bound.contract.contract.end)
    due, waits = due_price(bound, settings, paid_on, as_of, known.timeline, wanted.timeline)
    if due != settings.price:
        settings = replace(settings, price=due)
    ends = bound.line.last_day
    billed = question.first <= as_of and not bound.contract.is_over
    return LineWork(
        bound,
        known,
        inputs,
        settings,
        question.first,
        wanted,
        steps,
        upsert,
        billed and (ends is None or as_of <= ends),
        billed and (ends is None or paid_on <= ends),
        waits,
        left_out if steps else None,
        question.begun,
    )


def is_held_by_day(known: KnownLine, *, upsert: bool) -> bool:
    """Does the line wait under an invoice on the days alone that the policy leaves as they are?

    Where a total is set, one of later days would be in the way of theirs; and a new line waits as a
    whole, since its first row says since when it is counted.
    """
    return known.exists and not upsert


def _under_invoices(
    bound: BoundLine, wanted: Timeline, stands: Timeline, question: Question
) -> tuple[Timeline, tuple[Closed, ...]]:
    """What may be written of a line that is held by day, and what not."""
    if question.closed is None:
        return wanted, ()

    def holds(day: date, more: int) -> bool:
        return not is_prorated_late(settings_on(bound.line, day), rises=more > 0)

    invoiced = Invoiced(question.closed, holds)
    return kept(wanted, stands, invoiced, question.first, question.as_of)


def _from(stands: Timeline, first: date, wanted: Timeline) -> Timeline:
    """What stands up to the first writable day, what is wanted from it on."""
    before = (step for step in stands.steps if step[0] < first)
    return Timeline.of([*before, *(step for step in wanted.steps if step[0] >= first)])


def _birth(question: Question) -> date:
    """A new line is not dated before its first complete reading."""
    for tally, _ in counted(question):
        if tally.units is not UNKNOWN and tally.last >= question.first:
            return max(tally.first, question.first)
    return question.first


def _left_out(bound: BoundLine, question: Question) -> date | None:
    """Of a new line, since the configuration has it."""
    if bound.since is None and bound.line.start is None:
        return None
    return units_since(question)


def _too_old(question: Question, opens: date, first: Difference) -> TooOld | None:
    """Of a line whose first day is the first that plans look at; ``opens``: that day."""
    if isinstance(first, UnitsUnknown) or question.first != opens:
        return None
    return too_old(question, (first.day, first.before, first.after))
