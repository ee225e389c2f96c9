"""Write units: one call per step, read back once per line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reconciler.apply.book import Book, words_for
from reconciler.apply.readback import not_shown
from reconciler.apply.session import Session
from reconciler.bms.lines import NewRow, PostedRow
from reconciler.engine.notes import Note, described
from reconciler.model.bms import CatalogueService
from reconciler.model.errors import BmsRefused
from reconciler.model.ledgered import Intent, KnownFact, Settled
from reconciler.model.plan import Change


@dataclass(frozen=True, slots=True)
class Posted:
    """A step that BMS answered as expected."""

    change: Change
    answer: PostedRow
    intent: Intent

    @property
    def ref(self) -> str:
        """The intent's name."""
        return self.intent.ref

    @property
    def tells(self) -> bool:
        """Does its fitting tell append from upsert? On a new line both do the same."""
        return bool(self.intent.rows_before)


def post(session: Session, change: Change, book: Book, service: CatalogueService) -> Posted | None:
    """Post one step; None where BMS refused it."""
    session.ready(change)
    intent = session.intend(change, book)
    row = _row(session, change, book, service, intent.ref)
    try:
        with session.sending(change, intent):
            answer = session.writer.post_service(change.line.contract_id, row)
    except BmsRefused as error:
        ended = Settled(intent.ref, "refused", session.clock.now(), detail=error.message)
        session.settle(intent, ended)
        session.end(change, "refused", intent.ref, error.message)
        return None
    problem = _off(session, change, answer, intent)
    if problem is not None:
        session.misfit(intent.ref, problem, answer.id)
        session.end(change, "does-not-fit", intent.ref, problem)
        session.contradicted(problem)
    fact = _fact(session, change, answer, intent)
    session.settle(intent, Settled(intent.ref, "answered", session.clock.now(), answer.id), fact)
    book.facts.setdefault(service.id, []).append(fact)
    book.posted(service.id, answer.id, change)
    session.answered[change.id] = intent.ref
    session.tell("settled", change)
    return Posted(change, answer, intent)


def read_back(
    session: Session, posted: Sequence[Posted], book: Book, service: CatalogueService
) -> None:
    """Read the line and end its steps: not as posted, or as posted and still to be proved by the
    contract's total."""
    problem = not_shown(session, [(p.change, p.answer) for p in posted], book, service.id)
    session.tell("read-back", posted[-1].change)
    for step in posted:
        if problem is None:
            session.end(step.change, "unproved", step.ref)
        else:
            session.misfit(step.ref, problem, step.answer.id)
            session.end(step.change, "does-not-fit", step.ref, problem)
    if problem is not None:
        session.contradicted(problem)


def _row(
    session: Session, change: Change, book: Book, service: CatalogueService, ref: str
) -> NewRow:
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
        description=described(session.note, words.description, note),
        units=change.posts,
        price=change.price,
        cost=words.cost,
        date=change.day,
    )


def _fact(session: Session, change: Change, answer: PostedRow, intent: Intent) -> KnownFact:
    return KnownFact(
        line=intent.line,
        row_id=answer.id,
        day=change.day,
        effect="set" if session.upsert else "add",
        units=change.posts,
        source="reply",
        ref=intent.ref,
        recorded_at=intent.at,
        price=intent.price,
    )


def _off(session: Session, change: Change, answer: PostedRow, intent: Intent) -> str | None:
    """What of the answer is not as posted."""
    wanted = (Decimal(change.posts), change.price, change.day)
    if (answer.units, answer.price, answer.date) != wanted:
        return f"BMS answered {answer.units} units at {answer.price} from {answer.date}"
    before = {mark.row_id for mark in intent.rows_before}
    if not session.upsert and answer.id in before:
        return f"BMS answered with row {answer.id}, which was there before: it did not add one"
    if session.upsert and before and answer.id not in before:
        return f"BMS answered with row {answer.id}, which is new: it did not update the line"
    return None
