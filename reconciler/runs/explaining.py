"""Explain lines of an account: derived again from readings and ledger, not copied from a plan."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from reconciler.engine.beginnings import beginnings
from reconciler.engine.correcting import REVERSES
from reconciler.engine.lines import LineWork
from reconciler.engine.movements import Writes
from reconciler.engine.priced import cost, units_by_price, wanted_by_price
from reconciler.engine.priced_by_day import price_of
from reconciler.engine.proration import monthly, rounded
from reconciler.engine.question import is_by_day, settings_on
from reconciler.engine.steps import steps_of
from reconciler.engine.words import some
from reconciler.ledger import Ledger
from reconciler.model.errors import WrongUsage
from reconciler.model.explanation import (
    BeginsLater,
    Explanation,
    UnitsSince,
    WriteShown,
)
from reconciler.model.hints import choose
from reconciler.model.ledgered import Intent, Settled
from reconciler.model.plan import APPROVED, Change, Step
from reconciler.model.timeline import UNKNOWN
from reconciler.report.customer import CustomerWords
from reconciler.report.yaml_text import written
from reconciler.runs.account_names import Known, check_accounts
from reconciler.runs.asked import PlanOptions, PlanRun
from reconciler.runs.hindsight import Hindsight
from reconciler.runs.planning import plan
from reconciler.runs.readings_of import of_day, of_period
from reconciler.runs.settings_shown import NEVER_SHOWN, settings_shown
from reconciler.runs.surroundings import Surroundings

MOST_WRITES: Final = 1000


@dataclass(frozen=True, slots=True)
class ExplainOptions:
    """Which lines, and as on which day."""

    account: str
    service: str | None = None
    as_of: date | None = None
    whole_period: bool = False
    """With the readings of every day of the billing period?"""


def explain(
    around: Surroundings, ledger: Ledger, options: ExplainOptions
) -> tuple[Explanation, ...]:
    """One explanation per line, from the last known state; BMS is not called.

    Raises WrongUsage for an account or service that the configuration does not have.
    """
    state = around.desired()
    check_accounts(state, (options.account,), Known(ledger, around.today(state)))
    run = plan(around, ledger, PlanOptions(options.as_of, (options.account,), offline=True))
    works = [
        work
        for work in run.planned.examined.works
        if options.service in (None, work.bound.ref.service, work.bound.ref.bms_service)
    ]
    if not works:
        raise _nothing(run, options)
    day = Hindsight(
        run.as_of, ZoneInfo(run.state.time_zone), past=run.as_of < around.today(run.state)
    )
    called = {(one.product, one.key): one.name for one in ledger.organizations()}
    sources = Sources(around.config, ledger, called)
    found = tuple(_explain(work, run, day, sources) for work in works)
    if not options.whole_period:
        return found
    return tuple(
        replace(one, period_readings=tuple(of_period(work, one.period, ledger)))
        for work, one in zip(works, found, strict=True)
    )


def _nothing(run: PlanRun, options: ExplainOptions) -> WrongUsage:
    """There is no such line; where the account has none at all that day, with what BMS has."""
    names = sorted({work.bound.ref.service for work in run.planned.examined.works})
    if names:
        told = f"{options.account} has no line {options.service!r}"
        otherwise = "leave the service out: that lists all of the account's"
        return WrongUsage(told, remedy=choose(options.service or "", names, otherwise))
    found = [one.message for one in run.planned.plan.findings if one.code.startswith("BMS")]
    if found:
        told = f"{options.account} has no line on {run.as_of}: {some(found)}"
        return WrongUsage(told, remedy="name a day on which it has one, or see `reconciler plan`")
    told = f"{options.account} has no line that BMS and the configuration both know"
    return WrongUsage(told, remedy="see `reconciler plan`")


@dataclass(frozen=True, slots=True)
class Sources:
    """Where an explanation looks things up."""

    config: Path
    ledger: Ledger
    organizations: Mapping[tuple[str, str], str]
    """Their names, by product and key."""


def _explain(work: LineWork, run: PlanRun, then: Hindsight, sources: Sources) -> Explanation:
    bound, known = work.bound, work.known
    as_of = min(run.as_of, bound.contract.contract.end)
    found = sources.ledger.writes(MOST_WRITES, line=bound.key)
    changes = then.changes(c for c in run.planned.plan.changes if c.line == bound.ref)
    wanted = work.desired.timeline.at(as_of)
    price, now, priced = _priced(work, wanted or 0, as_of, changes, then, found)
    units = then.units(known, found)
    schedule = bound.contract.schedule
    newest = work.desired.newest
    day = newest.last if newest is not None else as_of
    period = schedule.containing(max(min(day, schedule.end or day), schedule.start))

    words = CustomerWords(sources.organizations, bound.ref.account)
    ended = tuple(_ended(work, as_of))

    def money(units: Mapping[Decimal, int]) -> Decimal:
        return rounded(monthly(1, cost(units), schedule.cycle), run.state.currency)

    return Explanation(
        line=bound.ref,
        as_of=as_of,
        period=(period.first, period.last),
        units=units,
        wanted=wanted,
        price=price,
        monthly=None if units is UNKNOWN else money(now),
        wanted_monthly=money(priced),
        readings=tuple(of_day(work, day, sources.ledger)),
        steps=(*steps_of(work), *ended),
        customer_steps=(*steps_of(work, words), *ended),
        settings=tuple(settings_shown(bound.line, as_of, sources.config)),
        known=tuple(UnitsSince(f.day, f.units, f.source) for f in then.facts(known, found)),
        desired=then.steps(work.desired.timeline.steps),
        changes=changes,
        writes=tuple(_write(*one, sources.ledger) for one in then.writes(found)),
        by_price=tuple(sorted(now.items())) if len(now) > 1 else (),
        later=() if then.past else tuple(_later(work, as_of, run.state.currency)),
        note=bound.line.note,
        sets_on=_sets_on(work, as_of),
    )


def _ended(work: LineWork, day: date) -> Iterator[Step]:
    """What is beyond the count of the line's last day, once that has passed."""
    ends = work.bound.line.last_day
    if ends is None or not work.has_ended(day):
        return
    since = next((d for d, units in work.desired.timeline.steps if d > ends and units == 0), None)
    yield Step("last day of the line", f"{ends}" if since is None else f"{ends}, 0 from {since} on")


def _sets_on(work: LineWork, day: date) -> date | None:
    """The first day after the period that is running, where the policy waits for its end."""
    schedule = work.bound.contract.schedule
    if not schedule.holds(day) or work.has_ended(day):
        return None
    by_day = is_by_day(settings_on(work.bound.line, day), day)
    return None if by_day else schedule.containing(day).end


def _priced(
    work: LineWork,
    wanted: int,
    day: date,
    changes: Sequence[Change],
    then: Hindsight,
    found: Writes,
) -> tuple[Decimal | None, dict[Decimal, int], dict[Decimal, int]]:
    """What BMS bills a unit at, its units by price, and the units wanted by price: rows keep theirs
    unless the line is to have another."""
    known, catalogue = work.known, work.bound.service.price
    prices = then.prices(known, found, catalogue)
    standing = then.price(known, found, catalogue)
    there = replace(known, facts=then.facts(known, found))
    now = units_by_price(there, prices, standing, day) if known.is_known else {}
    price = price_of(work)[1] if changes else standing
    if any(change.kind == "price" for change in changes) or not known.is_known:
        wanted_at = {price: wanted}
    else:
        wanted_at = wanted_by_price(now, price, wanted)
    billed = {each: units for each, units in now.items() if units}
    # A row whose day has not come bills nothing yet.
    each = next(iter(billed)) if len(billed) == 1 else standing
    return (each if prices else None), billed, wanted_at


def _later(work: LineWork, as_of: date, currency: str) -> Iterator[BeginsLater]:
    for one in beginnings([work], [], as_of, currency):
        for name, values in one.moves.items():
            if name in NEVER_SHOWN:
                continue
            (said, before), (_, after) = (written(name, value) for value in values)
            money = one.monthly if name == "price" else Decimal(0)
            yield BeginsLater(said, before, after, one.day, money)


def _write(intent: Intent, settled: Settled | None, ledger: Ledger) -> WriteShown:
    approval, steps = ledger.let_by(intent), _steps(intent, ledger)
    approved = next((step["value"] for step in steps if step["what"] == APPROVED), "")
    whats = (step["what"] for step in steps)
    return WriteShown(
        at=intent.at,
        day=intent.day,
        units_before=intent.units_before,
        units_after=intent.units_after,
        price=intent.price,
        ref=intent.ref,
        outcome="in doubt" if settled is None else settled.outcome,
        plan=intent.plan,
        approved_by="; ".join(filter(None, (str(approval or ""), approved))),
        reverses=next((what for what in whats if what.startswith(REVERSES)), "").removeprefix(
            REVERSES
        ),
    )


def _steps(intent: Intent, ledger: Ledger) -> list[dict[str, str]]:
    """Of its change in the plan: the file that approved it, or the write that it takes back."""
    content = ledger.load_plan(intent.plan)
    changes = json.loads(content)["changes"] if content is not None else ()
    return [step for one in changes if one["id"] == intent.change for step in one["steps"]]
