"""What account files that have mistakes claim, as far as they can be read.

Without this, two files that claim one thing would be told only once the rest of both is mended.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from reconciler.desired.accounts import organization
from reconciler.desired.claims import Claimant
from reconciler.desired.documents.base import Named, Organization, OrganizationDoc, ReferenceDoc
from reconciler.desired.levels import Path
from reconciler.desired.services import reference
from reconciler.desired.tree import Node
from reconciler.model.desired import OrganizationRef, Reference
from reconciler.model.place import Origin


def claimant_of(tree: Node, file: str) -> Claimant:
    """Only what is right in itself: a name or an id with a mistake claims nothing."""
    return Claimant(
        file,
        list(_named(tree, file, ())),
        [one for node, path in _entries(tree, "contracts") for one in _named(node, file, path)],
        {product: list(_organizations(tree, file, product)) for product in _products(tree)},
    )


def _named(holder: Node, file: str, path: Path) -> Iterator[tuple[Reference, Origin]]:
    key = "contract" if path else "account"
    node = holder.step(key)
    doc = _read(ReferenceDoc, node) if node is not None else None
    if isinstance(doc, ReferenceDoc):
        yield reference(doc), Origin(file, (*path, key))


def _products(tree: Node) -> Iterator[str]:
    mapped = tree.step("organizations")
    if mapped is not None and isinstance(mapped.value, dict):
        yield from mapped.value


def _organizations(tree: Node, file: str, product: str) -> Iterator[tuple[OrganizationRef, Origin]]:
    mapped = tree.step("organizations")
    if mapped is None:
        return
    for node, path in _entries(mapped, product):
        doc = _read(OrganizationDoc, node)
        if isinstance(doc, OrganizationDoc):
            yield organization(doc), Origin(file, ("organizations", *path))


def _entries(holder: Node, key: str) -> Iterator[tuple[Node, Path]]:
    """What a list has, or the one thing that stands in its place."""
    node = holder.step(key)
    if node is None:
        return
    listed = node.value if isinstance(node.value, list) else [node]
    yield from ((one, (key, index)) for index, one in enumerate(listed))


def _read(model: type[ReferenceDoc | OrganizationDoc], node: Node) -> Any:
    try:
        return _adapter(model).validate_python(node.plain())
    except ValidationError:
        return None


@lru_cache(maxsize=2)
def _adapter(model: type[ReferenceDoc | OrganizationDoc]) -> TypeAdapter[Any]:
    return TypeAdapter(Named if model is ReferenceDoc else Organization)
