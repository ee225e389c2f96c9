"""Which readings a pull request changes: files of usage may lie in the repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.git import Diff, Revisions
from reconciler.usage import FileUsage

if TYPE_CHECKING:
    from reconciler.github import Event
    from reconciler.model.desired import DesiredState
    from reconciler.runs.surroundings import Surroundings


def edited_usage(around: Surroundings, state: DesiredState, event: Event) -> tuple[str, ...]:
    """The files, as they are named from the configuration's folder.

    What main has since the branch left it is none of the pull request's.
    """
    if not state.sources:
        return ()
    base = Revisions(around.repository).merge_base(event.base, event.head) or event.base
    changed = Diff(around.repository, base, event.head).files()
    read = {
        name
        for source in state.sources
        for name in FileUsage(source.label, source.path, around.config).names()
    }
    return tuple(sorted(changed & read))
