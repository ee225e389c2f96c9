"""JSON Schemas of the documents, for editors and for `reconciler schema`."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from pydantic import BaseModel

from reconciler.desired.documents import AccountDoc, ApprovalsDoc, BillingDoc, ServicesDoc
from reconciler.desired.documents.tests import PolicyTestsDoc

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
DOCUMENTS: Final[Mapping[str, type[BaseModel]]] = {
    "billing": BillingDoc,
    "services": ServicesDoc,
    "account": AccountDoc,
    "approvals": ApprovalsDoc,
    "tests": PolicyTestsDoc,
}


def schema_documents() -> dict[str, dict[str, Any]]:
    """The schema of each kind of file, by its name, such as ``billing`` or ``account``."""
    return {name: copy.deepcopy(_schema(model)) for name, model in DOCUMENTS.items()}


def schema_text(document: Mapping[str, Any]) -> str:
    """A schema as its checked-in file has it."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def known_keys(model: type[BaseModel], path: Sequence[str | int]) -> tuple[str, ...]:
    """The keys that a mapping at ``path`` of such a document may have, if they are fixed."""
    root = _schema(model)
    found = [_resolve(root, root)]
    for step in path:
        found = [below for one in found for below in _below(root, one, step)] or found
    return tuple(key for one in found for key in one.get("properties", {}))


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    generated = _tidy(model.model_json_schema(by_alias=True))
    return {"$schema": DRAFT, "title": generated.pop("title"), **generated}


def _tidy(part: Any) -> Any:
    """Without generated titles of keys, and without defaults that only say `not given`."""
    if isinstance(part, list):
        return [_tidy(one) for one in part]
    if not isinstance(part, dict):
        return part
    kept = {
        key: _tidy(value) for key, value in part.items() if not (key == "default" and value is None)
    }
    for schema in kept.get("properties", {}).values():
        schema.pop("title", None)
    return kept


def _resolve(root: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        part = root["$defs"][part["$ref"].rsplit("/", 1)[1]]
    return part


def _choices(root: dict[str, Any], part: dict[str, Any]) -> list[dict[str, Any]]:
    part = _resolve(root, part)
    either = None if "properties" in part else part.get("anyOf") or part.get("oneOf")
    return [one for choice in either for one in _choices(root, choice)] if either else [part]


def _below(root: dict[str, Any], part: dict[str, Any], step: str | int) -> list[dict[str, Any]]:
    if isinstance(step, int):
        inner = part.get("items")
    else:
        inner = part.get("properties", {}).get(step, part.get("additionalProperties"))
    return _choices(root, inner) if isinstance(inner, dict) else []
