"""Write changes one by one: intent, one call, answer, read back, total.

Nothing is ever posted twice: a lost answer leaves its intent open, and later runs judge it by what
BMS shows. Writes are canaries until one of them has told append from upsert, and an answer, a
read-back or a total that does not fit stops the run whenever it comes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from reconciler.apply.book import Book
from reconciler.apply.kept import PauseFirst
from reconciler.apply.order import in_writing_order
from reconciler.apply.prices import reprice
from reconciler.apply.readback import total_off
from reconciler.apply.session import Session, StopContract, StopRun
from reconciler.apply.units import Posted, post, read_back
from reconciler.bms.calls import CONTRACTS
from reconciler.engine.known import replay
from reconciler.engine.standings import is_own_price
from reconciler.model.bms import CatalogueService
from reconciler.model.errors import BmsError, LedgerError
from reconciler.model.outcome import Applied
from reconciler.model.plan import Change

NOT_COME: Final = "the contract's total does not hold it: BMS may not have come to {} yet"


FRESH: Final = timedelta(minutes=1)
"""So long a contract's total is taken for what it still is. A person may edit a line meanwhile."""

PAUSES: Final = 3
LONGEST_PAUSE: Final = 900.0
"""Seconds that a run waits between two writes; what BMS asks beyond that ends it."""


@dataclass(slots=True)
class Executor:
    """The run: contract by contract, line by line."""

    session: Session
    stopped: str | None = None
    """Why the run stopped before its end."""
    _proved: int = 0
    """Writes of the run that a contract's total has proved."""
    _left: dict[int, str] = field(default_factory=dict)
    """Why nothing more was written to a contract, by its id."""

    def run(
        self,
        changes: Sequence[Change],
        books: Mapping[int, Book],
        services: Mapping[int, CatalogueService],
    ) -> tuple[Applied, ...]:
        """Contract by contract, in the plan's order. Every change is in the answer once."""
        for contract_id, group in _grouped(changes, lambda c: c.line.contract_id).items():
            try:
                self._contract(group, books[contract_id], services)
            except StopContract as stop:
                self._left[contract_id] = stop.reason
            except StopRun as stop:
                self.stopped = stop.reason
                break
            except (BmsError, LedgerError) as error:
                # What was answered is in the ledger, and the next plan proves it.
                self.stopped = error.message
                break
        self._account_for(changes)
        return tuple(self.session.applied)

    def _contract(
        self, changes: Sequence[Change], book: Book, services: Mapping[int, CatalogueService]
    ) -> None:
        written = self.session.written
        self._unmoved(changes[0], book)
        for service_id, group in _grouped(changes, lambda c: c.line.service_id).items():
            self._line(group, book, services[service_id])
        if self.session.written > written:
            self._prove(changes[-1], book)

    def _unmoved(self, first: Change, book: Book) -> None:
        """Right before the first write to a contract: is it still what the plan was made from?

        A total posted over an edit made since then would undo it, and fit afterwards.
        """
        self._look(first, book, "since it was planned, nothing written")

    def _look_again(
        self, change: Change, book: Book, service: CatalogueService, posted: list[Posted]
    ) -> None:
        """Before a write that comes a while after the contract was looked at: is it as we left it?

        What was posted of the line is read back first, since the total is held against its rows.
        """
        session = self.session
        session.ready(change)
        if session.looked is not None and session.clock.now() - session.looked <= FRESH:
            return
        if posted:
            read_back(session, posted, book, service)
            posted.clear()
        self._look(change, book, "while it was written")

    def _look(self, change: Change, book: Book, when: str) -> None:
        self.session.ready(change, CONTRACTS)
        problem = total_off(self.session, book)
        if problem is not None:
            raise StopContract(f"changed in BMS {when}: {problem}")

    def _post(
        self, change: Change, book: Book, service: CatalogueService, posted: list[Posted]
    ) -> Posted | None:
        """Post one step; where BMS asks for a pause, after it, and after another look."""
        for left in reversed(range(PAUSES)):
            self._look_again(change, book, service, posted)
            try:
                return post(self.session, change, book, service)
            except PauseFirst as pause:
                if pause.seconds > LONGEST_PAUSE or not left:
                    raise
                self.session.clock.sleep(pause.seconds)
        raise AssertionError("no try was made")

    def _line(self, changes: Sequence[Change], book: Book, service: CatalogueService) -> None:
        session = self.session
        posted: list[Posted] = []
        if len(changes) > 1 and not session.upsert:
            changes = in_writing_order(changes, replay(book.facts.get(service.id, ())))
        refused = False
        for change in changes:
            if refused and not is_own_price(change):
                continue
            session.tell("starting", change)
            if change.kind == "price":
                self._price(change, book, service, posted)
                continue
            answered = self._post(change, book, service, posted)
            if answered is None:
                refused = True
                continue
            posted.append(answered)
            if not session.proved:
                # The canary is read back at once; the other steps of its line once, at the end.
                read_back(session, posted, book, service)
                self._total(book)
                session.proved = answered.tells and book.shows(change)
                posted.clear()
        if posted:
            read_back(session, posted, book, service)

    def _price(
        self, change: Change, book: Book, service: CatalogueService, posted: list[Posted]
    ) -> None:
        """Every row, and so those that steps at an earlier price have just added."""
        if posted:
            read_back(self.session, posted, book, service)
            posted.clear()
        ref = reprice(self.session, change, book)
        self.session.end(change, "unproved", ref)
        if not self.session.proved:
            self._total(book)

    def _prove(self, change: Change, book: Book) -> None:
        """The contract's total after its writes; the canary's own reading is not repeated."""
        session = self.session
        if self._proved != session.written:
            self._total(book)
        session.tell("proved", change)
        if book.agreement is not None:
            session.journal.append_agreements([book.agreement])
            session.tell("agreed", change)

    def _total(self, book: Book) -> None:
        """Read the contract's total: what was read back is done, or does not fit after all.

        A change of today stays unproved as long as BMS may not have come to the day.
        """
        session = self.session
        problem = total_off(session, book)
        for n, entry in enumerate(session.applied):
            mine = entry.change.line.contract_id == book.contract.id
            if not mine or entry.result != "unproved" or entry.ref is None:
                continue
            if problem is None and book.shows(entry.change):
                session.applied[n] = replace(entry, result="done", detail="")
            elif problem is None:
                session.applied[n] = replace(entry, detail=NOT_COME.format(entry.change.day))
            else:
                session.misfit(entry.ref, problem)
                session.applied[n] = replace(entry, result="does-not-fit", detail=problem)
        if problem is not None:
            session.contradicted(problem)
        self._proved = session.written

    def _account_for(self, changes: Sequence[Change]) -> None:
        """Say of every change how it ended, and why where that is not known."""
        session = self.session
        session.applied = [
            replace(entry, detail=f"the total was not read: {self._why(entry.change)}")
            if entry.result == "unproved" and not entry.detail
            else entry
            for entry in session.applied
        ]
        told = {applied.change.id for applied in session.applied}
        for change in changes:
            if change.id in told:
                continue
            ref, why = session.answered.get(change.id), self._why(change)
            session.applied.append(
                Applied(change, "not-reached", detail=why)
                if ref is None
                else Applied(change, "unproved", ref, f"not read back: {why}")
            )

    def _why(self, change: Change) -> str:
        left = self._left.get(change.line.contract_id)
        return left or self.stopped or "BMS refused an earlier change of the line"


def _grouped(changes: Sequence[Change], key: Callable[[Change], int]) -> dict[int, list[Change]]:
    """All changes of one contract or service together, in the plan's order."""
    groups: dict[int, list[Change]] = defaultdict(list)
    for change in changes:
        groups[key(change)].append(change)
    return groups
