"""Contracts whose last day is over: how long they are looked at, and of which lines."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from reconciler.engine.periods import DAY, Cycle, Schedule
from reconciler.model.bms import Contract, LineKey
from reconciler.model.rules import LineRule


def day_of_plan(end: date, as_of: date) -> date:
    """As of which day a contract with that last day is planned: later ones are not its own."""
    return as_of if as_of <= end else end + DAY


def is_looked_at(
    contract: Contract,
    as_of: date,
    *,
    calendar: bool,
    back_to: date | None = None,
    looks: Sequence[date] = (),
) -> bool:
    """Is an ended contract's last period the one before the current, or of ``back_to`` or later?

    Of any contract the period before the current one is looked at again, and those since the one
    that a run looked at before it.
    """
    if back_to is not None and contract.end >= back_to:
        return True
    cycle = cast("Cycle", contract.billing_cycle.lower())
    without_end = Schedule(contract.start, cycle, calendar=calendar)
    last = without_end.containing(contract.end)
    if as_of - DAY < without_end.containing(last.end).end:
        return True
    looked_on = newest_look(looks, without_end.containing(as_of - DAY).first)
    return looked_on is not None and looked_on - DAY < last.end


def newest_look(looks: Sequence[date], current: date) -> date | None:
    """The day of the newest run before the period that begins on ``current``; None: there was none.

    What that run and those before it could not know is looked at for all of that period.
    """
    before = bisect_right(looks, current)
    return looks[before - 1] if before else None


@dataclass(slots=True)
class Ledgered:
    """Lines that the ledger knows: their units, and since when the configuration named them. And
    when a run looked at all of them."""

    told: Collection[LineKey] = ()
    rules: Iterable[LineRule] = ()
    looks: Sequence[date] = ()
    """The days as of which a run looked at every line, in order."""
    _since: dict[int, dict[LineKey, date]] = field(default_factory=dict, init=False)
    """By contract; made when the first ended one is met."""

    def lines_of(self, contract: Contract) -> Collection[LineKey]:
        """Those that were in the configuration before its end; none where no units were known."""
        if not self._since and self.told:
            self._since = self._by_contract()
        since = self._since.get(contract.id, {})
        return {key for key, day in since.items() if day <= contract.end}

    def _by_contract(self) -> dict[int, dict[LineKey, date]]:
        found: dict[int, dict[LineKey, date]] = defaultdict(dict)
        for key in self.told:
            found[key.contract_id][key] = date.min
        for rule in self.rules:
            if rule.line.contract_id in found:
                found[rule.line.contract_id].setdefault(rule.line, rule.day)
        return dict(found)
