"""A run that could not begin, said where somebody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reconciler.model.errors import ConfigError
from reconciler.report import sections
from reconciler.report.markdown_table import fitting
from reconciler.report.outside import markdown

if TYPE_CHECKING:
    from reconciler.model.errors import ReconcilerError

MEANS: Final = "Until that is mended, no usage is read and nothing is written to BMS."


def render(what: str, error: ReconcilerError, limit: int) -> str:
    """In at most ``limit`` bytes of UTF-8. ``what``: which run."""
    head = f"## ❌ The {what} run could not begin: {markdown(error.message)}"
    told = [one for one in (*error.details, error.where, error.remedy) if one]
    lines = [f"- {sections.words(one)}" for one in told]
    room = limit - len(f"{head}\n\n{MEANS}\n\n".encode()) - 100
    shown = fitting(lines, room)
    more = [f"- … and {len(lines) - shown:,} more"] if shown < len(lines) else []
    means = MEANS if isinstance(error, ConfigError) else ""
    return "\n\n".join(filter(None, [head, "\n".join([*lines[:shown], *more]), means]))
