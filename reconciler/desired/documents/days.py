"""Mappings by day, by run of days, or by month, each day once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Final, TypeAlias, TypeVar

from pydantic import AfterValidator, GetJsonSchemaHandler, PlainValidator, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from reconciler.desired.scalars import Amount, Count, read_day, refuse

V = TypeVar("V")

_DAY: Final = "2[01][0-9]{2}-[0-9]{2}-[0-9]{2}"
DAYS_PATTERN: Final = rf"^{_DAY}(\.\.{_DAY})?$"
MONTH_PATTERN: Final = r"^2[01][0-9]{2}-(0[1-9]|1[0-2])$"


def days_of(text: str) -> tuple[date, date]:
    """First and last of a key's days, both inclusive."""
    first, _, last = text.partition("..")
    return read_day(first), read_day(last or first)


def month_of(text: str) -> date:
    """The first day of a key's month."""
    return read_day(f"{text}-01")


def _read_days(found: object) -> str:
    if not isinstance(found, str) or not re.fullmatch(DAYS_PATTERN, found, re.ASCII):
        refuse(found, "a day such as 2026-11-15, or several such as 2026-11-01..2026-11-14")
    first, last = days_of(found)
    return found if first <= last else refuse(found, "the earlier day first")


def _read_month(found: object) -> str:
    if not isinstance(found, str) or not re.fullmatch(MONTH_PATTERN, found, re.ASCII):
        refuse(found, "a month such as 2026-11")
    return found


def _each_day_once(found: Mapping[str, V]) -> Mapping[str, V]:
    runs = sorted(days_of(key) for key in found)
    for before, after in pairwise(runs):
        if after[0] <= before[1]:
            context = {
                "shown": f"a mapping that has {after[0]} twice",
                "wanted": "each day once",
                "code": "CFG003",
            }
            raise PydanticCustomError("reconciler", "cannot be {shown}: write {wanted}", context)
    return found


@dataclass(frozen=True, slots=True)
class Keys:
    """The schema's side of a mapping whose keys have a form, and which is not empty."""

    pattern: str

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        made = handler(core)
        values: Any = made.get("additionalProperties")
        if values is None:
            values = next(iter(made["patternProperties"].values()))
        return {
            "type": "object",
            "propertyNames": {"pattern": self.pattern},
            "additionalProperties": values,
            "minProperties": 1,
        }


def _not_empty(found: Mapping[str, V]) -> Mapping[str, V]:
    return found if found else refuse(found, "at least one entry")


_Days = Annotated[
    str, PlainValidator(_read_days), WithJsonSchema({"type": "string", "pattern": DAYS_PATTERN})
]
_Month = Annotated[
    str, PlainValidator(_read_month), WithJsonSchema({"type": "string", "pattern": MONTH_PATTERN})
]

ByDay: TypeAlias = Annotated[
    dict[_Days, Amount],
    AfterValidator(_not_empty),
    AfterValidator(_each_day_once),
    Keys(DAYS_PATTERN),
]
UnitsByDay: TypeAlias = Annotated[
    dict[_Days, Count],
    AfterValidator(_not_empty),
    AfterValidator(_each_day_once),
    Keys(DAYS_PATTERN),
]
ByMonth: TypeAlias = Annotated[
    dict[_Month, Amount], AfterValidator(_not_empty), Keys(MONTH_PATTERN)
]
