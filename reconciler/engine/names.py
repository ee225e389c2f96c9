"""One thing of BMS by id or by name; never a guess, and a name once resolved is remembered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeVar

from reconciler.findings import CODES, finding
from reconciler.model.desired import Reference
from reconciler.model.finding import Finding, Subject
from reconciler.model.hints import closest_of_many
from reconciler.model.place import Origin


class _Named(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=_Named)

_KEYS: Final = {"service": "bms_service"}
"""Where the key in the YAML is not the word."""

_PLAIN: Final = re.compile(
    r"(?!(?:yes|no|on|off|y|n|true|false|null)$)[^\W\d_](?:[\w.&'()/ -]*[\w.)])?", re.I
)

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
    near: dict[str, str | None] = field(default_factory=dict)
    """What was found to be most like a name that is not there."""

    def one(
        self,
        wanted: Reference,
        by_id: Mapping[int, T],
        by_name: Mapping[str, Sequence[T]],
        missing: str,
    ) -> T | None:
        """The one thing meant; None with a finding where there is none, or more than one."""
        if wanted.id is None:
            return self._called(wanted.name or "", by_id, by_name, missing)
        if wanted.id in by_id:
            return self._numbered(by_id[wanted.id], wanted.name, by_name)
        called = "" if wanted.name is None else f"; the configuration calls it {wanted.name!r}"
        message = f"BMS has no {self._word} with the id {wanted.id}{called}"
        fits = by_name.get(wanted.name or "", ())
        remedy = f"write {self._line(fits[0])} if that one is meant" if len(fits) == 1 else None
        self._say(missing, message, remedy)
        return None

    def _numbered(self, found: T, name: str | None, by_name: Mapping[str, Sequence[T]]) -> T | None:
        """The id wins; but the name beside it must be that thing's, now or when it was resolved.

        Anything else is a slip in one of the two, and taking either would be a guess about whom to
        bill.
        """
        if name is None:
            return found
        if name == found.name:
            self.names.append((self.kind, name, found.id))
            return found
        others = by_name.get(name, ())
        if not others and self.remembered.get((self.kind, name)) == found.id:
            self._say_renamed(name, found)
            return found
        where = f", which is the {self._word} {others[0].id} there" if len(others) == 1 else ""
        message = (
            f"the {self._word} {found.id} is called {found.name!r} in BMS, and {name!r} beside its"
            f" id{where}"
        )
        fixes = " or ".join(map(self._line, (found, *others)))
        self._say("BMS013", message, f"write {fixes}, whichever is meant")
        return None

    def _called(
        self, name: str, by_id: Mapping[int, T], by_name: Mapping[str, Sequence[T]], missing: str
    ) -> T | None:
        fits = by_name.get(name, ())
        if len(fits) == 1 and not self._is_another(fits[0], by_id, missing):
            self.names.append((self.kind, name, fits[0].id))
            return fits[0]
        if len(fits) == 1:
            return None
        if fits:
            ids = ", ".join(str(thing.id) for thing in fits)
            self._say(_AMBIGUOUS[missing], f"{name!r} fits several {self._word}s: ids {ids}")
            return None
        return self._renamed(name, by_id, by_name, missing)

    def _is_another(self, found: T, by_id: Mapping[int, T], missing: str) -> bool:
        """Did the thing that the name stood for get another name, and this one take it?"""
        before = self.remembered.get((self.kind, found.name))
        if before is None or before == found.id or before not in by_id:
            return False
        now = by_id[before].name
        if now == found.name:
            return False
        self._say(
            _AMBIGUOUS[missing],
            f"{found.name!r} stood for the {self._word} {before}, which is called {now!r} now, and"
            f" {found.id} has its name",
        )
        return True

    def _renamed(
        self, name: str, by_id: Mapping[int, T], by_name: Mapping[str, Sequence[T]], missing: str
    ) -> T | None:
        before = self.remembered.get((self.kind, name))
        if before is not None and before in by_id:
            self._say_renamed(name, by_id[before])
            return by_id[before]
        if name not in self.near:
            self.near[name] = closest_of_many(name, by_name)
        meant = self.near[name]
        remedy = None
        if meant is not None:
            remedy = f"did you mean `{meant}`? If not, {CODES[missing].remedy}"
        self._say(missing, f"BMS has no {self._word} called {name!r}", remedy)
        return None

    @property
    def _word(self) -> str:
        return self.kind.partition(":")[0]

    def _line(self, thing: T) -> str:
        """The line of YAML that means it."""
        key = _KEYS.get(self._word, self._word)
        return f"`{key}: {{id: {thing.id}, name: {_scalar(thing.name)}}}`"

    def _say_renamed(self, name: str, now: T) -> None:
        message = f"the {self._word} {name!r} is called {now.name!r} in BMS now"
        self._say("BMS010", message, f"write {self._line(now)}")

    def _say(self, code: str, message: str, remedy: str | None = None) -> None:
        said = finding(code, message, subject=self.subject, origin=self.origin, remedy=remedy)
        self.findings.append(said)


def _scalar(name: str) -> str:
    """As it stands in a flow mapping: in quotes unless it is plainly text."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return name if _PLAIN.fullmatch(name) else f'"{escaped}"'
