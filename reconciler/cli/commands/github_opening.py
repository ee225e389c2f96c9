"""Open configuration and ledger in a job on GitHub, where nobody looks at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

from reconciler.cli.output import warn
from reconciler.cli.places import opened, surroundings
from reconciler.model.errors import ConfigError, LedgerError, ReconcilerError

if TYPE_CHECKING:
    from reconciler.cli.options import Options
    from reconciler.github import GithubClient, Job
    from reconciler.ledger import Ledger
    from reconciler.runs.surroundings import Surroundings


_GONE: Final = (
    "if the folder was taken out on purpose, take out its workflows in `.github/workflows` too;"
    " else put it back"
)
"""There is nothing in it to mend."""


def client_of(job: Job) -> GithubClient:
    """To the repository that a job is about, with the job's token; close it."""
    from reconciler.github import GithubClient

    return GithubClient(job.api, job.repository, job.token, author=job.author)


@contextmanager
def opened_or_said(
    options: Options, say: Callable[[ReconcilerError], str]
) -> Iterator[tuple[Surroundings, Ledger]]:
    """As ``opened``. ``say`` is told what cannot be opened, and answers why it could not say it."""
    with ExitStack() as stack:
        try:
            both = stack.enter_context(opened(options))
        except (ConfigError, LedgerError) as error:
            if isinstance(error, ConfigError) and not options.config.exists():
                error.remedy = _GONE
            if why := say(error):
                warn(f"that the run could not begin could not be said: {why}")
            raise
        yield both


def in_month(
    options: Options, job: Job, client: GithubClient, what: str, labels: tuple[str, ...]
) -> Callable[[ReconcilerError], str]:
    """Say it in the month's issue."""
    from reconciler.runs import unopened

    around = surroundings(options)
    return lambda error: unopened.in_month(around, job, client, what, error, labels)


def on_pull_request(
    options: Options, job: Job, client: GithubClient
) -> Callable[[ReconcilerError], str]:
    """Say it to whoever merged just now."""
    from reconciler.runs import unopened

    around = surroundings(options)
    return lambda error: unopened.on_pull_request(around, job, client, error)
