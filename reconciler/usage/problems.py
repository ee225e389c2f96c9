"""What is wrong with rows of a file, all of it at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reconciler.model.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One mistake. ``row`` is the line in a CSV or JSON lines file, the item in a JSON list; 0 for
    the file as a whole. ``column`` is empty when no single one is to blame."""

    file: str
    row: int
    column: str
    message: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.row}" if self.row else self.file
        return f"{place}: {self.column + ': ' if self.column else ''}{self.message}; {self.remedy}"


MANY: Final = 1_000
"""After so many a file is not read on: it has one cause."""

SHOWN: Final = 25


class BadRows(SourceError):
    """Files have rows that cannot be taken; nothing of the source was."""

    def __init__(self, where: str, problems: Sequence[RowProblem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        least = "at least " if count >= MANY else ""
        super().__init__(
            f"{least}{count:,} problem{'s' if count != 1 else ''} in usage files",
            where=where,
            remedy="mend them and read them again; nothing of them was taken",
        )

    @property
    def details(self) -> tuple[str, ...]:
        """Each problem with its place and remedy."""
        shown = tuple(map(str, self.problems[:SHOWN]))
        more = len(self.problems) - len(shown)
        return (*shown, f"and {more:,} more") if more else shown
