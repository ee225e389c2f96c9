"""The words for things that are letters and codes elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from reconciler.engine.standings import follows
from reconciler.findings import CODES
from reconciler.model.plan import APPROVED, BILLED_AT, CREDITED_AT
from reconciler.report.money import price

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconciler.model.finding import Finding
    from reconciler.model.plan import Cause, Change, Standing

CAUSES: Final[dict[Cause, str]] = {
    "usage": "usage",
    "config": "config",
    "price": "price",
    "fixed": "fixed units",
    "end": "last day",
    "correction": "correction",
}

SOURCES: Final[dict[Literal["line", "config", "catalogue"], str]] = {
    "line": "line's price",
    "config": "configured price",
    "catalogue": "catalogue price",
}

STANDINGS: Final[dict[Standing, str]] = {
    "held": "Held",
    "by-hand": "By hand in BMS",
    "proposed": "Waiting for approval",
    "ready": "Ready to be written",
    "scheduled": "Scheduled for a later day",
    "observed": "Only observed",
}
"""In the order they are shown: what a person must act on comes first."""

MEANINGS: Final[dict[Standing, str]] = {
    "held": "not written until a person has looked",
    "by-hand": "the API cannot do it; a person makes it in BMS",
    "proposed": "written once approved",
    "ready": "the next apply writes it",
    "scheduled": "computed again every day until its day comes",
    "observed": "never written while the account's mode is observe",
}

UNFINISHED: Final = "Waiting until the month is over"
UNFINISHED_MEANS: Final = "computed again every day until all days of its period are closed"
"""Of a forecast, which is dated where the change will be, often on a day that has come."""


def is_forecast(change: Change) -> bool:
    """Does it rest on days that are not closed yet?"""
    return change.standing == "scheduled" and "TRU001" in change.because


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """``1 change``, ``1,200 changes``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def listed(parts: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def listed_few(parts: Sequence[str], most: int) -> str:
    """The first of them as `listed`, and how many more there are."""
    shown = list(parts[:most])
    more = len(parts) - len(shown)
    return listed([*shown, f"{more} more"] if more else shown)


def full_stop(text: str) -> str:
    """With one at its end, which a name like ``Teal Tech Inc.`` brings already."""
    return text if text.endswith(".") else f"{text}."


def needs_person(finding: Finding) -> bool:
    """Must somebody act? Where lines are blocked, and where something is wrong that blocks none:
    a source that fell silent is no reason to call its lines in step.
    """
    return finding.blocks or finding.severity == "error"


def before_after(change: Change, currency: str) -> str:
    """What the line has and will have: ``10 -> 14``, or its prices."""
    if change.kind == "price":
        return f"{price(change.price_before, currency)} -> {price(change.price, currency)}"
    if change.kind == "new-line":
        return f"new -> {change.units_after:,}"
    return f"{change.units_before:,} -> {change.units_after:,}"


def move(change: Change, currency: str) -> str:
    """As `before_after`, for a cell of Markdown under which units are meant."""
    return move_told(change, currency).replace("->", "→")


def move_told(change: Change, currency: str) -> str:
    """As `before_after`, with the word for a price."""
    told = before_after(change, currency)
    return f"price {told}" if change.kind == "price" else told


def waits_for(change: Change) -> str:
    """Why it is not written yet, with the titles of the codes that hold it."""
    titles = [f"{_title(code)} ({code})" for code in change.because]
    return "; ".join([f"{change.standing}, {MEANINGS[change.standing]}", *titles])


def told_why(change: Change, currency: str) -> str:
    """As `why`, with the titles of the codes, for who does not know them."""
    titles = [f"{_title(code)} ({code})" for code in change.because]
    return "; ".join([why(replace(change, because=()), currency), *titles])


def _title(code: str) -> str:
    title = CODES[code].title
    return f"{title[0].lower()}{title[1:]}"


def in_turn(change: Change) -> tuple[object, ...]:
    """To show a line's changes by their days; of one day, each goes on where the last one ends."""
    return change.day, change.kind == "price", -change.units_before, change.id


def why(change: Change, currency: str) -> str:
    """The cause, a price that is not the line's own, what let it, and codes of what holds it."""
    return "; ".join([*_reason(change, currency), *let_by(change), *_codes(change)])


def why_in_short(change: Change, currency: str) -> str:
    """As `why`, without what let it, which has a file's name and a reason of any length."""
    return "; ".join([*_reason(change, currency), *_codes(change)])


def let_by(change: Change) -> list[str]:
    """What approved it, one by one."""
    return [f"approved: {step.value}" for step in change.steps if step.what == APPROVED]


def _codes(change: Change) -> list[str]:
    return [", ".join(change.because)] if change.because else []


def _reason(change: Change, currency: str) -> list[str]:
    parts = ["back to its price" if follows(change) else CAUSES[change.cause]]
    at = units_at(change, currency)
    if at:
        parts.append(at)
    if change.kind == "new-line":
        parts.append(f"{SOURCES[change.price_from]} {price(change.price, currency)}")
    return parts


def units_at(change: Change, currency: str) -> str:
    """``3 of 8 at 9.30`` where a step has several prices, ``at 9.30`` where its price is not the
    line's own; nothing elsewhere."""
    part = [f"{step.value} " for step in change.steps if step.what in (CREDITED_AT, BILLED_AT)]
    own = change.kind != "units" or change.price == change.price_before
    return "" if own and not part else f"{''.join(part)}at {price(change.price, currency)}"
