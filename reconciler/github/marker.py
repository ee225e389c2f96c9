"""The hidden line of a comment of ours: which one it is, and what it was made from."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Self

_LINE: Final = re.compile(r"<!-- reconciler (\{.*?\}) -->")
_TEXTS: Final = ("config", "plan", "base", "head", "version", "text", "prices")
_ESCAPED: Final = ((">", r"\u003e"), ("--", r"-\u002d"))


@dataclass(frozen=True, slots=True)
class Marker:
    """``config`` tells the comments of two configurations in one repository apart."""

    config: str
    plan: str
    """Digest of the plan that is shown; on a merge it must still be the same."""
    base: str
    head: str
    as_of: date
    version: str
    """Of the program."""
    run: int
    """Says nothing of what is newer: a job that is run again keeps it, and looks anew."""
    text: str = ""
    """Digest of what is shown, without how far it has come; empty in an old version's comment."""
    prices: str = ""
    """Digest of the prices of later days that merging lets be written; empty where none is."""
    reverts: tuple[str, ...] = ()
    """The merged commits that it takes back. A squash may leave the words out that say so."""
    at: int = 0
    """When it was looked, in seconds; 0 in an old version's comment. Of the same head, what was
    seen later is never overwritten by what was seen earlier."""

    def dumps(self) -> str:
        """One line that GitHub does not show. Nothing in it can end it early."""
        return hidden({**asdict(self), "as_of": self.as_of.isoformat()})

    @classmethod
    def find(cls, body: str) -> Self | None:
        """The marker that a comment begins with; None where it is not one of ours."""
        try:
            fields = found(body)
            day, reverts = date.fromisoformat(fields["as_of"]), tuple(fields.get("reverts", ()))
            texts = (*(fields.get(name, "") for name in _TEXTS), *reverts)
            numbers = (fields["run"], fields.get("at", 0))
            fits = all(isinstance(one, int) for one in numbers)
            fits = fits and all(isinstance(one, str) for one in texts)
            return cls(**{**fields, "as_of": day, "reverts": reverts}) if fits else None
        except (ValueError, KeyError, TypeError):
            return None


def hidden(fields: Mapping[str, object]) -> str:
    """A line that GitHub does not show. Nothing in it can end it early."""
    text = json.dumps(fields, sort_keys=True)
    for ends, escaped in _ESCAPED:
        text = text.replace(ends, escaped)
    return f"<!-- reconciler {text} -->"


def found(body: str) -> Mapping[str, Any]:
    """What the hidden line says that a text begins with; nothing where it has none."""
    match = _LINE.match(body)
    try:
        fields = json.loads(match[1]) if match is not None else {}
    except RecursionError:  # anybody who may comment can nest it as deep as they like
        return {}
    return fields if isinstance(fields, dict) else {}
