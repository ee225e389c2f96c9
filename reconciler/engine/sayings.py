"""All that a line's rule says, one thing after the other, to tell what an edit changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, replace
from datetime import date
from itertools import pairwise
from typing import Any, Final, TypeAlias

from reconciler.model.rules import LineRule
from reconciler.model.settings import DatedSettings, LineSettings

COMPARED: Final = tuple(field.name for field in fields(LineSettings) if field.compare)

Saying: TypeAlias = "tuple[str, Any]"
"""A setting from a day on, an organization, or an exclusion."""

Sayings: TypeAlias = "Mapping[Saying, Any]"

LISTS: Final = ("organizations", "excluded")
FROM: Final = "from"


def said_by(rule: LineRule) -> Sayings:
    """What is not in it, it does not say: a dated change says what it sets, though it has all the
    settings of its day."""
    said: dict[Saying, Any] = {(name, date.min): getattr(rule.settings, name) for name in COMPARED}
    for before, one in pairwise(rule.by_day):
        said[FROM, one.day] = True
        said |= {
            (name, one.day): value
            for name in COMPARED
            if (value := getattr(one.settings, name)) != getattr(before.settings, name)
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
    first, *dated = _by_day(said, edit.settings)
    return replace(
        edit,
        settings=first.settings,
        organizations=_listed(said, "organizations"),
        excluded=_listed(said, "excluded"),
        dated=tuple(dated),
    )


def _by_day(said: Sayings, settings: LineSettings) -> Iterator[DatedSettings]:
    for day in sorted({day for name, day in said if name not in LISTS}):
        own = {name: said[name, day] for name in COMPARED if (name, day) in said}
        settings = replace(settings, **own)
        yield DatedSettings(day, settings)


def _listed(said: Sayings, name: str) -> tuple[Any, ...]:
    return tuple(sorted((one for kind, one in said if kind == name), key=repr))
