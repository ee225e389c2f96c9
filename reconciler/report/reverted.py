"""What a pull request takes back that merges wrote, and what stays, in sentences."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from reconciler.report.money import price, signed, with_code
from reconciler.report.plan_view import total
from reconciler.report.words import counted, listed, listed_few

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reconciler.engine.caused import Caused
    from reconciler.engine.reverting import Kept
    from reconciler.model.plan import Change, LineRef

SHOWN: Final = 5


def sentences(found: Caused, currency: str) -> Iterator[str]:
    """A merge each; lines that keep what was written by why they do."""
    for one in found.taken_back:
        parts = listed(list(_parts(one.changes, currency)))
        yield f"It takes back what {one.merge} wrote on {one.wrote}: {parts}."
    stays: dict[tuple[Kept, bool], list[LineRef]] = defaultdict(list)
    for left in found.not_taken_back:
        stays[left.kept, left.line in found.dropped.removed].append(left.line)
    for (kept, removed), lines in stays.items():
        from_today = "" if removed else "; what is reverted there counts from today on"
        yield (
            f"What {kept.merge} wrote is not taken back at its own day on {_named(lines)}, since"
            f" {kept.why}{from_today}."
        )
    if found.prices_kept:
        names = [
            f"{_name(one.line)} ({with_code(price(one.price, currency), currency)})"
            for one in found.prices_kept
        ]
        yield (
            f"It names no price any more for {listed_few(names, SHOWN)}, so BMS keeps that one:"
            " where another is wanted, write it as `price:`."
        )


def _parts(changes: Sequence[Change], currency: str) -> Iterator[str]:
    """Units have a day, prices have none."""
    units = [change for change in changes if change.kind != "price"]
    prices = [change for change in changes if change.kind == "price"]
    if units:
        from_when = "its own day" if len(units) == 1 else "their own days"
        yield f"{_some(units, 'change', currency)}, from {from_when} on"
    if prices:
        yield f"{_some(prices, 'price', currency)}, from {prices[0].day} on"


def _some(changes: Sequence[Change], what: str, currency: str) -> str:
    money = with_code(signed(total(changes).monthly, currency), currency)
    return f"{counted(len(changes), what)} ({money} per month)"


def _named(lines: list[LineRef]) -> str:
    return listed_few([_name(line) for line in lines], SHOWN)


def _name(line: LineRef) -> str:
    return f"{line.service} of {line.account}"
