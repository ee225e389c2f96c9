"""An edit of the configuration without a date counts from the day it was first seen, not before.

The ledger keeps each line's rules with the day they came into force. A change of policy waits for
the line's next period; a dated change counts from its own day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from reconciler.engine.periods import DAY, Schedule
from reconciler.model.bms import LineKey
from reconciler.model.desired import DesiredLine
from reconciler.model.rules import LineRule, Organizations
from reconciler.model.settings import DatedSettings, LineSettings, Term

POLICY: Final = ("policy", "adjust", "over", "increase", "decrease", "late", "carry", "credits")
"""What makes up a policy."""


@dataclass(frozen=True, slots=True)
class Counting:
    """Terms and organizations that count from ``since`` to ``until``, inclusive; None: no end."""

    terms: tuple[Term, ...]
    organizations: Organizations
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """A line's rules over time."""

    line: DesiredLine
    """With the settings of former rules in front of its own."""
    counting: tuple[Counting, ...]
    first: date | None
    """A line that joined the configuration later is not counted before this day."""
    new: LineRule | None
    """To be remembered once this plan is applied."""
    edited: bool
    """Did the rules change on the day of the plan?"""


def rules_in_force(
    line: DesiredLine,
    key: LineKey,
    organizations: Organizations,
    remembered: Sequence[LineRule],
    schedule: Schedule,
    as_of: date,
    *,
    joins_late: bool,
) -> RulesInForce:
    """Put what the configuration says now behind what it said before.

    ``joins_late``: the line is new to a configuration that was applied before, so it counts from
    today on.
    """
    base = line.settings[0].settings
    now = LineRule(key, as_of, base, organizations)
    if not remembered:
        start = now if joins_late else replace(now, day=date.min)
        rules: Sequence[LineRule] = (start,)
        new: LineRule | None = start
    elif _same(remembered[-1], now):
        rules, new = remembered, None
    else:
        # Edited twice on one day: the last word counts.
        kept = [rule for rule in remembered if rule.day < as_of]
        rules, new = (*kept, now), now
    if len(rules) > 1:
        line = replace(line, settings=tuple(_settings(line, rules, schedule)))
    return RulesInForce(
        line=line,
        counting=tuple(_counting(rules)),
        first=rules[0].day if rules[0].day != date.min else None,
        new=new,
        edited=rules[-1].day == as_of,
    )


def _same(old: LineRule, new: LineRule) -> bool:
    return old.settings == new.settings and old.organizations == new.organizations


def _settings(
    line: DesiredLine, rules: Sequence[LineRule], schedule: Schedule
) -> Iterator[DatedSettings]:
    """Each rule from its day on, until the configuration's own dated changes take over."""
    dated = line.settings[1:]
    first_dated = dated[0].day if dated else date.max
    before: LineSettings | None = None
    for index, rule in enumerate(rules):
        day = rule.day if index else date.min
        after = rules[index + 1].day if index + 1 < len(rules) else date.max
        # The configuration's own settings carry the places that decided them.
        settings = line.settings[0].settings if rule is rules[-1] else rule.settings
        for start, found in _entering(before, settings, day, schedule):
            if start < min(after, first_dated) or start == date.min:
                yield DatedSettings(start, found)
        before = settings
    yield from dated


def _entering(
    before: LineSettings | None, settings: LineSettings, day: date, schedule: Schedule
) -> Iterator[tuple[date, LineSettings]]:
    """The old policy holds to the end of the period that ``day`` lies in."""
    if before is None or all(getattr(before, n) == getattr(settings, n) for n in POLICY):
        yield day, settings
        return
    if day < schedule.start or (schedule.end is not None and day > schedule.end):
        yield day, settings
        return
    period = schedule.containing(day)
    if day != period.first:
        yield day, replace(settings, **{name: getattr(before, name) for name in POLICY})
    yield (day if day == period.first else period.end), settings


def _counting(rules: Sequence[LineRule]) -> Iterator[Counting]:
    for index, rule in enumerate(rules):
        since = rule.day if index else None
        until = rules[index + 1].day - DAY if index + 1 < len(rules) else None
        yield Counting(rule.settings.count, rule.organizations, since, until)
