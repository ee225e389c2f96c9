"""What is left to do by hand for days that no plan looks at any more.

Units that should have risen were never billed. Units that should have fallen were billed all the
same, and too high: whoever bills these days again makes it worse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reconciler.model.finding import Finding

_SETTLE: Final = "approve the change before that day, or settle what holds it; after that,"

BILL: Final = {
    "POL007": "bill in BMS by hand what those days lack; of a new line, its `from:` can say that"
    " they are not billed",
    "POL009": f"{_SETTLE} bill that money in BMS by hand",
}
CREDIT: Final = {
    "POL007": "credit in BMS by hand what is billed too much for those days",
    "POL009": f"{_SETTLE} credit that money in BMS by hand",
}
EITHER: Final = {
    "POL007": "bill in BMS by hand what those days lack, or credit there what is billed too much"
    " for them; of a new line, its `from:` can say that they are not billed",
    "POL009": f"{_SETTLE} bill or credit in BMS by hand what the message names",
}
"""Where it is said of the code, and of no line."""


def is_credit(found: Finding) -> bool:
    """Is money lost to the customer, and not to whoever bills?"""
    return found.remedy == CREDIT.get(found.code)
