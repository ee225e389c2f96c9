"""All that a line's rule says, one thing after the other, to tell what an edit changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, Final, TypeAlias

from reconciler.engine.spliced import in_force_on
from reconciler.model.rules import LineRule
from reconciler.model.settings import DatedSettings, LineSettings

COMPARED: Final = tuple(field.name for field in fields(LineSettings) if field.compare)

Saying: TypeAlias = "tuple[str, Any]"
"""A setting from a day on, an organization, or an exclusion."""

Sayings: TypeAlias = "Mapping[Saying, Any]"

LISTS: Final = ("organizations", "excluded")


def said_by(rule: LineRule) -> Sayings:
    """What is not in it, it does not say."""
    said: dict[Saying, Any] = {
        (name, one.day): getattr(one.settings, name) for one in rule.by_day for name in COMPARED
    }
    return said | {(name, one): True for name in LISTS for one in getattr(rule, name)}


def changed(before: Sayings, after: Sayings) -> list[Saying]:
    """What one says otherwise than the other, or not at all."""
    return [key for key in {**before, **after} if before.get(key) != after.get(key)]


def only(edit: LineRule, before: LineRule, keys: Collection[Saying]) -> LineRule:
    """The edit as if it had changed nothing but these."""
    new = said_by(edit)
    said = {key: value for key, value in said_by(before).items() if key not in keys}
    said |= {key: new[key] for key in keys if key in new}
    first, *dated = _by_day(said, before)
    return replace(
        edit,
        settings=first.settings,
        organizations=_listed(said, "organizations"),
        excluded=_listed(said, "excluded"),
        dated=tuple(dated),
    )


def _by_day(said: Sayings, before: LineRule) -> Iterator[DatedSettings]:
    days = sorted({day for name, day in said if name not in LISTS})
    for day in days:
        own = {name: said[name, day] for name in COMPARED if (name, day) in said}
        yield DatedSettings(day, replace(in_force_on(before.by_day, day), **own))


def _listed(said: Sayings, name: str) -> tuple[Any, ...]:
    return tuple(sorted((one for kind, one in said if kind == name), key=repr))
