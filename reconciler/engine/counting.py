"""By which rules each line counts what, from when on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from reconciler.engine.bound import Bound, BoundLine
from reconciler.engine.day_runs import Input
from reconciler.engine.entry import PlanInput
from reconciler.engine.joining import EVER, Joining
from reconciler.engine.looked_at import opens_on
from reconciler.engine.organizations import Directory
from reconciler.engine.reverting import Kept, Retracted, Reverts
from reconciler.engine.rules import rules_in_force
from reconciler.engine.taken_back import NotTakenBack
from reconciler.model.bms import LineKey
from reconciler.model.desired import DesiredAccount
from reconciler.model.rules import LineRule


@dataclass(slots=True)
class Counts:
    """What counts for each line and when, and by which rules."""

    inputs: dict[LineKey, list[Input]] = field(default_factory=dict)
    new: list[LineRule] = field(default_factory=list)
    """Rules to be remembered."""
    said: dict[LineKey, LineRule] = field(default_factory=dict)
    """What the configuration says of lines that a merge wrote which is reverted."""
    kept: list[NotTakenBack] = field(default_factory=list)


def counting(entry: PlanInput, bound: Bound, directory: Directory) -> Counts:
    """Of every line; ``bound`` gets the rules that were in force before."""
    joining, reverts, counts = Joining(entry), Reverts(entry), Counts()
    for index, found in enumerate(bound.lines):
        line, account, key = found, found.contract.desired, found.key
        now = _rule(account, line, directory, entry.as_of)
        before = joining.remembered(line)
        if before and joining.is_new(before[0]):
            counts.new.append(before[0])
        if before and before[-1].organizations != now.organizations:
            before = [_under_present_keys(rule, directory) for rule in before]
        if key in reverts:
            counts.said[key] = now
            back = reverts.of(now, before, opens_on(line.contract, entry.as_of))
            line = replace(line, takes_back=reverts.left(line), price_back=reverts.price(line, now))
            line, before = _reverted(line, before, back, counts)
            bound.lines[index] = line
        rules = rules_in_force(
            line.line,
            now,
            before,
            line.contract.schedule,
            joins=EVER if before else joining.day(line),
        )
        if rules.new is not None:
            counts.new.append(rules.new)
        if rules.line is not line.line or rules.first is not None or rules.edited:
            bound.lines[index] = replace(
                line, line=rules.line, since=rules.first, edited=rules.edited
            )
        counts.inputs[key] = directory.counted(rules.counting)
    return counts


def _reverted(
    line: BoundLine, before: Sequence[LineRule], back: Retracted | Kept | None, counts: Counts
) -> tuple[BoundLine, Sequence[LineRule]]:
    """A line that a merge wrote which is reverted, and the rules that were in force before: without
    the merge's, and with its writes to take back, where nothing stands on them."""
    if isinstance(back, Retracted):
        counts.new.extend(back.again)
        return replace(line, takes_back=(*line.takes_back, *back.intents)), list(back.rules)
    if back is not None:
        counts.kept.append(NotTakenBack(line.ref, back))
    return line, before


def _under_present_keys(rule: LineRule, directory: Directory) -> LineRule:
    """A name that no source had given yet, and that one has by now: no edit of anybody's."""
    present = directory.present
    excluded = ((*present(product, key), last) for product, key, last in rule.excluded)
    return replace(
        rule,
        organizations=tuple(sorted(present(*one) for one in rule.organizations)),
        excluded=tuple(sorted(excluded, key=lambda one: one[:2])),
    )


def _rule(account: DesiredAccount, line: BoundLine, directory: Directory, as_of: date) -> LineRule:
    """What the configuration says of the line now."""
    settings = line.line.settings
    base = settings[0].settings
    organizations, excluded = directory.mapped(account, line.line, base.count)
    return LineRule(line.key, as_of, base, organizations, settings[1:], excluded)
