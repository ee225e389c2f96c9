"""One thing of BMS by id or by name; never a guess, and a name once resolved is remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from reconciler.findings import finding
from reconciler.model.desired import Reference
from reconciler.model.finding import Finding, Subject
from reconciler.model.place import Origin


class _Named(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=_Named)

_AMBIGUOUS: Final = {"BMS001": "BMS002", "BMS003": "BMS004", "BMS005": "BMS006"}


@dataclass(frozen=True, slots=True)
class Resolver:
    """Finds things of one kind, for one place in the configuration."""

    kind: str
    subject: Subject
    origin: Origin
    remembered: Mapping[tuple[str, str], int]
    """Ids by kind and name, from earlier runs."""
    findings: list[Finding]
    names: list[tuple[str, str, int]]
    """(kind, name, id) to remember."""

    def one(
        self,
        wanted: Reference,
        by_id: Mapping[int, T],
        by_name: Mapping[str, Sequence[T]],
        missing: str,
    ) -> T | None:
        """The one thing meant; None with a finding where there is none, or more than one."""
        word = self.kind.partition(":")[0]
        if wanted.id is not None:
            if wanted.id in by_id:
                return by_id[wanted.id]
            self._say(missing, f"BMS has no {word} with the id {wanted.id} ({wanted})")
            return None
        name = wanted.name or ""
        fits = by_name.get(name, ())
        if len(fits) == 1 and not self._is_another(fits[0], by_id, missing):
            self.names.append((self.kind, name, fits[0].id))
            return fits[0]
        if len(fits) == 1:
            return None
        if fits:
            ids = ", ".join(str(thing.id) for thing in fits)
            self._say(_AMBIGUOUS[missing], f"{name!r} fits several {word}s: ids {ids}")
            return None
        return self._renamed(name, by_id, missing)

    def _is_another(self, found: T, by_id: Mapping[int, T], missing: str) -> bool:
        """Did the thing that the name stood for get another name, and this one take it?"""
        before = self.remembered.get((self.kind, found.name))
        if before is None or before == found.id or before not in by_id:
            return False
        now = by_id[before].name
        if now == found.name:
            return False
        word = self.kind.partition(":")[0]
        self._say(
            _AMBIGUOUS[missing],
            f"{found.name!r} stood for the {word} {before}, which is called {now!r} now, and"
            f" {found.id} has its name",
        )
        return True

    def _renamed(self, name: str, by_id: Mapping[int, T], missing: str) -> T | None:
        word = self.kind.partition(":")[0]
        before = self.remembered.get((self.kind, name))
        if before is not None and before in by_id:
            now = by_id[before]
            self._say("BMS010", f"the {word} {name!r} is called {now.name!r} in BMS now")
            return now
        self._say(missing, f"BMS has no {word} called {name!r}")
        return None

    def _say(self, code: str, message: str) -> None:
        self.findings.append(finding(code, message, subject=self.subject, origin=self.origin))
