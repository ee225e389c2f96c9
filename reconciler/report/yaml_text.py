"""Settings as a person would write them in the YAML."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from reconciler.model.settings import Commitment, FixedUnits

# Words that need no quotes inside a flow mapping, whatever the reader makes of YAML.
_BARE: Final = re.compile(r"[^\W\d_](?:[\w ./()-]*[\w./()-])?")
_NOT_TEXT: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


def written(name: str, value: object) -> tuple[str, str]:
    """The key and the value of a setting, by its name in the model."""
    match name:
        case "fixed":
            return "units", _value(value)
        case "gap_days":
            return "gaps", f"{{allow: {value}d}}"
        case _:
            return name, _value(value)


def _value(value: object) -> str:
    match value:
        case None:
            return "null"
        case FixedUnits(units, reason, until):
            return _mapping({"fixed": units, "until": until, "reason": reason})
        case Commitment(floor, until, reason):
            return _mapping({"floor": floor, "until": until, "reason": reason})
        case Decimal():
            return f"{value:f}"
        case int() | date():
            return str(value)
        case str():
            return _text(value)
    raise AssertionError(f"no setting is a {type(value).__name__}")


def _mapping(values: Mapping[str, object]) -> str:
    given = (f"{key}: {_value(value)}" for key, value in values.items() if value is not None)
    return f"{{{', '.join(given)}}}"


def _text(text: str) -> str:
    if _BARE.fullmatch(text) and text.casefold() not in _NOT_TEXT:
        return text
    return json.dumps(text, ensure_ascii=False)
