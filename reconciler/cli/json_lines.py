"""One JSON object per line in, one per line out; a bad line does not stop the others."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from reconciler.cli.exits import Exit

Document = Mapping[str, Any]
T = TypeVar("T", bound=str)


class BadLine(ValueError):
    """What is wrong with one line."""


def _no_constant(name: str) -> object:
    raise BadLine(f"{name} is not a number")


DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_constant)
ENCODER = json.JSONEncoder(default=str)


def answer_lines(answer: Callable[[Document], Document]) -> Exit:
    """Answer standard input line by line; FAILED at the end when a line was bad."""
    failed = False
    for text in _lines(sys.stdin):
        case: object = None
        try:
            case = DECODER.decode(text.strip())
            found = answer(_object(case))
        except (ValueError, RecursionError, ArithmeticError) as error:
            failed = True
            name = case.get("id") if isinstance(case, dict) else None
            found = {"id": name, "error": _message(error)}
        sys.stdout.write(ENCODER.encode(found) + "\n")
    return Exit.FAILED if failed else Exit.DONE


def day(case: Document, key: str) -> date:
    """A required day."""
    found = _required(case, key)
    return _day(found, key)


def optional_day(case: Document, key: str) -> date | None:
    """A day, or None where the key is not given."""
    return None if case.get(key) is None else _day(case[key], key)


def pair(case: Document, key: str) -> tuple[date, date]:
    """Two days."""
    found = _required(case, key)
    if not isinstance(found, list) or len(found) != 2:
        raise BadLine(f"{key} is not a pair of days")
    return _day(found[0], key), _day(found[1], key)


def number(case: Document, key: str) -> Decimal:
    """A decimal, given as text or as a number."""
    found = _required(case, key)
    if isinstance(found, bool) or not isinstance(found, str | int | Decimal):
        raise BadLine(f"{key} is not a number")
    try:
        value = Decimal(found)
    except ArithmeticError:
        raise BadLine(f"{key} {found!r} is not a number") from None
    if not value.is_finite() or abs(value.adjusted()) > MOST_DIGITS:
        raise BadLine(f"{key} is out of range")
    return value


def whole(case: Document, key: str) -> int:
    """A whole number."""
    found = _required(case, key)
    if isinstance(found, bool) or not isinstance(found, int):
        raise BadLine(f"{key} is not a whole number")
    return found


def choice(case: Document, key: str, choices: Iterable[T], default: T | None = None) -> T:
    """One of a few words."""
    found = case.get(key, default)
    for one in choices:
        if found == one:
            return one
    raise BadLine(f"{key} {found!r} is not one of {', '.join(choices)}")


def flag(case: Document, key: str) -> bool:
    """true or false; false where the key is not given."""
    found = case.get(key, False)
    if not isinstance(found, bool):
        raise BadLine(f"{key} is neither true nor false")
    return found


def only(case: Document, keys: frozenset[str]) -> None:
    """No other keys, so that a misspelt one is not taken for one left out."""
    unknown = sorted(case.keys() - keys)
    if unknown:
        raise BadLine(f"unknown key {', '.join(unknown)}")


MOST_DIGITS = 30


def _lines(stream: Iterable[str]) -> Iterator[str]:
    """Those that say something; a first one may begin with a byte order mark."""
    told = (line.removeprefix("\ufeff") for line in stream)
    return (line for line in told if line.strip())


def _object(case: object) -> Document:
    if not isinstance(case, dict):
        raise BadLine("the line is not a JSON object")
    return case


def _required(case: Document, key: str) -> object:
    if key not in case or case[key] is None:
        raise BadLine(f"{key} is missing")
    found: object = case[key]
    return found


def _day(found: object, key: str) -> date:
    if isinstance(found, str) and len(found) == len("2026-11-23"):
        try:
            return date.fromisoformat(found)
        except ValueError:
            pass
    raise BadLine(f"{key} {found!r} is not a day such as 2026-11-23")


def _message(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON: {error.msg} at column {error.colno}"
    return str(error) or type(error).__name__
