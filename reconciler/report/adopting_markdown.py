"""What a pull request says that takes over what a person changed in BMS."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from reconciler.model.settings import BY_HAND, TO_FILL_IN
from reconciler.report import sections
from reconciler.report.dropped import SHOWN
from reconciler.report.markdown_table import fitting, table
from reconciler.report.money import signed, with_code
from reconciler.report.outside import markdown
from reconciler.report.words import counted, full_stop, listed_few

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from reconciler.engine.by_hand import HandEdit

LEAD: Final = (
    "These lines were changed in BMS by hand. Each of them is the only edit of a single line that"
    " explains the total of its contract, and nothing is written to that contract meanwhile."
)
_IN_STEP: Final = (
    "Merging makes the units those of BMS: nothing is written for it, and the contract is in step"
    " again."
)
_RULES: Final = (
    "**Look at each line in BMS before you merge.** A total does not tell two edits that happen to"
    " look like one.",
    f"Say why in the file on this branch, in place of “{TO_FILL_IN}”, and add `until:` with the"
    " last day it is agreed for. Without it the count moves these lines no more.",
    "To have the count back instead, undo the edit in BMS: the next look for drift closes this.",
)
_COLUMNS: Final = ("Account", "Service", "Agreed", "In BMS", "Per month")
_RIGHT: Final = frozenset({"Agreed", "In BMS", "Per month"})


@dataclass(frozen=True, slots=True)
class TakenOver:
    """``left``: edits that are as clear, and that the files have no room for; ``changed``: those of
    which the branch has something else, since somebody committed to it."""

    edits: tuple[HandEdit, ...]
    left: tuple[HandEdit, ...]
    currency: str
    changed: tuple[HandEdit, ...] = ()

    @property
    def title(self) -> str:
        """Of the pull request; nothing from outside is in it."""
        if not self.edits:
            return "Take over lines changed in BMS by hand: none has the units of BMS now"
        lines = counted(len(self.edits), "line")
        return f"Take over {lines} changed in BMS by hand, {self._money(self.edits)} per month"

    def text(self, limit: int) -> str:
        """In at most ``limit`` bytes of UTF-8."""
        beside = (*self._told_changed(), *self._told_left(), self._rules())
        room = limit - sum(len(part.encode()) + 2 for part in (LEAD, *beside)) - 500
        return "\n\n".join([*(self._lines(room) if self.edits else ()), *beside])

    def _lines(self, room: int) -> Iterator[str]:
        rows = [self._row(edit) for edit in self.edits]
        shown = fitting([f"| {' | '.join(row)} |" for row in rows], room)
        yield LEAD
        yield table(_COLUMNS, rows[:shown], _RIGHT)
        if more := len(rows) - shown:
            yield f"**… and {counted(more, 'more line')}: see the files.**"

    def _rules(self) -> str:
        look, why, undo = _RULES
        rules = (look, why, _IN_STEP, undo) if self.edits else (look, why, undo)
        return "\n".join(["### How this works", "", *(f"- {rule}" for rule in rules)])

    def _told_changed(self) -> Iterator[str]:
        if self.changed:
            lines = [edit.line for edit in self.changed]
            names = [sections.name(f"{line.service} of {line.account}") for line in lines]
            one = len(names) == 1
            yield (
                "Somebody else committed to this branch, so its files stay as they are."
                f" {counted(len(names), 'line')} that {'was' if one else 'were'} changed by hand"
                f" {'has' if one else 'have'} other units here than in BMS, or none:"
                f" {full_stop(listed_few(names, SHOWN))} Merging this leaves"
                f" {'its contract' if one else 'their contracts'} out of step: nothing is written"
                " there until that is settled."
            )

    def _told_left(self) -> Iterator[str]:
        if self.left:
            some = f"{counted(len(self.left), 'more line')}, {self._money(self.left)} per month,"
            yield (
                f"{markdown(some)} cannot be written so: the file does not name them one by one,"
                " has units of certain days for them, or would lose a comment. The issue about"
                " drift has them."
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


def on_branch(asked: TakenOver, changed: Sequence[HandEdit]) -> TakenOver:
    """What a branch takes over that somebody else committed to. ``changed``: what it does not."""
    kept = tuple(one for one in asked.edits if one not in changed)
    return replace(asked, edits=kept, changed=tuple(changed))


def reason(edit: HandEdit) -> str:
    """What the file says until a person says more. The same edit always has the same."""
    return f"{BY_HAND} {edit.before} to {edit.after}; {TO_FILL_IN}"
