"""How the changes of an apply ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from reconciler.model.plan import Change

Result: TypeAlias = Literal["done", "refused", "in-doubt", "does-not-fit", "not-reached"]
"""done: BMS answered and what was read back fits; refused: BMS said no; in-doubt: no answer came;
does-not-fit: answered, and read back as something else; not-reached: the run stopped before it."""


@dataclass(frozen=True, slots=True)
class Applied:
    """How one change ended. ``detail``: BMS's own words, or what was read back."""

    change: Change
    result: Result
    ref: str | None = None
    detail: str = ""
