"""The settings that decide a line's units on a day, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from reconciler.desired import locate
from reconciler.model.desired import DesiredLine
from reconciler.model.explanation import SettingShown
from reconciler.model.place import Origin
from reconciler.model.settings import Commitment, FixedUnits
from reconciler.report.yaml_text import written

ALWAYS_SHOWN: Final = ("policy", "adjust", "over", "increase", "decrease")
NEVER_SHOWN: Final = ("count", "origins")


def settings_shown(line: DesiredLine, day: date, config: Path) -> Iterator[SettingShown]:
    """When the line is billed, and how it counts on that day. ``config``: the folder to find the
    places in."""
    yield from _bounds(line, config)
    in_force = (dated.settings for dated in reversed(line.settings) if dated.day <= day)
    settings = next(in_force, line.settings[0].settings)
    for field in fields(settings):
        if field.name in NEVER_SHOWN:
            continue
        origin = settings.origins.get(field.name)
        if origin is None and field.name not in ALWAYS_SHOWN:
            continue
        found = getattr(settings, field.name)
        name, value = written(field.name, found)
        yield SettingShown(name, f"{value}{_over(found, day)}", _place(origin, config))


def _bounds(line: DesiredLine, config: Path) -> Iterator[SettingShown]:
    """Its first and its last day, where it names them."""
    for key, day in (("from", line.start), ("last_day", line.last_day)):
        if day is not None:
            origin = Origin(line.origin.file, (*line.origin.path, key))
            yield SettingShown(key, day.isoformat(), _place(origin, config))


def _over(value: object, day: date) -> str:
    """Of what a person agreed to up to a day that has passed: it decides nothing any more."""
    until = value.until if isinstance(value, FixedUnits | Commitment) else None
    if until is None or day <= until:
        return ""
    return f", over since {until + timedelta(days=1)}"


def _place(origin: Origin | None, config: Path) -> str:
    if origin is None:
        return ""
    place = locate(config, origin)
    return f"{place.file}:{place.line}"
