"""The vendor's document as a judge between a client and a BMS."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from werkzeug.formparser import parse_form_data
from werkzeug.test import EnvironBuilder

DOCUMENT = Path(__file__).parents[2] / "shared" / "vendor" / "bms-v2-openapi.json"
_URI = "urn:bms"
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")

formats = FormatChecker(formats=())


@formats.checks("int32")
def _is_int32(value: object) -> bool:
    return not isinstance(value, int) or -(2**31) <= value < 2**31


@formats.checks("date-time", raises=ValueError)
def _is_date_time(value: object) -> bool:
    """The vendor's own date-times come with or without an offset."""
    if isinstance(value, str):
        datetime.fromisoformat(value)
        return "T" in value
    return True


@dataclass(frozen=True, slots=True)
class Operation:
    """One documented operation, its path as a pattern."""

    method: str
    template: str
    pattern: re.Pattern[str]
    spec: Mapping[str, Any]

    def query_names(self) -> set[str]:
        return {each["name"] for each in self.spec.get("parameters", []) if each["in"] == "query"}

    def required_query(self) -> set[str]:
        return {
            each["name"]
            for each in self.spec.get("parameters", [])
            if each["in"] == "query" and each.get("required")
        }

    def body_schemas(self) -> Mapping[str, Any]:
        content = self.spec.get("requestBody", {}).get("content", {})
        return {kind: each.get("schema", {}) for kind, each in content.items()}

    def answer_schema(self) -> Mapping[str, Any] | None:
        content = self.spec["responses"]["200"].get("content", {})
        schema: Mapping[str, Any] | None = content.get("application/json", {}).get("schema")
        return schema


class VendorDocument:
    """Finds operations and checks texts against their schemas."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        plain = _with_nulls(document)
        resource = Resource.from_contents({"components": plain["components"]}, DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(_URI, resource)
        self._schemas: Mapping[str, Any] = plain["components"]["schemas"]
        self._operations = list(_operations(plain))
        self._validators: dict[str, Draft202012Validator] = {}

    def operations(self) -> list[Operation]:
        return self._operations

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation of a path; one without parameters wins."""
        fits = [
            each
            for each in self._operations
            if each.method == method and each.pattern.fullmatch(path)
        ]
        return min(fits, key=lambda each: each.template.count("{"), default=None)

    def resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """The schema that a reference names."""
        while "$ref" in schema:
            schema = self._schemas[schema["$ref"].rpartition("/")[2]]
        return schema

    def problems(self, schema: Mapping[str, Any], value: object) -> list[str]:
        """What is wrong with a value, each with its place."""
        return [
            f"{error.json_path}: {error.message}"[:300]
            for error in self._validator(schema).iter_errors(value)
        ]

    def _validator(self, schema: Mapping[str, Any]) -> Draft202012Validator:
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            self._validators[key] = Draft202012Validator(
                _located(schema), registry=self._registry, format_checker=formats
            )
        return self._validators[key]


def available() -> bool:
    """Whether the vendor's document is beside this project."""
    return DOCUMENT.is_file()


@cache
def vendor_document() -> VendorDocument:
    """The document beside this project; check `available()` first."""
    return VendorDocument(json.loads(DOCUMENT.read_text(encoding="utf-8")))


class ContractCheckingTransport(httpx.BaseTransport):
    """Passes calls on and collects what breaks the vendor's document on either side.

    Requests: documented path and method, query names, content type, body. Answers with status 200:
    the schema, so the server must write PascalCase. `violations` holds one text per problem,
    `succeeded` the operations that were carried out at least once.
    """

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner
        self._document = vendor_document()
        self.violations: list[str] = []
        self.succeeded: set[tuple[str, str]] = set()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        operation = self._document.operation(request.method, request.url.path)
        place = f"{request.method} {request.url.path}"
        if operation is None:
            self.violations.append(f"{place}: not in the vendor's document")
            return self._inner.handle_request(request)
        self.violations += [f"{place}: {each}" for each in self._request(operation, request)]
        response = self._inner.handle_request(request)
        if response.status_code == httpx.codes.OK:
            self.violations += [f"{place}: {each}" for each in self._answer(operation, response)]
            if not re.match(rb'\s*{"[Ss]uccess":\s*false', response.read()):
                self.succeeded.add((operation.method, operation.template))
        return response

    def close(self) -> None:
        self._inner.close()

    def _request(self, operation: Operation, request: httpx.Request) -> Iterator[str]:
        sent = {name for name, _ in parse_qsl(request.url.query.decode(), keep_blank_values=True)}
        for name in sorted(sent - operation.query_names()):
            yield f"query parameter {name} is not documented"
        for name in sorted(operation.required_query() - sent):
            yield f"query parameter {name} is missing"
        schemas = operation.body_schemas()
        body = request.read()
        if schemas and _FORMS[0] in schemas:
            yield from self._form(schemas[_FORMS[0]], request, body)
        elif schemas:
            yield from self._json(schemas, request, body)
        elif body:
            yield "a body where none is documented"

    def _form(self, schema: Mapping[str, Any], request: httpx.Request, body: bytes) -> list[str]:
        kind = request.headers.get("content-type", "")
        # the url-encoded form is not in the document, and works with the real service
        if not kind.startswith(_FORMS):
            return [f"content type {kind!r} is no form"]
        environ = EnvironBuilder(method="POST", content_type=kind, data=body).get_environ()
        _, form, _ = parse_form_data(environ)
        sent = form.to_dict()
        unknown = sorted(set(sent) - set(schema["properties"]))
        return [
            *(f"form field {name} is not documented" for name in unknown),
            *self._document.problems(schema, sent),
        ]

    def _json(
        self, schemas: Mapping[str, Any], request: httpx.Request, body: bytes
    ) -> Iterator[str]:
        kind = request.headers.get("content-type", "").partition(";")[0].strip()
        if kind not in schemas:
            yield f"content type {kind!r} is not documented"
            return
        try:
            value = json.loads(body)
        except ValueError as problem:
            yield f"the body is not JSON: {problem}"
            return
        yield from self._document.problems(schemas[kind], value)

    def _answer(self, operation: Operation, response: httpx.Response) -> list[str]:
        schema = operation.answer_schema()
        if schema is None:
            return []
        try:
            value = json.loads(response.read())
        except ValueError as problem:
            return [f"the answer is not JSON: {problem}"]
        return [f"answer {each}" for each in self._document.problems(schema, value)]


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    for template, methods in document["paths"].items():
        pattern = re.compile(re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(template)))
        for method, spec in methods.items():
            yield Operation(method.upper(), template, pattern, spec)


def _with_nulls(node: Any) -> Any:
    """OpenAPI's `nullable` as a type of JSON Schema."""
    if isinstance(node, list):
        return [_with_nulls(each) for each in node]
    if not isinstance(node, dict):
        return node
    plain = {name: _with_nulls(value) for name, value in node.items()}
    if plain.pop("nullable", None) is True and isinstance(plain.get("type"), str):
        plain["type"] = [plain["type"], "null"]
    return plain


def _located(node: Any) -> Any:
    """The same schema with references into the registered document."""
    if isinstance(node, list):
        return [_located(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        name: f"{_URI}{value}" if name == "$ref" else _located(value)
        for name, value in node.items()
    }
