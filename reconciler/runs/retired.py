"""Other configurations of the repository that a pull request takes out: nobody else plans that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.desired import load_counted
from reconciler.git import Revisions
from reconciler.model.errors import ReconcilerError
from reconciler.report.retired import Retired
from reconciler.runs.edited_usage import changed_by
from reconciler.runs.neighbours import FILE, LEDGER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reconciler.github import Event
    from reconciler.model.desired import DesiredState


def retired(repository: Path, event: Event) -> tuple[Retired, ...]:
    """Those that are gone with it, sorted; not one that goes on in another folder."""
    revisions = Revisions(repository)
    before = revisions.with_line(event.base, FILE, LEDGER)
    after = revisions.with_line(event.head, FILE, "")
    gone = {one for one in before - after if _file(one) in changed_by(repository, event)}
    gone.discard(revisions.prefix.rstrip("/") or ".")
    if not gone:
        return ()
    elsewhere = _ledgers(revisions, event.head, after - before)
    return tuple(_left(revisions, event.base, sorted(gone), elsewhere))


def _file(folder: str) -> str:
    return FILE if folder == "." else f"{folder}/{FILE}"


def _ledgers(revisions: Revisions, commit: str, folders: frozenset[str]) -> list[object]:
    states = (_state(revisions, commit, one) for one in folders)
    return [state.ledger for state in states if state is not None]


def _left(
    revisions: Revisions, commit: str, folders: list[str], elsewhere: list[object]
) -> Iterator[Retired]:
    for folder in folders:
        state = _state(revisions, commit, folder)
        if state is None:
            yield Retired(folder)
        elif state.ledger not in elsewhere:
            yield Retired(folder, len(state.accounts), sum(1 for _ in state.lines()))


def _state(revisions: Revisions, commit: str, folder: str) -> DesiredState | None:
    """What cannot be read had no plan either."""
    try:
        with revisions.at(commit, folder) as files:
            return load_counted(files)
    except ReconcilerError:
        return None
