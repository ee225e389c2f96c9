"""The configuration as merging a pull request would make it, without a work tree."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from reconciler.desired import load
from reconciler.git import Revisions
from reconciler.github import Event
from reconciler.runs.surroundings import Surroundings


@contextmanager
def trial_merge(around: Surroundings, event: Event) -> Iterator[Surroundings]:
    """The surroundings with it. GitError where it conflicts, ConfigError where it has mistakes."""
    revisions = Revisions(around.repository)
    with revisions.at(revisions.merge(event.base, event.head)) as folder:
        yield around.elsewhere(folder, load(folder))
