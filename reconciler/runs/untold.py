"""What became of a merge and could not be said in its comment: the next run says it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reconciler import __version__
from reconciler.github import GithubClient, GithubError, find, mark
from reconciler.ledger import Ledger, Run
from reconciler.runs.looked_at import RECENT
from reconciler.runs.surroundings import Surroundings

UNTOLD: Final = "untold"
TOLD: Final = "told"


def keep(around: Surroundings, ledger: Ledger, commit: str, number: int, status: str) -> None:
    """For the next run, on whatever machine that is."""
    ledger.append_run(_run(around, UNTOLD, commit, status, f"#{number}"))


def say_again(around: Surroundings, ledger: Ledger, client: GithubClient) -> None:
    """Say what is left; what cannot be said now either stays for the run after this one."""
    for left in list(_left(ledger)):
        assert left.commit is not None
        number = int(left.detail.removeprefix("#"))
        try:
            comment = find(client, number, str(around.repository))
            if comment is not None:
                mark(client, comment, left.outcome)
        except GithubError:
            return
        ledger.append_run(_run(around, TOLD, left.commit, "said in its comment", left.detail))


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
