"""Units learned, totals agreed, and names once resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from reconciler.ledger.chosen import select
from reconciler.ledger.marks import marks, marks_text
from reconciler.ledger.texts import compact, instant_text, parse
from reconciler.model.bms import LineKey
from reconciler.model.ledgered import Agreement, KnownFact

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection

    from reconciler.ledger.texts import Reader


def append_facts(connection: Connection, facts: Sequence[KnownFact]) -> None:
    """Adds units learned, in this order; what two runs both found out is added once."""
    facts = [fact for fact in facts if not _found_already(connection, fact)]
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


FOUND_OUT: Final = ("hand", "solved", "note")
"""Sources of facts that a run works out from what BMS shows."""


def _found_already(connection: Connection, fact: KnownFact) -> bool:
    if fact.ref is not None or fact.source not in FOUND_OUT:
        return False
    newest = connection.execute(
        text(
            "SELECT row_id, day, effect, units, source FROM known_fact WHERE account_id = :account"
            " AND contract_id = :contract AND service_id = :service ORDER BY id DESC LIMIT 1"
        ),
        {
            "account": fact.line.account_id,
            "contract": fact.line.contract_id,
            "service": fact.line.service_id,
        },
    ).first()
    wanted = (fact.row_id, fact.day.isoformat(), fact.effect, fact.units, fact.source)
    return newest is not None and tuple(newest) == wanted


def load_facts(
    connection: Connection, reader: Reader, accounts: Collection[int] | None
) -> tuple[KnownFact, ...]:
    """These accounts' facts in the order they were learned; None: all."""
    rows = select(
        connection,
        "SELECT account_id, contract_id, service_id, row_id, day, effect, units, source, ref,"
        " recorded_at FROM known_fact WHERE {chosen} ORDER BY id",
        "account_id",
        accounts,
    )
    day, instant, word = reader.day, reader.instant, reader.word
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
            )
            for account, contract, service, row, when, effect, units, source, ref, at in rows
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
    return tuple(
        Agreement(
            contract,
            reader.day(day),
            reader.decimal(total),
            reader.decimal(residual),
            tuple(parse(services)),
            marks(own, reader),
            marks(others, reader),
        )
        for contract, day, total, residual, services, own, others in rows
    )


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
