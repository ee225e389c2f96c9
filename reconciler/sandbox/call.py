"""One call as a handler sees it, and what a handler gives back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from reconciler.sandbox.errors import Refused
from reconciler.sandbox.fields import Fields

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from reconciler.sandbox.behaviour import Behaviour
    from reconciler.sandbox.clock import DateText
    from reconciler.sandbox.store import Store
    from reconciler.sandbox.wire import Json


@dataclass(frozen=True, slots=True)
class Call:
    """The parsed request with the state it runs on; `now` and `today` are the sandbox's."""

    store: Store
    behaviour: Behaviour
    dates: DateText
    now: str
    today: date
    path: Mapping[str, int | str]
    query: Fields
    form: Fields
    raw: bytes
    moment: datetime

    def id(self, name: str) -> int:
        """A number in the path."""
        return int(self.path[name])

    def body(self) -> Fields:
        """The JSON object sent."""
        sent = self._json()
        if not isinstance(sent, dict):
            raise Refused("The body must be an object")
        return Fields(sent.items(), self.dates)

    def bodies(self) -> list[Fields]:
        """The JSON objects of an array sent."""
        sent = self._json()
        if not isinstance(sent, list) or not sent:
            raise Refused("The body must be a list with at least one entry")
        return Fields([("entry", sent)], self.dates).inners("entry")

    def _json(self) -> Any:
        try:
            return json.loads(self.raw, parse_float=Decimal)
        except ValueError:
            raise Refused("The body is not valid JSON") from None


@dataclass(frozen=True, slots=True)
class Answer:
    """A result; `total` where the document has TotalRecords; `bare` where it has no envelope."""

    result: Json
    total: int | None = None
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """A documented operation and the function that answers it."""

    method: str
    path: str
    handler: Callable[[Call], Answer]
    public: bool = False
