"""What a pull request lets begin on a later day, in sentences."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Final

from reconciler.report.money import price, signed, with_code
from reconciler.report.words import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reconciler.engine.beginnings import Beginning
    from reconciler.model.plan import Plan

SHOWN: Final = 5
_PLAIN: Final = ("minimum", "maximum", "included", "per", "multiply", "policy", "round")
"""Settings whose values are words or numbers of their own."""


def headline(found: Sequence[Beginning], plan: Plan) -> str:
    """A part of the first sentence, where nothing is written today."""
    days = sorted({one.day for one in found})
    lines = counted(len({one.line.key for one in found}), "line")
    money = _money(found, plan.currency)
    when = f"from {days[0]}" if len(days) == 1 else f"between {days[0]} and {days[-1]}"
    return f"{when} it changes {lines}{money}"


def sentences(found: Sequence[Beginning], currency: str) -> Iterator[str]:
    """One per day."""
    for day, group in groupby(found, key=lambda one: one.day):
        some = list(group)
        named = [_line(one, currency) for one in some[:SHOWN]]
        more = len(some) - len(named)
        rest = [counted(more, "more line")] if more else []
        yield (
            f"From {day} on{_money(some, currency)}: {listed([*named, *rest])}."
            " It is planned and written when the day has come, as each line's mode says."
            f"{_let(some)}"
        )


def _let(found: Sequence[Beginning]) -> str:
    named = sum(1 for one in found if one.names_a_price)
    if not named:
        return ""
    prices = "this price" if named == 1 else "these prices"
    return f" Merging this approves {prices}: no other approval is asked for, inside the guards."


def _line(one: Beginning, currency: str) -> str:
    moves = [_move(name, *values, currency) for name, values in one.moves.items()]
    what = ", ".join(moves) or "what was to change then does not any more"
    return f"{one.line.service} of {one.line.account} ({what})"


def _move(name: str, before: object, after: object, currency: str) -> str:
    if name == "price" and isinstance(before, Decimal) and isinstance(after, Decimal):
        return f"price {price(before, currency)} → {price(after, currency)}"
    if name not in _PLAIN:
        return name
    return f"{name} {_value(before)} → {_value(after)}"


def _value(value: object) -> str:
    return "none" if value is None else str(value)


def _money(found: Sequence[Beginning], currency: str) -> str:
    money = sum((one.monthly for one in found), Decimal(0))
    if not money:
        return ""
    return f", {with_code(signed(money, currency), currency)} per month with the units of today"
