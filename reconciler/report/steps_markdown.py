"""What to do next, as a numbered list."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconciler.report.sentences import Next


def numbered(steps: Iterable[Next]) -> str:
    """Several commands of a step are to be run one by one, so each has a line to be copied."""
    return "\n".join(_step(f"{number}. ", step) for number, step in enumerate(steps, start=1))


def _step(number: str, step: Next) -> str:
    if len(step.commands) < 2:
        return " ".join([f"{number}{step.what}", *(f"`{one}`" for one in step.commands)])
    inside = " " * len(number)
    block = "\n".join(f"{inside}{one}" for one in ("```sh", *step.commands, "```"))
    return f"{number}{step.what}\n\n{block}\n"
