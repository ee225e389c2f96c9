"""Which types readings of any day ever named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reconciler.ledger.statements import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

    from reconciler.model.reading import TypeKey

_ANY: Final = (
    "SELECT 1 FROM reading"
    " WHERE product = :product AND metric = :metric AND dimension = :name LIMIT 1"
)


def types_read(connection: Connection, types: Iterable[TypeKey]) -> Iterator[TypeKey]:
    """Those of them; each that none named is looked for in all readings of its product."""
    for one in types:
        if connection.execute(text(_ANY), one._asdict()).first() is not None:
            yield one
