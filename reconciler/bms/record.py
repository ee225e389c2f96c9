"""One object of a BMS answer, whichever way its names are spelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar

from reconciler.bms.dates import Dates
from reconciler.model.errors import BmsUnexpected

T = TypeVar("T")


class Record:
    """Typed access to an object's fields by BMS's documented names, in any case.

    A field that is missing or of another kind is ``BmsUnexpected``. The values are not shown by
    ``repr``: some are secrets.
    """

    __slots__ = ("_values", "where")

    def __init__(self, values: Mapping[str, object], where: str) -> None:
        self._values = {key.lower(): value for key, value in values.items()}
        self.where = where

    @classmethod
    def of(cls, value: object, where: str) -> Record:
        """``value`` as a record, if it is an object."""
        if not isinstance(value, dict):
            raise unexpected(where, "the answer has something else where an object belongs")
        return cls(value, where)

    def __repr__(self) -> str:
        return f"<Record of {', '.join(sorted(self._values))}>"

    def get(self, name: str) -> object:
        """The raw value; None when it is null or absent."""
        return self._values.get(name.lower())

    def integer(self, name: str) -> int:
        """A whole number."""
        value = self.get(name)
        if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value():
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise self._wrong(name, "a whole number")

    def decimal(self, name: str) -> Decimal:
        """A number, in its own digits."""
        value = self.get(name)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return Decimal(value)
        raise self._wrong(name, "a number")

    def text(self, name: str) -> str:
        """Text that has to be there."""
        value = self.get(name)
        if isinstance(value, str):
            return value
        raise self._wrong(name, "text")

    def text_or_blank(self, name: str) -> str:
        """Text, or "" for null."""
        return "" if self.get(name) is None else self.text(name)

    def flag(self, name: str) -> bool:
        """A truth value."""
        value = self.get(name)
        if isinstance(value, bool):
            return value
        raise self._wrong(name, "true or false")

    def day(self, name: str, dates: Dates) -> date:
        """A local day."""
        return self.converted(name, dates.read, "a date")

    def day_or_none(self, name: str, dates: Dates) -> date | None:
        """A local day, or None for null."""
        return None if self.get(name) is None else self.day(name, dates)

    def converted(self, name: str, convert: Callable[[str], T], kind: str) -> T:
        """Text turned into something by a function that may raise ``ValueError``."""
        text = self.text(name)
        try:
            return convert(text)
        except ValueError:
            raise self._wrong(name, kind) from None

    def records(self, name: str) -> tuple[Record, ...]:
        """A list of objects; null counts as empty."""
        value = self.get(name)
        if value is None:
            return ()
        return records(value, self.where)

    def _wrong(self, name: str, kind: str) -> BmsUnexpected:
        return unexpected(self.where, f"the answer has no {name} that is {kind}")


def records(value: object, where: str) -> tuple[Record, ...]:
    """A list of objects."""
    if not isinstance(value, list):
        raise unexpected(where, "the answer has something else where a list belongs")
    return tuple(Record.of(entry, where) for entry in value)


def unexpected(where: str, what: str, remedy: str | None = None) -> BmsUnexpected:
    """An answer that cannot be read."""
    advice = "compare the answer with BMS's API documentation; nothing was taken from it"
    return BmsUnexpected(what, where=where, remedy=remedy or advice)
