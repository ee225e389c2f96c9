"""The ledger as the rest of the program uses it: one method per question, each one transaction."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from reconciler.ledger import (
    check,
    entered,
    extent,
    facts,
    intents,
    leases,
    looks,
    named_prices,
    observations,
    organizations,
    pulls,
    rebuild,
    replaced_prices,
    rules,
    runs,
    series,
    shown,
    statuses,
    types_read,
)
from reconciler.ledger.texts import Reader
from reconciler.model.ledgered import Remembered
from reconciler.model.reading import Usage

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
    from datetime import date, datetime, timedelta
    from decimal import Decimal
    from types import TracebackType

    from reconciler.ledger.database import Database
    from reconciler.ledger.extent import Extent
    from reconciler.ledger.leases import Clock, Lease, LeaseRow
    from reconciler.ledger.runs import Approval, Run
    from reconciler.ledger.statuses import ConfiguredSource
    from reconciler.model.bms import LineKey, Observation
    from reconciler.model.ledgered import (
        Agreement,
        EnteredPeriod,
        Intent,
        KnownFact,
        NamedPrice,
        Settled,
    )
    from reconciler.model.reading import Organization, Reading, TypeKey
    from reconciler.model.rules import LineRule


class Ledger:
    """An open ledger; close it, or use it in a ``with`` statement.

    Every method raises `LedgerError` when the file cannot be read or written. What was given is
    stored wholly or not at all, and durable when the method returns.
    """

    __slots__ = ("_database", "id", "tenant")

    def __init__(self, database: Database, ledger_id: str, tenant: str | None) -> None:
        self._database = database
        self.id = ledger_id
        self.tenant = tenant

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._database.close()

    @property
    def where(self) -> str:
        """The ledger's place, for messages."""
        return self._database.where

    # Readings

    def record_pull(self, source: str, readings: Sequence[Reading], at: datetime) -> int:
        """Takes in what a source gave; says how many rows were new.

        What is given for a metric of an organization on a day is its complete answer: it replaces
        the earlier one, and a dimension that is not in it counts 0. Raises `SourceError` when a
        name without an id fits two organizations; nothing is taken then.
        """
        with self._database.writing() as connection:
            return pulls.record_pull(connection, source, readings, at)

    def record_failed_pull(self, source: str, message: str, at: datetime) -> None:
        """Remembers that a source could not be read, and why."""
        with self._database.writing() as connection:
            pulls.record_failed_pull(connection, source, message, at)

    def load_usage(
        self, first: date, last: date, sources: Iterable[ConfiguredSource] = ()
    ) -> Usage:
        """The readings of the days from ``first`` to ``last`` (inclusive).

        All organizations ever seen are in it. ``sources`` are the configured ones, whose last pull
        is wanted. The digest is of readings and names of organizations, not of pulls.
        """
        with series.without_collecting(), self._database.reading() as connection:
            found, digest = series.load_series(connection, first, last)
            known = organizations.load_organizations(connection)
            status = statuses.load_statuses(connection, sources)
            return Usage(found, known, status, series.usage_digest(digest, known))

    def organizations(self) -> tuple[Organization, ...]:
        """Every organization under its present key and name, sorted."""
        with self._database.reading() as connection:
            return organizations.load_organizations(connection)

    def newest_readings(
        self,
        *,
        product: str | None = None,
        organization: str | None = None,
        day: date | None = None,
    ) -> tuple[Reading, ...]:
        """Each metric of each organization on its newest day, or on ``day``, with names counted.

        ``organization`` is an id or a name.
        """
        with self._database.reading() as connection:
            return shown.shown_readings(connection, product, organization, day)

    def types_read(self, types: Collection[TypeKey]) -> Set[TypeKey]:
        """Those of them that a reading of any day named, with whatever quantity."""
        with self._database.reading() as connection:
            return set(types_read.types_read(connection, types))

    def rebuild_series(self) -> None:
        """Derives the stored months again from the readings."""
        with self._database.writing() as connection:
            rebuild.rebuild_series(connection)

    # What BMS said

    def save_observation(self, observation: Observation) -> int:
        """Stores what changed since the newest observation; says how many pieces that were.

        Rows and invoices come back contract by contract, in the order of the contracts.
        """
        with self._database.writing() as connection:
            return observations.save_observation(connection, observation)

    def load_observation(self) -> Observation | None:
        """The newest observation; None when BMS was never read."""
        with series.without_collecting(), self._database.reading() as connection:
            return observations.load_observation(connection)

    # What we know and did

    def append_facts(self, new: Sequence[KnownFact]) -> None:
        """Adds units learned, in this order."""
        with self._database.writing() as connection:
            facts.append_facts(connection, new)

    def learn(
        self, new: Sequence[KnownFact], agreements: Sequence[Agreement], known: Mapping[int, int]
    ) -> None:
        """Adds what a plan found out, each contract only while nobody else told of it meanwhile.

        ``known``: how many facts of a contract, by its id, the plan went out from. What is left
        out, the next plan finds out anew.
        """
        with self._database.writing() as connection:
            facts.learn(connection, new, agreements, known)

    def append_agreements(self, new: Sequence[Agreement]) -> None:
        """Adds contracts' totals as just proved."""
        with self._database.writing() as connection:
            facts.append_agreements(connection, new)

    def agreed_prices(self) -> tuple[tuple[int, date, dict[int, Decimal]], ...]:
        """(contract, day, price of each row) of each time a total was agreed, oldest first."""
        with self._database.reading() as connection:
            return facts.load_agreed_prices(connection, Reader())

    def append_names(self, names: Sequence[tuple[str, str, int]]) -> int:
        """Remembers (kind, name, BMS id); says how many were not known so."""
        with self._database.writing() as connection:
            return facts.append_names(connection, names)

    def names(self) -> tuple[tuple[str, str, int], ...]:
        """(kind, name, BMS id) as once resolved."""
        with self._database.reading() as connection:
            return facts.load_names(connection)

    def append_rules(self, new: Sequence[LineRule]) -> None:
        """Adds the rules by which lines are counted from now on."""
        with self._database.writing() as connection:
            rules.append_rules(connection, new)

    def append_entered(self, found: Sequence[EnteredPeriod], at: datetime) -> None:
        """Adds with how many units a run found periods to be entered."""
        with self._database.writing() as connection:
            entered.append_entered(connection, found, at)

    def append_look(self, as_of: date, at: datetime) -> None:
        """Adds that a run looked at every line as of a day."""
        with self._database.writing() as connection:
            looks.append_look(connection, as_of, at)

    def rules_of_day(self, day: date) -> tuple[LineRule, ...]:
        """Every rule that was to count from that day on, the superseded ones too, oldest first."""
        with self._database.reading() as connection:
            return rules.load_rules_of_day(connection, Reader(), day)

    def rule_days(self, line: LineKey) -> tuple[date, ...]:
        """From when on each rule of a line was to count, in the order in which they were added."""
        with self._database.reading() as connection:
            return rules.load_rule_days(connection, Reader(), line)

    def remember(
        self,
        accounts: Collection[int] | None = None,
        contracts: Collection[int] | None = None,
    ) -> Remembered:
        """Everything a plan needs beside readings and the observation.

        Facts and rules are those of the ``accounts``, agreements those of the ``contracts``, by
        their BMS ids; None: of all.
        """
        reader = Reader()
        with series.without_collecting(), self._database.reading() as connection:
            known = facts.load_facts(connection, reader, accounts)
            return Remembered(
                ledger_id=self.id,
                facts=known,
                facts_elsewhere=facts.count_facts(connection) - len(known),
                contracts=facts.load_contracts(connection),
                agreements=facts.load_agreements(connection, reader, contracts),
                open_intents=intents.load_open_intents(connection, reader),
                misfits=intents.load_misfits(connection, reader),
                done_changes=intents.load_done_changes(connection),
                names=facts.load_names(connection),
                rules=rules.load_rules(connection, reader, accounts),
                has_rules=rules.has_rules(connection),
                named_prices=named_prices.load_named_prices(connection, reader),
                replaced_prices=replaced_prices.load_replaced_prices(connection, reader),
                entered=entered.load_entered(connection, reader, accounts),
                looks=looks.load_looks(connection, reader),
            )

    def agreements_of(self, contract: int) -> tuple[Agreement, ...]:
        """Every agreement about one contract, by its BMS id; oldest first."""
        with self._database.reading() as connection:
            return facts.load_agreements_of(connection, Reader(), contract)

    def extent(self) -> Extent:
        """Equal before and after two reads: both saw the same ledger."""
        with self._database.reading() as connection:
            return extent.extent(connection)

    # Writes

    def append_intent(self, intent: Intent) -> None:
        """Records what is about to be posted; on disk when this returns.

        Raises `LeaseLost` unless the intent's lease is the newest and in force at ``intent.at``.
        """
        with self._database.writing() as connection:
            intents.append_intent(connection, intent, self.where)

    def open_intents(self) -> tuple[Intent, ...]:
        """Those whose answer is not known, oldest first."""
        with self._database.reading() as connection:
            return intents.load_open_intents(connection, Reader())

    def settle(self, settled: Settled, learned: Sequence[KnownFact] = ()) -> bool:
        """Records how an intent ended and the units learned by it, together.

        False when it was settled before: then nothing is added. Only a misfit may follow an answer
        or a proof, and only its acceptance a misfit.
        """
        with self._database.writing() as connection:
            first = intents.settle(connection, settled, self.where)
            if first:
                facts.append_facts(connection, learned)
            return first

    def take_over(
        self,
        lease: int,
        at: datetime,
        *,
        ended: Sequence[Settled] = (),
        known: Sequence[KnownFact] = (),
        agreements: Sequence[Agreement] = (),
        run: Run | None = None,
    ) -> None:
        """What a person says of BMS: how intents ended, units, totals, and the run's own row.

        All or nothing. Raises `LeaseLost` unless the lease of that number is in force at ``at``.
        """
        with self._database.writing() as connection:
            leases.require_lease(connection, lease, at, self.where, "nothing was taken over")
            for settled in ended:
                intents.settle(connection, settled, self.where)
            facts.append_facts(connection, known)
            facts.append_agreements(connection, agreements)
            if run is not None:
                runs.append_run(connection, run)

    def writes(
        self, limit: int = 100, *, line: LineKey | None = None
    ) -> tuple[tuple[Intent, Settled | None], ...]:
        """Intents with how they ended, newest first; of one line, or of all."""
        with self._database.reading() as connection:
            return intents.load_writes(connection, Reader(), limit, line)

    def told(self, kind: str) -> tuple[Intent, ...]:
        """Intents that runs of a kind tell of by their refs, oldest first."""
        with self._database.reading() as connection:
            return intents.load_told(connection, Reader(), kind)

    def done_changes(self, plan: str) -> Set[str]:
        """Ids of the changes that were written for one plan, by its digest."""
        with self._database.reading() as connection:
            return intents.load_done_changes(connection, plan).keys()

    @contextmanager
    def lease(self, holder: str, ttl: timedelta, clock: Clock) -> Iterator[Lease]:
        """Takes the lease and releases it at the end.

        ``holder`` is what others read while it is taken; ``clock`` gives the present instant.
        Raises `LedgerLocked` while another lease is in force.
        """
        lease = leases.take_lease(self._database, holder, ttl, clock)
        try:
            yield lease
        finally:
            lease.release()

    # History

    def save_plan(self, digest: str, content: str, approval: Approval) -> None:
        """Keeps an applied plan once, and every approval of it."""
        with self._database.writing() as connection:
            runs.save_plan(connection, digest, content, approval)

    def load_plan(self, digest: str) -> str | None:
        """The JSON text of an applied plan."""
        with self._database.reading() as connection:
            return runs.load_plan(connection, digest)

    def plans_of(self, commit: str) -> tuple[str, ...]:
        """The JSON texts of the plans that name a commit, or were applied for it, oldest first."""
        with self._database.reading() as connection:
            return runs.load_plans_of(connection, commit)

    def approvals(self, digest: str) -> tuple[Approval, ...]:
        """Who approved an applied plan, oldest first."""
        with self._database.reading() as connection:
            return runs.load_approvals(connection, digest, Reader())

    def let_by(self, intent: Intent) -> Approval | None:
        """Who let this very write: a plan that was applied twice was approved twice."""
        with self._database.reading() as connection:
            return runs.load_approval(connection, intent.plan, intent.at, Reader())

    def append_run(self, run: Run) -> None:
        """Records that the program ran, and how it ended."""
        with self._database.writing() as connection:
            runs.append_run(connection, run)

    def publish(self) -> None:
        """Makes all that is in it outlive this machine, where it is kept elsewhere too."""

    def name_prices(self, named: Sequence[NamedPrice], commit: str, at: datetime) -> None:
        """Records prices that the merge of a commit lets be written when their day has come, or
        that are let no more."""
        if not named:
            return
        with self._database.writing() as connection:
            named_prices.append_named_prices(connection, named, commit, at)

    def history(self, limit: int = 20) -> tuple[Run, ...]:
        """The newest runs first."""
        with self._database.reading() as connection:
            return runs.load_runs(connection, limit, Reader())

    def runs_of(self, kind: str, since: date) -> tuple[Run, ...]:
        """Runs of one kind, as of that day or later, oldest first."""
        with self._database.reading() as connection:
            return runs.load_runs_of(connection, kind, since, Reader())

    def unended(self, at: datetime) -> tuple[LeaseRow, ...]:
        """Leases that ran out, as nobody gave them back: of runs that were ended. Newest first."""
        with self._database.reading() as connection:
            found = leases.load_unreleased(connection)
        return tuple(lease for lease in found if not lease.holds_at(at))

    def counts(self) -> tuple[int, int]:
        """How many runs there are, and how many writes."""
        with self._database.reading() as connection:
            return runs.count(connection)

    def check(self) -> list[str]:
        """What is wrong inside the ledger, in sentences; empty when nothing is."""
        with self._database.reading() as connection:
            return check.check(connection)
