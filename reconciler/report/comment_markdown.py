"""The comment on a pull request: what merging it causes, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reconciler.report import allowed, caused, dropped, reached, retired, sections, unread
from reconciler.report.markdown_table import fitting
from reconciler.report.outside import markdown
from reconciler.report.plan_markdown import SUMMARY_BYTES, Frame
from reconciler.report.plan_markdown import render as render_plan
from reconciler.report.replayed import fold
from reconciler.report.words import full_stop, listed_few

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reconciler.engine.caused import Caused
    from reconciler.model.errors import ReconcilerError
    from reconciler.model.plan import Standing
    from reconciler.report.reached import Moved
    from reconciler.report.replayed import Replayed
    from reconciler.report.retired import Retired
    from reconciler.report.unread import Unread

BY_MERGING: Final[dict[Standing, str]] = {
    "ready": "Written by merging",
    "proposed": "Written by merging",
}
SHOWN: Final = 5
_STATUS_BYTES: Final = 500
_WHY_BYTES: Final = 3000
"""For why there is no plan: GitHub takes as much beyond the limit of a plan."""
_PAST: Final = 8
"""Past months take no more than this part of the limit."""
_RULES: Final = 8
"""Nor do the rules that are changed."""


@dataclass(frozen=True, slots=True)
class Also:
    """What merging changes beside what is written."""

    moved: Sequence[Moved] = ()
    """In how BMS is reached."""
    replayed: Replayed | None = None
    """What past months would have come to."""
    readings: Sequence[str] = ()
    """The files of usage that are other ones with it."""
    retired: Sequence[Retired] = ()
    """Other configurations that are gone with it, or go on elsewhere with other lines."""
    unread: Sequence[Unread] = ()
    """Files of it that nothing reads, though they look like ours."""


def render(found: Caused, status: str, link: str, also: Also, *, limit: int = SUMMARY_BYTES) -> str:
    """In at most ``limit`` bytes of UTF-8. ``status``: how far it has come; ``link``: the run."""
    plan, reads = found.planned.plan, bool(also.readings)
    past = "" if also.replayed is None else f"\n{fold(also.replayed, limit // _PAST)}"
    frame = Frame(
        headline=_headline(found, also),
        beside=(*retired.sentences(also.retired), *caused.beside(found, plan.currency)),
        warning=" ".join(_warnings(also)),
        rules=allowed.section(found.allowances, plan.currency, limit // _RULES),
        sign=_sign(found, also),
        beyond=found.unmapped,
        standings=BY_MERGING,
        next_steps=caused.next_steps(
            found,
            moved=bool(also.moved),
            reads=reads,
            retires=also.retired,
            unseen=also.unread,
        ),
    )
    end = f"{past}\n---\n{status} · by [this run]({link})\n"
    room = limit - _STATUS_BYTES - len(past.encode())
    return render_plan(plan, limit=room, frame=frame) + end


def _headline(found: Caused, also: Also) -> str:
    said = _own(found, also)
    if also.unread:
        said = f"{said} {unread.headline(also.unread)}"
    if not (first := retired.headline(also.retired)):
        return said
    rest = said.removeprefix("Merging this")
    it = rest.removeprefix(": ") if rest.startswith(":") else f"Beside that, it{rest}"
    return f"{first} {it}"


def _own(found: Caused, also: Also) -> str:
    """What it does to its own configuration."""
    plan, reads = found.planned.plan, bool(also.readings)
    does = plan.changes or found.later or found.ahead or found.unfit
    if also.moved and not (does or caused.merges_more(found, reads=reads)):
        return reached.headline(also.moved)
    first = caused.first_line(found)
    return f"{first} It changes readings, which the next daily run counts." if reads else first


def _warnings(also: Also) -> Iterator[str]:
    if also.moved:
        yield reached.sentence(also.moved)
    if also.readings:
        yield (
            f"Merging this changes what was used, in {listed_few(also.readings, SHOWN)}. What comes"
            " of that is not planned here: the next daily run counts it, and writes what modes and"
            " guards allow."
        )
    yield from unread.sentences(also.unread)


def _sign(found: Caused, also: Also) -> str:
    """What is no change of today is no reason to call it in step."""
    loosens = any(one.loosens for one in found.allowances)
    unseen = found.dropped.lost or found.unplanned or dropped.lacks_reason(found.dropped)
    retires = any(one.tells for one in also.retired)
    beside = retires or also.moved or also.readings or also.unread
    if beside or found.unfit or unseen or loosens:
        return "⚠️"
    return "📝" if caused.merges_more(found, reads=False) else ""


def planned(head: str) -> str:
    """The status of a plan that waits to be merged."""
    return f"📝 Planned for {markdown(head[:12])}; kept up to date while the pull request is open"


def unplanned(head: str, error: ReconcilerError, link: str) -> str:
    """The status of an earlier head's plan, whose pull request has no newer one, and why."""
    return _failed(
        f"❌ **There is no plan for {markdown(head[:12])}:**",
        error,
        f"What is said above is an earlier one. [The run]({link})",
    )


def not_again(head: str, error: ReconcilerError, link: str) -> str:
    """The status of a head's own plan, which could not be made anew, and why."""
    return _failed(
        f"❌ **{markdown(head[:12])} could not be planned again:**",
        error,
        f"What is said above was planned of it before. [The run]({link})",
    )


def _failed(what: str, error: ReconcilerError, then: str) -> str:
    first = f"{what} {markdown(full_stop(error.message))} {then}"
    why = [f"- {sections.words(one)}" for one in error.details]
    shown = fitting(why[:SHOWN], _WHY_BYTES)
    more = [f"- … and {len(why) - shown:,} more"] if shown < len(why) else []
    remedy = [f"- What to do: {sections.words(error.remedy)}"] if error.remedy else []
    told = [*why[:shown], *more, *remedy]
    return "\n".join([first, *(["", *told] if told else [])])


def outdated(head: str) -> str:
    """What stands above that earlier plan."""
    return (
        f"❌ **The newest commit, {markdown(head[:12])}, could not be planned:** the end of this"
        " comment says why. Below is what an earlier one would have written."
    )
