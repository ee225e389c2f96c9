"""What a pull request takes back that merges wrote, and what stays, in sentences."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from reconciler.report.money import signed, with_code
from reconciler.report.plan_view import total
from reconciler.report.words import counted, listed_few

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconciler.engine.caused import Caused
    from reconciler.engine.reverting import Kept
    from reconciler.model.plan import LineRef

SHOWN: Final = 5


def sentences(found: Caused, currency: str) -> Iterator[str]:
    """A merge each; lines that keep what was written by why they do."""
    for one in found.taken_back:
        money = with_code(signed(total(one.changes).monthly, currency), currency)
        from_when = "its own day" if len(one.changes) == 1 else "their own days"
        yield (
            f"It takes back what {one.merge} wrote on {one.wrote}:"
            f" {counted(len(one.changes), 'change')} ({money} per month), from {from_when} on."
        )
    stays: dict[tuple[Kept, bool], list[LineRef]] = defaultdict(list)
    for left in found.not_taken_back:
        stays[left.kept, left.line in found.removed].append(left.line)
    for (kept, removed), lines in stays.items():
        from_today = "" if removed else "; what is reverted there counts from today on"
        yield (
            f"What {kept.merge} wrote is not taken back at its own day on {_named(lines)}, since"
            f" {kept.why}{from_today}."
        )


def _named(lines: list[LineRef]) -> str:
    return listed_few([f"{line.service} of {line.account}" for line in lines], SHOWN)
