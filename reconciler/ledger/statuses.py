"""How the last pull of each configured source went."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Protocol

from reconciler.ledger.statements import text
from reconciler.ledger.texts import instant, parse
from reconciler.model.reading import SourceStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection


class ConfiguredSource(Protocol):
    """What a source of the configuration says of itself."""

    @property
    def label(self) -> str: ...

    @property
    def max_age_days(self) -> int: ...


def load_statuses(
    connection: Connection, sources: Iterable[ConfiguredSource]
) -> tuple[SourceStatus, ...]:
    """One status per source, in the order given; one never pulled has no day and no instant."""
    return tuple(_status(connection, source.label, source.max_age_days) for source in sources)


def _status(connection: Connection, label: str, max_age_days: int) -> SourceStatus:
    pulls = connection.execute(
        text(
            "SELECT at, status, message, products, newest FROM pull WHERE source = :source"
            " ORDER BY id"
        ),
        {"source": label},
    ).all()
    if not pulls:
        return SourceStatus(label, (), None, None, max_age_days)
    last = pulls[-1]
    products = {product for pull in pulls for product in parse(pull.products)}
    days = [pull.newest for pull in pulls if pull.newest is not None]
    return SourceStatus(
        source=label,
        products=tuple(sorted(products)),
        newest=date.fromisoformat(max(days)) if days else None,
        failed=last.message if last.status == "failed" else None,
        max_age_days=max_age_days,
        at=instant(last.at),
    )
