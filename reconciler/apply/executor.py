"""Write changes one by one: intent, one call, answer, read back, total.

Nothing is ever posted twice: a lost answer leaves its intent open, and later runs judge it by what
BMS shows. The first write of a run is a canary; if answer, read-back and total do not all fit, the
run stops.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Final

from reconciler.apply.book import Book, on_contract, words_for
from reconciler.apply.journal import Clock, Journal, Tenure, Writer
from reconciler.apply.moments import Moment, Watch, nobody
from reconciler.bms.lines import NewRow, PostedRow
from reconciler.engine.notes import Note, described
from reconciler.model.assumptions import Assumptions
from reconciler.model.bms import CatalogueService, LineKey, Row
from reconciler.model.errors import (
    BmsAnswerLost,
    BmsError,
    BmsLoginFailed,
    BmsRefused,
    BmsThrottled,
    BmsUnreachable,
)
from reconciler.model.ledgered import Intent, KnownFact, Settled
from reconciler.model.outcome import Applied
from reconciler.model.plan import Change

JOB_DEADLINE: Final = timedelta(minutes=10)
JOB_POLL_SECONDS: Final = 5.0

NOT_SENT: Final = (BmsUnreachable, BmsThrottled, BmsLoginFailed)
"""Failures after which BMS surely did nothing."""


class _StopContract(Exception):
    """Nothing more is written to this contract in this run."""


class _StopRun(Exception):
    """Nothing more is written in this run."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Executor:
    """Writes to one BMS, with one ledger and one lease."""

    writer: Writer
    journal: Journal
    lease: Tenure
    clock: Clock
    today: Callable[[datetime], date]
    """The tenant's local day of an instant."""
    assume: Assumptions
    note: str | None
    plan: str
    """The plan's digest, for the intents."""
    watch: Watch = nobody
    applied: list[Applied] = field(default_factory=list)
    stopped: str | None = None
    """Why the run stopped before its end."""
    _written: int = 0
    _answered: dict[str, str] = field(default_factory=dict)
    """Refs of changes that BMS answered as expected, by change id."""

    def run(
        self,
        changes: Sequence[Change],
        books: Mapping[int, Book],
        services: Mapping[int, CatalogueService],
    ) -> tuple[Applied, ...]:
        """Contract by contract, in the plan's order. Every change is in the answer once."""
        by_contract = [
            (book_id, tuple(group))
            for book_id, group in groupby(changes, key=lambda c: c.line.contract_id)
        ]
        for contract_id, group in by_contract:
            if self.stopped is not None:
                break
            try:
                self._contract(group, books[contract_id], services)
            except _StopContract:
                continue
            except _StopRun as stop:
                self.stopped = stop.reason
            except BmsError as error:
                # Reading back failed: what was answered is in the ledger, and the next plan
                # proves it.
                self.stopped = error.message
        self._account_for(changes)
        return tuple(self.applied)

    def _account_for(self, changes: Sequence[Change]) -> None:
        told = {applied.change.id for applied in self.applied}
        why = self.stopped or "an earlier change of the contract did not end well"
        for change in changes:
            if change.id in told:
                continue
            ref = self._answered.get(change.id)
            if ref is None:
                self.applied.append(Applied(change, "not-reached", detail=why))
            else:
                self.applied.append(Applied(change, "done", ref, f"not read back: {why}"))

    def _contract(
        self,
        changes: Sequence[Change],
        book: Book,
        services: Mapping[int, CatalogueService],
    ) -> None:
        written = self._written
        self.lease.renew()
        for service_id, group in groupby(changes, key=lambda c: c.line.service_id):
            self._line(tuple(group), book, services[service_id])
        if self._written > written:
            self._prove(changes[-1], book)

    def _line(self, changes: Sequence[Change], book: Book, service: CatalogueService) -> None:
        posted: list[tuple[Change, PostedRow, str]] = []
        for change in changes:
            self._tell("starting", change)
            self.lease.check()
            if change.kind == "price":
                self._reprice(change, book, service.id)
                continue
            answer = self._post(change, book, service)
            if answer is None:
                break
            posted.append((change, *answer))
            if self._written == 1:
                self._canary(posted[-1], book, service)
        if posted:
            self._read_back(posted, book, service)

    # Units

    def _post(
        self, change: Change, book: Book, service: CatalogueService
    ) -> tuple[PostedRow, str] | None:
        """The answer and the intent's ref; None where BMS refused."""
        intent = self._intend(change, book)
        row = self._row(change, book, service, intent.ref)
        try:
            answer = self.writer.post_service(change.line.contract_id, row)
        except BmsRefused as error:
            self._settle(Settled(intent.ref, "refused", self.clock.now(), detail=error.message))
            self.applied.append(Applied(change, "refused", intent.ref, error.message))
            return None
        except BmsAnswerLost as error:
            self.applied.append(Applied(change, "in-doubt", intent.ref, error.message))
            raise _StopContract from error
        except NOT_SENT as error:
            self._settle(Settled(intent.ref, "absent", self.clock.now(), detail=error.message))
            raise _StopRun(error.message) from error
        self._tell("posted", change)
        self._written += 1
        if not _fits(change, answer):
            detail = f"BMS answered {_said(answer)}"
            self._settle(Settled(intent.ref, "answered", self.clock.now(), answer.id, detail))
            self.applied.append(Applied(change, "does-not-fit", intent.ref, detail))
            self._stop(detail)
        fact = self._fact(change, answer, intent)
        self._settle(Settled(intent.ref, "answered", self.clock.now(), answer.id), (fact,))
        book.facts.setdefault(service.id, []).append(fact)
        self._answered[change.id] = intent.ref
        self._tell("settled", change)
        return answer, intent.ref

    def _intend(self, change: Change, book: Book) -> Intent:
        """The intent, durable before anything is sent."""
        ref = change.line
        now = self.clock.now()
        before = book.expected(self.today(now))
        units = change.units_after - change.units_before
        intent = Intent(
            ref=secrets.token_hex(5).upper(),
            plan=self.plan,
            change=change.id,
            kind="price" if change.kind == "price" else "units",
            line=LineKey(ref.account_id, ref.contract_id, ref.service_id),
            day=change.day,
            posted_units=change.posts,
            units_before=change.units_before,
            units_after=change.units_after,
            price=change.price,
            rows_before=book.marks(ref.service_id),
            total_before=before,
            total_after=before + units * change.price,
            at=now,
            lease=self.lease.number,
        )
        self.journal.append_intent(intent)
        self._tell("intended", change)
        return intent

    def _row(self, change: Change, book: Book, service: CatalogueService, ref: str) -> NewRow:
        words = words_for(book, service)
        note = Note(
            ref=ref,
            change=change.units_after - change.units_before,
            units=change.units_after,
            day=change.day,
        )
        return NewRow(
            service_id=service.id,
            name=words.name,
            description=described(self.note, words.description, note),
            units=change.posts,
            price=change.price,
            cost=words.cost,
            date=change.day,
        )

    def _fact(self, change: Change, answer: PostedRow, intent: Intent) -> KnownFact:
        return KnownFact(
            line=intent.line,
            row_id=answer.id,
            day=change.day,
            effect="set" if self.assume.line_update == "upsert" else "add",
            units=change.posts,
            source="reply",
            ref=intent.ref,
        )

    # Proof

    def _canary(
        self, posted: tuple[Change, PostedRow, str], book: Book, service: CatalogueService
    ) -> None:
        change, _, ref = posted
        problem = self._not_shown([posted], book, service) or self._total_off(book)
        if problem is not None:
            self.applied.append(Applied(change, "does-not-fit", ref, problem))
            raise _StopRun(f"the first write did not fit: {problem}")

    def _read_back(
        self,
        posted: Sequence[tuple[Change, PostedRow, str]],
        book: Book,
        service: CatalogueService,
    ) -> None:
        problem = self._not_shown(posted, book, service)
        self._tell("read-back", posted[-1][0])
        result = "done" if problem is None else "does-not-fit"
        for change, _, ref in posted:
            self.applied.append(
                Applied(change, "done", ref)
                if result == "done"
                else Applied(change, "does-not-fit", ref, problem or "")
            )
        if problem is not None:
            raise _StopContract

    def _not_shown(
        self,
        posted: Sequence[tuple[Change, PostedRow, str]],
        book: Book,
        service: CatalogueService,
    ) -> str | None:
        """Read the line and look for the newest write (and under append for each)."""
        rows = self._rows(book, service.id)
        book.rows[service.id] = rows
        upsert = self.assume.line_update == "upsert"
        by_id = {row.id: row for row in rows}
        for change, answer, _ in posted[-1:] if upsert else posted:
            row = by_id.get(answer.id)
            if row is None:
                return f"row {answer.id} is not there"
            if (row.date, row.price) != (change.day, change.price):
                return f"row {answer.id} shows {row.date} at {row.price}"
        if upsert and len(rows) > 1:
            return f"posting added a row: the line has {len(rows)} now"
        return None

    def _rows(self, book: Book, service_id: int) -> tuple[Row, ...]:
        rows = self.writer.rows(service_id, contract_name=book.contract.name)
        return on_contract(rows, book.contract.id)

    def _total_off(self, book: Book) -> str | None:
        day = self.today(self.clock.now())
        total = self.writer.contract_total(book.contract)
        agreement = book.prove(day, total)
        if agreement is None:
            return f"the contract's total is {total}, expected {book.expected(day)}"
        book.agreement = agreement
        return None

    def _prove(self, change: Change, book: Book) -> None:
        problem = self._total_off(book)
        self._tell("proved", change)
        if problem is None and book.agreement is not None:
            self.journal.append_agreements([book.agreement])
            self._tell("agreed", change)
            return
        mine = {a.change.id for a in self.applied if a.change.line.contract_id == book.contract.id}
        self.applied = [
            Applied(a.change, "does-not-fit", a.ref, problem or "")
            if a.change.id in mine and a.result == "done"
            else a
            for a in self.applied
        ]

    # Prices

    def _reprice(self, change: Change, book: Book, service_id: int) -> None:
        intent = self._intend(change, book)
        rows = [(row.contract_id, row.id) for row in book.rows.get(service_id, ())]
        try:
            self.writer.bulk_price(service_id, rows, change.price)
        except BmsRefused as error:
            self._settle(Settled(intent.ref, "refused", self.clock.now(), detail=error.message))
            self.applied.append(Applied(change, "refused", intent.ref, error.message))
            raise _StopContract from error
        except BmsAnswerLost as error:
            self.applied.append(Applied(change, "in-doubt", intent.ref, error.message))
            raise _StopContract from error
        except NOT_SENT as error:
            self._settle(Settled(intent.ref, "absent", self.clock.now(), detail=error.message))
            raise _StopRun(error.message) from error
        self._tell("posted", change)
        self._written += 1
        self._wait_for_price(change, book, intent)

    def _wait_for_price(self, change: Change, book: Book, intent: Intent) -> None:
        """The job is done when every row reads the new price, within a deadline."""
        service_id = change.line.service_id
        deadline = self.clock.now() + JOB_DEADLINE
        while True:
            running = self.writer.job_running(service_id)
            rows = self._rows(book, service_id)
            if rows and all(row.price == change.price for row in rows):
                break
            if not running or self.clock.now() >= deadline:
                detail = "the price job ended without setting every row"
                self.applied.append(Applied(change, "in-doubt", intent.ref, detail))
                raise _StopContract
            self.lease.renew()
            self.clock.sleep(JOB_POLL_SECONDS)
        book.rows[service_id] = rows
        self._settle(Settled(intent.ref, "answered", self.clock.now(), rows[0].id))
        self._tell("settled", change)
        self.applied.append(Applied(change, "done", intent.ref))
        if self._written == 1 and (problem := self._total_off(book)) is not None:
            raise _StopRun(f"the first write did not fit: {problem}")

    # Small parts

    def _settle(self, settled: Settled, learned: Sequence[KnownFact] = ()) -> None:
        self.journal.settle(settled, learned)

    def _stop(self, detail: str) -> None:
        if self._written == 1:
            raise _StopRun(f"the first write did not fit: {detail}")
        raise _StopContract

    def _tell(self, moment: Moment, change: Change) -> None:
        self.watch(moment, change)


def _fits(change: Change, answer: PostedRow) -> bool:
    return (
        answer.units == Decimal(change.posts)
        and answer.price == change.price
        and answer.date == change.day
    )


def _said(answer: PostedRow) -> str:
    return f"{answer.units} units at {answer.price} from {answer.date}"
