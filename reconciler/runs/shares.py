"""A large offline plan, made by several processes at once, each with a share of the accounts.

What comes out is the plan that one process makes, or None where that is not certain: a mistake in
the configuration, one thing claimed in two shares, a ledger that grew meanwhile. Then the ordinary
way has to tell.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reconciler.desired import Share, account_files, digest_of, load_share
from reconciler.desired.claims import Claim
from reconciler.engine.entry import PlanInput
from reconciler.engine.examined import examined
from reconciler.engine.part import Part, joined
from reconciler.engine.plan import put_together
from reconciler.ledger import open_ledger
from reconciler.ledger.extent import Extent
from reconciler.model.errors import ReconcilerError
from reconciler.model.plan import Plan
from reconciler.runs.asked import PlanOptions
from reconciler.runs.beside import CAN_FORK, beside
from reconciler.runs.inputs import Known, input_of
from reconciler.runs.surroundings import Surroundings

if TYPE_CHECKING:
    from reconciler.ledger import Ledger
    from reconciler.model.bms import Observation
    from reconciler.model.desired import DesiredState

FEWEST_FILES: Final = 250
"""Below that a process costs more than it saves."""

MOST_PROCESSES: Final = 8

FIRST_SHARE: Final = 94
"""In percent of an even share."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one process has to say about its share."""

    part: Part
    claims: frozenset[Claim]
    contents: Mapping[str, bytes]
    """The files it has read, by name."""
    seen: tuple[Extent, date]
    """The ledger it has read, and the day it planned for."""


def plan_in_shares(
    around: Surroundings, ledger: str | Path, options: PlanOptions, processes: int | None = None
) -> Plan | None:
    """The whole plan; None where only the ordinary way can make it, or is as fast.

    ``processes`` None: as many as there are processors, if there are enough accounts.
    """
    if options.accounts or options.true_up is not None or options.correct or options.base:
        return None
    files = account_files(around.config)
    shares = _split(files, _useful(len(files)) if processes is None else processes)
    if len(shares) < 2:
        return None
    with beside(partial(_said, around, ledger, options), shares[1:]) as others:
        mine = _look(around, ledger, options, shares[0])
        if mine is None:
            return None
        entry, said = mine
        answers = [said, *others()]
    found = [one for one in answers if one is not None]
    if len(found) < len(answers) or not _fit(found):
        return None
    contents = {name: content for one in found for name, content in one.contents.items()}
    state = replace(entry.state, digest=digest_of(contents.items()))
    return put_together(replace(entry, state=state), joined([one.part for one in found]))


def _useful(files: int) -> int:
    if not CAN_FORK:
        return 1
    return min(len(os.sched_getaffinity(0)), files // FEWEST_FILES, MOST_PROCESSES)


def _split(files: Sequence[Path], count: int) -> list[Sequence[Path]]:
    """The first share is smaller: its process also puts everything together."""
    if count < 2 or len(files) < count:
        return [files]
    first = len(files) * FIRST_SHARE // (100 * count)
    rest = len(files) - first
    edges = [first + rest * number // (count - 1) for number in range(count)]
    return [files[:first], *(files[start:end] for start, end in pairwise(edges))]


def _said(
    around: Surroundings, ledger: str | Path, options: PlanOptions, files: Sequence[Path]
) -> Said | None:
    found = _look(around, ledger, options, files)
    return None if found is None else found[1]


def _look(
    around: Surroundings, ledger: str | Path, options: PlanOptions, files: Sequence[Path]
) -> tuple[PlanInput, Said] | None:
    """Examine a share of the accounts."""
    share = load_share(around.config, files)
    if share is None:
        return None
    try:
        with open_ledger(ledger, tenant=share.state.tenant, create=False) as opened:
            before = opened.extent()
            entry = _entry(around, opened, options, share)
            after = opened.extent()
    except ReconcilerError:
        return None
    if entry is None or before != after:
        return None
    part = examined(entry).part
    if not part.accounts <= _accounts(share.state, entry.seen, entry.remembered.names):
        return None
    return entry, Said(part, share.claims, share.contents, (before, entry.as_of))


def _entry(
    around: Surroundings, ledger: Ledger, options: PlanOptions, share: Share
) -> PlanInput | None:
    seen = ledger.load_observation()
    if seen is None:
        return None
    accounts = _accounts(share.state, seen, ledger.names())
    contracts = {one.id for one in seen.contracts if one.account_id in accounts}
    as_of = options.as_of or around.today(share.state)
    remembered = ledger.remember(accounts, contracts)
    return input_of(around.config, ledger, Known(share.state, seen, remembered, as_of), options)


def _accounts(
    state: DesiredState, seen: Observation, remembered: Sequence[tuple[str, str, int]]
) -> frozenset[int]:
    """Ids of every account that a share's accounts may turn out to be."""
    refs = [account.account for account in state.accounts]
    names = {ref.name for ref in refs}
    return frozenset(
        (
            *(ref.id for ref in refs if ref.id is not None),
            *(account.id for account in seen.accounts if account.name in names),
            *(id_ for kind, name, id_ in remembered if kind == "account" and name in names),
        )
    )


def _fit(found: Sequence[Said]) -> bool:
    """Did all see the same ledger and the same files, and is nothing in two shares?"""
    first = found[0]
    for place, one in enumerate(found[1:], start=1):
        if one.seen != first.seen:
            return False
        for other in found[:place]:
            if one.claims & other.claims or one.part.accounts & other.part.accounts:
                return False
            if one.part.claimed.keys() & other.part.claimed.keys():
                return False
            if any(
                one.contents[name] != other.contents[name]
                for name in one.contents.keys() & other.contents.keys()
            ):
                return False
    return True
