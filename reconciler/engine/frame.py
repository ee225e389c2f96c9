"""What is the same for every line of a plan, and what its mode and its blocks make of a change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, tzinfo
from decimal import Decimal
from typing import TypeAlias

from reconciler.engine.lines import LineWork
from reconciler.model.assumptions import Assumptions
from reconciler.model.bms import LineKey
from reconciler.model.ledgered import NamedPrice, ReplacedPrice
from reconciler.model.plan import Standing

Replaced: TypeAlias = Mapping[LineKey, Sequence[ReplacedPrice]]
"""Of each line, oldest first: a rise may come to all of them."""


def by_line(found: Iterable[ReplacedPrice]) -> Replaced:
    """In the order given."""
    lines: dict[LineKey, list[ReplacedPrice]] = defaultdict(list)
    for one in found:
        lines[one.line].append(one)
    return dict(lines)


@dataclass(frozen=True, slots=True)
class Frame:
    """What is the same for every line of a plan."""

    assume: Assumptions
    as_of: date
    currency: str
    holds_all: tuple[str, ...]
    """Codes that hold every change, such as assumptions that are not set."""
    correction: Decimal | None = None
    """The price at which a write of ours is taken back, whatever the policies say."""
    named: tuple[NamedPrice, ...] = ()
    """Prices that were merged before their day."""
    zone: tzinfo = UTC
    """The tenant's: people read days of writes in it."""
    replaced: Replaced = field(default_factory=dict)
    """Prices that writes of ours replaced."""


def standing_of(
    work: LineWork, frame: Frame, blocked: Sequence[str]
) -> tuple[Standing, tuple[str, ...]]:
    """Before what holds one change alone. ``blocked``: codes that hold the line."""
    mode = work.bound.contract.desired.mode
    if mode == "observe":
        return "observed", ("MOD001",)
    if frame.holds_all or blocked:
        return "held", (*frame.holds_all, *blocked)
    return ("ready" if mode == "apply" else "proposed"), ()
