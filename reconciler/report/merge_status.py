"""How far a merged pull request has come, as the last line of its comment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reconciler.model.errors import PlanStale
from reconciler.report.apply_text import RESULTS, summary
from reconciler.report.outside import markdown, markdown_code
from reconciler.report.words import before_after, counted, full_stop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconciler.model.errors import ReconcilerError
    from reconciler.model.ledgered import NamedPrice
    from reconciler.model.outcome import Applied

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many changes a merge did not write, and wait for a person."""

    held: int = 0
    """For an approval."""
    stuck: int = 0
    """For what holds them to be mended: no approval does."""
    by_hand: int = 0
    """To be made in BMS."""
    wrong: int = 0
    """Not changes: errors in what the configuration names."""
    unplanned: int = 0
    """Not changes: edited lines that no plan can tell the outcome of yet."""

    @property
    def all(self) -> int:
        """Of any kind."""
        return self.held + self.stuck + self.by_hand + self.wrong + self.unplanned


NOTHING: Final = Waiting()


def writing(commit: str, link: str) -> str:
    """It was merged, and is being written."""
    return f"⏳ Merged with {markdown(commit[:12])}; it is being written by [this run]({link})"


def refused(error: ReconcilerError, link: str, sent: int = 0) -> str:
    """Nothing of it is written; with what it comes to now, or what is wrong with it. ``sent``: of
    its changes, by runs that were ended before they had sent all."""
    parts = [part for part in (error.message, error.remedy) if part]
    told = [full_stop(f"{part[:1].upper()}{part[1:]}") for part in parts]
    lead = f"**{_no_more(sent)}.**{_before(sent)}"
    lines = [f"❌ {lead} {markdown_code(' '.join(told))} [The run]({link})"]
    found = [f"- {markdown(one)}" for one in error.details[: SHOWN + 1]]
    lead = "What it comes to now:" if isinstance(error, PlanStale) else "What is wrong:"
    return "\n".join([*lines, *(["", lead, "", *found] if found else [])])


def not_reviewed(link: str, sent: int = 0) -> str:
    """It was merged without a plan that somebody could have seen, or its comment is gone."""
    why = ", so nobody saw what merging it writes" if not sent else " any more"
    return (
        f"⚠️ **{_no_more(sent)} when this was merged.**{_before(sent)} It has no comment with its"
        f" plan{why}. The daily run writes what modes and guards allow, and"
        f" asks for approval of the rest. [The run]({link})"
    )


def _no_more(sent: int) -> str:
    return "No more was written" if sent else "Nothing was written"


def _before(sent: int) -> str:
    if not sent:
        return ""
    return (
        f" {counted(sent, 'write')} of it had been sent to BMS by a run that was ended before it"
        " was done; that stays."
    )


def before_the_first_run(link: str) -> str:
    """It was merged before anything here could write."""
    return (
        "ℹ️ **Nothing was written when this was merged**: that was before the first run of this"
        " ledger. It is part of the configuration, and the daily run writes what modes and guards"
        f" allow, and asks for approval of the rest. [The run]({link})"
    )


def rewritten(link: str) -> str:
    """It was merged, and is in no history that a run can follow any more."""
    return (
        "ℹ️ **Nothing was written when this was merged**: the main branch was rewritten before a run"
        " came to it. What of it is part of the configuration now, the daily run writes as modes"
        f" and guards allow, and asks for approval of the rest. [The run]({link})"
    )


def written(
    applied: Sequence[Applied],
    currency: str,
    ahead: int = 0,
    named: Sequence[NamedPrice] = (),
    waiting: Waiting = NOTHING,
) -> str:
    """One line, for the ledger too. ``ahead``: approvals of changes whose days are not closed;
    ``named``: prices of later days that it lets be written."""
    told = []
    if waiting.wrong:
        told.append(f"{counted(waiting.wrong, 'error')} to be mended, as told above.")
    if waiting.unplanned:
        told.append(
            f"What it says of {counted(waiting.unplanned, 'line')} could not be planned, as told"
            " above; a daily run plans it when that is mended."
        )
    if waiting.by_hand:
        counts = counted(waiting.by_hand, "change")
        told.append(f"{counts} to be made by hand in BMS, as listed above.")
    if waiting.stuck:
        counts = counted(waiting.stuck, "change")
        told.append(f"{counts} held until what holds it is mended, as told above.")
    if waiting.held:
        told.append(f"{counted(waiting.held, 'change')} held; the daily run asks for approval.")
    if ahead:
        told.append(
            f"{counted(ahead, 'change')} approved; each is written once its days are closed."
        )
    if named:
        days = sorted({one.day for one in named})
        when = f"on {days[0]}" if len(days) == 1 else f"between {days[0]} and {days[-1]}"
        told.append(f"{counted(len(named), 'price')} approved, to be written {when}.")
    return " ".join([summary(applied, currency), *told] if applied or not told else told)


def ended(
    applied: Sequence[Applied], stopped: str | None, told: str, link: str, waiting: int = 0
) -> str:
    """What was written, and by name what was not; ``waiting``: changes that wait for a person."""
    left = [one for one in applied if one.result != "done"]
    sign = "⚠️" if left or stopped or waiting else "✅"
    lines = [f"{sign} {markdown(told)} [The run]({link})"]
    if stopped:
        lines.append(f"The run stopped: {markdown(full_stop(stopped))}")
    lines += [_line(one) for one in left[:SHOWN]]
    if len(left) > SHOWN:
        lines.append(f"- … and {len(left) - SHOWN:,} more")
    if left:
        lines.append("\nThe next run goes on from here; nothing has to be committed for it.")
    return "\n".join(lines)


def begun(number: int | None, told: str, stopped: str | None) -> str:
    """For the summary of the run that did not come to its end."""
    why = f" The run stopped: {markdown(full_stop(stopped))}" if stopped else ""
    return (
        f"## ⚠️ The merge of #{number} was begun and is not done\n\n{markdown(told)}{why}"
        " Nothing else is written before it; the next run goes on with it.\n\n"
    )


def _line(one: Applied) -> str:
    line = one.change.line
    detail = f": {markdown(one.detail)}" if one.detail else ""
    units = before_after(one.change, "").replace("->", "→")
    return (
        f"- {markdown(RESULTS[one.result])}: {markdown(line.account)} / {markdown(line.service)}"
        f" {units} from {one.change.day}{detail}"
    )
