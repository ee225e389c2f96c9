"""One line tried on made-up readings: the plan's own code on a contract of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from reconciler.engine.billed import period_money
from reconciler.engine.bound import BoundContract, BoundLine
from reconciler.engine.changes import changes_of
from reconciler.engine.day_runs import Input
from reconciler.engine.frame import Frame
from reconciler.engine.known import KnownLine, known_line
from reconciler.engine.line_months import periods_of
from reconciler.engine.lines import LineWork, work
from reconciler.engine.looked_at import opens_on
from reconciler.engine.periods import DAY, Cycle, Schedule
from reconciler.engine.proration import rounded
from reconciler.engine.question import settings_on
from reconciler.model.assumptions import Assumptions
from reconciler.model.bms import Account, CatalogueService, Contract, LineKey, Row
from reconciler.model.desired import Billing, DesiredAccount, DesiredLine, Reference
from reconciler.model.ledgered import KnownFact
from reconciler.model.plan import Change
from reconciler.model.reading import MetricKey, Series, Span
from reconciler.model.settings import Rest, Term
from reconciler.model.timeline import UNKNOWN, Timeline

KEY: Final = LineKey(1, 1, 1)
ROW: Final = 1
ENDLESS: Final = timedelta(days=36_525)

Quantities = Mapping[MetricKey, Mapping[str, Mapping[date, Decimal]]]
"""By metric of an organization, dimension and day."""


@dataclass(frozen=True, slots=True)
class TrialContract:
    """The contract; ``units`` since its first day, None where BMS does not have the line."""

    start: date
    end: date | None
    cycle: Cycle
    billing: Billing
    price: Decimal
    units: int | None
    closed_through: date | None


@dataclass(frozen=True, slots=True)
class Trial:
    """Everything that its outcome depends on."""

    line: DesiredLine
    contract: TrialContract
    readings: Quantities
    as_of: date
    assume: Assumptions
    currency: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a plan on the day says."""

    units: Timeline
    as_of: date
    changes: tuple[tuple[date, int], ...]
    scheduled: tuple[tuple[date, int], ...]
    monthly: Decimal
    prorated: Decimal
    """Of the changes, without what is scheduled."""
    billed: Mapping[date, Decimal | None]
    """By the first day of each month asked for; None where units are unknown."""


def tried(trial: Trial, months: Sequence[date] = ()) -> Outcome:
    """The outcome; ``months`` are the first days of those whose bill is wanted."""
    bound = _bound(trial)
    known = _known(trial, bound)
    opens = opens_on(bound.contract, trial.as_of)
    done = work(bound, known, inputs_of(trial), opens, trial.as_of, trial.assume)
    changes = list(changes_of(done, Frame(trial.assume, trial.as_of, trial.currency, ()), ()))
    now = [change for change in changes if change.standing != "scheduled"]
    units = _units(done)
    return Outcome(
        units=units,
        as_of=trial.as_of,
        changes=_moves(change for change in now if change.kind != "price"),
        scheduled=_moves(change for change in changes if change.standing == "scheduled"),
        monthly=sum((change.money.monthly for change in now), Decimal(0)),
        prorated=sum((change.money.prorated for change in now), Decimal(0)),
        billed={month: _billed(trial, done, units, month) for month in months},
    )


def inputs_of(trial: Trial) -> list[Input]:
    """One per term and organization; a product without any reading is not mapped."""
    organizations: dict[str, dict[str, None]] = defaultdict(dict)
    for key in trial.readings:
        organizations[key.product][key.organization] = None
    return [
        _input(term, key, _series(trial.readings.get(key)))
        for term in trial.line.settings[0].settings.count
        for organization in organizations.get(term.product, ())
        for key in (MetricKey(term.product, organization, term.metric),)
    ]


def _input(term: Term, key: MetricKey, series: Series | None) -> Input:
    if isinstance(term.of, Rest):
        but = term.of.named_for(key.organization)
        return Input(key, series, None, term.subtract, but=but)
    return Input(key, series, term.of, term.subtract)


def _series(by_dimension: Mapping[str, Mapping[date, Decimal]] | None) -> Series | None:
    """A day that any dimension has is a complete answer."""
    if not by_dimension:
        return None
    days = sorted({day for quantities in by_dimension.values() for day in quantities})
    spans = {name: _spans(quantities) for name, quantities in by_dimension.items()}
    covered = tuple((first, last) for first, last, _ in _spans(dict.fromkeys(days, Decimal(1))))
    return Series(covered, spans)


def _spans(quantities: Mapping[date, Decimal]) -> tuple[Span, ...]:
    out: list[Span] = []
    for day in sorted(quantities):
        if out and out[-1][1] + DAY == day and out[-1][2] == quantities[day]:
            out[-1] = (out[-1][0], day, quantities[day])
        else:
            out.append((day, day, quantities[day]))
    return tuple(out)


def _bound(trial: Trial) -> BoundLine:
    line, given = trial.line, trial.contract
    end = given.end or given.start + ENDLESS
    cycle = given.cycle
    account = Account(KEY.account_id, "the account")
    contract = Contract(
        KEY.contract_id,
        account.id,
        "the contract",
        "Recurring Service",
        "Active",
        cycle.capitalize(),
        given.start,
        end,
        Decimal(0),
    )
    desired = DesiredAccount(Reference(account.id), "apply", {}, (), line.origin)
    calendar = given.billing.periods == "calendar"
    schedule = Schedule(
        given.start, cycle, calendar=calendar, end=end, part_period=trial.assume.part_period
    )
    service = CatalogueService(KEY.service_id, line.service, given.price)
    row = Row(
        ROW,
        contract.id,
        account.id,
        service.id,
        line.service,
        "",
        given.start,
        given.price,
        Decimal(0),
    )
    return BoundLine(
        KEY,
        line,
        BoundContract(contract, account, desired, given.billing, schedule, given.closed_through),
        service,
        () if given.units is None else (row,),
    )


def _known(trial: Trial, bound: BoundLine) -> KnownLine:
    units, start = trial.contract.units, trial.contract.start
    if units is None:
        return known_line((), (), agreed=True)
    fact = KnownFact(KEY, ROW, start, "add", units, "baseline")
    return known_line(bound.rows, (fact,), agreed=True)


def _units(done: LineWork) -> Timeline:
    """Known units up to the first day that may be written, wanted ones from it on."""
    before = done.known.timeline.steps if done.known.exists else ((date.min, 0),)
    kept = [step for step in before if step[0] < done.first]
    return Timeline.of([*kept, *done.desired.timeline.steps])


def _moves(changes: Iterable[Change]) -> tuple[tuple[date, int], ...]:
    return tuple((change.day, change.units_after) for change in changes)


def _billed(trial: Trial, done: LineWork, units: Timeline, month: date) -> Decimal | None:
    """The periods that begin in the month, at the configuration's price or the line's own."""
    schedule, money = done.bound.contract.schedule, Fraction(0)
    for period in periods_of(schedule, month, month):
        if units.at(period.first) is UNKNOWN:
            return None
        price = settings_on(trial.line, period.first).price
        price = trial.contract.price if price is None else price
        money += period_money(units, price, period, schedule.cycle, trial.assume)
    return rounded(money, trial.currency)
