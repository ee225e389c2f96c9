"""Why a run could not do its work, on the page of a workflow's run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reconciler.report.outside import markdown_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reconciler.model.errors import ReconcilerError

SHOWN: Final = 20


def render(error: ReconcilerError, field: str | None = None) -> str:
    """What happened, where, and what to do; names in it are no markup. ``field``: what the form
    calls the place."""
    return "\n\n".join(_parts(error, field or error.where)) + "\n"


def listed(lines: Iterable[str]) -> str:
    """Sentences of an answer, one below the other."""
    return "".join(f"- {markdown_code(line)}\n" for line in lines)


def _parts(error: ReconcilerError, where: str | None) -> Iterator[str]:
    yield f"### ❌ {markdown_code(error.message)}"
    if error.details:
        more = len(error.details) - SHOWN
        rest = [f"{more:,} more, which the log of this run names"] if more > 0 else []
        yield listed([*error.details[:SHOWN], *rest]).rstrip("\n")
    if where:
        yield f"**Where:** {markdown_code(where)}"
    if error.remedy:
        yield f"**What to do:** {markdown_code(error.remedy)}"
