"""The hidden line of an issue of ours, or of a comment of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Final, Literal, Self, TypeAlias

from reconciler.github.marker import found, hidden

Kind: TypeAlias = Literal[
    "month",
    "day",
    "news",
    "drift",
    "drift-news",
    "approvals",
    "true-up",
    "adopt",
    "merge",
    "not-begun",
]

_WHOLE: Final = 1_000_000
_FIELDS: Final = {"kind": str, "config": str, "key": str, "at": int, "digest": str}


@dataclass(frozen=True, slots=True)
class Tag:
    """Which one it is: ``kind``, ``config`` and ``key`` name it in its repository."""

    kind: Kind
    config: str
    key: str
    """The month or the day."""
    at: int
    """When it was looked, in seconds: what was seen later is never overwritten by what was seen
    earlier. No run's number: an old job that is run again looks anew."""
    digest: str = ""
    """Of the text that is shown, without its end: what says the same is not written again."""

    def names(self, other: Tag) -> bool:
        """Are both of the same thing?"""
        mine, theirs = (self.kind, self.config, self.key), (other.kind, other.config, other.key)
        return mine == theirs

    def of(self, text: Callable[[int], str]) -> Self:
        """With the digest of a text, which is no other one where it must be cut shorter."""
        return replace(self, digest=hashlib.sha256(text(_WHOLE).encode()).hexdigest()[:16])

    def body(self, text: Callable[[int], str], end: str, limit: int) -> str:
        """The whole of what is posted, in at most ``limit`` bytes."""
        room = limit - len(f"{self.dumps()}\n\n{end}\n".encode())
        return f"{self.dumps()}\n{text(room)}\n{end}\n"

    def dumps(self) -> str:
        """One line that GitHub does not show."""
        return hidden(asdict(self))

    @classmethod
    def find(cls, body: str) -> Self | None:
        """The tag that a text begins with; None where it is not one of ours."""
        try:
            fields = found(body)
            if any(not isinstance(fields[name], kind) for name, kind in _FIELDS.items()):
                return None
            return cls(**fields)
        except (ValueError, KeyError, TypeError):
            return None
