"""JSON out, with decimals as numbers in their own digits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal


def encode(value: object) -> bytes:
    """The value as JSON in UTF-8. ``TypeError`` for anything but JSON's kinds and ``Decimal``;
    a float is refused, since its digits are not the ones that were meant."""
    return _text(value).encode()


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_text(str(k))}:{_text(v)}" for k, v in value.items()) + "}"
    if value is None or isinstance(value, str | int):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return "[" + ",".join(map(_text, value)) + "]"
    raise TypeError(f"{type(value).__name__} cannot be sent to BMS")


def _number(value: Decimal) -> str:
    if not value.is_finite():
        raise TypeError("only finite numbers can be sent to BMS")
    return format(value, "f")
