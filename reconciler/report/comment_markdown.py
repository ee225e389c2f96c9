"""The comment on a pull request: what merging it causes, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reconciler.report import caused, reached
from reconciler.report.outside import markdown
from reconciler.report.plan_markdown import SUMMARY_BYTES, Frame
from reconciler.report.plan_markdown import render as render_plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconciler.engine.caused import Caused
    from reconciler.model.errors import ReconcilerError
    from reconciler.report.reached import Moved

_STATUS_BYTES: Final = 500


def render(
    found: Caused,
    status: str,
    link: str,
    moved: Sequence[Moved] = (),
    *,
    limit: int = SUMMARY_BYTES,
) -> str:
    """In at most ``limit`` bytes of UTF-8. ``status``: how far it has come; ``link``: the run;
    ``moved``: in how BMS is reached."""
    plan = found.planned.plan
    quiet = moved and not (plan.changes or found.later or found.ahead)
    frame = Frame(
        headline=reached.HEADLINE if quiet else caused.first_line(found),
        beside=tuple(caused.beside(found, plan.currency)),
        warning=reached.sentence(moved) if moved else "",
        next_steps=caused.next_steps(plan),
    )
    end = f"\n---\n{status} · [the run]({link}) has the whole plan as an artifact\n"
    return render_plan(plan, limit=limit - _STATUS_BYTES, frame=frame) + end


def planned(head: str) -> str:
    """The status of a plan that waits to be merged."""
    return f"📝 Planned for {markdown(head[:12])}; edited when the pull request changes"


def unplanned(head: str, error: ReconcilerError, link: str) -> str:
    """The status of an earlier plan whose pull request could not be planned again."""
    return (
        f"❌ **There is no plan for {markdown(head[:12])}:** {markdown(error.message)}."
        f" What is said above is an earlier one. [The run]({link})"
    )
