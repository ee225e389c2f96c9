"""What a plan is made from, out of the ledger and the configuration's folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from reconciler.desired import load_approvals
from reconciler.engine.ended import newest_look
from reconciler.engine.entry import PlanInput
from reconciler.engine.misspelt import Suspects, suspects
from reconciler.ledger import Ledger
from reconciler.model.bms import Observation
from reconciler.model.desired import DesiredState
from reconciler.model.ledgered import Remembered
from reconciler.runs.asked import PlanOptions
from reconciler.runs.correcting import edits_behind, writes_named
from reconciler.runs.lapsed import lapsed_since
from reconciler.runs.left_by_hand import left_by_hand
from reconciler.runs.reverting import reverted_merges

DAYS_OF_TWO_PERIODS: Final = {"weekly": 14, "monthly": 62, "quarterly": 184, "yearly": 732}


@dataclass(frozen=True, slots=True)
class Known:
    """What is wanted and what is there, on the day of a plan."""

    state: DesiredState
    seen: Observation
    remembered: Remembered
    as_of: date


def input_of(config: Path, ledger: Ledger, known: Known, options: PlanOptions) -> PlanInput:
    """With the readings, the approvals and what the plan is asked for."""
    corrects = writes_named(ledger, options.correct, known.state.time_zone)
    first = open_days(known.seen, known.as_of, known.remembered.looks)
    last = known.as_of - timedelta(days=1)
    usage = ledger.load_usage(first, last, known.state.sources)
    return PlanInput(
        state=known.state,
        seen=known.seen,
        usage=usage,
        remembered=known.remembered,
        as_of=known.as_of,
        now=known.seen.read_at,
        local=_local(known),
        zone=ZoneInfo(known.state.time_zone),
        commit=options.commit,
        approved=load_approvals(config),
        only=options.accounts,
        true_up=options.true_up,
        corrects=corrects,
        retracts=tuple(
            edits_behind(ledger, known.remembered.rules, known.seen.contracts, corrects)
        ),
        back_to=options.back_to,
        base=options.base,
        reverts=reverted_merges(ledger, options.reverts or (), known.state.time_zone),
        lapsed=lapsed_since(ledger, first),
        left=() if options.correct or options.true_up else left_by_hand(ledger),
        suspects=_never_read(ledger, suspects(known.state.types, usage.series)),
    )


def _never_read(ledger: Ledger, found: Suspects) -> Suspects:
    """The days that a plan needs are few: what was swapped out long ago is spelt right."""
    read = ledger.types_read(found.keys()) if found else ()
    return {one: like for one, like in found.items() if one not in read}


def _local(known: Known) -> datetime | None:
    if known.seen.read_at is None:
        return None
    read = known.seen.read_at.astimezone(ZoneInfo(known.state.time_zone)).replace(tzinfo=None)
    return read if read.date() == known.as_of else None


def open_days(seen: Observation, as_of: date, looks: Sequence[date] = ()) -> date:
    """The first day of readings that a plan can need: two periods back, of the longest cycle, or to
    the one that the newest run before the current one looked at; and the day before them."""
    days = (DAYS_OF_TWO_PERIODS.get(c.billing_cycle.lower(), 0) for c in seen.contracts)
    two = max(days, default=0) or DAYS_OF_TWO_PERIODS["monthly"]
    period = timedelta(days=two // 2)
    # What is looked at no more is told by the first run after that, with all of its readings.
    before = newest_look(looks, as_of - timedelta(days=1))
    current = min(as_of, (before or as_of) + timedelta(days=1)) - period
    looked_on = newest_look(looks, current) or current
    return looked_on - period - timedelta(days=1)
