"""One bound line: its first writable day, desired timeline, and what differs from known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import takewhile

from reconciler.engine.begun import begun_by_writes
from reconciler.engine.bound import BoundLine
from reconciler.engine.day_runs import Input
from reconciler.engine.desired import Desired, born_on, desired
from reconciler.engine.diff import Difference
from reconciler.engine.differing import differing
from reconciler.engine.known import KnownLine, replay
from reconciler.engine.looked_at import counts_from, first_writable
from reconciler.engine.periods import DAY
from reconciler.engine.price_waits import WaitingPrice, due_price, priced_on
from reconciler.engine.question import Question, settings_on
from reconciler.model.assumptions import Assumptions
from reconciler.model.ledgered import Intent, KnownFact
from reconciler.model.settings import LineSettings
from reconciler.model.timeline import UNKNOWN, Timeline, Units


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
    begun: Mapping[date, Units] = field(default_factory=dict)
    """What periods began with, where BMS's own step on their first day does not say so."""

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

    def is_over(self, as_of: date) -> bool:
        """Has that, or its contract's?"""
        return self.bound.contract.is_over or self.has_ended(as_of)


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
    question = question_of(bound, known, inputs, opens, as_of, stands)
    if not known.exists:
        question = replace(question, first=born_on(question))
    wanted = _wanted(bound, question, stands)
    steps = differing(bound, known, question, wanted, stands, assume)
    if bound.contract.is_over:
        # What BMS has from a later day on bills nothing.
        steps = tuple(step for step in steps if step.day <= bound.contract.contract.end)
    settings, paid_on = _paid(bound, question)
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
        assume.line_update == "upsert",
        billed and (ends is None or as_of <= ends),
        billed and (ends is None or paid_on <= ends),
        waits,
        question.begun,
    )


def question_of(
    bound: BoundLine,
    known: KnownLine,
    inputs: Sequence[Input],
    opens: date,
    as_of: date,
    stands: Timeline,
) -> Question:
    """What the line's desired timeline depends on, where plans of that day look at the contract
    from ``opens`` on."""
    first, schedule = first_writable(bound, known, opens, as_of), bound.contract.schedule
    written = begun_by_writes(schedule, known.facts, bound.takes_back)
    return Question(
        line=bound.line,
        inputs=inputs,
        schedule=schedule,
        first=first,
        as_of=as_of,
        known=as_before_us(known, stands, first),
        exists=known.exists,
        closed=bound.contract.closed_through,
        closings=bound.contract.closings,
        edited=bound.edited,
        counts_from=counts_from(bound),
        begun={**written, **known.entered} if known.entered else written,
        ours={day for day, units in written.items() if units == stands.at(day)},
    )


def _wanted(bound: BoundLine, question: Question, stands: Timeline) -> Desired:
    """A line that may not be changed yet, or any more, is to have what it has."""
    if question.first <= min(question.as_of, bound.contract.contract.end):
        return desired(question)
    return Desired(stands, is_steady=True)


def _paid(bound: BoundLine, question: Question) -> tuple[LineSettings, date]:
    """The settings of the day of the plan, and whose day's price they have."""
    settings = settings_on(bound.line, question.as_of)
    first = max(question.first, question.counts_from)
    paid_on = priced_on(bound, first, question.as_of)
    if bound.price_back is not None:
        settings = replace(settings, price=bound.price_back.price)
    elif paid_on < question.as_of:
        settings = replace(settings, price=settings_on(bound.line, paid_on).price)
    return settings, paid_on
