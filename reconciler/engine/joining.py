"""From which day on a line counts that no plan applied before was about.

One that BMS has counts from today on where its account was applied before, and else from ever.
One that BMS lacks begins with the period that is current when it is first seen. The ledger keeps
that day with the line's first rule, so it stays the same until the line is written, however late
that is. Earlier days count where somebody said so: by the line's `from`, or by `billing_starts` in
a ledger's very first plan; and where the contract renews one that had the line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from reconciler.engine.bound import BoundContract, BoundLine
from reconciler.engine.entry import PlanInput
from reconciler.engine.looked_at import current_period
from reconciler.engine.periods import DAY
from reconciler.engine.rules import by_line
from reconciler.model.bms import LineKey
from reconciler.model.rules import LineRule

EVER: Final = date.min


class Joining:
    """What the ledger and BMS had of every line before this plan."""

    __slots__ = ("_as_of", "_contracts", "_homes", "_is_first", "_rules", "_told")

    def __init__(self, entry: PlanInput) -> None:
        self._as_of = entry.as_of
        self._rules = by_line(entry.remembered.rules)
        self._is_first = not entry.remembered.was_applied
        self._told = {fact.line for fact in entry.remembered.facts}
        self._contracts = {contract.id: contract for contract in entry.seen.contracts}
        self._homes: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        """The contracts of a service, by account and service."""
        for key in self._rules:
            self._homes[key.account_id][key.service_id].append(key.contract_id)

    def remembered(self, line: BoundLine) -> Sequence[LineRule]:
        """The line's rules; the first from the line's `from` on, where that came later and is
        earlier, and BMS still lacks the line."""
        rules = self._rules.get(line.key, ())
        start = line.line.start
        if rules and start is not None and start < rules[0].day and not self._is_in_bms(line):
            return [replace(rules[0], day=start), *rules[1:]]
        return rules

    def is_new(self, first: LineRule) -> bool:
        """Does the ledger not know the line from that day on?"""
        rules = self._rules.get(first.line, ())
        return not rules or rules[0].day != first.day

    def day(self, line: BoundLine) -> date:
        """From when on a line counts that has no rules."""
        if self._is_in_bms(line):
            return self._as_of if self._joins_late(line.key) else EVER
        contract, start = line.contract, line.line.start
        begins = current_period(contract, self._as_of).first
        before = _period_before(contract, begins)
        if before <= contract.schedule.start and self._renews(line):
            begins = min(begins, before)
        elif self._is_first and contract.billing_starts is not None:
            closed = contract.closed_through
            opens = EVER if closed is None else closed + DAY
            begins = min(begins, max(contract.billing_starts, opens))
        return begins if start is None else min(begins, start)

    def _is_in_bms(self, line: BoundLine) -> bool:
        return bool(line.rows) or line.key in self._told

    def _joins_late(self, key: LineKey) -> bool:
        """Is it new to an account that was applied before?"""
        services = self._homes.get(key.account_id)
        return services is not None and key.service_id not in services

    def _renews(self, line: BoundLine) -> bool:
        """Had a contract that ended before this one began the line?"""
        key = line.key
        homes = self._homes.get(key.account_id, {}).get(key.service_id, ())
        return any(
            earlier is not None and earlier.end < line.contract.contract.start
            for earlier in map(self._contracts.get, homes)
        )


def _period_before(contract: BoundContract, first: date) -> date:
    """The start of the period before the one that starts on ``first``, if there is one."""
    schedule = contract.schedule
    return schedule.containing(max(first - DAY, schedule.start)).first
