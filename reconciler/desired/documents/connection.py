"""The `bms:` mapping of billing.yaml."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from reconciler.desired.documents.base import Doc
from reconciler.desired.documents.words import LineNote, Secret, Url, VariableOrText
from reconciler.desired.scalars import UNSET, read_whole, refuse

DEFAULT_URL: Final = "https://api.bms.kaseya.com"


def _read_base(found: object) -> int:
    number = read_whole(found)
    return number if number in (0, 1) else refuse(found, "0 or 1")


def _read_cap(found: object) -> int:
    number = read_whole(found)
    return number if 1 <= number <= 1000 else refuse(found, "a whole number from 1 to 1000")


def _either(*values: int) -> dict[str, Any]:
    return {"enum": [*values, *(str(value) for value in values)]}


PageBase = Annotated[Literal[1, 0], BeforeValidator(_read_base), WithJsonSchema(_either(1, 0))]
PageCap = Annotated[
    int,
    BeforeValidator(_read_cap),
    WithJsonSchema(
        {
            "type": ["integer", "string"],
            "pattern": "^([1-9][0-9]{0,2}|1000)$",
            "minimum": 1,
            "maximum": 1000,
        }
    ),
]

Taken = Literal["accepted", "refused"]


class AssumeDoc(Doc):
    """What BMS does not document. The first two have no default: nothing is written until set."""

    line_update: Literal["append", "upsert"] = Field(
        UNSET, description="Does posting a service add a row, or update the line?"
    )
    negative_units: Taken = Field(UNSET, description="May a row have negative units?")
    total_price: Literal["effective", "all"] = Field(
        UNSET, description="Does a contract's total count the rows in force today, or every row?"
    )
    future_line: Taken = Field(UNSET, description="May a row be dated in the future?")
    zero_units: Taken = Field(UNSET, description="May a row have 0 units?")
    back_dated: Taken = Field(UNSET, description="May a row be dated in the past?")
    day_count: Literal["actual", "fixed-30", "30-360"] = Field(
        UNSET, description="How BMS counts the days of a period."
    )
    change_day: Literal["billed", "free"] = Field(
        UNSET, description="Is the day of a change billed at the new units?"
    )
    part_period: Literal["prorated", "full"] = Field(
        UNSET,
        description="Is a period that the contract's start or end cuts short billed by its days, or"
        " in full?",
    )
    page_base: PageBase = Field(UNSET, description="The number of the first page.")
    page_cap: PageCap = Field(UNSET, description="The most rows BMS puts on a page.")
    name_filter: Literal["contains", "exact"] = Field(
        UNSET, description="How a search by name compares."
    )
    sort_order: Literal["kept", "reset"] = Field(
        UNSET, description="What a write does to the order of a contract's rows."
    )
    date_zone: Literal["local", "utc"] = Field(
        UNSET, description="The zone of dates without an offset."
    )
    mapping_post: Literal["replaces", "adds"] = Field(
        UNSET, description="What posting organization mappings does to those that exist."
    )


class BmsDoc(Doc):
    """How to reach BMS, and what it does not document."""

    url: Url = Field(
        DEFAULT_URL,
        description="The address of the API; RECONCILER_BMS_URL wins over it.",
        examples=[DEFAULT_URL],
    )
    company: VariableOrText = Field(
        description="The company name used to sign in.", examples=["Example MSP"]
    )
    username: VariableOrText = Field(
        description="The API user, best as ${NAME}.", examples=["${BMS_USERNAME}"]
    )
    password: Secret = Field(
        description="The environment variable with the password.", examples=["${BMS_PASSWORD}"]
    )
    assume: AssumeDoc | None = Field(None, description="What BMS does not document.")
    line_note: LineNote | None = Field(
        UNSET,
        description="What a write adds to the line's description; null: nothing.",
        examples=["{units} as of {date} · ref {ref}"],
    )
