"""Policy tests of the files in tests/, each with its line resolved as a plan resolves it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from reconciler.desired.accounts import periods
from reconciler.desired.contradictions import contradictions
from reconciler.desired.documents.days import days_of, month_of
from reconciler.desired.documents.tests import (
    CaseContractDoc,
    CaseDoc,
    ExpectDoc,
    PolicyTestsDoc,
    ReadingsDoc,
    UnitsFromDoc,
)
from reconciler.desired.files import (
    read_billing,
    read_definitions,
    read_sources,
    strays_of,
    within,
)
from reconciler.desired.folders import TESTS
from reconciler.desired.levels import Level, level_of
from reconciler.desired.load import resolver_of
from reconciler.desired.resolve import Resolver
from reconciler.desired.services import Definition, define
from reconciler.desired.source import Source
from reconciler.desired.tried import Tried, settled, tried_on
from reconciler.desired.trouble import Trouble, placed
from reconciler.engine.compared import Expected, Moves
from reconciler.engine.periods import DAY
from reconciler.engine.trial import Trial, TrialContract
from reconciler.model.assumptions import Assumptions
from reconciler.model.desired import Billing, DesiredLine, DesiredState, Reference
from reconciler.model.finding import Problem
from reconciler.model.hints import choose
from reconciler.model.place import Origin
from reconciler.model.reading import MetricKey
from reconciler.model.settings import Term

NO_SERVICE: Final = "the quantity"
ANY: Final = Term("any", "quantity")


@dataclass(frozen=True, slots=True)
class PolicyTest:
    """A case ready to be tried."""

    name: str
    origin: Origin
    trial: Trial
    expected: Expected


class _Refused(Exception):
    """The case cannot be tried."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.message)
        self.trouble = trouble


def load_policy_tests(
    directory: Path, state: DesiredState | None
) -> tuple[tuple[PolicyTest, ...], tuple[Problem, ...]]:
    """Every case of tests/, or every problem of its files.

    Without ``state``, because the configuration itself has problems, only the files' form is
    checked.
    """
    sources = _read(directory)
    problems = [problem for one in sources for problem in one.problems]
    problems += _strays(directory)
    if state is None or not sources:
        return (), tuple(problems)
    troubles: list[Trouble] = []
    builder = _Builder.of(directory, state)
    tests = []
    names: dict[str, Origin] = {}
    for source in sources:
        for index, doc in enumerate(source.doc.cases if source.doc is not None else ()):
            origin = Origin(source.file, ("cases", index))
            if names.setdefault(doc.name, origin) != origin:
                troubles.append(_twice(doc.name, names[doc.name], origin))
            try:
                tests.append(builder.test(doc, origin))
            except _Refused as refused:
                troubles.append(refused.trouble)
    problems += placed(troubles, {one.file: one.content for one in sources})
    return tuple(tests) if not problems else (), tuple(problems)


@dataclass(frozen=True, slots=True)
class _Builder:
    state: DesiredState
    services: Mapping[str, Definition]
    resolver: Resolver
    billing: Billing

    @classmethod
    def of(cls, directory: Path, state: DesiredState) -> _Builder:
        billing, services = read_definitions(directory)
        return cls(
            state,
            define(services, []),
            resolver_of(billing.doc, billing.file),
            periods(billing.doc.billing if billing.doc else None, Billing()),
        )

    def test(self, doc: CaseDoc, origin: Origin) -> PolicyTest:
        """One case; raises _Refused."""
        tried = self._line(doc, origin)
        contract = _contract(doc.contract, tried.billing)
        _check_days(doc, origin)
        readings = dict(_readings(doc, tried.line.settings[0].settings.count, origin))
        trial = Trial(
            line=settled(tried, readings),
            contract=contract,
            readings=readings,
            as_of=doc.as_of,
            assume=_assumptions(self.state.assumptions),
            currency=self.state.currency,
        )
        return PolicyTest(doc.name, origin, trial, _expected(doc.expect))

    def _line(self, doc: CaseDoc, origin: Origin) -> Tried:
        """Without an account, all services stand on the contract."""
        if doc.account is not None:
            return self._of_account(doc, origin)
        own = level_of(doc.settings, origin.file, (*origin.path, "settings"))
        if own.policy is not None and own.policy not in self.resolver.policies:
            raise _unknown(
                "policy", own.policy, self.resolver.policies, origin, "settings", "policy"
            )
        levels = (own,) if own.values else ()
        if doc.service is None:
            service, level = NO_SERVICE, Level({"count": (ANY,)}, {})
        else:
            definition = self.services.get(doc.service)
            if definition is None:
                raise _unknown("service", doc.service, self.services, origin, "service")
            service, level = doc.service, definition.level
        settings = self.resolver.from_the_start((level,), levels)
        for wrong in contradictions(settings.settings, origin):
            named = () if doc.settings is None else ("settings",)
            raise _Refused(replace(wrong, origin=Origin(origin.file, (*origin.path, *named))))
        line = DesiredLine(service, Reference(name=service), (settings,), origin)
        beside = (one.level.values["count"] for one in self.services.values())
        return Tried(line, self.billing, tuple(term for terms in beside for term in terms))

    def _of_account(self, doc: CaseDoc, origin: Origin) -> Tried:
        if doc.service is None or doc.settings is not None:
            message = "`account:` goes with `service:` and without `settings:`"
            raise _Refused(_trouble(message, "say which service of it", origin, "account"))
        by_name = {str(one.account): one for one in self.state.accounts}
        account = by_name.get(doc.account or "")
        if account is None:
            raise _unknown("account", doc.account or "", by_name, origin, "account")
        lines = {one.service: (one, held) for held in account.contracts for one in held.lines}
        if doc.service not in lines:
            raise _unknown("service", doc.service, lines, origin, "service")
        return tried_on(*lines[doc.service])


def _trouble(message: str, remedy: str, origin: Origin, *path: str | int) -> Trouble:
    return Trouble("CFG003", message, remedy, Origin(origin.file, (*origin.path, *path)))


def _unknown(
    what: str, name: str, known: Mapping[str, object], origin: Origin, *path: str
) -> _Refused:
    remedy = choose(name, known, f"name a {what} of the configuration")
    return _Refused(_trouble(f"unknown {what} `{name}`", remedy, origin, *path))


def _twice(name: str, first: Origin, second: Origin) -> Trouble:
    message = f"case `{name}` stands in {first.file} already"
    return _trouble(message, "give each case its own name", second, "name")


def _contract(doc: CaseContractDoc, billing: Billing) -> TrialContract:
    return TrialContract(
        start=doc.start,
        end=doc.end,
        cycle=doc.cycle,
        billing=periods(doc.billing, billing),
        price=doc.price,
        units=doc.units,
        closed_through=doc.invoiced,
    )


def _check_days(doc: CaseDoc, origin: Origin) -> None:
    start, end = doc.contract.start, doc.contract.end
    if end is not None and end < start:
        message = "the contract ends before it starts"
        raise _Refused(_trouble(message, "mend one of the two", origin, "contract", "end"))
    if doc.as_of < start or (end is not None and doc.as_of > end):
        message = f"`as_of: {doc.as_of}` lies outside the contract"
        raise _Refused(_trouble(message, "take a day on which it runs", origin, "as_of"))


def _assumptions(own: Assumptions) -> Assumptions:
    """A test is about policies: only what decides money is taken from the configuration."""
    return Assumptions(
        line_update="append",
        negative_units="accepted",
        day_count=own.day_count,
        change_day=own.change_day,
        part_period=own.part_period,
    )


def _readings(
    doc: CaseDoc, terms: Sequence[Term], origin: Origin
) -> Iterator[tuple[MetricKey, dict[str, dict[date, Decimal]]]]:
    given = doc.readings
    entries = given if isinstance(given, list) else [ReadingsDoc.model_construct(days=given)]
    found: dict[MetricKey, dict[str, dict[date, Decimal]]] = defaultdict(dict)
    for index, one in enumerate(entries):
        path = ("readings", index) if isinstance(given, list) else ("readings",)
        term = _term(one, terms, origin, path)
        key = MetricKey(term.product, one.organization, term.metric)
        first = term.of[0] if isinstance(term.of, tuple) else ""
        dimension = one.dimension or first
        days = found[key].setdefault(dimension, {})
        for day, quantity in _each(one.days):
            if day in days:
                message = f"{day} is read twice"
                raise _Refused(_trouble(message, "give each reading once", origin, *path))
            days[day] = quantity
    return iter(found.items())


def _term(
    one: ReadingsDoc, terms: Sequence[Term], origin: Origin, path: tuple[str | int, ...]
) -> Term:
    fitting = [
        term
        for term in terms
        if one.product in (None, term.product)
        and one.metric in (None, term.metric)
        and (one.dimension is None or not isinstance(term.of, tuple) or one.dimension in term.of)
    ]
    if len({(term.product, term.metric) for term in fitting}) == 1:
        return fitting[0]
    counted = ", ".join(dict.fromkeys(f"{term.product} {term.metric}" for term in terms))
    message = (
        f"these readings could be of several metrics: {counted}"
        if fitting
        else f"no such reading is counted; the count is of {counted}"
    )
    raise _Refused(_trouble(message, "name the product, metric and dimension", origin, *path))


def _each(days: Mapping[str, Any]) -> Iterator[tuple[date, Any]]:
    for text, value in days.items():
        day, last = days_of(text)
        while day <= last:
            yield day, value
            day += DAY


def _expected(doc: ExpectDoc) -> Expected:
    money = doc.money
    return Expected(
        units=doc.units,
        days=tuple((*days_of(text), units) for text, units in (doc.days or {}).items()),
        changes=_moves(doc.changes),
        scheduled=_moves(doc.scheduled),
        monthly=money.monthly if money else None,
        prorated=money.prorated if money else None,
        billed={month_of(text): sum_ for text, sum_ in ((money and money.billed) or {}).items()},
    )


def _moves(docs: Sequence[UnitsFromDoc] | None) -> Moves | None:
    return None if docs is None else tuple((one.day, one.units) for one in docs)


def _strays(directory: Path) -> tuple[Problem, ...]:
    top = directory.resolve()
    return strays_of(top, read_billing(top), frozenset({TESTS}))


def _read(directory: Path) -> tuple[Source[PolicyTestsDoc], ...]:
    """The files of tests/ alone: they change nothing that is billed."""
    top = directory.resolve()
    return read_sources(top, within(top, TESTS), PolicyTestsDoc)
