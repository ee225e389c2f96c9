"""Lines that keep their units since days are missing from a count: by which days, and the money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reconciler.engine.day_runs import Input
from reconciler.engine.lines import LineWork
from reconciler.engine.periods import DAY
from reconciler.engine.priced_by_day import price_of
from reconciler.engine.proration import monthly, rounded
from reconciler.engine.words import days_in_words, some
from reconciler.findings import finding
from reconciler.model.finding import Finding, Subject


@dataclass(frozen=True, slots=True)
class Gap:
    """Days of a product without a reading of some organizations, by their keys."""

    product: str
    days: tuple[date, ...]
    organizations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptLine:
    """One line, and what is missing from its count."""

    gaps: tuple[Gap, ...]
    says: str
    money: Decimal | None
    """Per month, of the decrease that waits; None where nobody can say."""


def kept_line(work: LineWork, as_of: date, currency: str) -> KeptLine | None:
    """None where the line keeps nothing back, or only lacks the newest day, as USG001 says."""
    kept = work.desired.kept
    if kept is None or work.desired.timeline.at(as_of) != kept.level:
        return None
    newest = as_of - DAY
    # Rules that changed today are counted today, with the readings of the newest closed day.
    first, last = min(kept.first, newest), min(kept.last, newest)
    newest_alone = kept.counted is None and first == newest
    gaps = () if newest_alone else tuple(_gaps(work.inputs, first, last))
    if not gaps or (kept.counted is None and all(gap.days == (newest,) for gap in gaps)):
        return None
    ref = work.bound.ref
    says = f"{ref.bms_service} on {ref.contract} of {ref.account} at {kept.level}"
    if kept.counted is None:
        return KeptLine(gaps, says, None)
    _, price, _ = price_of(work)
    exact = monthly(kept.counted - kept.level, price, work.bound.contract.schedule.cycle)
    return KeptLine(gaps, f"{says}, {kept.counted} counted", rounded(exact, currency))


def _gaps(inputs: Iterable[Input], first: date, last: date) -> Iterator[Gap]:
    """By product and days, in the order of the inputs."""
    found: dict[tuple[str, tuple[date, ...]], dict[str, None]] = defaultdict(dict)
    for entry in inputs:
        days = tuple(_missing(entry, first, last))
        if days:
            found[entry.key.product, days][entry.key.organization] = None
    for (product, days), organizations in found.items():
        yield Gap(product, days, tuple(sorted(organizations)))


def _missing(entry: Input, first: date, last: date) -> Iterator[date]:
    covered = () if entry.series is None else entry.series.covered
    day = first
    while day <= last:
        if entry.counts_on(day) and not any(start <= day <= end for start, end in covered):
            yield day
        day += DAY


def kept_findings(
    lines: Iterable[KeptLine], organizations: Iterable[tuple[str, str, str]]
) -> Iterator[Finding]:
    """Once per cause; ``organizations`` are (product, key, name)."""
    names = {(product, key): name for product, key, name in organizations}
    by_cause: dict[tuple[tuple[str, tuple[date, ...]], ...], list[KeptLine]] = defaultdict(list)
    for line in lines:
        by_cause[tuple((gap.product, gap.days) for gap in line.gaps)].append(line)
    for cause, found in by_cause.items():
        money = [line.money for line in found if line.money is not None]
        yield finding(
            "USG015",
            f"{_missed(found, names)}: {_lines(found)}",
            subject=Subject(product=cause[0][0]),
            money=sum(money, Decimal(0)) if money else None,
        )


def _missed(lines: Sequence[KeptLine], names: Mapping[tuple[str, str], str]) -> str:
    """The gaps of one cause are in the same order on every line."""
    texts = []
    for same in zip(*(line.gaps for line in lines), strict=True):
        product = same[0].product
        keys = {key for gap in same for key in gap.organizations}
        who = some(names.get((product, key), key) for key in keys)
        texts.append(f"{product}: no reading of {days_in_words(same[0].days)} of {who}")
    return "; ".join(texts)


def _lines(lines: Sequence[KeptLine]) -> str:
    text = some(line.says for line in lines)
    return (
        f"1 line keeps its units: {text}"
        if len(lines) == 1
        else f"{len(lines)} lines keep their units: {text}"
    )
