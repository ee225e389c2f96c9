"""How the changes of an apply ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from reconciler.model.plan import Change

Result: TypeAlias = Literal[
    "done", "unproved", "refused", "in-doubt", "does-not-fit", "not-reached"
]
"""done: BMS answered, and what was read back and the contract's total fit; unproved: answered, and
the line or the total could not be read afterwards, or the total does not hold a change of today
yet; refused: BMS said no; in-doubt: no answer came,
or a price job was not seen to its end; does-not-fit: answered, and read back as something else;
not-reached: the run stopped before it."""


@dataclass(frozen=True, slots=True)
class Applied:
    """How one change ended. ``detail``: BMS's own words, what was read back, or why nothing was."""

    change: Change
    result: Result
    ref: str | None = None
    detail: str = ""
