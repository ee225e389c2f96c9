"""Scalars read from their text: nothing passes through a float, and nothing is guessed.

Every value of a document arrives as text (or None for nothing). Quotes make no difference.
"""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal
from typing import Annotated, Any, Final, NoReturn, TypeAlias

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from reconciler.model.days import FIRST, LAST, why_no_day

_WHOLE: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,8})", re.ASCII)
_DECIMAL: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DAYS: Final = re.compile(r"(0|[1-9][0-9]{0,3})d", re.ASCII)
_TIME: Final = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_MOST_DIGITS: Final = 24

UNSET: Final[Any] = None
"""The default of a key that may be left out but not be empty."""


def refuse(found: object, wanted: str, code: str = "CFG003") -> NoReturn:
    """Raise the error that a document's validation turns into a problem with ``code``."""
    raise PydanticCustomError(
        "reconciler",
        "cannot be {shown}: write {wanted}",
        {"shown": show(found), "wanted": wanted, "code": code},
    )


def show(found: object) -> str:
    """A value as a message shows it."""
    if found is None:
        return "an empty value"
    if isinstance(found, str):
        return f"`{found[:60]}…`" if len(found) > 60 else f"`{found}`"
    return "a mapping" if isinstance(found, dict) else "a list"


def read_text(found: object) -> str:
    """Any text that is not empty; environment variables are not replaced in it."""
    if not isinstance(found, str) or not found:
        refuse(found, "text")
    if "${" in found:
        refuse(found, "it without ${}: environment variables are read in `bms:` only")
    return found


def read_whole(found: object) -> int:
    """A plain decimal integer: no ``010``, ``0x1F``, ``1_000``, ``1e3`` or ``3.0``."""
    if not isinstance(found, str) or not _WHOLE.fullmatch(found):
        refuse(found, "a whole number in plain digits, such as 3")
    return int(found)


def read_count(found: object) -> int:
    """A whole number of 0 or more."""
    number = read_whole(found)
    if number < 0:
        refuse(found, "a whole number of 0 or more")
    return number


def read_decimal(found: object) -> Decimal:
    """A plain decimal number, exactly as written."""
    if not isinstance(found, str) or not _DECIMAL.fullmatch(found) or len(found) > _MOST_DIGITS:
        refuse(found, "a number in plain digits, such as 22.00")
    return Decimal(found)


def read_amount(found: object) -> Decimal:
    """A decimal number of 0 or more."""
    number = read_decimal(found)
    if number < 0:
        refuse(found, "a number of 0 or more")
    return number


def read_factor(found: object) -> Decimal:
    """A decimal number above 0."""
    number = read_decimal(found)
    if number <= 0:
        refuse(found, "a number above 0")
    return number


def read_day(found: object) -> date:
    """A day as year-month-day."""
    if isinstance(found, str) and _DAY.fullmatch(found):
        try:
            day = date.fromisoformat(found)
        except ValueError:
            refuse(found, f"a day of the calendar: {why_no_day(found)}")
        return day if FIRST <= day <= LAST else refuse(found, f"a day from {FIRST} to {LAST}")
    refuse(found, "a day such as 2026-11-30")


def read_days(found: object) -> int:
    """A number of days such as ``3d``."""
    match = _DAYS.fullmatch(found) if isinstance(found, str) else None
    if match is None:
        refuse(found, "a number of days such as 3d")
    return int(match[1])


def read_time(found: object) -> time:
    """A local time of day, hours and minutes."""
    if not isinstance(found, str) or not _TIME.fullmatch(found):
        refuse(found, 'a time of day such as "06:00"')
    return time.fromisoformat(found)


def read_flag(found: object) -> bool:
    """``true`` or ``false``; YAML's other spellings stay text."""
    if found == "true":
        return True
    if found == "false":
        return False
    refuse(found, "true or false")


_TEXT: Final = {"type": ["string", "number", "boolean"], "minLength": 1}
_WHOLE_TEXT: Final = r"^-?(0|[1-9][0-9]{0,8})$"
_COUNT_TEXT: Final = r"^(0|[1-9][0-9]{0,8}|-0)$"
_DECIMAL_TEXT: Final = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"
_AMOUNT_TEXT: Final = r"^((0|[1-9][0-9]*)(\.[0-9]+)?|-0(\.0+)?)$"


def _number(pattern: str, kind: str = "number", **limits: int) -> dict[str, Any]:
    return {"type": [kind, "string"], "pattern": pattern, "maxLength": _MOST_DIGITS, **limits}


Text: TypeAlias = Annotated[str, PlainValidator(read_text), WithJsonSchema(_TEXT)]
Whole: TypeAlias = Annotated[
    int, PlainValidator(read_whole), WithJsonSchema(_number(_WHOLE_TEXT, "integer"))
]
Count: TypeAlias = Annotated[
    int, PlainValidator(read_count), WithJsonSchema(_number(_COUNT_TEXT, "integer", minimum=0))
]
Number: TypeAlias = Annotated[
    Decimal, PlainValidator(read_decimal), WithJsonSchema(_number(_DECIMAL_TEXT))
]
Amount: TypeAlias = Annotated[
    Decimal, PlainValidator(read_amount), WithJsonSchema(_number(_AMOUNT_TEXT, minimum=0))
]
Factor: TypeAlias = Annotated[
    Decimal,
    PlainValidator(read_factor),
    WithJsonSchema(_number(r"^(?!0(\.0+)?$)(0|[1-9][0-9]*)(\.[0-9]+)?$", exclusiveMinimum=0)),
]
Day: TypeAlias = Annotated[
    date,
    PlainValidator(read_day),
    WithJsonSchema(
        {"type": "string", "format": "date", "pattern": "^2[01][0-9]{2}-[0-9]{2}-[0-9]{2}$"}
    ),
]
Days: TypeAlias = Annotated[
    int,
    PlainValidator(read_days),
    WithJsonSchema({"type": "string", "pattern": "^(0|[1-9][0-9]{0,3})d$"}),
]
TimeOfDay: TypeAlias = Annotated[
    time,
    PlainValidator(read_time),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}),
]
Flag: TypeAlias = Annotated[
    bool,
    PlainValidator(read_flag),
    WithJsonSchema({"enum": [True, False, "true", "false"]}),
]
