"""The status of a commit: one line on its pull request, beside the checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from reconciler.github.answers import CommitStatus
from reconciler.github.client import GithubClient
from reconciler.github.once import once

State: TypeAlias = Literal["success", "failure", "error", "pending"]

CONTEXT: Final = "reconciler"
USUAL: Final = "billing-config"
"""The configuration whose status needs no more than the context's name."""

LONGEST: Final = 140
"""GitHub takes no longer description."""


@dataclass(frozen=True, slots=True)
class Status:
    """``description`` in one line; its end is cut where GitHub takes no more."""

    state: State
    description: str


def context_of(config: str) -> str:
    """Tells the statuses of two configurations in one repository apart."""
    return CONTEXT if config == USUAL else f"{CONTEXT} ({config})"


def status_of(client: GithubClient, commit: str, config: str) -> tuple[Status, str] | None:
    """The newest, with the address that it leads to. GithubError where GitHub cannot be asked."""
    for found in client.pages(f"commits/{commit}/statuses", CommitStatus):
        if found.context == context_of(config):
            return Status(found.state, found.description or ""), found.target_url or ""
    return None


def set_status(client: GithubClient, commit: str, config: str, status: Status, link: str) -> None:
    """In place of the one before; ``link``: the run. GithubError where GitHub does not take it."""
    text = status.description
    fields = {
        "state": status.state,
        "context": context_of(config),
        "description": text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…",
        "target_url": link,
    }
    # Said twice it is the same: a lost answer is no reason to look first.
    once(client, lambda: client.ask("POST", f"statuses/{commit}", dict, json=fields), lambda: None)
