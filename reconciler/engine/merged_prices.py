"""Prices of a later day that a pull request names: merging lets exactly these be written then."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from reconciler.engine.beginnings import Beginning
from reconciler.engine.digests import digest
from reconciler.model.ledgered import NamedPrice

_NOTHING: Final = Decimal(0)


def named_prices(later: Iterable[Beginning], who: str = "") -> tuple[NamedPrice, ...]:
    """Of what begins on a later day, the prices that would wait for an approval then; and the days
    whose price the old configuration named, and this one no more."""
    return tuple(
        NamedPrice(one.line.key, one.day, before, after, who)
        for one in later
        if one.names_a_price or "price" not in one.moves
        for before, after in [one.moves.get("price", (_NOTHING, _NOTHING))]
        if isinstance(before, Decimal) and isinstance(after, Decimal)
    )


def digest_of(later: Iterable[Beginning]) -> str:
    """Of the prices that are named; empty where none is."""
    found = [(n.line, n.day, n.before, n.after) for n in named_prices(later)]
    return digest(found) if found else ""
