"""How this sandbox reads what the vendor left open: one field per undocumented question."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reconciler.sandbox.errors import SandboxUsage

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Every choice is one side of an assumption; the defaults are the sides seen most often.

    line_update      a posted line adds a row of its own (append) or sets the row of the same
                     service, adding one only if there is none (upsert)
    negative_units   a posted line may have units below zero
    zero_units       a posted line may have no units
    future_line      a posted line may be dated after the sandbox's local today
    back_dated       a posted line may be dated before the sandbox's local today
    ended_contract   past its last day a contract is expired and takes no lines, or stays active
    total_price      the contract's price counts rows dated to today (effective) or every row (all)
    day_count        days of a period when an invoice prorates
    february         the last of February is a 30th where days are counted by 30-360, as the last of
                     any other month is, or the day that it is
    change_day       whether the day of a change is itself billed
    part_period      a period that the contract's start or end cuts short is billed for its days, or
                     as a whole one whose price is for the days it has
    page_base        the number of the first page
    page_cap         the most rows a page ever has
    name_filter      how text filters compare; letters' case never matters
    sort_order       an upsert keeps the row's place, or sets it to what was posted
    date_zone        dates are local without offset, or the UTC instant of local midnight
    mapping_post     posting organizations replaces an account's list for the product, or adds to it
    field_names      spelling of answers: as in the vendor's document, or as seen live
    hourly_limit     calls per endpoint and hour; 0 for none
    job_seconds      a bulk update is done after so many seconds of the sandbox's clock
    job_polls        or after so many looks at its background job, whichever comes first
    """

    line_update: Literal["append", "upsert"] = "append"
    negative_units: Literal["accepted", "refused"] = "accepted"
    zero_units: Literal["accepted", "refused"] = "accepted"
    future_line: Literal["accepted", "refused"] = "accepted"
    back_dated: Literal["accepted", "refused"] = "accepted"
    ended_contract: Literal["expired", "active"] = "expired"
    total_price: Literal["effective", "all"] = "effective"
    day_count: Literal["actual", "fixed-30", "30-360"] = "actual"
    february: Literal["30th", "kept"] = "30th"
    change_day: Literal["billed", "free"] = "billed"
    part_period: Literal["prorated", "full"] = "prorated"
    page_base: Literal[1, 0] = 1
    page_cap: int = 100
    name_filter: Literal["contains", "exact"] = "contains"
    sort_order: Literal["kept", "reset"] = "kept"
    date_zone: Literal["local", "utc"] = "local"
    mapping_post: Literal["replaces", "adds"] = "replaces"
    field_names: Literal["camel", "pascal"] = "camel"
    time_zone: str = "America/New_York"
    access_token_seconds: int = 1800
    refresh_token_seconds: int = 86400
    hourly_limit: int = 1500
    job_seconds: int = 60
    job_polls: int = 3

    def __post_init__(self) -> None:
        for name, kind in _KINDS.items():
            _check(name, kind, getattr(self, name))

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the tenant."""
        return ZoneInfo(self.time_zone)

    def changed(self, options: Mapping[str, str]) -> Behaviour:
        """The same behaviour with options given as text, such as `{"page_base": "0"}`."""
        values: dict[str, Any] = {}
        for name, text in options.items():
            if name not in _KINDS:
                known = ", ".join(sorted(_KINDS))
                raise SandboxUsage(f"no behaviour is called {name!r}", remedy=f"one of: {known}")
            values[name] = int(text) if _is_number(_KINDS[name], text) else text
        return replace(self, **values)

    def to_json(self) -> str:
        """The text kept in the sandbox's file."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> Behaviour:
        """The behaviour written by `to_json`."""
        return Behaviour(**json.loads(text))


def _is_number(kind: object, text: str) -> bool:
    numeric = kind is int or any(isinstance(choice, int) for choice in get_args(kind))
    return numeric and text.lstrip("-").isdigit()


def _check(name: str, kind: object, value: object) -> None:
    if get_origin(kind) is Literal and value not in get_args(kind):
        choices = ", ".join(str(choice) for choice in get_args(kind))
        raise SandboxUsage(f"{name} cannot be {value!r}", remedy=f"one of: {choices}")
    if kind is int and (not isinstance(value, int) or value < _LEAST.get(name, 0)):
        raise SandboxUsage(f"{name} cannot be {value!r}", remedy="give a whole number")
    if name == "time_zone":
        _check_zone(str(value))


def _check_zone(value: str) -> None:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as problem:
        raise SandboxUsage(
            f"no time zone is called {value!r}", remedy="a name such as America/New_York"
        ) from problem


_LEAST = {"page_cap": 1, "access_token_seconds": 1, "refresh_token_seconds": 1, "job_polls": 1}
_HINTS = get_type_hints(Behaviour)
_KINDS: dict[str, object] = {field.name: _HINTS[field.name] for field in fields(Behaviour)}
