"""Which readings are missing, old, or counted by nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from reconciler.engine.lines import LineWork
from reconciler.engine.organizations import Directory
from reconciler.engine.periods import DAY
from reconciler.engine.question import fixed_on
from reconciler.engine.words import some
from reconciler.engine.worth import offers, worth
from reconciler.findings import finding
from reconciler.model.desired import DesiredState
from reconciler.model.finding import Finding, Subject
from reconciler.model.reading import MetricKey, Usage

DEFAULT_MAX_AGE: Final = 2


@dataclass(slots=True)
class Freshness:
    """Codes that hold lines, by product of their counts, and what to say about it."""

    usage: Usage
    as_of: date
    failed: dict[str, str] = field(default_factory=dict)
    """Product -> the label of the source whose last pull failed."""
    max_age: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    missing: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    stale: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    vanished: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    newest: dict[str, date] = field(default_factory=dict)
    """Product -> the newest day that any organization of it has."""

    def __post_init__(self) -> None:
        for key, series in self.usage.series.items():
            if series.newest > self.newest.get(key.product, date.min):
                self.newest[key.product] = series.newest
        for status in self.usage.sources:
            for product in status.products:
                age = min(status.max_age_days, self.max_age.get(product, status.max_age_days))
                self.max_age[product] = age
                if status.failed is not None:
                    self.failed[product] = status.source
            if status.failed is not None:
                message = f"the last pull of {status.source} failed: {status.failed}"
                self.findings.append(
                    finding("USG004", message, subject=Subject(source=status.source))
                )

    def holds(self, work: LineWork) -> tuple[str, ...]:
        """Codes that hold this line."""
        codes: list[str] = []
        if fixed_on(work.settings, self.as_of) is not None:
            return ()
        # Rules that changed today count at once.
        day = self.as_of if work.bound.edited else self.as_of - DAY
        for entry in work.inputs:
            if not entry.counts_on(day):
                continue
            product = entry.key.product
            if product in self.failed and "USG004" not in codes:
                codes.append("USG004")
            old = self._too_old(entry.key)
            if old is not None and old not in codes:
                codes.append(old)
        return tuple(codes)

    def report(self) -> Iterator[Finding]:
        """One finding per cause: per source that is silent, else per product."""
        yield from self.findings
        day = self.as_of - DAY
        names = {(product, key): name for product, key, name in self.usage.organizations}
        yield from self._silent("USG002", self.stale, names, "no reading that is recent enough of")
        yield from self._silent("USG001", self.missing, names, f"no reading of {day} of")
        yield from _grouped(
            "USG012", self.vanished, names, "others report, and nothing comes any more of"
        )

    def _silent(
        self,
        code: str,
        found: Mapping[str, set[str]],
        names: Mapping[tuple[str, str], str],
        what: str,
    ) -> Iterator[Finding]:
        """A source that gave nothing of any of its products is said once."""
        left = dict(found)
        for status in self.usage.sources:
            silent = [p for p in status.products if p in left and self._is_silent(p)]
            if len(silent) > 1 and all(self._is_silent(p) for p in status.products):
                count = sum(len(left.pop(product)) for product in silent)
                since = max(self.newest[p] for p in silent) if silent else None
                message = (
                    f"{status.source}: nothing since {since} of {count} organizations of"
                    f" {len(silent)} products"
                )
                yield finding(code, message, subject=Subject(source=status.source))
        yield from _grouped(code, left, names, what)

    def _is_silent(self, product: str) -> bool:
        """Has no organization of it a reading of the newest closed day?"""
        return self.newest.get(product, date.min) < self.as_of - DAY

    def _too_old(self, key: MetricKey) -> str | None:
        """The code that holds lines which count it; None while it is recent enough."""
        series = self.usage.series.get(key)
        if key.product in self.failed:
            return None
        if series is None:
            self.missing[key.product].add(key.organization)
            return None
        if series.newest >= self.as_of - DAY:
            return None
        if not self._is_old(key.product, series.newest):
            self.missing[key.product].add(key.organization)
            return None
        others = self._is_old(key.product, self.newest[key.product])
        (self.stale if others else self.vanished)[key.product].add(key.organization)
        return "USG002" if others else "USG012"

    def _is_old(self, product: str, newest: date) -> bool:
        return (self.as_of - newest).days > self.max_age.get(product, DEFAULT_MAX_AGE)


def unmapped(
    directory: Directory, works: Iterable[LineWork] = (), currency: str = "USD"
) -> tuple[list[Finding], int, int]:
    """Usage that no account claims, one finding per product; counts of unmapped and excluded.

    ``works``: from their prices follows what it would come to.
    """
    by_product: dict[str, dict[str, str]] = defaultdict(dict)
    excluded = 0
    using = directory.using()
    for product, key, name in directory.usage.organizations:
        if directory.is_excluded(product, key, name):
            excluded += 1
        elif (product, key) not in directory.claimed and (product, key) in using:
            by_product[product][key] = name
    offered = offers(works) if by_product else {}
    findings = []
    for product, names in sorted(by_product.items()):
        message = f"{_count(names)} of {product} and no account claims it: {some(names.values())}"
        money = worth(
            directory.usage,
            product,
            names,
            offered.get(product, ()),
            directory.as_of - DAY,
            currency,
        )
        findings.append(finding("USG003", message, subject=Subject(product=product), money=money))
    return findings, sum(map(len, by_product.values())), excluded


def uncounted(
    state: DesiredState, directory: Directory, works: Iterable[LineWork]
) -> Iterator[Finding]:
    """Products that a mapped organization uses and no line of its account counts."""
    counted: dict[str, set[str]] = defaultdict(set)
    seen: set[str] = set()
    for work in works:
        account = str(work.bound.contract.desired.account)
        seen.add(account)
        counted[account].update(term.product for term in work.settings.count)
    using = directory.using()
    for entry in state.accounts:
        name = str(entry.account)
        if name not in seen:
            continue
        products = sorted(
            product
            for product, refs in entry.organizations.items()
            if product not in counted[name]
            and not directory.is_product_excluded(entry, product)
            and any(
                (product, key) in using for ref in refs for key in directory.resolve(product, ref)
            )
        )
        if products:
            message = f"{name} uses {', '.join(products)}, and no line of it counts that"
            subject = Subject(account=name)
            yield finding("USG005", message, subject=subject, origin=entry.origin)


def _grouped(
    code: str,
    by_product: Mapping[str, set[str]],
    names: Mapping[tuple[str, str], str],
    what: str,
) -> Iterator[Finding]:
    for product, keys in sorted(by_product.items()):
        who = some(names.get((product, key), key) for key in keys)
        yield finding(code, f"{product}: {what} {who}", subject=Subject(product=product))


def _count(names: Collection[str]) -> str:
    return f"{len(names)} organization{'s have' if len(names) != 1 else ' has'} usage"
