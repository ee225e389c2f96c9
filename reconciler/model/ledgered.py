"""What the ledger knows of BMS: units, agreed totals, intents and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from reconciler.model.bms import LineKey
from reconciler.model.rules import LineRule

KnownSource: TypeAlias = Literal[
    "reply", "note", "baseline", "invoice", "solved", "hand", "accepted"
]


@dataclass(frozen=True, slots=True)
class KnownFact:
    """Units learned, in the order they were learned.

    ``add``: the row (or hand edit) contributes ``units`` from ``day`` on. ``set``: the line has
    ``units`` in all from ``day`` on.
    """

    line: LineKey
    row_id: int | None
    day: date
    effect: Literal["add", "set"]
    units: int
    source: KnownSource
    ref: str | None = None
    recorded_at: datetime | None = None
    price: Decimal | None = field(default=None, compare=False)
    """What a write of ours carried, as its intent tells."""
    entered: int | None = field(default=None, compare=False)
    """What the period of a write of ours was entered with, as its intent tells."""


@dataclass(slots=True, unsafe_hash=True)  # not frozen: it would take three times as long
class RowMark:
    """A row as it was when a contract's total was last agreed."""

    row_id: int
    service_id: int
    day: date
    price: Decimal


@dataclass(frozen=True, slots=True)
class Agreement:
    """A contract's total as last proved. ``residual`` is what it holds beyond ``lines``."""

    contract_id: int
    day: date
    total: Decimal
    residual: Decimal
    lines: tuple[int, ...]
    """The BMS services whose units were known and counted."""
    rows: tuple[RowMark, ...]
    """Of those services."""
    others: tuple[RowMark, ...]
    """Every other row the contract had."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What is about to be posted, recorded before it is. ``ref`` is its name, also in BMS."""

    ref: str
    plan: str
    """The plan's digest."""
    change: str
    """The change's id."""
    kind: Literal["units", "price"]
    line: LineKey
    day: date
    posted_units: int
    """What the call carries: a difference under append, a total under upsert."""
    units_before: int
    units_after: int
    price: Decimal
    rows_before: tuple[RowMark, ...]
    """The line's rows when the intent was made."""
    total_before: Decimal
    total_after: Decimal
    at: datetime
    lease: int
    entered: int | None = None
    """What its period was entered with before the period's own counts, where it is dated on the
    first day of one: what follows came from no other period."""


Outcome: TypeAlias = Literal["answered", "refused", "proved", "absent", "misfit", "accepted"]
"""answered: BMS replied as expected; refused: BMS said no; proved: the answer was lost and evidence
shows it was done; absent: the answer was lost and evidence shows it was not; misfit: BMS did
something else than was posted; accepted: a person looked at a misfit and took BMS over as it is."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How an intent ended. Once, but that an answer can turn out a misfit, and a misfit can be
    accepted."""

    ref: str
    outcome: Outcome
    at: datetime
    row_id: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reverted:
    """A merge that a later commit says it reverts, with what it wrote because of its edits."""

    name: str
    """As people call it: ``#7``."""
    commit: str
    day: date
    """The day of its plan: its edits without a date count from then on."""
    wrote: date
    """The local day of its first write."""
    lines: frozenset[LineKey]
    """Those whose units it wrote."""
    superseded: Mapping[LineKey, LineRule] = field(default_factory=dict)
    """What counted before its edit, where another edit had been made on that very day."""
    reversals: frozenset[LineKey] = frozenset()
    """Those where it took writes of another merge back itself."""
    intents: tuple[Intent, ...] = ()
    """Of these writes those that were done, or may have been, and that nobody took back since."""
    doubtful: frozenset[str] = frozenset()
    """The refs of those whose answer is not known."""
    prices: tuple[Intent, ...] = ()
    """Its prices after which only merges that are reverted too set others on these lines, newest
    first."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A write after which BMS shows something else than was posted, and nobody has looked yet."""

    intent: Intent
    detail: str


@dataclass(frozen=True, slots=True)
class NamedPrice:
    """A price that a merge named before its day, which lets it be written when the day has come."""

    line: LineKey
    day: date
    before: Decimal
    after: Decimal
    who: str
    """Who let it."""

    @property
    def is_withdrawn(self) -> bool:
        """No price is let on that day any more: none moves to what it is."""
        return self.before == self.after

    @property
    def withdrawn(self) -> NamedPrice:
        """What stands in place of it once a person has set it in BMS."""
        return NamedPrice(self.line, self.day, self.after, self.after, "a person, in BMS")


@dataclass(frozen=True, slots=True)
class ReplacedPrice:
    """What a line cost until a write of ours gave it another price; ``day``: that of the write."""

    line: LineKey
    day: date
    price: Decimal
    after: Decimal
    at: datetime
    """When it was sent."""


@dataclass(frozen=True, slots=True)
class EnteredPeriod:
    """With how many units a line was found to enter a period, before the period's own counts.

    A later run looks at fewer days before it, and BMS does not tell where nothing could be written.
    """

    line: LineKey
    day: date
    """The period's first."""
    units: int
    at: datetime | None = None
    """When it was found; None: now."""


@dataclass(frozen=True, slots=True)
class LapsedDays:
    """Days in a row that are invoiced with other units than the line should have had there."""

    first: date
    last: date
    wanted: int
    has: int
    money: Decimal
    """What is never billed; below 0: what is never credited."""


@dataclass(frozen=True, slots=True)
class Lapsed:
    """What a line lost for good when plans began to look at no day ``before`` that one.

    Later plans have the readings of ever fewer of these days, and are to say the same.
    """

    line: LineKey
    before: date
    counts_from: date
    """The line counted from that day on: another `from` may leave nothing lost."""
    days: tuple[LapsedDays, ...]
    at_least: bool = False
    """Were some of the readings not at hand?"""


@dataclass(frozen=True, slots=True)
class Remembered:
    """Everything of the ledger that a plan needs, beside readings and the observation."""

    ledger_id: str
    facts: tuple[KnownFact, ...] = ()
    facts_elsewhere: int = 0
    """How many more there are, of accounts that were not asked for."""
    contracts: frozenset[int] = frozenset()
    """Every contract of which units were ever learned, whatever accounts were asked for."""
    agreements: tuple[Agreement, ...] = ()
    """The newest per contract."""
    open_intents: tuple[Intent, ...] = ()
    misfits: tuple[Misfit, ...] = ()
    """Oldest first."""
    done_changes: Mapping[str, int] = field(default_factory=dict)
    """How often each change was written: its intents that ended as answered or proved, by id."""
    names: tuple[tuple[str, str, int], ...] = ()
    """(kind, name, id) as once resolved: kind is account, contract:<account id> or service."""
    rules: tuple[LineRule, ...] = ()
    """By which rules lines were counted, by day."""
    has_rules: bool = False
    """Are there any, of whatever accounts?"""
    named_prices: tuple[NamedPrice, ...] = ()
    """Those that BMS has not had since, as far as was seen."""
    replaced_prices: tuple[ReplacedPrice, ...] = ()
    """Oldest first."""
    entered: tuple[EnteredPeriod, ...] = ()
    """Where neither BMS nor a write of ours says so."""
    looks: tuple[date, ...] = ()
    """The days as of which a run looked at every line, in order."""

    @property
    def was_applied(self) -> bool:
        """Was there an apply with this ledger before, of whatever accounts?"""
        return self.has_rules or bool(self.rules)
