"""JSON as BMS writes it: decimals keep their digits, names come in one of two spellings."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring_ascii as quoted
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Json: TypeAlias = "bool | int | str | Decimal | Mapping[str, Json] | Sequence[Json] | None"


@lru_cache(maxsize=1024)
def camel(name: str) -> str:
    """`AccountId` to `accountId`, `SLAId` to `slaId`: a leading run of capitals goes small."""
    run = 0
    while run < len(name) and name[run].isupper():
        run += 1
    if 1 < run < len(name):
        run -= 1
    return name[:run].lower() + name[run:]


def pascal(name: str) -> str:
    """The spelling of the vendor's document, in which this package writes its names."""
    return name


def dumps(value: Json, spell: Callable[[str], str]) -> str:
    """A value as JSON text; every key goes through `spell`."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return (
            "{"
            + ",".join(f'"{spell(key)}":{dumps(inner, spell)}' for key, inner in value.items())
            + "}"
        )
    return "[" + ",".join([dumps(inner, spell) for inner in value]) + "]"
