"""What became of open pull requests that were planned again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.report.outside import markdown
from reconciler.report.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Refreshed:
    """Pull requests by their numbers."""

    fresh: tuple[int, ...] = ()
    failed: tuple[tuple[int, str], ...] = ()
    """With why they could not be planned, or that not be said."""
    left_out: int = 0
    """Beyond as many as one run plans."""
    why: str = ""
    """They could not be listed."""


def lines(found: Refreshed) -> tuple[str, ...]:
    """What was done, for the run's output."""
    return tuple(_lines(found))


def failures(found: Refreshed) -> tuple[str, ...]:
    """What went wrong with it."""
    told = [f"#{number} could not be brought up to date: {why}" for number, why in found.failed]
    return (*told, *([f"open pull requests: {found.why}"] if found.why else []))


def section(found: Refreshed) -> str:
    """For the job's summary; empty where there was nothing to plan."""
    told = [f"- {markdown(one)}" for one in (*lines(found), *failures(found))]
    return "\n".join(["", "### Open pull requests", "", *told, ""]) if told else ""


def _lines(found: Refreshed) -> Iterator[str]:
    if found.fresh:
        yield f"planned again: {', '.join(f'#{one}' for one in found.fresh)}"
    if found.left_out:
        older = counted(found.left_out, "older pull request")
        yield f"{older} left out; a push to a branch plans its own"
