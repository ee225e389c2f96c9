"""Which merges a pull request reverts: git says so, and the ledger has what they wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from typing import Final
from zoneinfo import ZoneInfo

from reconciler.engine.correcting import reversal_id
from reconciler.git import Revisions
from reconciler.ledger import Approval, Ledger
from reconciler.model.bms import LineKey
from reconciler.model.ledgered import Intent, Reverted, Settled
from reconciler.model.plan import Plan
from reconciler.model.rules import LineRule
from reconciler.report import plan_json
from reconciler.runs.correcting import ALL, DONE, Writes, stands

SAID: Final = re.compile(r"^This reverts commit ([0-9a-f]{40,64})\b", re.MULTILINE)
"""As `git revert` and GitHub's button write it."""

NUMBER: Final = re.compile(r" with (#\d+), merged by ")
"""In what the ledger says of who let a merge write."""


def reverted_since(
    revisions: Revisions, ledger: Ledger, base: str, commit: str | None
) -> tuple[str, ...]:
    """The applied merges that commits since ``base`` say they revert, up to a commit or HEAD."""
    texts = revisions.messages(base, commit or "HEAD")
    found = dict.fromkeys(commit for text in texts for commit in SAID.findall(text))
    return tuple(commit for commit in found if any(_merges(ledger, commit)))


def reverted_merges(
    ledger: Ledger, commits: tuple[str, ...], time_zone: str
) -> tuple[Reverted, ...]:
    """What these merges wrote because of their edits, and what of it stands."""
    if not commits:
        return ()
    writes: Writes = {intent.ref: (intent, end) for intent, end in ledger.writes(ALL)}
    zone = ZoneInfo(time_zone)
    found = [
        one
        for commit in commits
        for merge in _merges(ledger, commit)
        if (one := _reverted(merge, commit, ledger, writes, zone)) is not None
    ]
    last = _last_prices(writes, [intent for one in found for intent in one.prices])
    return tuple(
        replace(one, prices=tuple(i for i in one.prices if i.ref in last)) for one in found
    )


@dataclass(frozen=True, slots=True)
class _Merge:
    """A plan that a merge was applied by. Of equal plans on one day the ledger keeps the first,
    and every approval."""

    plan: Plan
    let: tuple[Approval, ...]
    """Of this merge alone; more than one where it was written in parts."""


def _merges(ledger: Ledger, commit: str) -> Iterator[_Merge]:
    """The applied plans of the commit's merge; a night's plan of it is none."""
    for text in ledger.plans_of(commit):
        plan = plan_json.loads(text)
        let = tuple(
            one
            for one in ledger.approvals(plan.digest)
            if one.how == "merge" and (one.commit or plan.commit) == commit
        )
        if let:
            yield _Merge(plan, let)


def _reverted(
    merge: _Merge, commit: str, ledger: Ledger, writes: Writes, zone: ZoneInfo
) -> Reverted | None:
    """None where its edits wrote nothing. What only usage moved on its lines stays."""
    plan = merge.plan
    causes = {change.id: change.cause for change in plan.changes}
    all_of_it = [
        (intent, end)
        for intent, end in writes.values()
        if intent.plan == plan.digest
        and causes.get(intent.change, "usage") != "usage"
        and ledger.let_by(intent) in merge.let
    ]
    if not all_of_it:
        return None
    mine = [(intent, end) for intent, end in all_of_it if intent.kind == "units"]
    lines = frozenset(intent.line for intent, end in mine if end is None or end.outcome in DONE)
    return Reverted(
        name=_name(merge, commit),
        commit=commit,
        day=plan.as_of,
        wrote=min(intent.at for intent, _ in all_of_it).astimezone(zone).date(),
        lines=lines,
        superseded=_superseded(ledger.rules_of_day(plan.as_of), lines),
        reversals=frozenset(i.line for i, _ in mine if causes[i.change] == "correction"),
        intents=tuple(intent for intent, _ in mine if stands(intent, writes)),
        doubtful=frozenset(intent.ref for intent, end in mine if end is None),
        prices=tuple(i for i, end in all_of_it if i.kind == "price" and _is_done(end)),
    )


def _is_done(end: Settled | None) -> bool:
    return end is not None and end.outcome in DONE


def _last_prices(writes: Writes, theirs: Sequence[Intent]) -> Set[str]:
    """Of their prices, by ref, those that no other write, done or in doubt, came after; one that
    takes them back is that of this very revert, which an earlier run began."""
    refs = {intent.ref for intent in theirs}
    begun = {reversal_id(intent.line, intent.ref) for intent in theirs}
    last: set[str] = set()
    others: set[LineKey] = set()
    for intent, end in writes.values():  # the newest first
        if intent.kind != "price" or intent.change in begun or not (end is None or _is_done(end)):
            continue
        if intent.ref in refs and intent.line not in others:
            last.add(intent.ref)
        else:
            others.add(intent.line)
    return last


def _superseded(rules: Sequence[LineRule], lines: Set[LineKey]) -> dict[LineKey, LineRule]:
    """Of each line the last rule of a day but one."""
    last: dict[LineKey, LineRule] = {}
    found: dict[LineKey, LineRule] = {}
    for rule in rules:
        if rule.line in last:
            found[rule.line] = last[rule.line]
        if rule.line in lines:
            last[rule.line] = rule
    return found


def _name(merge: _Merge, commit: str) -> str:
    """Of its pull request, or of its commit where the ledger has no number."""
    told = (NUMBER.search(approval.who) for approval in merge.let)
    return next((found[1] for found in told if found is not None), commit[:12])
