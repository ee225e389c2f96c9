"""Types that a count names, that no reading ever named, and that are like one in use.

It counts 0 then, and what was meant goes uncounted, or counts with the rest. A type that nobody has
yet is no mistake; nor is a model's neighbour.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from reconciler.engine.lines import LineWork
from reconciler.engine.quiet import in_use
from reconciler.engine.slips import slips
from reconciler.findings import finding
from reconciler.model.finding import Finding, Subject
from reconciler.model.reading import MetricKey, Series, TypeKey

Suspects: TypeAlias = Mapping[TypeKey, Sequence[str]]
"""Types that readings do not name, each with those that may be meant, the likest first."""


@dataclass(frozen=True, slots=True, order=True)
class Misspelt:
    """A type of a metric as a count names it, and the one that is meant."""

    product: str
    metric: str
    named: str
    meant: str


def suspects(types: Set[TypeKey], series: Mapping[MetricKey, Series]) -> Suspects:
    """Of the types that services name. ``series``: every organization's, mapped or not, of the days
    that a plan needs; earlier ones may name a type too. None that a service names is meant."""
    read = _read({one[:2] for one in types}, series)
    found: dict[TypeKey, Sequence[str]] = {}
    for one in sorted(types):
        known = read.get(one[:2], frozenset())
        if one.name not in known:
            like = sorted(
                (count, name)
                for name in known
                if (count := slips(one.name, name)) is not None
                and TypeKey(one.product, one.metric, name) not in types
            )
            if like:
                found[one] = [name for _, name in like]
    return found


def _read(
    metrics: Set[tuple[str, str]], series: Mapping[MetricKey, Series]
) -> Mapping[tuple[str, str], Set[str]]:
    """The types that readings name, by product and metric."""
    read: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (product, _, metric), found in series.items():
        if (product, metric) in metrics:
            read[product, metric].update(found.spans)
    return read


def misspelt(works: Iterable[LineWork], found: Suspects, as_of: date) -> Iterator[Misspelt]:
    """Of what counts on the day, where the organization has what may be meant."""
    if not found:
        return
    for work in works:
        for entry in work.inputs:
            if entry.of is None or not entry.counts_on(as_of):
                continue
            product, _, metric = entry.key
            for name in entry.of:
                like = found.get(TypeKey(product, metric, name), ())
                there = {one for one, _ in in_use(entry.series, as_of)} if like else set()
                meant = next((one for one in like if one in there), None)
                if meant is not None:
                    yield Misspelt(product, metric, name, meant)


def misspelt_findings(found: Iterable[Misspelt]) -> Iterator[Finding]:
    """Each once, however many lines count it."""
    for one in sorted(found):
        yield finding(
            "USG016",
            f"{one.product} {one.metric}: no reading ever named the type `{one.named}`, and no"
            f" service names `{one.meant}`, which is in use",
            subject=Subject(product=one.product),
            remedy=f"did you mean `{one.meant}`? If not, set `findings: {{USG016: warning}}`",
        )
