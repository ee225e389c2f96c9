"""What is left to do by hand for days that no plan looks at any more.

Units that should have risen were never billed. Units that should have fallen were billed all the
same, and too high: whoever bills these days again makes it worse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reconciler.model.finding import Finding

_SETTLE: Final = "approve the change before that day, or settle what holds it; after that,"

_FROM: Final = "of a new line, its `from:` can say that they are not billed"

BILL: Final = {
    "POL007": "bill that money in BMS by hand",
    "POL009": f"{_SETTLE} bill that money in BMS by hand",
}
NEW: Final = {"POL007": f"{BILL['POL007']}; {_FROM}"}
"""Of a line that BMS does not have."""

CREDIT: Final = {
    "POL007": "credit that money in BMS by hand",
    "POL009": f"{_SETTLE} credit that money in BMS by hand",
}
BOTH: Final = {
    "POL007": "in BMS by hand, bill what the message says is never billed, and credit what it says"
    " is never credited",
}
EITHER: Final = {
    "POL007": "bill or credit in BMS by hand what the message names, or both, where it says so;"
    f" {_FROM}",
    "POL009": f"{_SETTLE} bill or credit in BMS by hand what the message names",
}
"""Where it is said of the code, and of no line."""


def is_credit(found: Finding) -> bool:
    """Is money lost to the customer, and not to whoever bills?"""
    return found.remedy == CREDIT.get(found.code)


def to_be_done(found: Finding) -> str:
    """What is left to do of it, as in ``to be billed by hand``."""
    if found.remedy == BOTH.get(found.code):
        return "billed and credited"
    return "credited" if is_credit(found) else "billed"
