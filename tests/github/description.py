"""GitHub's published description of its API as a judge of our calls, where it was fetched."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import httpx

from tests.vendor_contract import Operation, VendorDocument

FILE: Final = Path(__file__).parents[2] / ".github-description" / "api.json"
MISSING: Final = "GitHub's description is not here; `make github-description` fetches it"


def available() -> bool:
    """Was it fetched?"""
    return FILE.is_file()


@cache
def _document() -> VendorDocument:
    return VendorDocument(json.loads(FILE.read_text("utf-8")))


def problems(request: httpx.Request, body: object) -> list[str]:
    """What GitHub does not document of a request; nothing where there is no description."""
    return list(_problems(request, body)) if available() else []


def answered(request: httpx.Request, answer: object) -> list[str]:
    """What GitHub would not answer: another type than it documents, or a field it does not have.

    Our own answers leave out what nobody reads.
    """
    if not available():
        return []
    operation = _document().operation(request.method, request.url.path)
    schemas = [] if operation is None else list(_schemas(operation))
    told = [_answer(schema, answer) for schema in schemas]
    return [] if not all(told) else told[0]


def _problems(request: httpx.Request, body: object) -> Iterator[str]:
    document, place = _document(), f"{request.method} {request.url.path}"
    operation = document.operation(request.method, request.url.path)
    if operation is None:
        yield f"{place}: not documented"
        return
    sent = dict(request.url.params)
    known = {each["name"]: each for each in operation.spec["parameters"] if each["in"] == "query"}
    for name in sorted(sent.keys() - known.keys()):
        yield f"{place}: query parameter {name} is not documented"
    for name in sorted(operation.required_query() - sent.keys()):
        yield f"{place}: query parameter {name} is missing"
    for name in sorted(sent.keys() & known.keys()):
        value = _value(known[name]["schema"], sent[name])
        yield from (
            f"{place}: {name}: {one}" for one in document.problems(known[name]["schema"], value)
        )
    yield from (f"{place}: {one}" for one in _body(operation, body))


def _value(schema: Mapping[str, Any], text: str) -> object:
    if schema.get("type") == "integer":
        return int(text) if text.isdecimal() else text
    return (
        {"true": True, "false": False}.get(text, text) if schema.get("type") == "boolean" else text
    )


def _body(operation: Operation, body: object) -> Iterator[str]:
    schema = operation.body_schemas().get("application/json")
    if schema is None:
        if body:
            yield "a body where none is documented"
        return
    whole = _resolved(schema)
    yield from _document().problems(schema, body)
    if isinstance(body, dict) and "properties" in whole:
        unknown = sorted(body.keys() - whole["properties"].keys())
        yield from (f"body: {name} is not documented" for name in unknown)


def _schemas(operation: Operation) -> Iterator[Mapping[str, Any]]:
    for answer in operation.spec["responses"].values():
        if schema := answer.get("content", {}).get("application/json", {}).get("schema"):
            yield schema


def _answer(schema: Mapping[str, Any], answer: object) -> list[str]:
    """Of each of a list, its own."""
    whole = _resolved(schema)
    if whole.get("type") == "array":
        if not isinstance(answer, list):
            return ["the answer is no list"]
        return [one for each in answer for one in _answer(whole["items"], each)]
    fields = whole.get("properties", {})
    if not isinstance(answer, dict) or not fields:
        return []
    found = [f"answer: {name} is not documented" for name in sorted(answer.keys() - fields.keys())]
    for name in answer.keys() & fields.keys():
        value = answer[name]
        if not isinstance(value, dict | list):
            found += [f"answer: {name}: {one}" for one in _document().problems(fields[name], value)]
    return found


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return _document().resolved(schema)
