"""Of which accounts one configuration counts or dates something otherwise than another.

What is mapped to whom, prices, fixed units and permissions are not meant: a line that only one of
the two has is not counted otherwise, it is new or gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from reconciler.model.desired import DesiredAccount, DesiredState
from reconciler.model.settings import LineSettings

Rules: TypeAlias = "tuple[object, ...]"
Lines: TypeAlias = "Mapping[tuple[str, str], Rules]"
"""By contract and service."""


def recounted(new: DesiredState, old: DesiredState, as_of: date) -> tuple[DesiredAccount, ...]:
    """In the new one's order. What starts after ``as_of`` has decided nothing yet."""
    before = {str(one.account): one for one in old.accounts}
    return tuple(
        one
        for one in new.accounts
        if (known := before.get(str(one.account))) is not None
        and _differ(_lines(one, as_of), _lines(known, as_of))
    )


def lines_of(account: DesiredAccount) -> int:
    """How many lines it names."""
    return sum(len(contract.lines) for contract in account.contracts)


def _differ(new: Lines, old: Lines) -> bool:
    return any(key in old and old[key] != rules for key, rules in new.items())


def _lines(account: DesiredAccount, as_of: date) -> Lines:
    return {
        (str(contract.contract), line.service): (
            contract.billing,
            tuple(_rule(one.settings) for one in line.settings if one.day <= as_of),
            tuple(one.day for one in line.settings if one.day <= as_of),
        )
        for contract in account.contracts
        for line in contract.lines
    }


def _rule(settings: LineSettings) -> LineSettings:
    """Without its name, and without what neither counts nor dates."""
    return replace(settings, policy="", price=None, fixed=None)
