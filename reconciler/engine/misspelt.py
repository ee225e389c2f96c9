"""Types that a count names, that no reading ever named, and that are like one in use.

It counts 0 then, and what was meant goes uncounted, or counts with the rest. A type that nobody has
yet is no mistake; nor is a model's neighbour.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from reconciler.engine.day_runs import Input
from reconciler.engine.lines import LineWork
from reconciler.engine.quiet import in_use
from reconciler.engine.slips import slips
from reconciler.findings import finding
from reconciler.model.finding import Finding, Subject
from reconciler.model.reading import MetricKey, Series, TypeKey


@dataclass(frozen=True, slots=True, order=True)
class Misspelt:
    """A type of a metric as a count names it, and the one that is meant."""

    product: str
    metric: str
    named: str
    meant: str


def misspelt(
    works: Iterable[LineWork],
    series: Mapping[MetricKey, Series],
    types: Set[TypeKey],
    as_of: date,
) -> Iterator[Misspelt]:
    """Of what counts on the day. ``series``: every organization's, mapped or not; ``types``: those
    that services name, of which none is a slip for another."""
    counting: dict[MetricKey, list[Input]] = defaultdict(list)
    suspects: set[MetricKey] = set()
    for work in works:
        for entry in work.inputs:
            if entry.of is not None and entry.series is not None and entry.counts_on(as_of):
                counting[entry.key].append(entry)
                if not entry.series.spans.keys() >= set(entry.of):
                    suspects.add(entry.key)
    known = _Known(series)
    for key in suspects:
        yield from _of_organization(key, counting[key], known.types(key), types, as_of)


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


class _Known:
    """The types of which any reading ever told, gathered when they are asked for."""

    def __init__(self, series: Mapping[MetricKey, Series]) -> None:
        self._series = series
        self._types: dict[tuple[str, str], set[str]] = {}

    def types(self, key: MetricKey) -> Set[str]:
        if not self._types:
            for one, found in self._series.items():
                self._types.setdefault((one.product, one.metric), set()).update(found.spans)
        return self._types.get((key.product, key.metric), set())


def _of_organization(
    key: MetricKey, entries: Sequence[Input], known: Set[str], types: Set[TypeKey], as_of: date
) -> Iterator[Misspelt]:
    named = {name for entry in entries for name in entry.of or ()}
    there = (name for name, _ in in_use(entries[0].series, as_of))
    left = [name for name in there if TypeKey(key.product, key.metric, name) not in types]
    for name in named - known:
        like = [(count, one) for one in left if (count := slips(name, one)) is not None]
        if like:
            yield Misspelt(key.product, key.metric, name, min(like)[1])
