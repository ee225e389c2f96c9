"""What BMS said, kept in pieces: a piece is stored again only when it changed."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Final, TypeAlias

from reconciler.ledger.observation_texts import (
    accounts,
    accounts_text,
    contract_piece,
    contract_text,
    index,
    index_text,
    services,
    services_text,
)
from reconciler.ledger.statements import text
from reconciler.ledger.texts import Reader, instant, instant_text
from reconciler.model.bms import Contract, Invoice, Observation, Row

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection

Piece: TypeAlias = tuple[str, int]
"""Its kind, and the contract it is of (0 for the others)."""

_ACCOUNTS: Final[Piece] = ("accounts", 0)
_SERVICES: Final[Piece] = ("services", 0)
_INDEX: Final[Piece] = ("index", 0)


def save_observation(connection: Connection, observation: Observation) -> int:
    """Stores what changed since the newest observation; says how many pieces that were.

    Rows and invoices are kept with their contract: they come back contract by contract, in the
    order of the contracts, and within a contract in the order they had.
    """
    pieces = _pieces(observation)
    known = _digests(connection)
    changed = {
        piece: content for piece, content in pieces.items() if known.get(piece) != _digest(content)
    }
    read = connection.execute(
        text("INSERT INTO bms_read (at, day) VALUES (:at, :day) RETURNING id"),
        {
            "at": instant_text(observation.read_at) if observation.read_at else None,
            "day": observation.day.isoformat() if observation.day else None,
        },
    ).scalar_one()
    if changed:
        connection.execute(
            text(
                "INSERT INTO bms_snapshot (read_id, kind, item, digest, content)"
                " VALUES (:read, :kind, :item, :digest, :content)"
            ),
            [
                {
                    "read": read,
                    "kind": kind,
                    "item": item,
                    "digest": _digest(content),
                    "content": content,
                }
                for (kind, item), content in changed.items()
            ],
        )
    return len(changed)


def load_observation(connection: Connection) -> Observation | None:
    """The newest observation, or None when BMS was never read."""
    read = connection.execute(text("SELECT at, day FROM bms_read ORDER BY id DESC LIMIT 1")).first()
    if read is None:
        return None
    contents = _contents(connection)
    reader = Reader()
    searched, wide, order = index(contents[_INDEX])
    contracts: list[Contract] = []
    rows: list[Row] = []
    invoices: list[Invoice] = []
    for item in order:
        contract, own_rows, own_invoices = contract_piece(contents["contract", item], reader)
        contracts += contract
        rows += own_rows
        invoices += own_invoices
    return Observation(
        accounts=accounts(contents[_ACCOUNTS]),
        contracts=tuple(contracts),
        services=services(contents[_SERVICES], reader),
        rows=tuple(rows),
        invoices=tuple(invoices),
        searched=frozenset(searched),
        wide=frozenset(wide),
        read_at=_instant(read.at),
        day=_day(read.day, reader),
    )


def _pieces(observation: Observation) -> dict[Piece, str]:
    rows: defaultdict[int, list[Row]] = defaultdict(list)
    for row in observation.rows:
        rows[row.contract_id].append(row)
    invoices: defaultdict[int, list[Invoice]] = defaultdict(list)
    for invoice in observation.invoices:
        invoices[invoice.contract_id].append(invoice)
    contracts = {contract.id: contract for contract in observation.contracts}
    order = list(dict.fromkeys([*contracts, *rows, *invoices]))
    pieces = {
        _ACCOUNTS: accounts_text(observation.accounts),
        _SERVICES: services_text(observation.services),
        _INDEX: index_text(observation.searched, observation.wide, order),
    }
    for item in order:
        pieces["contract", item] = contract_text(
            contracts.get(item), rows.get(item, ()), invoices.get(item, ())
        )
    return pieces


def _digests(connection: Connection) -> dict[Piece, str]:
    rows = connection.execute(text(f"SELECT kind, item, digest {_NEWEST}"))
    return {(kind, item): digest for kind, item, digest in rows}


def _contents(connection: Connection) -> dict[Piece, str]:
    rows = connection.execute(text(f"SELECT kind, item, content {_NEWEST}"))
    return {(kind, item): content for kind, item, content in rows}


_NEWEST: Final = (
    "FROM bms_snapshot WHERE id IN (SELECT max(id) FROM bms_snapshot GROUP BY kind, item)"
)


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def _instant(at: str | None) -> datetime | None:
    return instant(at) if at is not None else None


def _day(day: str | None, reader: Reader) -> date | None:
    return reader.day(day) if day is not None else None
