"""What becomes of units that are fixed already where they are fixed anew."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from ruamel.yaml.error import CommentMark
from ruamel.yaml.tokens import CommentToken

from reconciler.model.settings import BY_HAND, TO_FILL_IN

if TYPE_CHECKING:
    from ruamel.yaml.comments import CommentedMap

    from reconciler.desired.tree import Plain

UNTIL: Final = "until"
_BEFORE: Final = " (before: "
_END: Final = f"; {TO_FILL_IN}"
_OFFER: Final = re.compile(rf"{BY_HAND} \S+ to \S+")


def units_at(document: Plain, path: tuple[str | int, ...]) -> dict[str, Plain]:
    """Those of the line that the path leads to; empty where it has none."""
    found = document
    for step in (*path, "units"):
        if isinstance(found, dict) and isinstance(step, str):
            found = found.get(step)
        elif isinstance(found, list) and isinstance(step, int) and step < len(found):
            found = found[step]
        else:
            return {}
    return found if isinstance(found, dict) else {}


def reason_after(units: dict[str, Plain], reason: str) -> str:
    """The new one, and in it what a person said before: it may hold still."""
    said = _said(units.get("reason"))
    if not said or said == reason:
        return reason
    what = reason.removesuffix(_END)
    return f"{what}{_BEFORE}{said}){reason.removeprefix(what)}"


def _said(reason: Plain) -> str:
    """By a person, in one line; of an offer that waits to be filled in, what it has within."""
    said = " ".join(reason.split()) if isinstance(reason, str) else ""
    if said == TO_FILL_IN:
        return ""
    own = said.removesuffix(_END)
    offer, _, before = own.partition(_BEFORE)
    if own != said and _OFFER.fullmatch(offer):
        return before.removesuffix(")")
    return own


def is_over(units: dict[str, Plain], today: date) -> bool:
    """Did the last day pass on which they were agreed? With it they would hold on no day."""
    until = units.get(UNTIL)
    try:
        return isinstance(until, str) and date.fromisoformat(until) < today
    except ValueError:
        return False


def without_until(units: CommentedMap) -> None:
    """Take the last day out; what is said beside and below it stays, at what stands before it."""
    names, column = list(units), units.lc.col
    place = names.index(UNTIL)
    _, _, said, _ = units.ca.items.pop(UNTIL, (None, None, None, None))
    del units[UNTIL]
    if said is None:
        return
    if place:
        kept = units.ca.items.setdefault(names[place - 1], [None, None, None, None])
        kept[2] = _joined(kept[2], said, column)
    elif units.ca.comment and units.ca.comment[1]:
        above = units.ca.comment[1][-1]  # what holds the mapping has the very same
        above.value = f"{above.value}{' ' * column}{said.value}"
    else:
        units.ca.comment = [None, [CommentToken(said.value, CommentMark(column))]]


def _joined(kept: CommentToken | None, said: CommentToken, column: int) -> CommentToken:
    if kept is None:
        return CommentToken(said.value, CommentMark(0))
    rest = said.value.removeprefix("\n")
    between = "" if rest != said.value else " " * column
    return CommentToken(f"{kept.value}{between}{rest}", CommentMark(kept.column))
