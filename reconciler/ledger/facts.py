"""Units learned, totals agreed, and names once resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reconciler.ledger.chosen import select
from reconciler.ledger.marks import marks, marks_text
from reconciler.ledger.statements import text
from reconciler.ledger.texts import compact, instant_text, parse
from reconciler.model.bms import LineKey
from reconciler.model.ledgered import Agreement, KnownFact

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from sqlalchemy import Connection

    from reconciler.ledger.texts import Reader


def append_facts(connection: Connection, facts: Sequence[KnownFact]) -> None:
    """Adds units learned, in this order."""
    if not facts:
        return
    connection.execute(
        text(
            "INSERT INTO known_fact (account_id, contract_id, service_id, row_id, day, effect,"
            " units, source, ref, recorded_at) VALUES (:account, :contract, :service, :row, :day,"
            " :effect, :units, :source, :ref, :at)"
        ),
        [
            {
                "account": fact.line.account_id,
                "contract": fact.line.contract_id,
                "service": fact.line.service_id,
                "row": fact.row_id,
                "day": fact.day.isoformat(),
                "effect": fact.effect,
                "units": fact.units,
                "source": fact.source,
                "ref": fact.ref,
                "at": instant_text(fact.recorded_at) if fact.recorded_at else None,
            }
            for fact in facts
        ],
    )


def learn(
    connection: Connection,
    facts: Sequence[KnownFact],
    agreements: Sequence[Agreement],
    known: Mapping[int, int],
) -> None:
    """Adds what a plan found out of contracts that the ledger knows as the plan knew them.

    ``known``: how many facts of a contract, by its id, the plan went out from.
    """
    contracts = {fact.line.contract_id for fact in facts} | {a.contract_id for a in agreements}
    told = _facts_of(connection, contracts)
    moved = {contract for contract in contracts if told.get(contract, 0) != known.get(contract, 0)}
    append_facts(connection, [fact for fact in facts if fact.line.contract_id not in moved])
    append_agreements(connection, [a for a in agreements if a.contract_id not in moved])


def _facts_of(connection: Connection, contracts: Collection[int]) -> dict[int, int]:
    query = "SELECT contract_id, count(*) FROM known_fact WHERE {chosen} GROUP BY contract_id"
    return dict(tuple(row) for row in select(connection, query, "contract_id", contracts))


def load_contracts(connection: Connection) -> frozenset[int]:
    """Contracts of which units were ever learned."""
    return frozenset(
        connection.execute(text("SELECT DISTINCT contract_id FROM known_fact")).scalars()
    )


def load_facts(
    connection: Connection, reader: Reader, accounts: Collection[int] | None
) -> tuple[KnownFact, ...]:
    """These accounts' facts in the order they were learned; None: all."""
    rows = select(
        connection,
        "SELECT f.account_id, f.contract_id, f.service_id, f.row_id, f.day, f.effect, f.units,"
        " f.source, f.ref, f.recorded_at, i.price, i.entered FROM known_fact f LEFT JOIN intent i"
        " ON i.ref = f.ref WHERE {chosen} ORDER BY f.id",
        "f.account_id",
        accounts,
    )
    day, instant, word, decimal = reader.day, reader.instant, reader.word, reader.decimal
    return tuple(
        [
            KnownFact(
                LineKey(account, contract, service),
                row,
                day(when),
                word(effect),
                units,
                word(source),
                ref,
                instant(at) if at is not None else None,
                decimal(price) if price is not None else None,
                entered,
            )
            for (
                account,
                contract,
                service,
                row,
                when,
                effect,
                units,
                source,
                ref,
                at,
                price,
                entered,
            ) in rows
        ]
    )


def count_facts(connection: Connection) -> int:
    """Of all accounts."""
    return int(connection.execute(text("SELECT count(*) FROM known_fact")).scalar_one())


def append_agreements(connection: Connection, agreements: Sequence[Agreement]) -> None:
    """Adds contracts' totals as just proved."""
    if not agreements:
        return
    connection.execute(
        text(
            "INSERT INTO agreement (contract_id, day, total, residual, services, marks, others)"
            " VALUES (:contract, :day, :total, :residual, :services, :marks, :others)"
        ),
        [
            {
                "contract": agreement.contract_id,
                "day": agreement.day.isoformat(),
                "total": str(agreement.total),
                "residual": str(agreement.residual),
                "services": compact(list(agreement.lines)),
                "marks": marks_text(agreement.rows),
                "others": marks_text(agreement.others),
            }
            for agreement in agreements
        ],
    )


def load_agreed_prices(
    connection: Connection, reader: Reader
) -> tuple[tuple[int, date, dict[int, Decimal]], ...]:
    """(contract, day, price of each row) of every agreement, oldest first."""
    rows = connection.execute(text("SELECT contract_id, day, marks FROM agreement ORDER BY id"))
    return tuple(
        (contract, reader.day(day), {mark.row_id: mark.price for mark in marks(own, reader)})
        for contract, day, own in rows
    )


def load_agreements(
    connection: Connection, reader: Reader, contracts: Collection[int] | None
) -> tuple[Agreement, ...]:
    """The newest agreement of each of these contracts, by contract id; None: of all."""
    rows = select(
        connection,
        "SELECT contract_id, day, total, residual, services, marks, others FROM agreement"
        " WHERE id IN (SELECT max(id) FROM agreement GROUP BY contract_id) AND {chosen}"
        " ORDER BY contract_id",
        "contract_id",
        contracts,
    )
    return tuple(_agreement(row, reader) for row in rows)


def _agreement(row: Any, reader: Reader) -> Agreement:  # a row as text() gives it
    contract, day, total, residual, services, own, others = row
    return Agreement(
        contract,
        reader.day(day),
        reader.decimal(total),
        reader.decimal(residual),
        tuple(parse(services)),
        marks(own, reader),
        marks(others, reader),
    )


def load_agreements_of(
    connection: Connection, reader: Reader, contract: int
) -> tuple[Agreement, ...]:
    """Every agreement about one contract, oldest first."""
    rows = connection.execute(
        text(
            "SELECT contract_id, day, total, residual, services, marks, others FROM agreement"
            " WHERE contract_id = :contract ORDER BY id"
        ),
        {"contract": contract},
    )
    return tuple(_agreement(row, reader) for row in rows)


def append_names(connection: Connection, names: Sequence[tuple[str, str, int]]) -> int:
    """Remembers (kind, name, BMS id) where it is not known already; says how many were new."""
    known = {(kind, name): id_ for kind, name, id_ in load_names(connection)}
    new = {(kind, name): id_ for kind, name, id_ in names if known.get((kind, name)) != id_}
    if new:
        connection.execute(
            text("INSERT INTO resolved_name (kind, name, bms_id) VALUES (:kind, :name, :id)"),
            [{"kind": kind, "name": name, "id": id_} for (kind, name), id_ in new.items()],
        )
    return len(new)


def load_names(connection: Connection) -> tuple[tuple[str, str, int], ...]:
    """Names as last resolved, sorted."""
    rows = connection.execute(text("SELECT kind, name, bms_id FROM resolved_name ORDER BY id"))
    newest = {(kind, name): id_ for kind, name, id_ in rows}
    return tuple((kind, name, id_) for (kind, name), id_ in sorted(newest.items()))
