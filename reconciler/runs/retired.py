"""Other configurations of the repository that a pull request takes out: nobody else plans that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reconciler.desired import load_counted
from reconciler.desired.ledger_place import ledger_place
from reconciler.engine.handed_on import Named, Written, handed_on
from reconciler.engine.unplanned import NamedLine
from reconciler.git import GitError, Revisions
from reconciler.model.errors import ReconcilerError
from reconciler.report.retired import Retired
from reconciler.runs.neighbours import FILE, LEDGER, key_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from reconciler.github import Event
    from reconciler.model.desired import DesiredState, LedgerBranch

_OURS: Final = (LEDGER, *map(key_line, ("version", "tenant")))
"""What is called as ours is, and has not all of these, is another program's."""


@dataclass(frozen=True, slots=True)
class _Read:
    """One configuration, as far as it can be read."""

    state: DesiredState | None
    ledger: LedgerBranch | None


def retired(repository: Path, event: Event, today: date) -> tuple[Retired, ...]:
    """Those that are gone with it, sorted; not one whose lines all go on as they did."""
    revisions = Revisions(repository)
    try:
        merged = revisions.merge(event.base, event.head)
    except GitError:
        return ()  # it cannot be merged so; what can be is planned anew
    before = revisions.with_line(event.base, FILE, *_OURS)
    own = revisions.home
    gone = before - revisions.with_line(merged, FILE, "") - {own}
    if not gone:
        return ()
    after = revisions.with_line(merged, FILE, *_OURS) | {own}
    there = {one: _read(revisions, merged, one) for one in sorted(after)}
    look = _Look(revisions, event.base, there, tuple(sorted(after - before - {own})), today)
    return tuple(look.told(sorted(gone)))


@dataclass(frozen=True, slots=True)
class _Look:
    """From a commit to what is ``there`` when the pull request is merged."""

    revisions: Revisions
    base: str
    there: Mapping[str, _Read]
    new: Sequence[str]
    today: date

    def told(self, gone: Sequence[str]) -> Iterator[Retired]:
        """What is to be said of each."""
        for folder in gone:
            found = self._told(folder, _read(self.revisions, self.base, folder))
            if found.tells:
                yield found

    def _told(self, folder: str, was: _Read) -> Retired:
        moved = next((one for one in self.new if _may_be(self.there[one], was)), None)
        unread = self._unread(moved)
        if was.state is None:
            lost = None if moved is None or unread else ()
            return Retired(folder, lost, moved=moved, unread=unread)
        left = {name: one.state for name, one in self._in_turn(moved) if one.state is not None}
        found = handed_on(was.state, left, self.today)
        taken = {
            name: number
            for name, lines in found.taken.items()
            if self.there[name].ledger != was.ledger
            and (number := self._not_named_before(name, lines))
        }
        gone = tuple(NamedLine(str(one.account), one.line.service) for one in found.lost)
        up_to = any(one.contract.every_service for one in found.lost)
        begun = tuple(name for name in taken if name in self.new)
        return Retired(folder, gone, up_to, moved, unread, taken, begun)

    def _in_turn(self, first: str | None) -> Iterator[tuple[str, _Read]]:
        if first is not None:
            yield first, self.there[first]
        yield from self.there.items()

    def _unread(self, moved: str | None) -> tuple[str, ...]:
        """Where its lines may be, beside what can be read."""
        where = self.there if moved is None else (moved,)
        return tuple(one for one in where if self.there[one].state is None)

    def _not_named_before(self, folder: str, lines: Sequence[Written]) -> int:
        state = _read(self.revisions, self.base, folder).state
        if state is None:
            return len(lines)
        named = Named.of(state)
        return sum(not named.has(line) for line in lines)


def _may_be(there: _Read, was: _Read) -> bool:
    """By the ledger; what cannot even be read so far may be any."""
    if there.ledger is None:
        return there.state is None
    return there.ledger == was.ledger


def _read(revisions: Revisions, commit: str, folder: str) -> _Read:
    try:
        with revisions.at(commit, folder) as files:
            ledger = ledger_place(files)
            return _Read(_state(files), ledger)
    except GitError:
        return _Read(None, None)


def _state(files: Path) -> DesiredState | None:
    try:
        return load_counted(files)
    except ReconcilerError:
        return None
