"""What a commit that a workflow pushes says for the other configurations of its repository.

GitHub starts no workflow for such a push: a status of theirs that a rule requires would never come.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from reconciler.git import Diff, Revisions
from reconciler.github import Event, GithubClient, Job, Status, set_status, status_of
from reconciler.model.errors import ReconcilerError
from reconciler.report.commit_status import OVERTAKEN, UNTOUCHED

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

FILE: Final = "billing.yaml"
LEDGER: Final = "[\"']?ledger[\"']?[[:space:]]*:"
"""Each that workflows run has one; an example or a test's has none."""


def key_line(name: str) -> str:
    """How a line with that key begins, as `Revisions.with_line` takes it; ``name``: a pattern. A
    file's first line may begin with a byte order mark."""
    return f"(\ufeff)?[\"']?{name}[\"']?[[:space:]]*:"


@dataclass(frozen=True, slots=True)
class _Neighbours:
    """By their folders, from the repository's top."""

    untouched: Set[str]
    changed: Set[str]
    """By merging the pull request."""


def state_others(
    job: Job, client: GithubClient, config: Path, event: Event, parent: str | None
) -> str:
    """Set their statuses on the event's head; the answer says why that failed, or nothing.

    ``parent``: the commit that it follows, where it has one of a person. What was said there of
    a configuration that merging changes still stands: only files of our own came after it. What
    was yet to be said is said only there.
    """
    try:
        for folder, status, link in _wanted(job, client, config, event, parent):
            set_status(client, event.head, folder, status, link)
    except ReconcilerError as error:
        return f"the status of the other configurations could not be set: {error.message}"
    return ""


def _wanted(
    job: Job, client: GithubClient, config: Path, event: Event, parent: str | None
) -> Iterator[tuple[str, Status, str]]:
    found = _neighbours(config, event)
    for folder in sorted(found.untouched):
        yield folder, Status("success", UNTOUCHED), job.link
    if parent is None:
        return
    for folder in sorted(found.changed):
        if (told := status_of(client, parent, folder)) is not None:
            status, link = told
            yield folder, _ended(status), link


def _ended(status: Status) -> Status:
    return Status("error", OVERTAKEN) if status.state == "pending" else status


def _neighbours(config: Path, event: Event) -> _Neighbours:
    revisions = Revisions(config)
    merged = revisions.merge(event.base, event.head)
    own = revisions.home
    there = (revisions.with_line(tree, FILE, LEDGER) for tree in (event.base, merged))
    every = frozenset[str]().union(*there, {own})
    files = Diff(config, event.base, merged).everywhere()
    changed = frozenset(_owner(name, every) for name in files)
    others = every - {own}
    return _Neighbours(others - changed, others & changed)


def _owner(name: str, folders: Set[str]) -> str | None:
    """The innermost of the folders that a file lies in."""
    return next((str(one) for one in PurePosixPath(name).parents if str(one) in folders), None)
