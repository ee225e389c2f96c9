"""An edit taken out of a line's rules as if it had never been, wherever later ones carry it on.

A rule is all that the configuration said of a line on a day. So what one edit changed stands in
the rules after it too, until another edit says otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import pairwise
from typing import Any, Final, TypeAlias

from reconciler.engine.rules import by_line
from reconciler.engine.spliced import in_force_on
from reconciler.model.bms import LineKey
from reconciler.model.rules import LineRule
from reconciler.model.settings import DatedSettings, LineSettings

Entries: TypeAlias = "tuple[Any, ...]"

_COMPARED: Final = tuple(field.name for field in fields(LineSettings) if field.compare)


@dataclass(frozen=True, slots=True)
class Behind:
    """The edits of the configuration that may have brought a write which is taken back."""

    line: LineKey
    days: tuple[date, ...]
    """Of each edit."""
    is_all: bool = True
    """Did nothing else move the line with them? Else the write may be taken back for that."""


def meant(
    rules: Iterable[LineRule], behind: Iterable[Behind], now: Mapping[LineKey, LineRule]
) -> Iterator[tuple[LineKey, date]]:
    """The edits that are taken back with their writes: those that the configuration has undone;
    else those that it has no more, as it says something else again; else, where nothing but edits
    moved the line, all of them.

    ``now``: what it says of lines otherwise than the newest of ``rules``, which are in order of
    day.
    """
    mine = by_line(rules)
    for one in behind:
        own = mine.get(one.line, ())
        newest = now.get(one.line) or (own[-1] if own else None)
        pairs = [pair for pair in pairwise(own) if pair[1].day in one.days]
        gone = [pair for pair in pairs if newest is not None and _is_gone(newest, *pair)]
        undone = [pair for pair in gone if newest is not None and _is_as_before(newest, *pair)]
        for _, edit in undone or gone or (pairs if one.is_all else ()):
            yield one.line, edit.day


def _is_gone(now: LineRule, before: LineRule, edit: LineRule) -> bool:
    """Does the configuration say nothing any more that it says since the edit?"""
    return _taken_out(now, edit, before) == now


def _is_as_before(now: LineRule, before: LineRule, edit: LineRule) -> bool:
    """Does it say of something again what it said before the edit?"""
    return any(
        was != then and one == was
        for one, was, then in zip(_said(now), _said(before), _said(edit), strict=True)
    )


def _said(rule: LineRule) -> list[Any]:
    values = [getattr(rule.settings, name) for name in _COMPARED]
    return [*values, rule.organizations, rule.excluded, rule.dated]


def retracted(
    rules: Iterable[LineRule], edits: Collection[tuple[LineKey, date]]
) -> Iterator[LineRule]:
    """To be remembered in place of those of their lines and days. ``rules``: in order of day."""
    days: dict[LineKey, set[date]] = defaultdict(set)
    for line, day in edits:
        days[line].add(day)
    mine = by_line(rules) if edits else {}
    for line, edited in days.items():
        yield from _without(mine.get(line, ()), edited)


def _without(rules: Sequence[LineRule], days: Collection[date]) -> Iterator[LineRule]:
    edits: list[tuple[LineRule, LineRule]] = []
    before: LineRule | None = None
    for rule in rules:
        if before is not None and rule.day in days:
            edits.append((rule, before))
        new = rule
        for edit, instead in reversed(edits):
            new = _taken_out(new, edit, instead)
        if new != rule:
            yield new
        # What this rule does not carry on is another edit's where it is said again.
        edits = [(_carried(edit, instead, rule), instead) for edit, instead in edits]
        before = new


def _carried(edit: LineRule, instead: LineRule, rule: LineRule) -> LineRule:
    """The edit without what the rule has otherwise."""
    gone: dict[str, Any] = {
        name: getattr(instead.settings, name)
        for name in _COMPARED
        if getattr(rule.settings, name) != getattr(edit.settings, name)
    }
    kept = (*rule.organizations, *instead.organizations)
    organizations = tuple(one for one in edit.organizations if one in kept)
    return replace(edit, settings=replace(edit.settings, **gone), organizations=organizations)


def _taken_out(rule: LineRule, edit: LineRule, before: LineRule) -> LineRule:
    return replace(
        rule,
        settings=_settings(rule.settings, edit.settings, before.settings),
        organizations=_entries(rule.organizations, edit.organizations, before.organizations),
        excluded=_entries(rule.excluded, edit.excluded, before.excluded),
        dated=tuple(_dated(rule, edit, before)),
    )


def _dated(rule: LineRule, edit: LineRule, before: LineRule) -> Iterator[DatedSettings]:
    if rule.dated == edit.dated:
        yield from before.dated
        return
    new = [one for one in edit.dated if one.day not in {old.day for old in before.dated}]
    for one in rule.dated:
        if one not in new:
            settings = _settings(one.settings, _on(edit, one.day), _on(before, one.day))
            yield replace(one, settings=settings)


def _on(rule: LineRule, day: date) -> LineSettings:
    """What the rule has in force on a day: a dated change has all the settings of its day."""
    return in_force_on(rule.by_day, day)


def _settings(settings: LineSettings, edit: LineSettings, before: LineSettings) -> LineSettings:
    values: dict[str, Any] = {
        name: _value(getattr(settings, name), getattr(edit, name), getattr(before, name))
        for name in _COMPARED
    }
    return replace(settings, **values)


def _entries(value: Entries, edit: Entries, before: Entries) -> Entries:
    """Without what the edit added, and with what it left out."""
    if value == edit:
        return before
    left = [one for one in value if one in before or one not in edit]
    back = [one for one in before if one not in edit and one not in value]
    return tuple(sorted([*left, *back], key=repr)) if back or len(left) < len(value) else value


def _value(value: Any, edit: Any, before: Any) -> Any:
    return before if value == edit else value
