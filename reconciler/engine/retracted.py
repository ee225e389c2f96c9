"""An edit taken out of a line's rules as if it had never been, wherever later ones carry it on.

A rule is all that the configuration said of a line on a day. So what one edit changed stands in
the rules after it too, until another edit says otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import date
from itertools import pairwise
from typing import Any, Final

from reconciler.model.bms import LineKey
from reconciler.model.rules import LineRule
from reconciler.model.settings import DatedSettings, LineSettings

_COMPARED: Final = tuple(field.name for field in fields(LineSettings) if field.compare)


def retracted(
    rules: Iterable[LineRule], edits: Collection[tuple[LineKey, date]]
) -> Iterator[LineRule]:
    """To be remembered in place of those of their lines and days. ``rules``: in order of day."""
    days: dict[LineKey, set[date]] = defaultdict(set)
    for line, day in edits:
        days[line].add(day)
    mine: dict[LineKey, list[LineRule]] = defaultdict(list)
    for rule in rules if edits else ():
        if rule.line in days:
            mine[rule.line].append(rule)
    for line, found in mine.items():
        yield from _without(found, days[line])


def _without(rules: Sequence[LineRule], days: Collection[date]) -> Iterator[LineRule]:
    before = rules[0]
    edits: list[tuple[LineRule, LineRule]] = []
    for _, rule in pairwise(rules):
        if rule.day in days:
            edits.append((rule, before))
        new = rule
        for edit, instead in reversed(edits):
            new = _taken_out(new, edit, instead)
        if new != rule:
            yield new
        else:
            # Nothing carries it on: what says the same later is another edit.
            edits.clear()
        before = new


def _taken_out(rule: LineRule, edit: LineRule, before: LineRule) -> LineRule:
    return replace(
        rule,
        settings=_settings(rule.settings, edit.settings, before.settings),
        organizations=_value(rule.organizations, edit.organizations, before.organizations),
        excluded=_value(rule.excluded, edit.excluded, before.excluded),
        dated=tuple(_dated(rule, edit, before)),
    )


def _dated(rule: LineRule, edit: LineRule, before: LineRule) -> Iterator[DatedSettings]:
    if rule.dated == edit.dated:
        yield from before.dated
        return
    new = [one for one in edit.dated if one.day not in {old.day for old in before.dated}]
    for one in rule.dated:
        if one not in new:
            settings = _settings(one.settings, edit.settings, before.settings)
            yield replace(one, settings=settings)


def _settings(settings: LineSettings, edit: LineSettings, before: LineSettings) -> LineSettings:
    values: dict[str, Any] = {
        name: _value(getattr(settings, name), getattr(edit, name), getattr(before, name))
        for name in _COMPARED
    }
    return replace(settings, **values)


def _value(value: Any, edit: Any, before: Any) -> Any:
    return before if value == edit else value
