"""The settings one place of the configuration gives, and where each of them stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from reconciler.desired.documents.settings import (
    CommitmentDoc,
    GapsDoc,
    RulesDoc,
    SettingsDoc,
    UnitsDoc,
)
from reconciler.model.place import Origin
from reconciler.model.settings import Commitment, FixedUnits

Path = tuple[str | int, ...]

_KEYS: Final = tuple(SettingsDoc.model_fields)
_KEY_SET: Final = frozenset(_KEYS)
_ATTRIBUTE: Final = {"gaps": "gap_days", "units": "fixed"}


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """Values by the names of ``LineSettings``; compared by identity, so that it can be a key."""

    values: Mapping[str, Any]
    origins: Mapping[str, Origin]

    @property
    def policy(self) -> str | None:
        """The policy it names."""
        policy: str | None = self.values.get("policy")
        return policy


EMPTY: Final = Level({}, {})


def level_of(doc: RulesDoc | None, file: str, path: Path) -> Level:
    """What ``doc``, standing at ``path`` of ``file``, sets."""
    if doc is None:
        return EMPTY
    given = doc.model_fields_set & _KEY_SET
    if not given:
        return EMPTY
    values, origins = {}, {}
    for key in _KEYS:
        if key in given:
            name = _ATTRIBUTE.get(key, key)
            values[name] = _value(getattr(doc, key))
            origins[name] = Origin(file, (*path, key))
    return Level(values, origins)


def _value(value: Any) -> Any:
    if isinstance(value, GapsDoc):
        return value.allow
    if isinstance(value, CommitmentDoc):
        return Commitment(value.floor, value.until, value.reason)
    if isinstance(value, UnitsDoc):
        return FixedUnits(value.fixed, value.reason, value.until)
    return value
