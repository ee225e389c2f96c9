"""Change the price of a line's rows: a background job of BMS, waited for."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from reconciler.apply.book import Book
from reconciler.apply.readback import read_line
from reconciler.apply.session import Session, StopContract, StopRun
from reconciler.model.bms import Row
from reconciler.model.errors import BmsError, BmsRefused, LeaseLost
from reconciler.model.ledgered import Intent, Settled
from reconciler.model.plan import Change

JOB_DEADLINE: Final = timedelta(minutes=10)
JOB_POLL_SECONDS: Final = 5.0


def reprice(session: Session, change: Change, book: Book) -> str:
    """Start the job and wait until every row reads the new price. Gives the intent's ref.

    A job that does not get there leaves its intent open.
    """
    session.ready(change)
    intent = session.intend(change, book)
    service_id = change.line.service_id
    rows = [(row.contract_id, row.id) for row in book.rows.get(service_id, ())]
    try:
        with session.sending(change, intent):
            session.writer.bulk_price(service_id, rows, change.price)
    except BmsRefused as error:
        ended = Settled(intent.ref, "refused", session.clock.now(), detail=error.message)
        session.settle(intent, ended)
        session.end(change, "refused", intent.ref, error.message)
        raise StopContract(f"BMS refused the price before it: {error.message}") from error
    try:
        shown = _wait(session, change, book, intent)
    except (BmsError, LeaseLost) as error:
        session.end(change, "in-doubt", intent.ref, f"the price job was started: {error.message}")
        raise StopRun(error.message) from error
    book.rows[service_id] = shown
    session.settle(intent, Settled(intent.ref, "answered", session.clock.now(), shown[0].id))
    session.answered[change.id] = intent.ref
    session.tell("settled", change)
    return intent.ref


def _wait(session: Session, change: Change, book: Book, intent: Intent) -> tuple[Row, ...]:
    service_id = change.line.service_id
    deadline = session.clock.now() + JOB_DEADLINE
    while True:
        running = session.writer.job_running(service_id)
        if not running or session.clock.now() >= deadline:
            break
        session.clock.sleep(JOB_POLL_SECONDS)
    rows = read_line(session, book, service_id)
    if rows and all(row.price == change.price for row in rows):
        return rows
    why = "is still at work" if running else "ended without setting every row"
    problem = f"the price job {why}"
    session.end(change, "in-doubt", intent.ref, problem)
    return session.unclear(problem)
