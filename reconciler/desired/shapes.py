"""Shapes that YAML writes in two ways: one or many, a name or a mapping, a mapping or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

Written: TypeAlias = Literal["one-or-many", "name-or-mapping", "may-be-empty"]

_TEXT_OR_NUMBER: dict[str, Any] = {"type": ["string", "number", "boolean"], "minLength": 1}


@dataclass(frozen=True, slots=True)
class Shape:
    """An annotation that brings the short way of writing into the long one before validation."""

    written: Written

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        function = {
            "one-or-many": _as_list,
            "name-or-mapping": _as_mapping,
            "may-be-empty": _as_empty,
        }[self.written]
        return core_schema.no_info_before_validator_function(function, handler(source))

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        long = handler(core)
        if self.written == "one-or-many":
            return {"anyOf": [long["items"], long]}
        short = _TEXT_OR_NUMBER if self.written == "name-or-mapping" else {"type": "null"}
        return {"anyOf": [short, long]}


ONE_OR_MANY = Shape("one-or-many")
NAME_OR_MAPPING = Shape("name-or-mapping")
MAY_BE_EMPTY = Shape("may-be-empty")


def _as_list(found: object) -> object:
    return found if isinstance(found, list) else [found]


def _as_mapping(found: object) -> object:
    return found if isinstance(found, Mapping) else {"name": found}


def _as_empty(found: object) -> object:
    return {} if found is None else found
