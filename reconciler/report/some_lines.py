"""Some lines in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reconciler.report.words import listed_few

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconciler.engine.unplanned import NamedLine
    from reconciler.model.plan import LineRef

SHOWN: Final = 5


def named(lines: Sequence[LineRef | NamedLine]) -> str:
    """By service and account, a few of them."""
    return listed_few([f"{line.service} of {line.account}" for line in lines], SHOWN)


def it(lines: Sequence[LineRef | NamedLine]) -> str:
    """For what is done to them."""
    return "it" if len(lines) == 1 else "them"
