"""Usage that went away: organizations that fell to zero, types that no line counts, idle lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from reconciler.engine.bound import BoundContract
from reconciler.engine.day_runs import Input
from reconciler.engine.lines import LineWork
from reconciler.engine.organizations import Directory
from reconciler.engine.periods import DAY, Schedule
from reconciler.engine.question import fixed_on
from reconciler.engine.steps import shown
from reconciler.engine.words import some
from reconciler.findings import finding
from reconciler.model.finding import Finding, Subject
from reconciler.model.reading import MetricKey, Series

IDLE: Final = timedelta(days=30)
TYPES_SHOWN: Final = 5


def fell(works: Iterable[LineWork], directory: Directory, as_of: date) -> Iterator[tuple[str, str]]:
    """(product, organization in words) whose newest reading is 0 after more within the period."""
    seen: set[MetricKey] = set()
    for work in works:
        schedule = work.bound.contract.schedule
        for entry in work.inputs:
            if entry.key not in seen and entry.series is not None:
                seen.add(entry.key)
                if _fell(entry.series, schedule, as_of):
                    name = directory.names.get(entry.key[:2], entry.key.organization)
                    yield entry.key.product, f"{name} ({entry.key.metric})"


def fallen(found: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Once per product."""
    by_product: dict[str, set[str]] = defaultdict(set)
    for product, name in found:
        by_product[product].add(name)
    for product, names in sorted(by_product.items()):
        message = f"{product}: usage fell to 0 of {some(names)}"
        yield finding("USG011", message, subject=Subject(product=product))


def _fell(series: Series, schedule: Schedule, as_of: date) -> bool:
    newest = min(series.newest, as_of - DAY)
    for spans in series.spans.values():
        if spans and _quantity(spans, newest):
            return False
    before = newest - DAY
    if not schedule.holds(before):
        return False
    start = schedule.containing(before).first
    return any(
        quantity and start <= last and first < newest
        for spans in series.spans.values()
        for first, last, quantity in spans
    )


def _quantity(spans: Sequence[tuple[date, date, Decimal]], day: date) -> Decimal:
    first, last, quantity = spans[-1]
    if first <= day <= last:
        return quantity
    return next((q for first, last, q in reversed(spans) if first <= day <= last), Decimal(0))


def uncounted(
    works: Iterable[LineWork], as_of: date
) -> Iterator[tuple[tuple[str, str, str], Decimal]]:
    """How much is used of a (product, metric, type or model) that no line of its account counts.

    Only of metrics that some line of the account counts by type: an account that counts its
    devices by another metric misses nothing.
    """
    counting: dict[MetricKey, list[Input]] = defaultdict(list)
    for work in works:
        ends = work.bound.line.last_day
        if ends is not None and ends < as_of:
            continue
        for entry in work.inputs:
            series = entry.series
            if series is not None and not entry.subtract and series.spans.keys() - {""}:
                counting[entry.key].append(entry)
    for key, entries in counting.items():
        # What was edited today counts from today on.
        there = [entry for entry in entries if entry.counts_on(as_of)] or entries
        for name, quantity in in_use(there[0].series, as_of):
            if not any(_takes(entry, name) for entry in there):
                yield (key.product, key.metric, name), quantity


def uncounted_types(found: Mapping[tuple[str, str, str], Decimal]) -> Iterator[Finding]:
    """Once per metric."""
    by_metric: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
    for (product, metric, name), quantity in found.items():
        by_metric[product, metric][name] = quantity
    for (product, metric), types in sorted(by_metric.items()):
        message = f"{product} {metric}: no line counts {_listed(types)}"
        yield finding("USG013", message, subject=Subject(product=product))


def in_use(series: Series | None, as_of: date) -> Iterator[tuple[str, Decimal]]:
    """Its types, with how much there is of each on the newest closed day."""
    if series is None:
        return
    newest = min(series.newest, as_of - DAY)
    for name, spans in series.spans.items():
        quantity = _quantity(spans, newest)
        if quantity:
            yield name, quantity


def _takes(entry: Input, name: str) -> bool:
    return (entry.of is None or name in entry.of) and name not in entry.but


def _listed(types: dict[str, Decimal]) -> str:
    most = sorted(types.items(), key=lambda one: (-one[1], one[0]))
    words = [f"{name} ({shown(quantity)})" for name, quantity in most[:TYPES_SHOWN]]
    more = len(most) - TYPES_SHOWN
    return ", ".join(words) + (f" and {more} more" if more > 0 else "")


def idle(works: Iterable[LineWork], as_of: date) -> Iterator[Finding]:
    """Lines at 0 units whose organizations had nothing to count for long, once per contract."""
    by_contract: dict[int, tuple[BoundContract, list[str]]] = {}
    for work in works:
        if _is_idle(work, as_of):
            contract = work.bound.contract
            names = by_contract.setdefault(contract.contract.id, (contract, []))[1]
            names.append(work.bound.ref.bms_service)
    for contract, names in by_contract.values():
        account, name = contract.account.name, contract.contract.name
        message = f"{name} of {account}: 0 units and no usage for 30 days of {some(names)}"
        yield finding("USG014", message, subject=Subject(account=account, contract=name))


def _is_idle(work: LineWork, as_of: date) -> bool:
    if work.known.timeline.at(as_of) != 0 or work.desired.timeline.at(as_of) != 0:
        return False
    if work.bound.line.last_day is not None or fixed_on(work.settings, as_of) is not None:
        return False
    since = as_of - IDLE
    return bool(work.inputs) and all(_nothing_since(entry.series, since) for entry in work.inputs)


def _nothing_since(series: Series | None, since: date) -> bool:
    if series is None or series.covered[0][0] > since or series.newest < since:
        return False
    return not any(
        quantity and last >= since for spans in series.spans.values() for _, last, quantity in spans
    )
