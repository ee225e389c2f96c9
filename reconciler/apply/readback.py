"""Read a write back: its line, and the total of its contract."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.apply.book import Book, on_contract
from reconciler.apply.session import Session
from reconciler.bms.lines import PostedRow
from reconciler.model.bms import Row
from reconciler.model.plan import Change


def read_line(session: Session, book: Book, service_id: int) -> tuple[Row, ...]:
    """The rows of one service on the contract, now.

    Under the lease: what another run wrote since would look like a misfit of ours.
    """
    session.lease.renew()
    rows: tuple[Row, ...] = ()
    # A contract that was renamed meanwhile is not found by its name.
    for name in (book.contract.name or None, None):
        rows = rows or on_contract(
            session.writer.rows(service_id, contract_name=name), book.contract.id
        )
    return rows


def not_shown(
    session: Session,
    posted: Sequence[tuple[Change, PostedRow]],
    book: Book,
    service_id: int,
) -> str | None:
    """Read the line; what is missing of the newest write (under append of each)."""
    rows = read_line(session, book, service_id)
    book.rows[service_id] = rows
    by_id = {row.id: row for row in rows}
    for change, answer in posted[-1:] if session.upsert else posted:
        row = by_id.get(answer.id)
        if row is None:
            return f"row {answer.id} is not there"
        if (row.date, row.price) != (change.day, change.price):
            return f"row {answer.id} shows {row.date} at {row.price}"
    if session.upsert and len(rows) > 1:
        return f"posting added a row: the line has {len(rows)} now"
    return None


def total_off(session: Session, book: Book) -> str | None:
    """Read the contract's total; None when it is what the writes give, and then it is agreed.

    Under the lease, as `read_line`.
    """
    session.lease.renew()
    day = session.day()
    total = session.writer.contract_total(book.contract)
    book.total = total
    if not book.prove(day, total, session.reached):
        return f"the contract's total is {total}, expected {book.expected(day)}"
    session.reached = book.reached
    session.looked = session.clock.now()
    return None
