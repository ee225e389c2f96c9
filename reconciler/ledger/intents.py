"""What is about to be posted, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reconciler.ledger.leases import require_lease
from reconciler.ledger.marks import marks, marks_text
from reconciler.ledger.statements import text
from reconciler.ledger.texts import instant_text
from reconciler.model.bms import LineKey
from reconciler.model.errors import LedgerError
from reconciler.model.ledgered import Intent, Misfit, Settled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from reconciler.ledger.texts import Reader

_COLUMNS: Final = (
    "i.ref, i.plan, i.change_id, i.kind, i.account_id, i.contract_id, i.service_id, i.day,"
    " i.posted_units, i.units_before, i.units_after, i.price, i.rows_before, i.total_before,"
    " i.total_after, i.at, i.lease, i.entered"
)


_NEWEST: Final = "s.id = (SELECT max(id) FROM settled WHERE ref = i.ref)"
"""An intent stands as its newest row says."""

_FOLLOWS: Final[Mapping[str | None, frozenset[str]]] = {
    None: frozenset({"answered", "refused", "proved", "absent", "misfit"}),
    "answered": frozenset({"misfit"}),
    "proved": frozenset({"misfit"}),
    "misfit": frozenset({"accepted"}),
}
"""What may be said of an intent after what was said last."""


def append_intent(connection: Connection, intent: Intent, where: str) -> None:
    """Records an intent. Raises `LeaseLost` unless its lease is the newest and still runs."""
    nothing = f"nothing was posted for {intent.ref}"
    require_lease(connection, intent.lease, intent.at, where, nothing)
    if _known(connection, intent.ref):
        raise LedgerError(f"the intent {intent.ref} is recorded already", where=where)
    connection.execute(
        text(
            "INSERT INTO intent (ref, plan, change_id, kind, account_id, contract_id, service_id,"
            " day, posted_units, units_before, units_after, price, rows_before, total_before,"
            " total_after, at, lease, entered) VALUES (:ref, :plan, :change, :kind, :account,"
            " :contract, :service, :day, :posted, :before, :after, :price, :rows_before,"
            " :total_before, :total_after, :at, :lease, :entered)"
        ),
        _row(intent),
    )


def settle(connection: Connection, settled: Settled, where: str) -> bool:
    """Records how an intent ended; False when that was recorded before, and then nothing changes.

    Only a misfit may follow an answer or a proof, and only its acceptance a misfit. Raises
    `LedgerError` for an intent nobody recorded.
    """
    if not _known(connection, settled.ref):
        raise LedgerError(f"there is no intent {settled.ref}", where=where)
    if settled.outcome not in _FOLLOWS.get(_outcome(connection, settled.ref), frozenset()):
        return False
    connection.execute(
        text(
            "INSERT INTO settled (ref, outcome, at, row_id, detail)"
            " VALUES (:ref, :outcome, :at, :row, :detail)"
        ),
        {
            "ref": settled.ref,
            "outcome": settled.outcome,
            "at": instant_text(settled.at),
            "row": settled.row_id,
            "detail": settled.detail,
        },
    )
    return True


def load_open_intents(connection: Connection, reader: Reader) -> tuple[Intent, ...]:
    """Intents without an end, oldest first."""
    rows = connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM intent i LEFT JOIN settled s ON s.ref = i.ref"
            " WHERE s.ref IS NULL ORDER BY i.id"
        )
    )
    return tuple(_intent(row, reader) for row in rows)


def load_misfits(connection: Connection, reader: Reader) -> tuple[Misfit, ...]:
    """Writes that did not fit and that no person has accepted, oldest first."""
    rows = connection.execute(
        text(
            f"SELECT {_COLUMNS}, s.detail FROM intent i JOIN settled s ON s.ref = i.ref"
            f" WHERE s.outcome = 'misfit' AND {_NEWEST} ORDER BY i.id"
        )
    )
    return tuple(Misfit(_intent(row, reader), row.detail) for row in rows)


def load_done_changes(connection: Connection, plan: str | None = None) -> dict[str, int]:
    """How often each change was written, as answered or proved, by its id; for a plan, or ever."""
    found = connection.execute(
        text(
            "SELECT i.change_id, count(*) AS times FROM intent i JOIN settled s ON s.ref = i.ref"
            f" WHERE s.outcome IN ('answered', 'proved') AND {_NEWEST}"
            " AND (:plan IS NULL OR i.plan = :plan) GROUP BY i.change_id"
        ),
        {"plan": plan},
    )
    return {row.change_id: row.times for row in found}


def load_writes(
    connection: Connection, reader: Reader, limit: int, line: LineKey | None
) -> tuple[tuple[Intent, Settled | None], ...]:
    """Intents with their ends, newest first; of one line, or of all."""
    of_line = (
        " WHERE i.account_id = :account AND i.contract_id = :contract AND i.service_id = :service"
    )
    rows = connection.execute(
        text(
            f"SELECT {_COLUMNS}, s.outcome, s.at, s.row_id, s.detail FROM intent i"
            f" LEFT JOIN settled s ON s.ref = i.ref AND {_NEWEST}{of_line if line else ''}"
            " ORDER BY i.id DESC LIMIT :limit"
        ),
        {"limit": limit, **_line(line)},
    )
    return tuple((_intent(row, reader), _settled(row[0], row[18:], reader)) for row in rows)


def load_told(connection: Connection, reader: Reader, kind: str) -> tuple[Intent, ...]:
    """Intents whose refs runs of a kind tell of, oldest first."""
    rows = connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM intent i WHERE i.ref IN"
            " (SELECT detail FROM run WHERE kind = :kind) ORDER BY i.id"
        ),
        {"kind": kind},
    )
    return tuple(_intent(row, reader) for row in rows)


def _outcome(connection: Connection, ref: str) -> str | None:
    """How an intent ended, as was said last; None while it is open."""
    found = connection.execute(
        text("SELECT outcome FROM settled WHERE ref = :ref ORDER BY id DESC LIMIT 1"), {"ref": ref}
    )
    outcome: str | None = found.scalar_one_or_none()
    return outcome


def _known(connection: Connection, ref: str) -> bool:
    rows = connection.execute(text("SELECT 1 FROM intent WHERE ref = :ref"), {"ref": ref})
    return rows.first() is not None


def _line(line: LineKey | None) -> dict[str, int]:
    if line is None:
        return {}
    return {"account": line.account_id, "contract": line.contract_id, "service": line.service_id}


def _row(intent: Intent) -> dict[str, object]:
    return {
        "ref": intent.ref,
        "plan": intent.plan,
        "change": intent.change,
        "kind": intent.kind,
        **_line(intent.line),
        "day": intent.day.isoformat(),
        "posted": intent.posted_units,
        "before": intent.units_before,
        "after": intent.units_after,
        "price": str(intent.price),
        "rows_before": marks_text(intent.rows_before),
        "total_before": str(intent.total_before),
        "total_after": str(intent.total_after),
        "at": instant_text(intent.at),
        "lease": intent.lease,
        "entered": intent.entered,
    }


def _intent(row: Iterable[Any], reader: Reader) -> Intent:
    (
        ref,
        plan,
        change,
        kind,
        account,
        contract,
        service,
        day,
        posted,
        before,
        after,
        price,
        rows_before,
        total_before,
        total_after,
        at,
        lease,
        entered,
        *_,
    ) = row
    return Intent(
        ref=ref,
        plan=plan,
        change=change,
        kind=kind,
        line=LineKey(account, contract, service),
        day=reader.day(day),
        posted_units=posted,
        units_before=before,
        units_after=after,
        price=reader.decimal(price),
        rows_before=marks(rows_before, reader),
        total_before=reader.decimal(total_before),
        total_after=reader.decimal(total_after),
        at=reader.instant(at),
        lease=lease,
        entered=entered,
    )


def _settled(ref: str, end: Any, reader: Reader) -> Settled | None:
    outcome, at, row_id, detail = end
    if outcome is None:
        return None
    return Settled(ref, outcome, reader.instant(at), row_id, detail)
