"""The middle computes with whole and decimal numbers only, and asks nobody."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

import reconciler.engine
from reconciler.model.ledgered import RowMark
from reconciler.model.rules import LineRule
from reconciler.model.timeline import Timeline

FILES = sorted(Path(reconciler.engine.__file__).parent.glob("*.py"))
ALLOWED = {
    "__future__",
    "bisect",
    "calendar",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "itertools",
    "math",
    "operator",
    "re",
    "typing",
    "reconciler.catalog",
    "reconciler.engine",
    "reconciler.findings",
    "reconciler.model",
}
COLLECTED = {
    "directory.left_out",
    "drawn.past",
    "learned.rules",
    "one.on",
    "outcome.facts",
    "outcome.proof",
    "outcome.repriced",
    "outcome.works",
}
"""What is put together in steps, and set from outside meanwhile."""

CLOCKS = {"now", "today", "utcnow", "fromtimestamp", "localtime"}
FORBIDDEN_CALLS = {"float", "open", "print", "input", "eval", "exec", "__import__", "id", "hash"}


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None
            yield node.module


def _is_allowed(module: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in ALLOWED)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_engine_stays_pure(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [name for name in _imports(tree) if not _is_allowed(name)] == []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            assert not isinstance(node.value, float), f"line {node.lineno}: a float"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in FORBIDDEN_CALLS, f"line {node.lineno}: {node.func.id}()"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in CLOCKS, f"line {node.lineno}: a clock"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_made_for_every_line_is_never_changed(path: Path) -> None:
    """Those classes are not frozen: to make 25,000 of each would take three times as long."""
    assert set(_set_from_outside(path)) <= COLLECTED


@pytest.mark.parametrize("kind", [RowMark, Timeline, LineRule])
def test_no_room_changes_what_is_hashed_and_not_frozen(kind: type) -> None:
    names = {field.name for field in fields(kind)}
    package = Path(reconciler.__file__).parent.rglob("*.py")
    found = {place for path in package for place in _set_from_outside(path)}
    assert {place for place in found if place.rpartition(".")[2] in names} == set()


def _set_from_outside(path: Path) -> Iterator[str]:
    """Attributes of anything but its own object that a file sets or deletes."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            place = ast.unparse(node)
            if not place.startswith("self."):
                yield place


def test_there_is_an_engine_to_look_at() -> None:
    assert len(FILES) > 15
