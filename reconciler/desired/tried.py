"""The line that a policy test is about, with what a contract of its own cannot tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from reconciler.engine.rest import with_rest
from reconciler.model.desired import Billing, DesiredContract, DesiredLine
from reconciler.model.reading import MetricKey
from reconciler.model.settings import Term


@dataclass(frozen=True, slots=True)
class Tried:
    """``beside``: the terms of every line of its contract, its own too, where they count the same
    organizations."""

    line: DesiredLine
    billing: Billing
    beside: tuple[Term, ...]


def tried_on(line: DesiredLine, contract: DesiredContract) -> Tried:
    """A line of an account, on the contract it stands on."""
    beside = (
        term for other in contract.lines for term in _terms(other) if _meet(line, other, term)
    )
    return Tried(line, contract.billing, tuple(beside))


def settled(tried: Tried, keys: Collection[MetricKey]) -> DesiredLine:
    """The line with its ``of: rest`` less what its contract's lines name, for the organizations
    that were read."""
    named: dict[MetricKey, set[str]] = defaultdict(set)
    for key in keys:
        for term in tried.beside:
            if (term.product, term.metric) == (key.product, key.metric):
                named[key].update(_names(term))
    organizations = sorted({(key.product, key.organization) for key in keys})
    return with_rest(tried.line, named, organizations)


def _names(term: Term) -> Sequence[str]:
    """The dimensions a term names; one to subtract names nothing."""
    return term.of if isinstance(term.of, tuple) and not term.subtract else ()


def _terms(line: DesiredLine) -> Iterator[Term]:
    return iter(line.settings[0].settings.count)


def _meet(line: DesiredLine, other: DesiredLine, term: Term) -> bool:
    """Do both count the same organizations of the term's product, as far as they name any?"""
    mine, theirs = line.organizations, other.organizations
    if mine is None or theirs is None:
        return True
    product = term.product
    return not set(mine.get(product, ())).isdisjoint(theirs.get(product, ()))
