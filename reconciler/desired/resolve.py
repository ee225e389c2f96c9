"""Which value counts: line, contract, account, service, policy, billing.yaml, in this order."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from reconciler.desired.levels import EMPTY, Level
from reconciler.model.place import Origin
from reconciler.model.settings import DatedSettings, LineSettings

Stack = tuple[Level, ...]
"""From the weakest to the strongest: service, account, contract."""

BUILT_IN_POLICIES: Final[Mapping[str, Level]] = {
    "daily": Level(
        {
            "adjust": "daily",
            "over": "last",
            "increase": "change-date",
            "decrease": "change-date",
        },
        {},
    ),
    "month-end": Level(
        {
            "adjust": "month-end",
            "over": "peak",
            "increase": "period-start",
            "decrease": "next-period",
            "late": "prorated-transaction",
        },
        {},
    ),
}


@dataclass(frozen=True, slots=True)
class _Merged:
    values: dict[str, Any]
    origins: dict[str, Origin]


class Resolver:
    """Resolves settings; what lines have in common is resolved once and shared."""

    def __init__(
        self,
        policies: Mapping[str, Level] = BUILT_IN_POLICIES,
        default: str = "daily",
        base: Level = EMPTY,
        default_origin: Origin | None = None,
    ) -> None:
        self.policies = policies
        self._default = default
        self._default_origin = default_origin
        self._base = base
        self._merged: dict[tuple[str | None, Stack], _Merged] = {}
        self._settings: dict[Stack, DatedSettings] = {}

    def settings(self, shared: Stack, own: Stack = ()) -> LineSettings:
        """The settings of a line; ``own`` are the line's, then those of its changes so far.

        The service's level must hold ``count``.
        """
        return self._with_own(shared, own) if own else self.from_the_start(shared).settings

    def from_the_start(self, shared: Stack, own: Stack = ()) -> DatedSettings:
        """The same, in force from the first day."""
        if own:
            return DatedSettings(date.min, self._with_own(shared, own))
        found = self._settings.get(shared)
        if found is None:
            merged = self._below(None, shared)
            settings = LineSettings(**merged.values, origins=merged.origins)
            found = self._settings[shared] = DatedSettings(date.min, settings)
        return found

    def _with_own(self, shared: Stack, own: Stack) -> LineSettings:
        named = next((level.policy for level in reversed(own) if level.policy), None)
        below = self._below(named, shared)
        values = dict(below.values)
        origins: dict[str, Origin] = {}
        for level in own:
            values.update(level.values)
            origins.update(level.origins)
        return LineSettings(**values, origins=ChainMap(origins, below.origins))

    def _below(self, named: str | None, shared: Stack) -> _Merged:
        key = (named, shared)
        found = self._merged.get(key)
        if found is None:
            found = self._merged[key] = self._merge(named, shared)
        return found

    def _merge(self, named: str | None, shared: Stack) -> _Merged:
        above = (level.policy for level in reversed((self._base, *shared)) if level.policy)
        policy = named or next(above, self._default)
        values: dict[str, Any] = {"policy": policy}
        origins = {"policy": self._default_origin} if self._default_origin else {}
        for level in (self._base, self.policies.get(policy, EMPTY), *shared):
            values.update(level.values)
            origins.update(level.origins)
        values["policy"] = policy
        return _Merged(values, origins)
