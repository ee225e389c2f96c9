"""A day's comment, and the month's issue that it is in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from reconciler.report import requested, sections
from reconciler.report.apply_text import RESULTS
from reconciler.report.daily import WAITING, Day, sentence, waiting
from reconciler.report.markdown_table import details, fitting
from reconciler.report.outside import markdown
from reconciler.report.plan_markdown import SUMMARY_BYTES
from reconciler.report.plan_markdown import render as render_plan
from reconciler.report.sentences import Next, next_steps
from reconciler.report.steps_markdown import numbered
from reconciler.report.words import (
    MEANINGS,
    STANDINGS,
    counted,
    full_stop,
    needs_person,
    told_why,
)
from reconciler.report.worth import per_month

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconciler.model.outcome import Applied
    from reconciler.model.plan import Change, Standing
    from reconciler.report.daily import Silent, Waiting

_OPEN_ROWS: Final = 20
"""So many written changes are shown without a fold."""
_HEAD_BYTES: Final = 50_000
_MISTAKES: Final = 10
"""Of one source."""
_ONE: Final = timedelta(days=1)


def render(day: Day, limit: int) -> str:
    """The day in at most ``limit`` bytes of UTF-8: what a person must act on first."""
    waits = waiting(day)
    head, tail = _head(day, waits), _next(day)
    room = limit - len(f"{head}\n\n{tail}\n\n".encode())
    parts = [partial(_waiting, day, one, some) for one, some in waits.items()]
    parts += [partial(_unsettled, day), partial(_silent, day), partial(_overlooked, day)]
    parts += [partial(_findings, day), partial(_written, day), partial(_noticed, day)]
    return "\n\n".join(filter(None, [head, sections.joined(parts, room), tail]))


def summary(day: Day) -> str:
    """The day for the job's summary, with the whole plan below."""
    text = f"{render(day, _HEAD_BYTES)}\n"
    if day.plan is None:
        return text
    whole = render_plan(day.plan, limit=SUMMARY_BYTES - len(text.encode()) - 100)
    return f"{text}\n---\n\nThe plan, before anything was written:\n\n{whole}"


def month(tenant: str | None, config: str) -> str:
    """What the month's issue says; ``tenant``: None where it cannot be read."""
    whose = "" if tenant is None else f" for {sections.name(tenant)}"
    return (
        f"What the daily run wrote to BMS{whose}, from"
        f" {sections.name(config)}: a comment on each day when something was written, needs a"
        " person, or a source of usage was silent. On other days there is none."
    )


def _head(day: Day, waits: Waiting) -> str:
    warns = day.needs_person or day.silent or day.news
    sign = "❌" if day.failed else "⚠️" if warns else "✅"
    lines = [f"## {sign} {markdown(sentence(day, waits))}", _last(day)]
    if day.stopped is not None:
        lines.append(f"**The run stopped:** {sections.words(full_stop(day.stopped))}")
    if day.failed is not None:
        told = [day.failed.message, *day.failed.details[:3]]
        told += filter(None, [day.failed.where, day.failed.remedy])
        lines.append("\n".join(f"- {sections.words(one)}" for one in told))
    return "\n\n".join(lines)


def _last(day: Day) -> str:
    if day.before is None:
        return f"As of {day.as_of}. This is the first daily run."
    text = f"As of {day.as_of}. The last daily run before was on {day.before}."
    missed = (day.as_of - day.before).days - 1
    if missed <= 0:
        return text
    first, last = day.before + _ONE, day.as_of - _ONE
    days = f"{first}" if missed == 1 else f"{first} to {last}"
    verb = "was" if missed == 1 else "were"
    text = f"{text} {counted(missed, 'day')} ({days}) {verb} missed"
    if day.failed is not None or day.stopped is not None:
        return f"{text}; the next run catches up."
    return f"{text}, and caught up: every open day counts with its own readings."


def _waiting(day: Day, standing: Standing, some: Sequence[Change], room: int) -> str:
    rows = [(change, told_why(change, day.currency)) for change in some]
    lead = MEANINGS[standing]
    title = f"{STANDINGS[standing]}: {_some(some, day)}"
    lead = f"{lead[0].upper()}{lead[1:]}."
    return sections.changes(title, rows, day.currency, room, lead=lead)


def _unsettled(day: Day, room: int) -> str:
    rows = [(one.change, _ended(one)) for one in day.unsettled]
    lead = "The next run goes on from here; nothing has to be committed for it."
    return sections.changes("Not written as planned", rows, day.currency, room, lead=lead)


def _ended(one: Applied) -> str:
    return f"{RESULTS[one.result]}: {one.detail}" if one.detail else RESULTS[one.result]


def _silent(day: Day, room: int) -> str:
    if not day.silent:
        return ""
    texts = list(map(_failed, day.silent))
    shown = fitting(texts, room - 300)
    more = [f"- … and {counted(len(texts) - shown, 'more source')}"] if shown < len(texts) else []
    told = "Nothing came from them, which is not taken for no usage: their lines keep their units."
    return "\n".join(["### Sources that failed", "", told, "", *texts[:shown], *more])


_UNREAD: Final = "The `path` of a source would name them but for capital and small letters."
_RENAME: Final = "Rename them, or name them in billing.yaml too."


def _overlooked(day: Day, room: int) -> str:
    if not day.overlooked:
        return ""
    lines = [f"- {sections.name(one)}" for one in day.overlooked]
    shown = fitting(lines, room - 300)
    more = [f"- … and {counted(len(lines) - shown, 'more file')}"] if shown < len(lines) else []
    return "\n".join(
        ["### Usage that is not read", "", f"{_UNREAD} {_RENAME}", "", *lines[:shown], *more]
    )


def _failed(one: Silent) -> str:
    """With what is to be mended: each night would else name one more."""
    lines = [f"- {sections.name(one.source)}: {sections.words(one.why)}"]
    lines += [f"  - {sections.words(mistake)}" for mistake in one.mistakes[:_MISTAKES]]
    if (more := len(one.mistakes) - _MISTAKES) > 0:
        lines.append(f"  - … and {more:,} more")
    return "\n".join(lines)


def _findings(day: Day, room: int) -> str:
    found = [one for one in day.plan.findings if needs_person(one)] if day.plan is not None else []
    return sections.findings("Needs a person", [*found, *day.urged], day.currency, room)


def _written(day: Day, room: int) -> str:
    ordered = sections.by_line(day.written)
    rows = [(change, told_why(change, day.currency)) for change in ordered]
    title = f"Written: {_some(ordered, day)}"
    text = sections.changes(title, rows, day.currency, room - 100)
    if len(rows) <= _OPEN_ROWS:
        return text
    return details(title, text.partition("\n\n")[2])


def _noticed(day: Day, room: int) -> str:
    lines = [f"- **{code}** {sections.words(message)}" for code, message in day.noticed]
    shown = fitting(lines, room - 100)
    more = [f"- … and {len(lines) - shown:,} more"] if shown < len(lines) else []
    return "\n".join(["### Noticed in BMS", "", *lines[:shown], *more]) if lines else ""


def _next(day: Day) -> str:
    if day.plan is None or not day.needs_person:
        return ""
    left = tuple(change for change in day.plan.changes if change.standing in WAITING)
    steps = [one for one in next_steps(replace(day.plan, changes=left)) if one.commands]
    if any(one.number is not None for one in day.requests):
        steps = []
    steps += [Next(requested.step(one)) for one in day.requests]
    return f"### Next\n\n{numbered(steps)}".rstrip("\n") if steps else ""


def _some(changes: Sequence[Change], day: Day) -> str:
    money = per_month(changes, day.currency)
    return markdown(f"{counted(len(changes), 'change')}, {money}")
