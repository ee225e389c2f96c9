"""Which readings are missing, old, or counted by nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from reconciler.engine.day_runs import Input
from reconciler.engine.lines import LineWork
from reconciler.engine.organizations import Directory
from reconciler.engine.periods import DAY
from reconciler.engine.question import fixed_on
from reconciler.engine.unclaimed import unclaimed
from reconciler.engine.words import some
from reconciler.engine.worth import Offer, offers, worth
from reconciler.findings import finding
from reconciler.model.desired import DesiredState
from reconciler.model.finding import Finding, Named, Subject
from reconciler.model.reading import Usage

DEFAULT_MAX_AGE: Final = 2


class Silence(NamedTuple):
    """A metric of an organization that a line counts, without a reading that is recent enough."""

    code: str
    product: str
    organization: str
    metric: str


@dataclass(slots=True)
class Freshness:
    """Codes that hold lines, by product of their counts, and what to say about it."""

    usage: Usage
    as_of: date
    failed: dict[str, str] = field(default_factory=dict)
    """Product -> the label of the source whose last pull failed."""
    max_age: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    silent: set[Silence] = field(default_factory=set)
    """Why lines lack readings; the same ones are told of together."""
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

    def holds(self, work: LineWork, as_of: date | None = None) -> tuple[str, ...]:
        """Codes that hold this line; ``as_of``: an earlier day, of a contract that is over.

        A line whose last day has passed waits for no reading: its end needs none, and what it
        lacks of its days keeps the units that BMS has.
        """
        as_of = as_of or self.as_of
        codes: list[str] = []
        if fixed_on(work.settings, as_of) is not None or work.has_ended(as_of):
            return ()
        # Rules that changed today count at once.
        day = as_of if work.bound.edited else as_of - DAY
        for entry in work.inputs:
            if not entry.counts_on(day):
                continue
            product = entry.key.product
            if product in self.failed and "USG004" not in codes:
                codes.append("USG004")
            old = self._too_old(work, entry, as_of)
            if old is not None and old not in codes:
                codes.append(old)
        return tuple(codes)

    def report(self) -> Iterator[Finding]:
        """One finding per cause: per source that is silent, else per product."""
        yield from self.findings
        day = self.as_of - DAY
        yield from self._silent("USG002", "no reading that is recent enough of")
        yield from self._silent("USG001", f"no reading of {day} of")
        vanished = self._by_product("USG012")
        yield from _grouped("USG012", vanished, "others report, and no reading comes of")

    def _by_product(self, code: str) -> dict[str, list[str]]:
        """Who lacks readings; with the metrics where others of the same organization came."""
        lacking: dict[tuple[str, str], set[str]] = defaultdict(set)
        for one in self.silent:
            if one.code == code:
                lacking[one.product, one.organization].add(one.metric)
        if not lacking:
            return {}
        names = {(product, key): name for product, key, name in self.usage.organizations}
        heard = self._heard(lacking)
        found: dict[str, list[str]] = defaultdict(list)
        for who, metrics in sorted(lacking.items()):
            name = names.get(who, who[1])
            only = f" ({some(metrics)})" if who in heard else ""
            found[who[0]].append(f"{name}{only}")
        return found

    def _heard(self, among: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of them with a reading of the newest closed day, whatever is read of them."""
        return {
            (key.product, key.organization)
            for key, series in self.usage.series.items()
            if (key.product, key.organization) in among and series.newest >= self.as_of - DAY
        }

    def _silent(self, code: str, what: str) -> Iterator[Finding]:
        """A source that gave nothing of any of its products is said once."""
        left = self._by_product(code)
        for status in self.usage.sources:
            silent = [p for p in status.products if p in left and self._is_silent(p)]
            if len(silent) > 1 and all(self._is_silent(p) for p in status.products):
                count = sum(len(left.pop(product)) for product in silent)
                known = [self.newest[p] for p in silent if p in self.newest]
                since = f"since {max(known)}" if known else f"before {self.as_of}"
                message = (
                    f"{status.source}: nothing {since} of {count} organizations of"
                    f" {len(silent)} products"
                )
                yield finding(code, message, subject=Subject(source=status.source))
        yield from _grouped(code, left, what)

    def _is_silent(self, product: str) -> bool:
        """Has no organization of it a reading of the newest closed day?"""
        return self.newest.get(product, date.min) < self.as_of - DAY

    def _too_old(self, work: LineWork, entry: Input, as_of: date) -> str | None:
        """The code that holds lines which count it; None while it is recent enough, or while its
        first reading may still come."""
        key = entry.key
        series = self.usage.series.get(key)
        if key.product in self.failed:
            return None
        if series is not None and series.newest >= as_of - DAY:
            return None
        newest = self._waits_since(work, entry) if series is None else series.newest
        if not self._is_old(key.product, newest):
            self.silent.add(Silence("USG001", *key))
            return None
        others = self._is_old(key.product, self.newest.get(key.product, date.min))
        code = "USG002" if others else "USG012"
        self.silent.add(Silence(code, *key))
        return code

    def _waits_since(self, work: LineWork, entry: Input) -> date:
        """From when on the line had units in BMS and counted this. One without units can wait:
        nothing is billed by a guess."""
        if not work.known.exists or not work.known.timeline.at(self.as_of):
            return self.as_of
        days = (entry.since, work.bound.since, work.bound.line.start)
        return max(day or date.min for day in days)

    def _is_old(self, product: str, newest: date) -> bool:
        return (self.as_of - newest).days > self.max_age.get(product, DEFAULT_MAX_AGE)


def unmapped(
    directory: Directory, offered: Mapping[tuple[str, Offer], int], currency: str = "USD"
) -> tuple[list[Finding], int, int]:
    """Usage that no account claims, one finding per product; counts of unmapped and excluded.

    ``offered``: from how lines bill each service follows what it would come to.
    """
    loose: dict[str, dict[str, str]] = defaultdict(dict)
    excluded = 0
    for product, key, name in directory.usage.organizations:
        if directory.is_excluded(product, key, name):
            excluded += 1
        elif (product, key) not in directory.claimed:
            loose[product][key] = name
    using = directory.using() if loose else ()
    findings, count = [], 0
    usual = offers(offered) if loose else {}
    for product, named in sorted(loose.items()):
        names = {key: name for key, name in named.items() if (product, key) in using}
        if not names:
            continue
        count += len(names)
        money = worth(
            directory.usage,
            product,
            names,
            usual.get(product, ()),
            directory.as_of - DAY,
            currency,
        )
        findings.append(unclaimed(product, [Named(*one) for one in names.items()], money))
    return findings, count, excluded


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
    for entry in state.accounts:
        name = str(entry.account)
        if name not in seen:
            continue
        products = sorted(
            product
            for product, refs in entry.organizations.items()
            if product not in counted[name]
            and any(
                (product, key) in directory.using()
                and not directory.is_excluded_for(entry, product, key)
                for ref in refs
                for key in directory.resolve(product, ref)
            )
        )
        if products:
            message = f"{name} uses {', '.join(products)}, and no line of it counts that"
            subject = Subject(account=name)
            yield finding("USG005", message, subject=subject, origin=entry.origin)


def _grouped(
    code: str,
    by_product: Mapping[str, Collection[str]],
    what: str,
) -> Iterator[Finding]:
    for product, who in sorted(by_product.items()):
        yield finding(code, f"{product}: {what} {some(who)}", subject=Subject(product=product))
