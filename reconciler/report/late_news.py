"""What a later run of a day found new: the day's comment has it, and GitHub tells of no edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.report import sections

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from reconciler.model.finding import Finding


def render(as_of: date, found: Iterable[Finding], currency: str, limit: int) -> str:
    """In at most ``limit`` bytes of UTF-8."""
    head = (
        f"## ⚠️ New since the comment of {as_of} was written\n\n"
        "That comment has it too by now; GitHub notifies nobody of an edit."
    )
    room = limit - len(f"{head}\n\n".encode())
    return f"{head}\n\n{sections.findings('Needs a person', found, currency, room)}"
