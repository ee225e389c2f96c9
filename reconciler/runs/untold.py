"""What became of a merge, said on its pull request; what could not be said, by the next run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reconciler import __version__
from reconciler.github import GithubClient, GithubError, Tag, editor, find, mark
from reconciler.github.issues import comment, create_comment
from reconciler.ledger import Ledger, Run
from reconciler.runs.looked_at import RECENT
from reconciler.runs.surroundings import Surroundings

UNTOLD: Final = "untold"
TOLD: Final = "told"
MOST_REFUSED: Final = 5
"""Of what is left, before the rest is left too: where GitHub is down, each takes its time."""


def say(around: Surroundings, client: GithubClient, commit: str, number: int, status: str) -> None:
    """In the comment with its plan; in one of its own, once, where there is none, or where somebody
    else edited it: our own edit on top would hide that.

    GithubError where GitHub does not take it.
    """
    planned = find(client, number, str(around.repository))
    if planned is not None and not editor(client, planned):
        mark(client, planned, status)
        return
    tag = Tag("merge", str(around.repository), commit, int(around.clock.now().timestamp()))
    if comment(client, number, tag) is None:
        create_comment(client, number, tag, f"{tag.dumps()}\n{status}\n")


def keep(around: Surroundings, ledger: Ledger, commit: str, number: int, status: str) -> None:
    """For the next run, on whatever machine that is."""
    ledger.append_run(_run(around, UNTOLD, commit, status, f"#{number}"))


def say_again(around: Surroundings, ledger: Ledger, client: GithubClient) -> None:
    """Say what is left; what cannot be said now either stays for the run after this one, and holds
    up nothing that was left after it, unless GitHub takes none of it."""
    refused = 0
    for left in list(_left(ledger)):
        assert left.commit is not None
        number = int(left.detail.removeprefix("#"))
        try:
            say(around, client, left.commit, number, left.outcome)
        except GithubError:
            refused += 1
            if refused == MOST_REFUSED:
                return
            continue
        ledger.append_run(_run(around, TOLD, left.commit, "said in its comment", left.detail))


def numbers(ledger: Ledger) -> frozenset[int]:
    """Of the pull requests of which something is left."""
    return frozenset(int(run.detail.removeprefix("#")) for run in _left(ledger))


def _left(ledger: Ledger) -> Iterator[Run]:
    """Oldest first."""
    runs = ledger.history(RECENT)
    told = {run.commit for run in runs if run.kind == TOLD}
    for run in reversed(runs):
        if run.kind == UNTOLD and run.commit not in told:
            yield run


def _run(around: Surroundings, kind: str, commit: str, outcome: str, detail: str) -> Run:
    state = around.desired()
    return Run(
        kind=kind,
        at=around.clock.now(),
        version=__version__,
        config=state.digest,
        commit=commit,
        as_of=around.today(state),
        outcome=outcome,
        detail=detail,
    )
