"""What was in force before an edit of the configuration, and what is from it on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import pairwise
from typing import Any, Final

from reconciler.model.settings import DatedSettings, LineSettings

Settings = Sequence[DatedSettings]
"""Sorted by day and never empty; the first begins with ``date.min``."""

_NAMES: Final = tuple(f.name for f in fields(LineSettings) if f.name != "origins")


@dataclass(frozen=True, slots=True)
class Edit:
    """The configuration said ``old``, and says ``new`` since ``day``."""

    old: Settings
    new: Settings
    day: date
    policy: Sequence[str]
    """The settings that stay as they were up to ``policy_from``, unless they are dated."""
    policy_from: date


def spliced(force: Settings, edit: Edit) -> tuple[DatedSettings, ...]:
    """``force`` up to the edit's day, what the configuration says now from then on.

    A dated change that the edit brought counts from its own day, even before the edit's.
    """
    fresh = _fresh(edit)
    days = {date.min, edit.day, edit.policy_from}
    days.update(dated.day for dated in (*force, *edit.new))
    found: list[DatedSettings] = []
    for day in sorted(days):
        settings = _on(day, force, edit, fresh)
        if not found or found[-1].settings != settings:
            found.append(DatedSettings(day, settings))
        else:
            # The same values: what decided them today is the better place to show.
            found[-1] = replace(found[-1], settings=settings)
    return tuple(found)


def in_force_on(settings: Settings, day: date) -> LineSettings:
    """The settings of that day."""
    return next(dated.settings for dated in reversed(settings) if dated.day <= day)


@dataclass(frozen=True, slots=True)
class _Change:
    """What one dated change of the configuration sets."""

    day: date
    values: tuple[tuple[str, Any], ...]


def _changes(settings: Settings) -> Iterator[_Change]:
    for before, after in pairwise(settings):
        values = ((n, getattr(after.settings, n)) for n in _NAMES)
        set_ = tuple((n, v) for n, v in values if v != getattr(before.settings, n))
        yield _Change(after.day, set_)


def set_on(settings: Settings, day: date) -> Sequence[tuple[str, Any]]:
    """What the dated change of a day sets, by the setting's name; nothing where there is none."""
    return next((change.values for change in _changes(settings) if change.day == day), ())


def _fresh(edit: Edit) -> tuple[_Change, ...]:
    old = list(_changes(edit.old))
    return tuple(change for change in _changes(edit.new) if change not in old)


def _on(day: date, force: Settings, edit: Edit, fresh: Sequence[_Change]) -> LineSettings:
    now = in_force_on(edit.new, day)
    if day < edit.day:
        return _taking(in_force_on(force, day), now, _set(fresh, day))
    if day >= edit.policy_from:
        return now
    dated = _set((*fresh, *(c for c in _changes(edit.new) if c.day > edit.day)), day)
    kept = {name for name in edit.policy if name not in dated}
    return _taking(now, in_force_on(force, edit.day), kept)


def _set(changes: Sequence[_Change], day: date) -> set[str]:
    """What these changes have set up to that day."""
    return {name for change in changes if change.day <= day for name, _ in change.values}


def _taking(settings: LineSettings, other: LineSettings, names: set[str]) -> LineSettings:
    values = {n: getattr(other, n) for n in names if getattr(other, n) != getattr(settings, n)}
    return replace(settings, **values) if values else settings
