"""Names in files that have mistakes: those they define, and those they use that nothing defines.

Without this a name would be told only once the rest of its file is mended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from reconciler.desired.documents import ServicesDoc
from reconciler.desired.files import Files
from reconciler.desired.levels import Path
from reconciler.desired.policies import policies_of, unknown_policy
from reconciler.desired.services import check_product, defined_twice, unknown_service
from reconciler.desired.source import Source
from reconciler.desired.tree import Node
from reconciler.desired.trouble import Trouble
from reconciler.model.place import Origin

EACH: Final = None
"""A step of a pattern: every key of a mapping, every entry of a list."""

Pattern: TypeAlias = tuple[str | None, ...]

_LINE: Final[Pattern] = ("contracts", EACH, "services", EACH)
_SETTINGS: Final[tuple[Pattern, ...]] = (
    ("settings",),
    ("services", EACH),
    ("contracts", EACH, "settings"),
    _LINE,
    (*_LINE, "changes", EACH),
)


@dataclass(frozen=True, slots=True)
class Names:
    """What may be named, and the files with mistakes as far as they can be read."""

    policies: frozenset[str] | None
    """None: nobody can tell, since the file that defines them is broken there."""
    services: frozenset[str] | None
    trees: Mapping[str, Node]


def names_of(files: Files) -> Names:
    """The names that files define, whole or not."""
    trees = {one.file: tree for one in files.all() if one.readable is None and (tree := _tree(one))}
    services = [_services(one, trees) for one in files.services]
    complete = [names for names in services if names is not None]
    return Names(
        _policies(files, trees),
        frozenset().union(*complete) if len(complete) == len(services) else None,
        trees,
    )


def check_broken(names: Names, files: Files) -> Iterator[Trouble]:
    """Policies, services and products that files with mistakes name, and nothing defines, and
    services that they define a second time."""
    yield from _defined_twice(names, files)
    accounts = {one.file for one in files.accounts}
    for file, tree in names.trees.items():
        for product, path in _products_used(tree):
            yield from check_product(product, Origin(file, path), at_key=len(path) > 1)
        if names.policies is not None:
            for name, path in _policies_used(tree):
                if name not in names.policies:
                    yield unknown_policy(name, Origin(file, path), names.policies)
        if names.services is not None and file in accounts:
            for _, path in _found(tree, _LINE):
                if path[-1] not in names.services:
                    origin = Origin(file, path)
                    yield unknown_service(str(path[-1]), origin, names.services, at_key=True)


def _defined_twice(names: Names, files: Files) -> Iterator[Trouble]:
    """Files without mistakes are held against each other where they are read."""
    first: dict[str, Origin] = {}
    for one in files.services:
        for name in _services(one, names.trees) or ():
            origin = Origin(one.file, ("services", name))
            other = first.setdefault(name, origin)
            if other is not origin and {other.file, one.file} & names.trees.keys():
                yield defined_twice(name, other, origin)


def _services(source: Source[ServicesDoc], trees: Mapping[str, Node]) -> frozenset[str] | None:
    if source.readable is not None:
        return frozenset(source.readable.services)
    return _keys(trees, source.file, "services")


def _tree(source: Source[Any]) -> Node | None:
    from reconciler.desired import careful
    from reconciler.desired.mistakes import of_a_later_version

    root, _ = careful.read(source.content, source.file)
    if root is None or not root.value or of_a_later_version(root):
        return None
    return root


def _policies(files: Files, trees: Mapping[str, Node]) -> frozenset[str] | None:
    billing = files.billing
    if billing.readable is not None:
        return frozenset(policies_of(billing.readable, billing.file))
    return _keys(trees, billing.file, "policies")


def _keys(trees: Mapping[str, Node], file: str, step: str) -> frozenset[str] | None:
    """None where there are none: what holds them may be written with another word."""
    found = trees[file].step(step) if file in trees else None
    return frozenset(found.value) if found and isinstance(found.value, dict) else None


def _policies_used(tree: Node) -> Iterator[tuple[str, Path]]:
    for pattern in _SETTINGS:
        for settings, path in _found(tree, pattern):
            named = settings.step("policy")
            if named is not None and named.value and isinstance(named.value, str):
                yield named.value, (*path, "policy")
    named = tree.step("default_policy")
    if named is not None and named.value and isinstance(named.value, str):
        yield named.value, ("default_policy",)


def _products_used(tree: Node) -> Iterator[tuple[str, Path]]:
    """Of an account its keys, of services the one that all of them count."""
    for _, path in _found(tree, ("organizations", EACH)):
        yield str(path[-1]), path
    named = tree.step("product")
    if named is not None and named.value and isinstance(named.value, str):
        yield named.value, ("product",)


def _found(node: Node, pattern: Pattern, path: Path = ()) -> Iterator[tuple[Node, Path]]:
    if not pattern:
        yield node, path
        return
    step, rest = pattern[0], pattern[1:]
    for one in _steps(node) if step is EACH else (step,):
        child = node.step(one)
        if child is not None:
            yield from _found(child, rest, (*path, one))


def _steps(node: Node) -> Iterator[str | int]:
    if isinstance(node.value, dict):
        yield from node.value
    elif isinstance(node.value, list):
        yield from range(len(node.value))
