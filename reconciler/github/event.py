"""What a workflow's runner says of its run: environment variables and the event's file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from reconciler.github.author import BOT, author_of
from reconciler.github.failures import GithubError


@dataclass(frozen=True, slots=True)
class Event:
    """The pull request that a run is about."""

    number: int
    base: str
    """The commit it would be merged into."""
    head: str
    """Its own newest commit."""


@dataclass(frozen=True, slots=True)
class Job:
    """One run of a workflow's job."""

    repository: str
    """``owner/name``."""
    run: int
    """Grows from run to run."""
    attempt: int
    api: str
    server: str
    token: str = field(repr=False)
    summary: Path | None
    """The file of the job's summary."""
    event_path: Path
    workflow: str = ""
    """Its name."""
    commit: str | None = None
    """That started it; what is checked out may be a newer one."""
    branch: str = "main"
    """That branch's name."""
    author: str = BOT
    """Who makes what is made with the token."""
    actor: str = ""
    """Who started it."""

    @classmethod
    def of(cls, env: Mapping[str, str]) -> Self:
        """GithubError where this is no job of a workflow, or it was given no token."""
        try:
            return cls(
                repository=env["GITHUB_REPOSITORY"],
                run=int(env["GITHUB_RUN_ID"]),
                attempt=int(env.get("GITHUB_RUN_ATTEMPT", "1")),
                api=env.get("GITHUB_API_URL", "https://api.github.com"),
                server=env.get("GITHUB_SERVER_URL", "https://github.com"),
                token=env["GITHUB_TOKEN"],
                summary=summary_of(env),
                event_path=Path(env["GITHUB_EVENT_PATH"]),
                workflow=env.get("GITHUB_WORKFLOW", ""),
                commit=env.get("GITHUB_SHA"),
                branch=env.get("GITHUB_REF_NAME") or "main",
                author=author_of(env),
                actor=env.get("GITHUB_ACTOR", ""),
            )
        except (KeyError, ValueError) as error:
            raise GithubError(
                f"this is no job of a GitHub workflow, or a variable is missing: {error}",
                remedy="run it in a workflow, with `GITHUB_TOKEN: ${{ github.token }}` in `env:`",
            ) from error

    @property
    def link(self) -> str:
        """The run's page."""
        return f"{self.server}/{self.repository}/actions/runs/{self.run}"

    def summarize(self, text: str) -> None:
        """Add to the job's summary. That it cannot be written stops nothing."""
        summarize(self.summary, text)

    def pull_request(self) -> Event:
        """GithubError where the run is not about one."""
        return pull_request(self.event_path)


def summary_of(env: Mapping[str, str]) -> Path | None:
    """The file of a job's summary; None outside a workflow."""
    summary = env.get("GITHUB_STEP_SUMMARY")
    return Path(summary) if summary else None


def summarize(summary: Path | None, text: str) -> None:
    """Add to the file of a job's summary, where it has one."""
    if summary is None:
        return
    with suppress(OSError), summary.open("a", encoding="utf-8") as file:
        file.write(text)


def pull_request(path: Path) -> Event:
    """What an event's file says. GithubError where it is not about a pull request."""
    try:
        found = _payload(path)["pull_request"]
        return Event(int(found["number"]), str(found["base"]["sha"]), str(found["head"]["sha"]))
    except (KeyError, TypeError, ValueError) as error:
        raise GithubError(
            "the event that started this run is not about a pull request",
            where=str(path),
            remedy="use it in a workflow `on: pull_request`",
        ) from error


def _payload(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise GithubError(f"the event's file cannot be read: {error}", where=str(path)) from error
    return found if isinstance(found, dict) else {}
