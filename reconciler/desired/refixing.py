"""What becomes of units that are fixed already where they are fixed anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reconciler.model.settings import TO_FILL_IN

if TYPE_CHECKING:
    from reconciler.desired.tree import Plain

_BEFORE: Final = " (before: "


def units_at(document: Plain, path: tuple[str | int, ...]) -> dict[str, Plain]:
    """Those of the line that the path leads to; empty where it has none."""
    found = document
    for step in (*path, "units"):
        if isinstance(found, dict) and isinstance(step, str):
            found = found.get(step)
        elif isinstance(found, list) and isinstance(step, int) and step < len(found):
            found = found[step]
        else:
            return {}
    return found if isinstance(found, dict) else {}


def reason_after(units: dict[str, Plain], reason: str) -> str:
    """The new one, and behind it what a person said before: it may hold still."""
    said = _said(units.get("reason"))
    return f"{reason}{_BEFORE}{said})" if said and said != reason else reason


def _said(reason: Plain) -> str:
    """By a person: what waits to be filled in has it only behind."""
    if not isinstance(reason, str) or TO_FILL_IN not in reason:
        return reason if isinstance(reason, str) else ""
    return reason.partition(f"{TO_FILL_IN}{_BEFORE}")[2].removesuffix(")")
