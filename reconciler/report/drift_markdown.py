"""The issue about BMS being not as it was agreed: by whom it is otherwise, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from reconciler.findings import CODES
from reconciler.report import sections
from reconciler.report.daily import WAITING
from reconciler.report.drift_text import RENAMED, TOLD, UNKNOWN, UNSEEN, headline, leaves_open
from reconciler.report.markdown_table import fitting
from reconciler.report.outside import markdown
from reconciler.report.words import CAUSES, STANDINGS, counted
from reconciler.report.worth import per_month

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconciler.model.finding import Finding
    from reconciler.model.plan import Change, Plan, Standing
    from reconciler.report.daily import Request

_MOVING: frozenset[Standing] = frozenset({"ready", *WAITING})
_DUE = "Due by usage or configuration"
_REMEDY = (
    "Run the apply workflow again, or `reconciler github apply`; what is refused there says why."
)


@dataclass(frozen=True, slots=True)
class Merged:
    """A commit of the main line that was not looked at yet."""

    commit: str
    title: str


@dataclass(frozen=True, slots=True)
class Apart:
    """In what BMS and the configuration differ, and why."""

    plan: Plan
    merged: tuple[Merged, ...] = ()
    caused: tuple[Change, ...] = ()
    """What these commits cause."""
    unsure: str | None = None
    """Why it cannot be told whether merged commits wait."""
    offer: Request | None = None
    """The pull request that takes over edits, where one is wished and there is something clear."""

    @property
    def open(self) -> bool:
        """Does somebody have to act? That usage moved is the night's matter."""
        return leaves_open(self.plan) or bool(self.caused)

    @property
    def due(self) -> tuple[Change, ...]:
        """What waits whatever was merged: for usage that moved, for units that are fixed or were
        taken over, and for whatever else a line should have."""
        lines = {change.line for change in self.caused}
        moving = (change for change in self.plan.changes if change.standing in _MOVING)
        return tuple(change for change in moving if change.line not in lines)


def sentence(apart: Apart) -> str:
    """For a billing lead who reads nothing else."""
    parts = [headline(apart.plan).plain]
    if apart.caused:
        commits = counted(len(apart.merged), "commit")
        parts.append(f"Merged but not applied: {commits}, {_some(apart.caused, apart)}.")
    if apart.due:
        parts.append(f"{_DUE}: {_some(apart.due, apart)}.")
    return " ".join(parts)


def render(apart: Apart, limit: int) -> str:
    """The issue in at most ``limit`` bytes of UTF-8: what a person must act on first."""
    sign = "⚠️" if apart.open else "✅"
    head = f"## {sign} {markdown(sentence(apart))}"
    if apart.unsure is not None:
        told = sections.words(apart.unsure)
        head += f"\n\n> [!WARNING]\n> Whether merged commits wait cannot be told: {told}"
    parts = [partial(_by_hand, apart), partial(_offer, apart)]
    parts += [partial(_unseen, apart), partial(_renamed, apart)]
    parts += [partial(_merged, apart), partial(_caused, apart), partial(_due, apart)]
    room = limit - len(f"{head}\n\n".encode())
    return "\n\n".join(filter(None, [head, sections.joined(parts, room)]))


def summary(apart: Apart, limit: int) -> str:
    """The issue's text for the job's summary, with what is told once."""
    once = [one for one in apart.plan.findings if CODES[one.code].once]
    noticed = sections.findings("Noticed in BMS", once, apart.plan.currency, limit // 4)
    return f"{render(apart, limit - len(noticed.encode()) - 2)}\n\n{noticed}\n"


def news(apart: Apart) -> str:
    """Said where the issue is closed or opened again."""
    if apart.open:
        return f"It differs again on {apart.plan.as_of}: {markdown(sentence(apart))}"
    return f"In step again on {apart.plan.as_of}: {markdown(sentence(apart))}"


def _by_hand(apart: Apart, room: int) -> str:
    others = {*UNKNOWN, *UNSEEN, RENAMED}
    found = [one for one in _lasting(apart.plan) if one.code not in others]
    title = "BMS was changed by hand, or a write is in doubt"
    return sections.findings(title, found, apart.plan.currency, room)


def _offer(apart: Apart, _room: int) -> str:
    one = apart.offer
    if one is None:
        return ""
    if one.number is None:
        return f"No pull request offers to take over what is clear: {sections.words(one.why)}"
    if one.state == "declined":
        return (
            f"#{one.number} offered to take over what is clear of it, and was closed and not"
            " merged, so the same is not offered again. To take it over after all, restore its"
            " branch if it is gone, open it again and merge it."
        )
    return (
        f"#{one.number} offers to take over what is clear of it: look at each line in BMS, then"
        " merge it, or undo the edit in BMS."
    )


def _unseen(apart: Apart, room: int) -> str:
    found = [one for one in _lasting(apart.plan) if one.code in (*UNKNOWN, *UNSEEN)]
    return sections.findings("Could not be compared", found, apart.plan.currency, room)


def _renamed(apart: Apart, room: int) -> str:
    """It is told here since it is seen here; nothing that is billed is otherwise for it."""
    found = [one for one in _lasting(apart.plan) if one.code == RENAMED]
    return sections.findings(CODES[RENAMED].title, found, apart.plan.currency, room)


def _lasting(plan: Plan) -> list[Finding]:
    """What is told once would be gone with the next run."""
    codes = {*TOLD, *UNKNOWN}
    return [one for one in plan.findings if one.code in codes and not CODES[one.code].once]


def _merged(apart: Apart, room: int) -> str:
    if not apart.caused:
        return ""
    lines = [f"- {markdown(one.commit[:12])} {sections.name(one.title)}" for one in apart.merged]
    shown = fitting(lines, room - 400)
    more = [f"- … and {counted(len(lines) - shown, 'more commit')}"] if shown < len(lines) else []
    return "\n".join(["### Merged but not applied", "", _REMEDY, "", *lines[:shown], *more])


def _caused(apart: Apart, room: int) -> str:
    return _table("What these commits cause", apart.caused, apart, room)


def _due(apart: Apart, room: int) -> str:
    lead = "What is ready is written by the next daily run; what is not says what it waits for."
    return _table(_DUE, apart.due, apart, room, lead)


def _table(title: str, some: Sequence[Change], apart: Apart, room: int, lead: str = "") -> str:
    rows = [(change, _why(change)) for change in sections.by_line(some)]
    title = markdown(f"{title}: {_some(some, apart)}")
    return sections.changes(title, rows, apart.plan.currency, room, lead=lead)


def _why(change: Change) -> str:
    codes = f"; {', '.join(change.because)}" if change.because else ""
    return f"{CAUSES[change.cause]}; {STANDINGS[change.standing].lower()}{codes}"


def _some(some: Sequence[Change], apart: Apart) -> str:
    money = per_month(some, apart.plan.currency)
    return f"{counted(len(some), 'change')}, {money}"
