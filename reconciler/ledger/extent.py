"""How far a ledger has grown, to tell whether two reads of it saw the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from reconciler.ledger.statements import text

if TYPE_CHECKING:
    from sqlalchemy import Connection

Extent: TypeAlias = "tuple[int | None, ...]"
"""The newest row of each table that a plan is made from. Rows are never changed, so equal extents
are equal content."""

_TABLES: Final = (
    "pull",
    "organization",
    "organization_alias",
    "bms_read",
    "bms_snapshot",
    "known_fact",
    "agreement",
    "intent",
    "settled",
    "resolved_name",
    "line_rule",
    "named_price",
    "entered_period",
    "look",
)

_NEWEST: Final = text("SELECT " + ", ".join(f"(SELECT max(id) FROM {table})" for table in _TABLES))


def extent(connection: Connection) -> Extent:
    """Of everything that a plan reads."""
    return tuple(connection.execute(_NEWEST).one())
