"""Filters and pages of lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from reconciler.sandbox.behaviour import Behaviour
    from reconciler.sandbox.call import Call
    from reconciler.sandbox.fields import Fields

T = TypeVar("T")


def name_fits(behaviour: Behaviour, wanted: str | None, found: str | None) -> bool:
    """Whether a text passes a name filter; no filter passes everything."""
    if wanted is None:
        return True
    wanted, found = wanted.lower(), (found or "").lower()
    return wanted == found if behaviour.name_filter == "exact" else wanted in found


def same(wanted: str | None, found: str) -> bool:
    """A filter on a fixed vocabulary, such as a status."""
    return wanted is None or wanted.lower() == found.lower()


def page(call: Call, fields: Fields, rows: Sequence[T]) -> Sequence[T]:
    """The page asked for; empty beyond the end, never longer than the cap."""
    base = call.behaviour.page_base
    number = max((fields.integer("PageNumber") or 0) - base, 0)
    size = fields.integer("PageSize") or 0
    cap = call.behaviour.page_cap
    size = min(size, cap) if size > 0 else cap
    return rows[number * size : (number + 1) * size]


def ordered(
    fields: Fields, rows: Iterable[T], columns: dict[str, Callable[[T], object]]
) -> list[T]:
    """Rows by the `Sort` asked for (`Name` or `Name desc`); unknown columns keep the order."""
    name, _, direction = (fields.text("Sort") or "").partition(" ")
    column = columns.get(name.lower())
    kept = list(rows)
    if column is not None:
        kept.sort(key=lambda row: str(column(row)).lower(), reverse=direction.lower() == "desc")
    return kept
