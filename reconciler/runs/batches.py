"""Things that the ledger keeps together, some in each of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")

IN_A_ROW: Final = 50


def batches(things: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many as a row has, in their order."""
    for first in range(0, len(things), IN_A_ROW):
        yield things[first : first + IN_A_ROW]
