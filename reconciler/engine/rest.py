"""What `of: rest` stands for on a contract: every dimension that no other line there names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, MutableSequence, Sequence
from dataclasses import replace

from reconciler.engine.bound import BoundLine
from reconciler.engine.organizations import Directory
from reconciler.model.desired import DesiredLine
from reconciler.model.reading import MetricKey
from reconciler.model.settings import Rest, Term

Named = Mapping[MetricKey, set[str]]
"""Dimensions that lines of a contract name, by metric of an organization."""


def settle_rest(lines: MutableSequence[BoundLine], directory: Directory) -> None:
    """Replaces every `Rest` by one that says what the contract's lines name for its organizations.

    A dimension that the line itself names in another term is left out too, so that it is not
    counted twice; a term to subtract names nothing.
    """
    asking = {line.key.contract_id for line in lines if _has_rest(line)}
    if not asking:
        return
    named = {contract: _named(of, directory) for contract, of in _by_contract(lines, asking)}
    for index, line in enumerate(lines):
        if _has_rest(line):
            terms = _terms(line.line)
            mine = directory.organizations(line.contract.desired, line.line, terms)
            settled = with_rest(line.line, named[line.key.contract_id], mine)
            lines[index] = replace(line, line=settled)


def with_rest(
    line: DesiredLine, named: Named, organizations: Sequence[tuple[str, str]]
) -> DesiredLine:
    """The line's rests, less what is named for these organizations, each (product, key)."""
    count = tuple(_term(term, organizations, named) for term in _terms(line))
    return replace(
        line,
        settings=tuple(
            replace(dated, settings=replace(dated.settings, count=count)) for dated in line.settings
        ),
    )


def _has_rest(line: BoundLine) -> bool:
    return any(isinstance(term.of, Rest) for term in _terms(line.line))


def _terms(line: DesiredLine) -> tuple[Term, ...]:
    return line.settings[0].settings.count


def _by_contract(
    lines: Sequence[BoundLine], asking: set[int]
) -> Iterator[tuple[int, list[BoundLine]]]:
    found: dict[int, list[BoundLine]] = defaultdict(list)
    for line in lines:
        if line.key.contract_id in asking:
            found[line.key.contract_id].append(line)
    return iter(found.items())


def _named(lines: Sequence[BoundLine], directory: Directory) -> Named:
    """A line that was not found in BMS names its dimensions all the same."""
    named: dict[MetricKey, set[str]] = defaultdict(set)
    contract = lines[0].contract
    for line in (*(bound.line for bound in lines), *contract.named):
        for term in _terms(line):
            if not isinstance(term.of, tuple) or term.subtract:
                continue
            for product, key in directory.organizations(contract.desired, line, (term,)):
                named[MetricKey(product, key, term.metric)].update(term.of)
    return named


def _term(term: Term, organizations: Sequence[tuple[str, str]], named: Named) -> Term:
    if not isinstance(term.of, Rest):
        return term
    by_organization = (
        (key, tuple(sorted(named.get(MetricKey(product, key, term.metric), ()))))
        for product, key in organizations
        if product == term.product
    )
    named_here = sorted((key, names) for key, names in by_organization if names)
    return replace(term, of=Rest(tuple(named_here)))
