"""The newest readings, for a person to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reconciler.ledger.organizations import load_organizations
from reconciler.ledger.statements import text
from reconciler.ledger.texts import Reader, parse
from reconciler.model.reading import Reading

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

_NEWEST_DAYS: Final = (
    "SELECT product, org_key, metric, max(last_day) AS day FROM month_series"
    " GROUP BY product, org_key, metric"
)

_ONE_DAY: Final = (
    "SELECT product, org_key, metric, :day AS day FROM month_series"
    " WHERE month = substr(:day, 1, 7)"
)

_SELECT: Final = (
    "SELECT r.product, r.org_key, r.org_id, r.metric, r.dimension, r.day, r.quantity, r.source,"
    " r.names FROM ({days}) n JOIN reading r ON r.product = n.product AND r.org_key = n.org_key"
    " AND r.metric = n.metric AND r.day = n.day{product}"
    " ORDER BY r.product, r.org_key, r.metric, r.id"
)


def shown_readings(
    connection: Connection,
    product: str | None = None,
    organization: str | None = None,
    day: date | None = None,
) -> tuple[Reading, ...]:
    """Each metric of each organization on its newest day, or on one day.

    ``organization`` is an id or a name. Dimensions that count 0 are left out, unless the whole
    answer is 0.
    """
    names = {(one.product, one.key): one.name for one in load_organizations(connection)}
    query = _SELECT.format(
        days=_ONE_DAY if day else _NEWEST_DAYS,
        product=" WHERE r.product = :product" if product else "",
    )
    wanted = {"product": product, "day": day.isoformat() if day else None}
    reader = Reader()
    newest: dict[tuple[str, str, str], dict[str, Reading]] = {}
    rows = connection.execute(
        text(query), {name: value for name, value in wanted.items() if value is not None}
    )
    for product_, key, id_, metric, dimension, when, quantity, source, counted in rows:
        name = names.get((product_, key))
        if name is None or (organization is not None and organization not in (key, name)):
            continue
        newest.setdefault((product_, key, metric), {})[dimension] = Reading(
            product_,
            id_,
            name,
            metric,
            dimension,
            reader.day(when),
            reader.decimal(quantity),
            source,
            tuple(parse(counted)),
        )
    return tuple(one for answer in newest.values() for one in _worth_showing(answer))


def _worth_showing(answer: dict[str, Reading]) -> list[Reading]:
    counted = [one for _, one in sorted(answer.items()) if one.quantity]
    return counted or [min(answer.values(), key=lambda one: one.dimension)]
