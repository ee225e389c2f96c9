"""An edit of the configuration without a date counts from the day it was first seen, not before.

The ledger keeps each line's rules with the day they came into force, dated changes and exclusions
too. A change of policy waits for the line's next period; a new dated change counts from its own
day, and one that is taken out counted until then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final

from reconciler.engine.periods import DAY, Schedule
from reconciler.engine.spliced import Edit, spliced
from reconciler.model.bms import LineKey
from reconciler.model.desired import DesiredLine
from reconciler.model.rules import Excluded, LineRule, Organizations
from reconciler.model.settings import DatedSettings, Term

POLICY: Final = ("policy", "adjust", "over", "increase", "decrease", "late", "carry", "credits")
"""What makes up a policy."""


@dataclass(slots=True)  # not frozen: it would take three times as long
class Counting:
    """Terms and organizations that count from ``since`` to ``until``, inclusive; None: no end."""

    terms: tuple[Term, ...]
    organizations: Organizations
    since: date | None
    until: date | None
    excluded: Excluded = ()


@dataclass(slots=True)  # not frozen: it would take three times as long
class RulesInForce:
    """A line's rules over time."""

    line: DesiredLine
    """With its settings as they were in force, day by day."""
    counting: tuple[Counting, ...]
    first: date | None
    """A line that joined the configuration later is not counted before this day."""
    new: LineRule | None
    """To be remembered once this plan is applied."""
    edited: bool
    """Did the rules change on the day of the plan?"""


def rules_in_force(
    line: DesiredLine,
    now: LineRule,
    remembered: Sequence[LineRule],
    schedule: Schedule,
    *,
    joins: date,
) -> RulesInForce:
    """Put what the configuration says ``now``, on the day of the plan, behind what it said before.

    ``joins``: from which day on a line counts that was in no plan applied before.
    """
    if not remembered:
        start = replace(now, day=joins)
        rules: Sequence[LineRule] = (start,)
        new: LineRule | None = start
    elif same_rule(remembered[-1], now):
        rules, new = remembered, None
    else:
        # Edited twice on one day: the last word counts.
        kept = [rule for rule in remembered if rule.day < now.day]
        rules, new = (*kept, now), now
    if len(rules) > 1:
        line = replace(line, settings=_settings(line, rules, schedule))
    return RulesInForce(
        line=line,
        counting=_counting(rules),
        first=rules[0].day if rules[0].day != date.min else None,
        new=new,
        edited=rules[-1].day == now.day,
    )


def by_line(rules: Iterable[LineRule]) -> Mapping[LineKey, Sequence[LineRule]]:
    """In the order given."""
    found: dict[LineKey, list[LineRule]] = defaultdict(list)
    for rule in rules:
        found[rule.line].append(rule)
    return dict(found)


def same_rule(old: LineRule, new: LineRule) -> bool:
    """Does a line count the same under the ``new`` rule as under the ``old`` one before it?"""
    if old.settings != new.settings or old.dated != new.dated:
        return False
    if old.organizations != new.organizations:
        return False
    if old.excluded == new.excluded:
        return True
    # An exclusion that is over may be tidied away.
    return _holding(old, new.day) == _holding(new, new.day)


def _holding(rule: LineRule, day: date) -> list[tuple[str, str, date | None]]:
    return [entry for entry in rule.excluded if entry[2] is None or entry[2] >= day]


def _settings(
    line: DesiredLine, rules: Sequence[LineRule], schedule: Schedule
) -> tuple[DatedSettings, ...]:
    """What each rule left in force, one after the other."""
    said = [rule.by_day for rule in rules[:-1]]
    # The configuration's own settings carry the places that decided them.
    said.append(line.settings)
    force = said[0]
    for (old, new), rule in zip(pairwise(said), rules[1:], strict=True):
        starts = _policy_from(schedule, rule.day)
        force = spliced(force, Edit(old, new, rule.day, POLICY, starts))
    return force


def _policy_from(schedule: Schedule, day: date) -> date:
    """The old policy holds to the end of the period that ``day`` lies in."""
    if not schedule.holds(day):
        return day
    period = schedule.containing(day)
    return day if day == period.first else period.end


def _counting(rules: Sequence[LineRule]) -> tuple[Counting, ...]:
    if len(rules) == 1:
        only = rules[0]
        return (Counting(only.settings.count, only.organizations, None, None, only.excluded),)
    return tuple(_one_after_the_other(rules))


def _one_after_the_other(rules: Sequence[LineRule]) -> Iterator[Counting]:
    for index, rule in enumerate(rules):
        since = rule.day if index else None
        until = rules[index + 1].day - DAY if index + 1 < len(rules) else None
        yield Counting(rule.settings.count, rule.organizations, since, until, rule.excluded)
