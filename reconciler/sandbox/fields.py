"""What a caller sent, read by name: names in any case, wrong types refused as BMS refuses them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from reconciler.sandbox.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from reconciler.sandbox.clock import DateText

INT32 = range(-(2**31), 2**31)


class Fields:
    """One JSON object, form or query string; the same getters for all three."""

    def __init__(self, pairs: Iterable[tuple[str, Any]], dates: DateText) -> None:
        self._values = {name.lower(): value for name, value in pairs}
        self._dates = dates

    def __contains__(self, name: str) -> bool:
        return self._values.get(name.lower()) is not None

    def _value(self, name: str) -> Any:
        return self._values.get(name.lower())

    def text(self, name: str) -> str | None:
        """A text, None when it is missing or empty."""
        value = self._value(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise Refused(f"{name} must be text")
        return value

    def integer(self, name: str) -> int | None:
        """A whole 32-bit number."""
        value = self._value(name)
        if value is None or value == "":
            return None
        return whole(name, value)

    def integers(self, name: str) -> list[int] | None:
        """A list of whole numbers; a query string repeats the name."""
        value = self._value(name)
        if value is None:
            return None
        several = value if isinstance(value, list) else [value]
        return [whole(name, each) for each in several]

    def flag(self, name: str) -> bool | None:
        """True or false, as JSON or as a word."""
        value = self._value(name)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        raise Refused(f"{name} must be true or false")

    def number(self, name: str) -> Decimal | None:
        """An amount, exactly as it was written."""
        value = self._value(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
            raise Refused(f"{name} must be a number")
        try:
            amount = Decimal(value)
        except InvalidOperation:
            raise Refused(f"{name} must be a number") from None
        if not amount.is_finite():
            raise Refused(f"{name} must be a number")
        return amount

    def day(self, name: str) -> date | None:
        """The local day of a date-time."""
        value = self.text(name)
        if value is None:
            return None
        try:
            return self._dates.read(value)
        except ValueError:
            raise Refused(f"{name} is not a valid date: {value}") from None

    def inner(self, name: str) -> Fields:
        """The object under a name; an empty one when it is missing."""
        value = self._value(name)
        if value is None:
            return Fields((), self._dates)
        return self._object(name, value)

    def inners(self, name: str) -> list[Fields]:
        """The objects of a list under a name."""
        value = self._value(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise Refused(f"{name} must be a list")
        return [self._object(name, each) for each in value]

    def _object(self, name: str, value: object) -> Fields:
        if not isinstance(value, dict):
            raise Refused(f"{name} must be an object")
        return Fields(value.items(), self._dates)


def whole(name: str, value: object) -> int:
    """A 32-bit whole number; `2.0` and `2.5` are none."""
    if isinstance(value, str) and value.strip().lstrip("-").isdecimal():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused(f"{name} must be a whole number")
    if value not in INT32:
        raise Refused(f"{name} does not fit a 32-bit number")
    return value
