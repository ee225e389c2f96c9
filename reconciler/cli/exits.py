"""The exit codes, and which of several wins."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable


class Exit(IntEnum):
    """What a run came to, for scripts and workflows."""

    DONE = 0
    """In step, or done."""
    FAILED = 1
    USAGE = 2
    """What the command line asks for is not there or cannot be; nothing was written."""
    PERSON = 3
    """Held, stale, drifted or in doubt: a person is needed."""
    PARTIAL = 4
    """Applied in part."""
    CHANGES = 10
    """Changes are waiting; only where it was asked for."""
    INTERRUPTED = 130
    TERMINATED = 143


_WORST_FIRST: Final = (Exit.FAILED, Exit.PARTIAL, Exit.PERSON, Exit.CHANGES, Exit.DONE)


def worst(exits: Iterable[Exit]) -> Exit:
    """The one to exit with; done where there is none.

    A wrong command line and an interruption end a run before it has anything to combine.
    """
    found = set(exits)
    if strange := found - set(_WORST_FIRST):
        raise ValueError(f"{sorted(strange)} do not combine with others")
    return next((one for one in _WORST_FIRST if one in found), Exit.DONE)
