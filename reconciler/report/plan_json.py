"""The plan as JSON: canonical, so that the same plan is the same bytes, and read back strictly."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from reconciler.model.errors import PlanError
from reconciler.model.place import Origin
from reconciler.model.plan import Plan

MAJOR: Final = 1
"""Of ``format_version``. A newer minor only adds fields, which are ignored."""

_SHOWN: Final = 5
_HALF_OF_A_PAIR: Final = re.compile("[\ud800-\udfff]")
_AGAIN: Final = "make the plan again with this release: `reconciler plan --format json`"


def dumps(plan: Plan) -> str:
    """Sorted keys, decimals as text without exponent, ISO dates, a newline at the end."""
    text = json.dumps(
        _adapter().dump_python(plan),
        default=_text,
        ensure_ascii=False,
        allow_nan=False,
        indent=2,
        sort_keys=True,
    )
    # Half a surrogate pair is no character: it cannot be written as UTF-8.
    return _HALF_OF_A_PAIR.sub("\N{REPLACEMENT CHARACTER}", text) + "\n"


def loads(text: str | bytes) -> Plan:
    """The plan that `dumps` wrote.

    Raises:
        PlanError: not JSON, another major version, or a field is missing or wrong.
    """
    document = _document(text)
    _check_version(document.get("format_version"))
    try:
        return _adapter().validate_json(json.dumps(document), strict=True)
    except ValidationError as error:
        raise PlanError(f"not a plan: {_problems(error)}", remedy=_AGAIN) from error


def plan_schema() -> dict[str, Any]:
    """The plan's JSON Schema, draft 2020-12."""
    schema = _adapter().json_schema(mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Plan",
        "properties": {
            **schema["properties"],
            "format_version": {"type": "string", "pattern": rf"^{MAJOR}\.[0-9]+$"},
        },
    }


@cache
def _adapter() -> TypeAdapter[Plan]:
    adapter: TypeAdapter[Plan] = TypeAdapter(Plan)
    # These two are imported for the type checker only where findings are defined.
    adapter.rebuild(force=True, _types_namespace={"Decimal": Decimal, "Origin": Origin})
    return adapter


def _text(value: object) -> str:
    match value:
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case _:
            raise TypeError(f"{type(value).__name__} has no place in a plan")


def _document(text: str | bytes) -> dict[str, Any]:
    try:
        document = json.loads(text, parse_float=_refuse_float, parse_constant=_refuse_float)
    except (ValueError, RecursionError) as error:
        raise PlanError(f"not a plan: {error}", remedy=_AGAIN) from error
    if not isinstance(document, dict):
        raise PlanError("not a plan: the file holds no JSON object", remedy=_AGAIN)
    return document


def _refuse_float(text: str) -> float:
    raise ValueError(f"the number {text} is not written as text, and would lose digits")


def _check_version(version: object) -> None:
    if type(version) is int:
        version = f"{version}.0"  # as nobody of ours writes it, and still clear
    if not isinstance(version, str) or not re.fullmatch(r"\d+\.\d+", version, re.ASCII):
        raise PlanError(f"not a plan: `format_version` {_lacks(version)}", remedy=_AGAIN)
    if version.split(".", maxsplit=1)[0] != str(MAJOR):
        raise PlanError(
            f"the plan has format {version}, and this release reads format {MAJOR}",
            remedy="use the release that made it, or make the plan again",
        )


def _lacks(version: object) -> str:
    return "is missing" if version is None else f"cannot be {version!r}"


def _problems(error: ValidationError) -> str:
    found = [
        f"{'.'.join(str(part) for part in problem['loc']) or 'the plan'}: {problem['msg']}"
        for problem in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    more = len(found) - _SHOWN
    return "; ".join([*found[:_SHOWN], *([f"and {more} more"] if more > 0 else [])])
