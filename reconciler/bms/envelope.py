"""BMS's envelope, in one place: both spellings, and failures that come as HTTP 200."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Answer:
    """BMS did it. ``total`` is its count of all records, where it gives one."""

    result: object = field(repr=False)
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """BMS understood and said no."""

    code: str | None
    message: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something came back that is not BMS's envelope."""

    detail: str


Opened: TypeAlias = Answer | Refusal | Unreadable


def open_envelope(content: bytes) -> Opened:
    """What an answer's body says. Numbers keep their digits."""
    try:
        body = json.loads(content, parse_float=Decimal, parse_int=int, parse_constant=_no_constant)
    except (ValueError, InvalidOperation, RecursionError):
        return Unreadable("is not JSON")
    if not isinstance(body, dict):
        return Unreadable("is not BMS's envelope")
    return _opened({str(key).lower(): value for key, value in body.items()})


def _opened(body: dict[str, Any]) -> Opened:
    match body.get("success"):
        case True:
            return _answer(body)
        case False:
            return _refusal(body.get("error"))
        case _:
            return Unreadable("does not say whether it succeeded")


def _answer(body: dict[str, Any]) -> Answer | Unreadable:
    total = body.get("totalrecords")
    if total is None or (isinstance(total, int) and not isinstance(total, bool)):
        return Answer(body.get("result"), total)
    return Unreadable("has a TotalRecords that is not a whole number")


def _refusal(error: object) -> Refusal:
    if not isinstance(error, dict):
        return Refusal(None, "no reason given")
    said = {str(key).lower(): value for key, value in error.items()}
    code = said.get("code")
    texts = [said.get(name) for name in ("message", "details")]
    # The stack trace that BMS sends along is for nobody.
    message = "; ".join(dict.fromkeys(text for text in texts if isinstance(text, str) and text))
    return Refusal(None if code is None else str(code), message or "no reason given")


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")
