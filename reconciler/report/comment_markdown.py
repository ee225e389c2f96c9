"""The comment on a pull request: what merging it causes, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reconciler.report import caused
from reconciler.report.outside import markdown
from reconciler.report.plan_markdown import SUMMARY_BYTES, Frame
from reconciler.report.plan_markdown import render as render_plan
from reconciler.report.replayed import fold

if TYPE_CHECKING:
    from reconciler.engine.caused import Caused
    from reconciler.model.errors import ReconcilerError
    from reconciler.report.replayed import Replayed

_STATUS_BYTES: Final = 500
_PAST: Final = 8
"""Past months take no more than this part of the limit."""


def render(
    found: Caused,
    status: str,
    link: str,
    *,
    limit: int = SUMMARY_BYTES,
    replayed: Replayed | None = None,
) -> str:
    """In at most ``limit`` bytes of UTF-8. ``status``: how far it has come; ``link``: the run."""
    plan = found.planned.plan
    past = "" if replayed is None else f"\n{fold(replayed, limit // _PAST)}"
    frame = Frame(
        headline=caused.first_line(found),
        beside=tuple(caused.beside(found, plan.currency)),
        next_steps=caused.next_steps(plan),
    )
    end = f"{past}\n---\n{status} · [the run]({link}) has the whole plan as an artifact\n"
    room = limit - _STATUS_BYTES - len(past.encode())
    return render_plan(plan, limit=room, frame=frame) + end


def planned(head: str) -> str:
    """The status of a plan that waits to be merged."""
    return f"📝 Planned for {markdown(head[:12])}; edited when the pull request changes"


def unplanned(head: str, error: ReconcilerError, link: str) -> str:
    """The status of an earlier plan whose pull request could not be planned again."""
    return (
        f"❌ **There is no plan for {markdown(head[:12])}:** {markdown(error.message)}."
        f" What is said above is an earlier one. [The run]({link})"
    )
