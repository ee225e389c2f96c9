"""What a pull request says that takes over what a person changed in BMS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reconciler.report import sections
from reconciler.report.dropped import TO_FILL_IN
from reconciler.report.markdown_table import fitting, table
from reconciler.report.money import signed, with_code
from reconciler.report.outside import markdown
from reconciler.report.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from reconciler.engine.by_hand import HandEdit

LEAD: Final = (
    "These lines were changed in BMS by hand. Each of them is the only edit of a single line that"
    " explains the total of its contract, and nothing is written to that contract meanwhile."
)
_RULES: Final = (
    "**Look at each line in BMS before you merge.** A total does not tell two edits that happen to"
    " look like one.",
    f"Say why in the file on this branch, in place of “{TO_FILL_IN}”, and add `until:` with the"
    " last day it is agreed for. Without it the count moves these lines no more.",
    "Merging makes the units those of BMS: nothing is written for it, and the contract is in step"
    " again.",
    "To have the count back instead, undo the edit in BMS: the next look for drift closes this.",
)
_COLUMNS: Final = ("Account", "Service", "Agreed", "In BMS", "Per month")
_RIGHT: Final = frozenset({"Agreed", "In BMS", "Per month"})


@dataclass(frozen=True, slots=True)
class TakenOver:
    """``left``: edits that are as clear, and that the files have no room for."""

    edits: tuple[HandEdit, ...]
    left: tuple[HandEdit, ...]
    currency: str

    @property
    def title(self) -> str:
        """Of the pull request; nothing from outside is in it."""
        lines = counted(len(self.edits), "line")
        return f"Take over {lines} changed in BMS by hand, {self._money(self.edits)} per month"

    def text(self, limit: int) -> str:
        """In at most ``limit`` bytes of UTF-8."""
        rules = "\n".join(["### How this works", "", *(f"- {rule}" for rule in _RULES)])
        left = self._left()
        room = limit - sum(len(part.encode()) + 2 for part in (LEAD, rules, left)) - 500
        rows = [self._row(edit) for edit in self.edits]
        shown = fitting([f"| {' | '.join(row)} |" for row in rows], room)
        parts = [LEAD, table(_COLUMNS, rows[:shown], _RIGHT)]
        if more := len(rows) - shown:
            parts.append(f"**… and {counted(more, 'more line')}: see the files.**")
        return "\n\n".join(filter(None, [*parts, left, rules]))

    def _left(self) -> str:
        if not self.left:
            return ""
        some = f"{counted(len(self.left), 'more line')}, {self._money(self.left)} per month,"
        return (
            f"{markdown(some)} cannot be written so: the file does not name them one by one, or has"
            " units of certain days for them. The issue about drift has them."
        )

    def _row(self, edit: HandEdit) -> tuple[str, ...]:
        line = edit.line
        return (
            sections.name(line.account),
            f"{sections.name(line.service)} ({sections.name(line.contract)})",
            f"{edit.before:,}",
            f"{edit.after:,}",
            signed(edit.monthly, self.currency),
        )

    def _money(self, edits: Sequence[HandEdit]) -> str:
        total: Decimal = sum((one.monthly for one in edits[1:]), edits[0].monthly)
        return with_code(signed(total, self.currency), self.currency)


def reason(edit: HandEdit) -> str:
    """What the file says until a person says more. The same edit always has the same."""
    return f"changed in BMS by hand from {edit.before} to {edit.after}; {TO_FILL_IN}"
