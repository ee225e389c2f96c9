"""Which organization a reading is of, when sources give ids, names, or both.

* An id is the key. A name alone is the key only until the product gives that name an id.
* A name alone belongs to the one organization of the product that bears it. Borne by two, it
  cannot be told: the pull is refused.
* When a name that was a key turns out to have an id, the id takes over its history, except for days
  the id has answers of its own; the name stays as an alias for good.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from reconciler.ledger.statements import text
from reconciler.model.errors import SourceError
from reconciler.model.reading import Organization, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

Given: TypeAlias = tuple[str, str | None, str | None]
"""Product, id and name as a source gave them."""


class Directory:
    """The organizations of the ledger, with what one pull adds."""

    def __init__(
        self,
        organizations: Iterable[tuple[str, str, str | None, str]],
        aliases: Mapping[tuple[str, str], str],
    ) -> None:
        self._names: dict[tuple[str, str], str] = {}
        self._ids: dict[tuple[str, str], str | None] = {}
        self._bearers: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._aliases = dict(aliases)
        self.added: list[tuple[str, str, str | None, str]] = []
        self.new_aliases: dict[tuple[str, str], str] = {}
        for product, key, id_, name in organizations:
            self._remember(product, key, id_, name)

    def resolve(self, given: Iterable[Given]) -> dict[Given, str]:
        """The key of each organization, after learning every id of the pull first.

        Raises `SourceError` for a name alone that two organizations bear.
        """
        distinct = tuple(dict.fromkeys(given))
        names: dict[tuple[str, str], str | None] = {}
        for product, id_, name in distinct:
            if id_ is not None:
                names[product, id_] = name or names.get((product, id_))
        for (product, id_), name in names.items():
            self._learn(product, id_, id_, name)
        for (product, id_), name in names.items():
            if name is not None:
                self._take_over(product, id_, name)
        return {one: self._key(*one) for one in distinct}

    def _key(self, product: str, id_: str | None, name: str | None) -> str:
        if id_ is not None:
            return id_
        if name is None:
            raise SourceError(f"a reading of {product} names no organization")
        found = set(self._bearers[product, name])
        if (product, name) in self._aliases:
            found.add(self._aliases[product, name])
        if len(found) > 1:
            raise SourceError(
                f"{product}: the name {name!r} fits the organizations with the ids"
                f" {', '.join(sorted(found))}",
                remedy="give organization_id in this source",
            )
        key = found.pop() if found else name
        if key == name and (product, name) not in self._names:
            self._learn(product, name, None, name)
        return key

    def _take_over(self, product: str, id_: str, name: str) -> None:
        as_name = (product, name)
        keyed_by_name = as_name in self._ids and self._ids[as_name] is None
        if not keyed_by_name or as_name in self._aliases or self._bearers[as_name] != {id_}:
            return
        self._aliases[as_name] = id_
        self.new_aliases[as_name] = id_

    def _learn(self, product: str, key: str, id_: str | None, name: str | None) -> None:
        known = self._names.get((product, key))
        name = name or known or key
        if known != name or self._ids[product, key] != id_:
            self._remember(product, key, id_, name)
            self.added.append((product, key, id_, name))

    def _remember(self, product: str, key: str, id_: str | None, name: str) -> None:
        before = self._names.get((product, key))
        if before is not None:
            self._bearers[product, before].discard(key)
        self._names[product, key] = name
        self._ids[product, key] = id_
        if id_ is not None:
            self._bearers[product, name].add(key)


def load_directory(connection: Connection) -> Directory:
    """The directory as the ledger has it."""
    rows = connection.execute(
        text("SELECT product, org_key, org_id, name FROM organization ORDER BY id")
    )
    return Directory(rows, _aliases(connection))


def save_directory(connection: Connection, pull: int, directory: Directory) -> None:
    """Adds what a pull taught."""
    if directory.added:
        connection.execute(
            text(
                "INSERT INTO organization (pull_id, product, org_key, org_id, name)"
                " VALUES (:pull, :product, :key, :id, :name)"
            ),
            [
                {"pull": pull, "product": product, "key": key, "id": id_, "name": name}
                for product, key, id_, name in directory.added
            ],
        )
    if directory.new_aliases:
        connection.execute(
            text(
                "INSERT INTO organization_alias (pull_id, product, name_key, org_key)"
                " VALUES (:pull, :product, :name, :key)"
            ),
            [
                {"pull": pull, "product": product, "name": name, "key": key}
                for (product, name), key in directory.new_aliases.items()
            ],
        )


def load_organizations(connection: Connection) -> tuple[Organization, ...]:
    """Every organization under its present key and name, sorted."""
    rows = connection.execute(
        text("SELECT product, org_key, name FROM organization ORDER BY id")
    ).all()
    names = {(product, key): name for product, key, name in rows}
    for retired in _aliases(connection):
        names.pop(retired, None)
    return tuple(Organization(product, key, name) for (product, key), name in sorted(names.items()))


def _aliases(connection: Connection) -> dict[tuple[str, str], str]:
    rows = connection.execute(text("SELECT product, name_key, org_key FROM organization_alias"))
    return {(product, name): key for product, name, key in rows}


def given(reading: Reading) -> Given:
    """What a reading says of its organization."""
    return reading.product, reading.organization_id, reading.organization
