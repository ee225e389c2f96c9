"""Which lines of one configuration others name, by what BMS calls them there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from reconciler.model.desired import (
    DesiredAccount,
    DesiredContract,
    DesiredLine,
    DesiredState,
    Reference,
)


@dataclass(frozen=True, slots=True)
class Written:
    """A line with the account and the contract that it stands under."""

    account: Reference
    contract: DesiredContract
    line: DesiredLine


@dataclass(frozen=True, slots=True)
class HandedOn:
    """Every line once that has not ended."""

    lost: tuple[Written, ...]
    """No other configuration names them."""
    taken: Mapping[str, tuple[Written, ...]]
    """By the first of the others that does."""


def handed_on(old: DesiredState, others: Mapping[str, DesiredState], today: date) -> HandedOn:
    """What becomes of the lines of ``old`` where only ``others`` are left, by their names; not of
    those that have ended, which nothing is to count any more."""
    named = {name: Named.of(state) for name, state in others.items()}
    taken: dict[str, list[Written]] = defaultdict(list)
    lost: list[Written] = []
    for line in _written(old, today):
        name = next((name for name, one in named.items() if one.has(line)), None)
        (lost if name is None else taken[name]).append(line)
    return HandedOn(tuple(lost), {name: tuple(lines) for name, lines in taken.items()})


@dataclass(frozen=True, slots=True)
class Named:
    """The accounts of a configuration, by their ids and by their names."""

    accounts: Mapping[int | str, tuple[DesiredAccount, ...]]

    @classmethod
    def of(cls, state: DesiredState) -> Named:
        """All that it names."""
        found: dict[int | str, list[DesiredAccount]] = defaultdict(list)
        for account in state.accounts:
            for key in _keys(account.account):
                found[key].append(account)
        return cls({key: tuple(some) for key, some in found.items()})

    def has(self, line: Written) -> bool:
        """Does it name that line?"""
        return any(
            _same_line(line.line, one)
            for key in _keys(line.account)
            for account in self.accounts.get(key, ())
            if _same(line.account, account.account)
            for contract in account.contracts
            if _same(line.contract.contract, contract.contract)
            for one in contract.lines
        )


def _written(state: DesiredState, today: date) -> Iterator[Written]:
    for account in state.accounts:
        for contract in account.contracts:
            for line in contract.lines:
                if line.last_day is not None and line.last_day < today:
                    continue
                yield Written(account.account, contract, line)


def _keys(one: Reference) -> tuple[int | str, ...]:
    return tuple(key for key in (one.id, one.name) if key is not None)


def _same(one: Reference, other: Reference) -> bool:
    """By id where both have one, else by name."""
    if one.id is not None and other.id is not None:
        return one.id == other.id
    return one.name is not None and one.name == other.name


def _same_line(one: DesiredLine, other: DesiredLine) -> bool:
    """Our own name decides only where the two say by different means what BMS calls it."""
    ours, theirs = one.bms_service, other.bms_service
    if _same(ours, theirs):
        return True
    by_id = ours.id is not None and theirs.id is not None
    by_name = ours.name is not None and theirs.name is not None
    return not (by_id or by_name) and one.service == other.service
