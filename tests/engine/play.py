"""A BMS in memory, just enough to carry a plan out and to plan again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from reconciler.apply.order import in_writing_order
from reconciler.engine.entered import to_remember
from reconciler.engine.entry import PlanInput
from reconciler.engine.known import replay
from reconciler.engine.misspelt import suspects
from reconciler.engine.plan import Planned, make_plan
from reconciler.model.assumptions import Assumptions
from reconciler.model.bms import (
    Account,
    CatalogueService,
    Contract,
    Invoice,
    LineKey,
    Observation,
    Row,
)
from reconciler.model.desired import DesiredAccount, DesiredState, Guards
from reconciler.model.ledgered import (
    Agreement,
    EnteredPeriod,
    Intent,
    KnownFact,
    Lapsed,
    Remembered,
    ReplacedPrice,
)
from reconciler.model.plan import Change
from reconciler.model.reading import MetricKey, Organization, Series, SourceStatus, Usage
from reconciler.model.rules import LineRule
from tests.engine import builders as make

APPEND = Assumptions(line_update="append", negative_units="accepted")
UPSERT = Assumptions(line_update="upsert", negative_units="accepted")
NO_LIMITS = Guards(Decimal(10**9), 10**9, None, None, None, "allow")


@dataclass
class World:
    """BMS with the units it never shows, the ledger, and the readings."""

    accounts: Sequence[DesiredAccount] = ()
    series: dict[tuple[str, str], Series] = field(default_factory=dict)
    """By organization name and metric."""
    rows: list[tuple[Row, int]] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=lambda: [make.a_contract()])
    services: list[CatalogueService] = field(
        default_factory=lambda: [make.WORKSTATION, make.SERVER]
    )
    bms_accounts: list[Account] = field(default_factory=lambda: [make.ACCOUNT])
    facts: list[KnownFact] = field(default_factory=list)
    agreements: dict[int, Agreement] = field(default_factory=dict)
    intents: list[Intent] = field(default_factory=list)
    replaced: list[ReplacedPrice] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)
    sources: tuple[SourceStatus, ...] = ()
    names: list[tuple[str, str, int]] = field(default_factory=list)
    rules: list[LineRule] = field(default_factory=list)
    entered: dict[tuple[LineKey, date], EnteredPeriod] = field(default_factory=dict)
    now: datetime | None = None
    """Of the last plan."""
    looks: list[date] = field(default_factory=list)
    lapsed: list[Lapsed] = field(default_factory=list)
    assume: Assumptions = APPEND
    state: Mapping[str, Any] = field(default_factory=dict)
    usage: Usage | None = None
    """Instead of what ``series`` makes."""

    def baseline(self) -> None:
        """Tell the ledger the units of every row."""
        for row, units in self.rows:
            self.facts.append(self._fact(row, units, "baseline"))

    def entry(self, as_of: date, **more: Any) -> PlanInput:
        state, usage = self._state(), self._usage()
        more.setdefault("suspects", suspects(state.types, usage.series))
        more.setdefault("lapsed", tuple(self.lapsed))
        return PlanInput(state, self._seen(as_of), usage, self._remembered(), as_of, **more)

    def plan(self, as_of: date, **more: Any) -> Planned:
        """Plan, and keep what was learned, as a run does."""
        more.setdefault("now", datetime(as_of.year, as_of.month, as_of.day, 12, tzinfo=UTC))
        self.now = more["now"]
        planned = make_plan(self.entry(as_of, **more))
        self.facts.extend(planned.examined.learned.facts)
        for agreement in planned.examined.learned.agreements:
            self.agreements[agreement.contract_id] = agreement
        settled = {entry.ref for entry in planned.examined.learned.settled}
        self.intents = [intent for intent in self.intents if intent.ref not in settled]
        self.names.extend(planned.examined.learned.names)
        return planned

    def night(self, as_of: date, standings: Sequence[str] = ("ready", "proposed")) -> Planned:
        """Plan, bring the configuration's rules into force, and carry out what may be written."""
        planned = self.plan(as_of)
        self.rules.extend(planned.examined.learned.rules)
        self.rules.sort(key=lambda rule: rule.day)
        self.apply(planned, standings)
        for one in to_remember(planned.examined.learned.entered, self._remembered()):
            self.entered[one.line, one.day] = replace(one, at=self.now)
        self.lapsed.extend(planned.examined.learned.lapsed)
        self.looks.append(as_of)
        return planned

    def apply(self, planned: Planned, standings: Sequence[str] = ("ready", "proposed")) -> int:
        """Carry out what may be written; how many writes that was."""
        changes = [c for c in planned.plan.changes if c.standing in standings]
        for key, group in groupby(changes, lambda change: change.line.key):
            known = replay([fact for fact in self.facts if fact.line == key])
            append = self.assume.line_update == "append"
            for change in in_writing_order(list(group), known) if append else group:
                self.post(change)
        return len(changes)

    def post(self, change: Change) -> None:
        """What BMS does with one call, and what the ledger keeps of its answer."""
        ref = change.line
        mine = [n for n, (row, _) in enumerate(self.rows) if self._is_of(row, change)]
        if change.kind == "price":
            day, before = change.day, change.price_before
            at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
            self.replaced.append(ReplacedPrice(ref.key, day, before, change.price, at))
            for n in mine:
                row, units = self.rows[n]
                self.rows[n] = (replace(row, price=change.price), units)
            return
        if self.assume.line_update == "upsert" and mine:
            row = replace(self.rows[mine[-1]][0], date=change.day, price=change.price)
            self.rows[mine[-1]] = (row, change.posts)
        else:
            row = make.a_row(
                id=max((r.id for r, _ in self.rows), default=1000) + 1,
                contract_id=ref.contract_id,
                account_id=ref.account_id,
                service_id=ref.service_id,
                name=ref.bms_service,
                date=change.day,
                price=change.price,
            )
            self.rows.append((row, change.posts))
        fact = self._fact(row, change.posts, "reply")
        written = f"W{len(self.facts):09d}"
        self.facts.append(replace(fact, entered=change.entered, ref=written, recorded_at=self.now))

    def units(self, service_id: int, day: date) -> int:
        """What BMS bills on that day under append."""
        return sum(
            units for row, units in self.rows if row.service_id == service_id and row.date <= day
        )

    def _is_of(self, row: Row, change: Change) -> bool:
        ref = change.line
        return (row.contract_id, row.service_id) == (ref.contract_id, ref.service_id)

    def _fact(self, row: Row, units: int, source: Any) -> KnownFact:
        key = LineKey(row.account_id, row.contract_id, row.service_id)
        effect: Any = "set" if self.assume.line_update == "upsert" else "add"
        return KnownFact(key, row.id, row.date, effect, units, source)

    def _state(self) -> DesiredState:
        accounts = tuple(self.accounts or (make.desired_account(),))
        given: dict[str, Any] = {
            "tenant": "Example MSP",
            "currency": "USD",
            "time_zone": "America/New_York",
            "mode": "apply",
            "assumptions": self.assume,
            "guards": NO_LIMITS,
            "sources": (),
            "accounts": accounts,
            "types": make.types_of(accounts),
            "digest": "config",
            "billing_starts": make.START,
        }
        return DesiredState(**{**given, **self.state})

    def _seen(self, as_of: date) -> Observation:
        totals = {c.id: Decimal(0) for c in self.contracts}
        for row, units in self.rows:
            if row.date <= as_of and row.contract_id in totals:
                totals[row.contract_id] += units * row.price
        return Observation(
            accounts=tuple(self.bms_accounts),
            contracts=tuple(replace(c, total=c.total + totals[c.id]) for c in self.contracts),
            services=tuple(self.services),
            rows=tuple(row for row, _ in self.rows),
            invoices=tuple(self.invoices),
            wide=frozenset(totals),
            day=as_of,
        )

    def _usage(self) -> Usage:
        if self.usage is not None:
            return self.usage
        names = sorted({organization for organization, _ in self.series})
        return Usage(
            series={
                MetricKey("datto-rmm", organization, metric): found
                for (organization, metric), found in self.series.items()
            },
            organizations=tuple(Organization("datto-rmm", name, name) for name in names),
            sources=self.sources,
            digest="readings",
        )

    def _remembered(self) -> Remembered:
        return Remembered(
            ledger_id="ledger",
            facts=tuple(self.facts),
            agreements=tuple(self.agreements.values()),
            open_intents=tuple(self.intents),
            names=tuple(self.names),
            replaced_prices=tuple(self.replaced),
            rules=tuple(self.rules),
            entered=tuple(self.entered.values()),
            looks=tuple(self.looks),
        )


def brass(*values: int | None, units: int | None = 10, **more: Any) -> World:
    """One account with one line of ten workstations at 20.00, and its readings."""
    world = World(series={("Brass", "total-devices"): make.series(*values)}, **more)
    if units is not None:
        world.rows.append((make.a_row(date=date(2025, 12, 1)), units))
        world.contracts = [make.a_contract(start=date(2025, 12, 1))]
        world.baseline()
    return world


def changes(planned: Planned) -> list[tuple[str, int, int, str]]:
    """Day, units before and after, standing."""
    return [(str(c.day), c.units_before, c.units_after, c.standing) for c in planned.plan.changes]


def codes(planned: Planned) -> list[str]:
    return [found.code for found in planned.plan.findings]
