"""An edit taken out of a line's rules as if it had never been, wherever later ones carry it on.

A rule is all that the configuration said of a line on a day. So what one edit changed stands in
the rules after it too, until another edit says otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any, TypeAlias

from reconciler.engine.rules import by_line
from reconciler.engine.sayings import COMPARED, changed, only, said_by
from reconciler.engine.spliced import in_force_on
from reconciler.model.bms import LineKey
from reconciler.model.rules import LineRule
from reconciler.model.settings import DatedSettings, LineSettings

Entries: TypeAlias = "tuple[Any, ...]"


@dataclass(frozen=True, slots=True)
class Behind:
    """The edits of the configuration that may have brought a write which is taken back."""

    line: LineKey
    days: tuple[date, ...]
    """Of each edit."""
    mixed: tuple[date, ...] = ()
    """Of days with several edits: nobody knows which of them it was."""
    is_all: bool = True
    """Did nothing else move the line with them? Else the write may be taken back for that."""


def meant(
    rules: Iterable[LineRule], behind: Iterable[Behind], now: Mapping[LineKey, LineRule]
) -> Iterator[LineRule]:
    """The edits that are taken back with their writes, each as no more than what is taken back of
    it: what the configuration has undone; else edits that it has no more, as it says something else
    again; else, where nothing but edits moved the line, all of them.

    ``now``: what it says of lines otherwise than the newest of ``rules``, which are in order of
    day.
    """
    mine = by_line(rules)
    for one in behind:
        own = mine.get(one.line, ())
        newest = now.get(one.line) or (own[-1] if own else None)
        if newest is None:
            continue
        pairs = [pair for pair in pairwise(own) if pair[1].day in one.days]
        gone = [edit for before, edit in pairs if _is_gone(newest, before, edit)]
        yield from ([*_undone(pairs, newest)] or gone or [edit for _, edit in pairs if one.is_all])
        for before, edit in pairwise(own):
            if edit.day in one.mixed and _is_back(newest, before, edit):
                yield edit


def _undone(pairs: Sequence[tuple[LineRule, LineRule]], now: LineRule) -> Iterator[LineRule]:
    """Of each edit what the configuration says again as it did before that edit, or before one
    ahead of it: who undoes all of them goes back to what was before the first."""
    said, earlier = said_by(now), []
    for before, edit in pairs:
        new, old = said_by(edit), said_by(before)
        earlier.append(old)
        keys = {
            key
            for key in changed(old, new)
            if said.get(key) != new.get(key)
            and any(said.get(key) == one.get(key) for one in earlier)
        }
        if keys:
            yield only(edit, before, keys)


def _is_gone(now: LineRule, before: LineRule, edit: LineRule) -> bool:
    """Does the configuration say nothing any more that it says since the edit?"""
    return _taken_out(now, edit, before) == now


def _is_back(now: LineRule, before: LineRule, edit: LineRule) -> bool:
    """Does it say of all that the day changed what it said before?"""
    said, new, old = said_by(now), said_by(edit), said_by(before)
    return all(said.get(key) == old.get(key) for key in changed(old, new))


def retracted(rules: Iterable[LineRule], edits: Iterable[LineRule]) -> Iterator[LineRule]:
    """To be remembered in place of those of their lines and days. ``rules``: in order of day;
    ``edits``: as no more than what is taken out of them."""
    taken: dict[LineKey, dict[date, LineRule]] = defaultdict(dict)
    for edit in edits:
        taken[edit.line][edit.day] = edit
    mine = by_line(rules) if taken else {}
    for line, edited in taken.items():
        yield from _without(mine.get(line, ()), edited)


def _without(rules: Sequence[LineRule], taken: Mapping[date, LineRule]) -> Iterator[LineRule]:
    edits: list[tuple[LineRule, LineRule]] = []
    before: LineRule | None = None
    for rule in rules:
        if before is not None and rule.day in taken:
            edits.append((taken[rule.day], before))
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
        for name in COMPARED
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
        for name in COMPARED
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
