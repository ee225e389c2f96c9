"""Which readings count for which line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from reconciler.engine.day_runs import Input
from reconciler.engine.exclusions import holding, of_organization, of_product, unknown
from reconciler.engine.periods import DAY
from reconciler.engine.rules import Counting
from reconciler.findings import CODES, finding
from reconciler.model.desired import (
    DesiredAccount,
    DesiredLine,
    DesiredState,
    Exclusion,
    OrganizationRef,
)
from reconciler.model.finding import Finding, Subject
from reconciler.model.hints import closest_of_many
from reconciler.model.reading import MetricKey, Series, Usage
from reconciler.model.rules import Excluded, Organizations
from reconciler.model.settings import Rest, Term


@dataclass(slots=True)
class Directory:
    """The organizations that sources have named, and who claims them."""

    usage: Usage
    as_of: date
    excluded: tuple[Exclusion, ...]
    """What the tenant leaves out, whoever maps it."""
    keys: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    by_name: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    claimed: dict[tuple[str, str], str] = field(default_factory=dict)
    """(product, organization) -> the account that maps it."""
    disputed: set[tuple[str, str]] = field(default_factory=set)
    """Mapped by two accounts: counted for neither, so that nothing is billed twice."""
    left_out: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """(product, organization) -> the accounts that leave it out today, mapped or not."""
    findings: list[Finding] = field(default_factory=list)
    _using: set[tuple[str, str]] | None = None
    _named: dict[str, list[str]] = field(default_factory=dict)
    """The names that each product's source has given."""
    _mapped: dict[tuple[str, ...], tuple[Organizations, Excluded]] = field(default_factory=dict)

    @classmethod
    def of(cls, state: DesiredState, usage: Usage, as_of: date) -> Directory:
        """Read the directory and claim what every account maps."""
        directory = cls(usage, as_of, state.exclusions)
        for product, key, name in usage.organizations:
            directory.keys[product].add(key)
            directory.names[product, key] = name
            directory.by_name[product, name].append(key)
        for account in sorted(state.accounts, key=lambda account: str(account.account)):
            directory._claim(account)
        directory.left_out = directory._left_out_by(state.accounts)
        return directory

    def inputs(
        self, account: DesiredAccount, line: DesiredLine, terms: tuple[Term, ...]
    ) -> list[Input]:
        """One input per term and organization; excluded products and organizations are absent."""
        organizations, excluded = self.mapped(account, line, terms)
        return self.counted([Counting(terms, organizations, None, None, excluded)])

    def mapped(
        self, account: DesiredAccount, line: DesiredLine, terms: tuple[Term, ...]
    ) -> tuple[Organizations, Excluded]:
        """The organizations mapped for a count's products, and which of them are left out."""
        if line.organizations is not None:
            organizations = self.organizations(account, line, terms)
            return organizations, self._exclusions_of(account, organizations)
        # Most lines of an account count the same products, and most of them one.
        products = sorted({term.product for term in terms}) if len(terms) > 1 else ()
        key = (account.origin.file, *(products or (term.product for term in terms)))
        found = self._mapped.get(key)
        if found is None:
            organizations = self.organizations(account, line, terms)
            found = organizations, self._exclusions_of(account, organizations)
            self._mapped[key] = found
        return found

    def organizations(
        self, account: DesiredAccount, line: DesiredLine, terms: tuple[Term, ...]
    ) -> Organizations:
        """The organizations mapped for a count's products, each once, sorted; excluded ones too."""
        mapped = account.organizations if line.organizations is None else line.organizations
        products = {term.product for term in terms}
        found = {
            (product, key)
            for product in products
            for ref in mapped.get(product, ())
            for key in self.resolve(product, ref)
        }
        return tuple(sorted(found))

    def _exclusions_of(self, account: DesiredAccount, organizations: Organizations) -> Excluded:
        """Which of these are left out, past exclusions too, and each one's last day."""
        found: list[tuple[str, str, date | None]] = []
        for product, key in organizations:
            ends = [rule.until for rule in self._exclusions(account, product, key)]
            if ends:
                last = max((end for end in ends if end is not None), default=None)
                found.append((product, key, None if None in ends else last))
        return tuple(found)

    def counted(self, countings: Sequence[Counting]) -> list[Input]:
        """What counts when; excluded products and organizations are absent."""
        return [
            self._input(term, organization, _later(counting.since, since), counting.until)
            for counting in countings
            for term in counting.terms
            for product, organization, since in self._included(counting)
            if product == term.product
        ]

    def _input(
        self, term: Term, organization: str, since: date | None, until: date | None
    ) -> Input:
        key = MetricKey(term.product, organization, term.metric)
        series = self._series(key)
        if isinstance(term.of, Rest):
            but = term.of.named_for(organization)
            return Input(key, series, None, term.subtract, since, until, but)
        return Input(key, series, term.of, term.subtract, since, until)

    def _included(self, counting: Counting) -> Iterable[tuple[str, str, date | None]]:
        """Each organization, with the day from which it counts where an exclusion has ended."""
        if not counting.excluded:
            return [(product, key, None) for product, key in counting.organizations]
        return self._not_left_out(counting)

    def _not_left_out(self, counting: Counting) -> Iterator[tuple[str, str, date | None]]:
        ends = {(product, key): last for product, key, last in counting.excluded}
        for product, key in counting.organizations:
            if (product, key) not in ends:
                yield product, key, None
                continue
            last = ends[product, key]
            # Up to the newest closed usage day nothing of it counts.
            if last is not None and last < self.as_of - DAY:
                yield product, key, last + DAY

    def using(self) -> set[tuple[str, str]]:
        """(product, key) of organizations whose newest readings are not all zero."""
        if self._using is None:
            self._using = {
                (key.product, key.organization)
                for key, series in self.usage.series.items()
                if any(s[-1][2] and s[-1][1] == series.newest for s in series.spans.values() if s)
            }
        return self._using

    def is_excluded(self, product: str, key: str, name: str) -> bool:
        """Is it left out on purpose today: by the tenant, or by the account whose it is?"""
        if self.excluded and any(holding(self._of_all(product, key, name), self.as_of)):
            return True
        by = self.left_out.get((product, key))
        if not by:
            return False
        mapped = self.claimed.get((product, key))
        return mapped is None or mapped in by

    def _of_all(self, product: str, key: str, name: str) -> list[Exclusion]:
        """The tenant's exclusions that speak of an organization."""
        everywhere = of_product(self.excluded, product)
        return [*everywhere, *of_organization(self.excluded, product, key, name)]

    def is_excluded_for(self, account: DesiredAccount, product: str, key: str) -> bool:
        """Does nothing of it count for the account today, on purpose?"""
        return any(holding(self._exclusions(account, product, key), self.as_of))

    def _exclusions(self, account: DesiredAccount, product: str, key: str) -> list[Exclusion]:
        """Every exclusion that speaks of an account's organization, past ones too."""
        rules, name = (*account.exclusions, *self.excluded), self.names.get((product, key), key)
        if not rules:
            return []
        return [*of_product(rules, product), *of_organization(rules, product, key, name)]

    def _left_out_by(
        self, accounts: Iterable[DesiredAccount]
    ) -> dict[tuple[str, str], frozenset[str]]:
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for account in accounts:
            for rule in holding(account.exclusions, self.as_of):
                named = tuple(self._named_by(rule))
                for one in named:
                    found[one].add(str(account.account))
                if rule.organization is not None and not named:
                    self.findings.append(unknown(rule, account))
        return {one: frozenset(by) for one, by in found.items()}

    def _named_by(self, rule: Exclusion) -> Iterator[tuple[str, str]]:
        """The organizations, by product, that an exclusion names."""
        wanted = rule.organization
        if wanted is None:
            return
        for product in self.keys if rule.product is None else (rule.product,):
            if wanted.id is None:
                named = self.by_name.get((product, wanted.name or ""), ())
                yield from ((product, key) for key in named)
            elif wanted.id in self.keys.get(product, ()):
                yield product, wanted.id

    def resolve(self, product: str, ref: OrganizationRef) -> list[str]:
        """The organization's key; a name that no source gave stands for itself."""
        if ref.id is not None:
            return [ref.id]
        name = ref.name or ""
        keys = self.by_name.get((product, name), [])
        # An ambiguous name counts as itself: it has no readings, so the line keeps its units.
        return keys if len(keys) == 1 else [name]

    def present(self, product: str, key: str) -> tuple[str, str]:
        """A remembered organization as it is known now: a name may have got an id since."""
        keys = self.by_name.get((product, key), [])
        unknown = key not in self.keys.get(product, ())
        return (product, keys[0]) if unknown and len(keys) == 1 else (product, key)

    def _claim(self, account: DesiredAccount) -> None:
        for product, refs in account.organizations.items():
            for ref in refs:
                self._check(account, product, ref)
                for key in self.resolve(product, ref):
                    self._claim_one(account, product, key)

    def _claim_one(self, account: DesiredAccount, product: str, key: str) -> None:
        mine = str(account.account)
        first = self.claimed.setdefault((product, key), mine)
        if first == mine:
            return
        self.disputed.add((product, key))
        name = self.names.get((product, key), key)
        message = f"{first} and {mine} both claim {name} of {product}"
        subject = Subject(account=mine, product=product, organization=name)
        self.findings.append(finding("CFG009", message, subject=subject, origin=account.origin))

    def _series(self, key: MetricKey) -> Series | None:
        disputed = (key.product, key.organization) in self.disputed
        return None if disputed else self.usage.series.get(key)

    def _check(self, account: DesiredAccount, product: str, ref: OrganizationRef) -> None:
        keys = self.by_name.get((product, ref.name or ""), ())
        if ref.id is None and len(keys) > 1:
            message = f"{ref} fits several organizations of {product}: {', '.join(sorted(keys))}"
            self._report("USG010", message, account, product, ref)
        elif self.keys[product].isdisjoint(self.resolve(product, ref)):
            message = f"no reading of {product} ever named {ref}"
            self._report("USG008", message, account, product, ref, self._meant(product, ref))

    def _meant(self, product: str, ref: OrganizationRef) -> str | None:
        """What to do about a name that is like one that the source gave."""
        if ref.name is None:
            return None
        if product not in self._named:
            self._named[product] = [name for given, name in self.by_name if given == product]
        meant = closest_of_many(ref.name, self._named[product])
        return (
            None if meant is None else f"did you mean `{meant}`? If not, {CODES['USG008'].remedy}"
        )

    def _report(
        self,
        code: str,
        message: str,
        account: DesiredAccount,
        product: str,
        ref: OrganizationRef,
        remedy: str | None = None,
    ) -> None:
        subject = Subject(account=str(account.account), product=product, organization=str(ref))
        said = finding(code, message, subject=subject, origin=account.origin, remedy=remedy)
        self.findings.append(said)


def _later(one: date | None, other: date | None) -> date | None:
    if one is None or other is None:
        return one or other
    return max(one, other)
