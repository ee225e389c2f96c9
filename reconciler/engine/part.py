"""What a plan says of some accounts, before what only all of them together can tell.

Parts of different accounts, put together, are the plan of all these accounts: no part looks at
what is in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from reconciler.engine.credits import Bill
from reconciler.engine.freshness import Silence
from reconciler.engine.kept import KeptLine
from reconciler.engine.lapses import Lapse
from reconciler.engine.misspelt import Misspelt
from reconciler.engine.trueup import Trued
from reconciler.engine.worth import Offer
from reconciler.model.desired import Waiver
from reconciler.model.finding import Finding
from reconciler.model.plan import Change

K = TypeVar("K")
V = TypeVar("V")
N = TypeVar("N", int, Decimal)


@dataclass(frozen=True, slots=True)
class Counts:
    """What was looked at."""

    accounts: int
    contracts: int
    lines: int
    lines_counted: int


@dataclass(frozen=True, slots=True)
class Part:
    """Changes before the guards, findings of one account each, and what is told by product."""

    counts: Counts
    accounts: frozenset[int]
    """Ids of the BMS accounts it is about."""
    contracts: frozenset[int]
    """Ids of the contracts that the configuration names."""
    answered: frozenset[str]
    """Refs of the writes without an answer of which it tells how they ended, or that it is not
    known."""
    claimed: Mapping[tuple[str, str], str]
    """The account that maps an organization, by (product, organization's key)."""
    left_out: Mapping[tuple[str, str], frozenset[str]]
    """The accounts that leave an organization out on purpose, by the same."""
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    silent: frozenset[Silence]
    fell: frozenset[tuple[str, str]]
    """(product, organization in words) whose usage fell to 0."""
    misspelt: frozenset[Misspelt]
    loose: Mapping[tuple[str, str, str], Decimal]
    """How much of a type no line counts, by (product, metric, type)."""
    offered: Mapping[tuple[str, Offer], int]
    """How many lines bill a service of ours in the same way."""
    bills: tuple[Bill, ...]
    """What the next invoices hold of accounts that have changes."""
    limits: Mapping[int, Sequence[Waiver]]
    """By account id, where anything is waived."""
    waivers: Mapping[str, Sequence[Waiver]]
    """The same by the account's names, in the configuration and in BMS."""
    trued: tuple[Trued, ...] = ()
    kept: tuple[KeptLine, ...] = ()
    """Lines that keep their units since days are missing from their counts."""
    lapses: tuple[Lapse, ...] = ()
    """What is lost of changes of earlier periods, should they wait too long."""
    past: int = 0
    """How many lines the month of a true-up is past for."""


def joined(parts: Sequence[Part]) -> Part:
    """Parts that have no account and no organization in common, as one."""
    return Part(
        counts=_counts(parts),
        accounts=frozenset().union(*(part.accounts for part in parts)),
        contracts=frozenset().union(*(part.contracts for part in parts)),
        answered=frozenset().union(*(part.answered for part in parts)),
        claimed=_together(part.claimed for part in parts),
        left_out=_united(part.left_out for part in parts),
        changes=tuple(change for part in parts for change in part.changes),
        findings=tuple(found for part in parts for found in part.findings),
        silent=frozenset().union(*(part.silent for part in parts)),
        fell=frozenset().union(*(part.fell for part in parts)),
        misspelt=frozenset().union(*(part.misspelt for part in parts)),
        loose=_summed((part.loose for part in parts), Decimal(0)),
        offered=_summed((part.offered for part in parts), 0),
        bills=tuple(bill for part in parts for bill in part.bills),
        limits=_together(part.limits for part in parts),
        waivers=_together(part.waivers for part in parts),
        trued=tuple(line for part in parts for line in part.trued),
        kept=tuple(line for part in parts for line in part.kept),
        lapses=tuple(one for part in parts for one in part.lapses),
        past=sum(part.past for part in parts),
    )


def _counts(parts: Sequence[Part]) -> Counts:
    found = [part.counts for part in parts]
    return Counts(
        accounts=sum(one.accounts for one in found),
        contracts=sum(one.contracts for one in found),
        lines=sum(one.lines for one in found),
        lines_counted=sum(one.lines_counted for one in found),
    )


def _together(found: Iterable[Mapping[K, V]]) -> dict[K, V]:
    return {key: value for one in found for key, value in one.items()}


def _united(found: Iterable[Mapping[K, frozenset[V]]]) -> dict[K, frozenset[V]]:
    sets: dict[K, frozenset[V]] = {}
    for one in found:
        for key, more in one.items():
            sets[key] = sets.get(key, frozenset()) | more
    return sets


def _summed(found: Iterable[Mapping[K, N]], start: N) -> dict[K, N]:
    sums: dict[K, N] = {}
    for one in found:
        for key, number in one.items():
            sums[key] = sums.get(key, start) + number
    return sums
