"""An explanation as text, Markdown or JSON; for a customer without what is not theirs to see."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from rich.text import Text

from reconciler.report.customer import document, metric_name
from reconciler.report.money import price, signed, with_code
from reconciler.report.outside import markdown, plain
from reconciler.report.words import counted, listed, move_told, units_at, waits_for
from reconciler.report.worth import per_month

if TYPE_CHECKING:
    from rich.console import Console

    from reconciler.model.explanation import Explanation

NAMES_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and its lines."""

    title: str
    lines: tuple[str, ...]


def render(
    found: Sequence[Explanation], currency: str, console: Console, *, customer: bool
) -> None:
    """Text, one line after the other."""
    for index, one in enumerate(found):
        if index:
            console.print()
        console.print(Text(plain(_head(one, customer=customer)), style="bold"))
        for part in parts(one, currency, customer=customer):
            console.print(Text(part.title, style="dim"))
            for line in part.lines:
                console.print(Text(f"  {plain(line)}"), soft_wrap=False)


def to_markdown(found: Sequence[Explanation], currency: str, *, customer: bool) -> str:
    """The same as GitHub Markdown."""
    blocks = []
    for one in found:
        blocks.append(f"### {markdown(_head(one, customer=customer))}")
        for part in parts(one, currency, customer=customer):
            told = (line.replace(" -> ", " → ") for line in part.lines)
            lines = "\n".join(f"- {markdown(line)}" for line in told)
            blocks.append(f"**{part.title}**\n\n{lines}")
    return "\n\n".join(blocks) + "\n"


def dumps(found: Sequence[Explanation], *, customer: bool) -> str:
    """A JSON array; amounts and quantities as text."""
    documents = [document(one) if customer else _document(one) for one in found]
    return json.dumps(documents, indent=2, sort_keys=True, default=_text) + "\n"


def parts(one: Explanation, currency: str, *, customer: bool) -> Iterator[Part]:
    """What is there to say, from the number back to the readings."""
    builders: tuple[Callable[[], Iterator[str]], ...] = (
        lambda: _now(one, currency, customer=customer),
        lambda: _waiting(one, currency, customer=customer),
        lambda: _counted(one, customer=customer),
        lambda: _readings(one, customer=customer),
        lambda: _days(one),
    )
    waits = "Not on the contract yet" if customer else "Not written yet"
    titles = ("Now", waits, "How it is counted", "Readings", "From which day")
    for title, builder in zip(titles, builders, strict=True):
        lines = tuple(builder())
        if lines:
            yield Part(title, lines)
    if customer:
        return
    for title, lines in (
        ("Decided by", tuple(_settings(one))),
        ("Written", tuple(_writes(one, currency))),
        ("Known from", tuple(f"{k.day}: {k.units} ({k.source})" for k in one.known)),
    ):
        if lines:
            yield Part(title, lines)


def _head(one: Explanation, *, customer: bool) -> str:
    ref = one.line
    name = ref.bms_service if customer else f"{ref.bms_service} ({ref.service})"
    return f"{name} on {ref.contract} of {ref.account}, as of {one.as_of}"


def _now(one: Explanation, currency: str, *, customer: bool) -> Iterator[str]:
    """What BMS bills, and nothing that is yet to be written."""
    each = f" {_each(one, currency)}" if one.price is not None else ""
    if one.units is None or one.monthly is None:
        yield f"nobody knows how many units the contract has{each and ','}{each}"
    else:
        monthly = with_code(signed(one.monthly, currency).removeprefix("+"), currency)
        yield f"the contract has {counted(one.units, 'unit')}{each}: {monthly} per month"
    yield f"billing period {one.period[0]} to {one.period[1]}"
    if one.note and not customer:
        yield one.note


def _waiting(one: Explanation, currency: str, *, customer: bool) -> Iterator[str]:
    """What BMS does not have yet; prices that wait, and why, are for staff alone."""
    if customer:
        if one.units != one.wanted and one.wanted is not None:
            yield f"{counted(one.wanted, 'unit')} wanted"
        return
    yield from _changes(one, currency)
    comes_to = one.wanted_monthly
    if one.wanted is None:
        yield "nobody knows how many units are wanted"
    elif (one.units, one.monthly) != (one.wanted, comes_to):
        monthly = with_code(signed(comes_to, currency).removeprefix("+"), currency)
        wanted = counted(one.wanted, "unit")
        yield f"with what is wanted by {one.as_of}: {wanted}, {monthly} per month"
    if one.sets_on is not None:
        yield f"what the billing period comes to is written when it is over: on {one.sets_on}"
    for later in one.later:
        money = with_code(signed(later.monthly, currency), currency)
        comes = f", {money} per month with the units of today" if later.monthly else ""
        yield (
            f"{later.name} {later.before} -> {later.after} from {later.day}{comes}:"
            " its day has not come"
        )


def _each(one: Explanation, currency: str) -> str:
    """The price of a unit; where rows differ in it, how many units are at which."""
    if not one.by_price:
        return f"at {with_code(price(one.price or Decimal(), currency), currency)} each"
    parts = [
        f"{units:,} at {with_code(price(each, currency), currency)}" for each, units in one.by_price
    ]
    return f"({listed(parts)})"


def _counted(one: Explanation, *, customer: bool) -> Iterator[str]:
    steps = one.customer_steps if customer else one.steps
    return (f"{step.what}: {step.value}" for step in steps)


def _readings(one: Explanation, *, customer: bool) -> Iterator[str]:
    for reading in one.readings:
        theirs = one.line.account if customer else reading.organization_id or ""
        who = reading.organization or theirs
        metric = f"{reading.product} {reading.metric}"
        if customer:
            metric = metric_name(reading.product, reading.metric)
        what = f"{metric} {reading.dimension}".strip()
        line = f"{reading.day} {what} of {who}: {reading.quantity:f}"
        names = list(reading.names[:NAMES_SHOWN])
        if len(reading.names) > NAMES_SHOWN:
            names.append(f"and {len(reading.names) - NAMES_SHOWN} more")
        yield f"{line} ({', '.join(names)})" if names else line


def _days(one: Explanation) -> Iterator[str]:
    for day, units in one.desired:
        yield f"{day}: {'unknown' if units is None else units}"


def _settings(one: Explanation) -> Iterator[str]:
    for setting in one.settings:
        place = f"  [{setting.place}]" if setting.place else "  [built in]"
        yield f"{setting.name}: {setting.value}{place}"


def _changes(one: Explanation, currency: str) -> Iterator[str]:
    for change in one.changes:
        money = per_month([change], currency)
        at = units_at(change, currency)
        own = f" ({at})" if at else ""
        yield (
            f"{move_told(change, currency)} from {change.day}{own}, {money}: {waits_for(change)}"
        )


def _writes(one: Explanation, currency: str) -> Iterator[str]:
    for write in one.writes:
        who = f", let by {write.approved_by}" if write.approved_by else ""
        back = f"; takes back {write.reverses}" if write.reverses else ""
        at = with_code(price(write.price, currency), currency)
        yield (
            f"{write.at:%Y-%m-%d %H:%M} UTC: {write.units_before} -> {write.units_after} from"
            f" {write.day} at {at}, {write.outcome}{back}"
            f" (ref {write.ref}, plan {write.plan[:12]}{who})"
        )


def _document(one: Explanation) -> dict[str, Any]:
    staff = asdict(one)
    del staff["customer_steps"]
    return staff


def _text(value: object) -> str:
    match value:
        case Decimal():
            return f"{value:f}"
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)
