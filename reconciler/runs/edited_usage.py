"""Which readings a pull request changes: files of usage may lie in the repository."""

from __future__ import annotations

from collections.abc import Set
from glob import escape
from os.path import normpath, relpath
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.git import Diff, Revisions
from reconciler.usage import fits

if TYPE_CHECKING:
    from reconciler.github import Event
    from reconciler.model.desired import DesiredState
    from reconciler.runs.surroundings import Surroundings


def edited_usage(around: Surroundings, state: DesiredState, event: Event) -> tuple[str, ...]:
    """The files, as they are named from the repository's top; those that are gone too."""
    if not state.sources:
        return ()
    folder = Path(Revisions(around.repository).prefix)
    top = Path(around.repository, *[".."] * len(folder.parts)).resolve()
    patterns = {_from_top(source.path, folder, top) for source in state.sources}
    changed = changed_by(around.repository, event)
    return tuple(sorted(name for name in changed if any(fits(name, p) for p in patterns)))


def _from_top(pattern: str, folder: Path, top: Path) -> str:
    if Path(pattern).is_absolute():
        return relpath(pattern, top)
    return normpath(Path(escape(str(folder)), pattern))


def changed_by(folder: Path, event: Event) -> Set[str]:
    """What the pull request changes, and merging it: neither what main has since the branch left
    it, nor what main has of the branch already."""
    left = Revisions(folder).merge_base(event.base, event.head) or event.base
    own = Diff(folder, left, event.head).everywhere()
    return own & Diff(folder, event.base, event.head).everywhere()
