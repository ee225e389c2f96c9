"""Our note on a line: the one place where BMS keeps units so that they can be read back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

SEPARATOR: Final = " | "

_PATTERNS: Final = {
    "change": r"(?P<change>[+-]?\d+)",
    "units": r"(?P<units>-?\d+)",
    "date": r"(?P<date>\d{4}-\d{2}-\d{2})",
    "ref": r"(?P<ref>[0-9A-F]{8,})",
}


@dataclass(frozen=True, slots=True)
class Note:
    """What a note says; fields that the template leaves out are None."""

    ref: str
    change: int | None = None
    units: int | None = None
    day: date | None = None


def described(template: str | None, description: str, note: Note) -> str:
    """The description with its own words kept and the note's suffix renewed."""
    if template is None:
        return description
    own = own_words(template, description)
    text = template.format(
        change=f"{note.change:+d}" if note.change is not None else "",
        units=note.units,
        date=note.day,
        ref=note.ref,
    )
    return f"{own}{SEPARATOR}{text}" if own else text


def own_words(template: str, description: str) -> str:
    """The description without our note."""
    match = _pattern(template).search(description)
    return description[: match.start()] if match else description


def note_in(template: str | None, description: str) -> Note | None:
    """The note at the end of a description, if there is one."""
    if template is None:
        return None
    match = _pattern(template).search(description)
    if match is None:
        return None
    found = match.groupdict()
    change, units, day = found.get("change"), found.get("units"), found.get("date")
    return Note(
        ref=found["ref"],
        change=None if change is None else int(change),
        units=None if units is None else int(units),
        day=None if day is None else date.fromisoformat(day),
    )


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    seen: set[str] = set()
    text = ""
    for index, part in enumerate(parts):
        if index % 2 == 0:
            text += re.escape(part)
        elif part in seen:
            text += rf"(?P={part})"
        else:
            seen.add(part)
            text += _PATTERNS[part]
    return re.compile(rf"(?:^|{re.escape(SEPARATOR)}){text}\s*$")
