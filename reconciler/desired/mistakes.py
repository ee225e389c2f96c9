"""A model's errors as problems with place and remedy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from reconciler.desired.documents.base import VERSION
from reconciler.desired.scalars import show
from reconciler.desired.schema import known_keys
from reconciler.desired.tree import Node
from reconciler.model.finding import Problem
from reconciler.model.hints import choose
from reconciler.model.place import Position

_KINDS: Final = {
    "model_type": "a mapping (`key: value`)",
    "model_attributes_type": "a mapping (`key: value`)",
    "dict_type": "a mapping (`key: value`)",
    "list_type": "a list",
}


def problems_of(
    error: ValidationError, model: type[BaseModel], root: Node, file: str
) -> list[Problem]:
    """Every error, in the order of the file."""
    found = [
        _problem(one, model, root, file)
        for one in error.errors(include_url=False, include_context=True)
    ]
    if of_a_later_version(root):
        return [one for one in found if one.code == "CFG004"]
    return sorted(set(found), key=lambda one: (one.position.line, one.position.column, one.code))


def of_a_later_version(root: Node) -> bool:
    """Its words may mean anything; what is no version at all (`one`, `0`) was a slip."""
    version = root.step("version")
    written = version.value if version is not None else None
    return isinstance(written, str) and written.isdecimal() and int(written) > int(VERSION)


def _problem(error: Mapping[str, Any], model: type[BaseModel], root: Node, file: str) -> Problem:
    path = error["loc"]
    kind = error["type"]
    if kind == "extra_forbidden":
        code, message, remedy = _unknown_key(path, model)
    elif kind == "missing":
        code, message, remedy = _missing_key(path)
    else:
        code, message, remedy = _wrong_value(error, root)
    (line, column), _ = root.find(path, key=kind == "extra_forbidden")
    return Problem(code, message, remedy, Position(file, line, column))


def _unknown_key(path: tuple[str | int, ...], model: type[BaseModel]) -> tuple[str, str, str]:
    key = str(path[-1])
    known = known_keys(model, path[:-1])
    if key.isdecimal():
        # As YAML takes `{price: 3,50}`: without it the price would be 3.
        remedy = "a comma ends a value here: write a number with a point and no separators, `3.50`"
        return "CFG002", f"unknown key `{key}`", remedy
    return "CFG002", f"unknown key `{key}`", choose(key, known, "remove it")


def _missing_key(path: tuple[str | int, ...]) -> tuple[str, str, str]:
    if path == ("version",):
        return "CFG004", "the file has no version", "write `version: 1` at its top"
    return "CFG018", f"`{path[-1]}:` is missing", "add it"


def _wrong_value(error: Mapping[str, Any], root: Node) -> tuple[str, str, str]:
    kind, context, found = error["type"], error.get("ctx", {}), error["input"]
    name = next((f"`{one}`" for one in reversed(_steps(error, root))), "the file")
    if kind == "reconciler":
        return context["code"], f"{name} cannot be {context['shown']}", f"write {context['wanted']}"
    if kind == "nothing_named":
        return "CFG018", f"{name} needs {context['listed']}", "add it"
    if kind == "literal_error":
        return "CFG003", f"{name} cannot be {show(found)}", _choice(context, found)
    if kind == "too_short":
        return "CFG003", f"{name} is an empty list", "name at least one"
    wanted = _KINDS.get(kind, "a value of another kind")
    return "CFG003", f"{name} cannot be {show(found)}", f"write {wanted}"


def _steps(error: Mapping[str, Any], root: Node) -> tuple[str, ...]:
    _, taken = root.find(error["loc"])
    return tuple(one for one in taken if not one.isdigit())


def _choice(context: Mapping[str, Any], found: object) -> str:
    known = [one.strip(" '") for one in context["expected"].replace(" or ", ", ").split(",")]
    listed = ", ".join(f"`{one}`" for one in known)
    meant = choose(found, known, "") if isinstance(found, str) else ""
    prefix = f"{meant} " if meant.startswith("did") else ""
    return f"{prefix}it takes {listed}"
