"""A world with usage files, in a repository, whose daily and drift runs report to GitHub."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import httpx

from reconciler.github import GithubClient, Job
from reconciler.runs.daily import Daily, Told
from reconciler.runs.drifting import Drifted, Drifting
from reconciler.runs.merging import Done, Merges
from reconciler.runs.monthly import Monthly, Shown
from tests.github.api import REPOSITORY, TOKEN, Api
from tests.ledger.branch.copies import git
from tests.runs.beginnings import commit, repository, tens
from tests.runs.world import METRIC, PRODUCT, World

HEADER = "product,organization_id,organization,metric,dimension,day,quantity,names\n"
FIRST = date(2026, 11, 1)


class Night:
    """Two services at 10 units; each run is one job, later than the one before."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.api = Api(tips=self.tip)
        self.number = 0
        tens(world)
        (world.config / "usage").mkdir()
        self.usage()
        repository(world)
        origin = world.folder / "origin.git"
        git(world.folder, "init", "--quiet", "--bare", "--initial-branch=main", str(origin))
        git(world.folder, "remote", "add", "origin", str(origin))
        self.push()

    def tip(self, branch: str) -> str:
        """The newest commit of a branch of the remote."""
        return git(self.world.folder, "ls-remote", "origin", f"refs/heads/{branch}")[:40]

    def usage(self, **since: Mapping[date, int]) -> None:
        """The readings up to yesterday: 10, and from each day of ``since`` on its units."""
        days = [FIRST + timedelta(n) for n in range((self.world.sandbox.today() - FIRST).days)]
        rows = [
            f"{PRODUCT},,{name},{METRIC},,{day},{_on(since.get(name, {}), day)},\n"
            for name in self.world.services
            for day in days
        ]
        self.source.write_text(HEADER + "".join(rows), encoding="utf-8")

    def tomorrow(self, days: int = 1) -> None:
        self.world.sandbox.advance(timedelta(days=days))

    def commit(self, message: str) -> str:
        made = commit(self.world, message)
        self.push()
        return made

    def push(self) -> None:
        git(self.world.folder, "push", "--quiet", "--force", "origin", "HEAD:main")

    def daily(self, client: GithubClient | None = None) -> Told:
        world, job = self.world, self.job()
        return Daily(world.around, world.ledger, job, client or self.client).run()

    def drift(self) -> Drifted:
        world, job = self.world, self.job()
        return Drifting(world.around, world.ledger, job, self.client).run()

    def month(self, month: date | None = None) -> Shown | None:
        world, job = self.world, self.job()
        return Monthly(world.around, world.ledger, job, self.client).run(month)

    def merge(self, number: int) -> Done:
        """Somebody merges a pull request of ours, and the merge is applied."""
        (pull,) = [one for one in self.api.opened if one["number"] == number]
        folder, ref = self.world.folder, pull["head"]["ref"]
        git(folder, "fetch", "--quiet", "origin", ref)
        git(folder, "merge", "--quiet", "--no-ff", "--message", "Merge it", "FETCH_HEAD")
        git(folder, "push", "--quiet", "origin", "HEAD:main")
        pull |= {"state": "closed", "merged_at": "2026-11-23T08:00:00Z"}
        commit = git(folder, "rev-parse", "HEAD")
        self.api.merge(commit, number)
        self.job()
        merges = Merges(self.world.around, self.world.ledger, self.client, "https://run")
        (done,) = merges.catch_up(commit)
        return done

    def job(self) -> Job:
        self.number += 1
        self.summary.unlink(missing_ok=True)
        return Job(
            REPOSITORY, self.number, 1, "https://api.example.test", "https://example.test", TOKEN,
            self.summary, self.world.folder / "event.json", "Nightly billing",
            git(self.world.folder, "rev-parse", "HEAD"),
        )  # fmt: skip

    def through(self, transport: httpx.BaseTransport) -> GithubClient:
        return GithubClient("https://api.example.test", REPOSITORY, TOKEN, transport, _no_sleep)

    @property
    def client(self) -> GithubClient:
        return self.through(self.api)

    @property
    def source(self) -> Path:
        return self.world.config / "usage" / "edr.csv"

    @property
    def summary(self) -> Path:
        return self.world.folder / "summary.md"

    @property
    def said(self) -> list[str]:
        """The comments of ours in issues, without their hidden lines."""
        return self._said(of_pulls=False)

    @property
    def reviewed(self) -> list[str]:
        """Those in pull requests of ours."""
        return self._said(of_pulls=True)

    def _said(self, *, of_pulls: bool) -> list[str]:
        pulls = {one["number"] for one in self.api.opened}
        return [
            one["body"].partition("\n")[2]
            for one in self.api.comments
            if (one["number"] in pulls) is of_pulls
        ]

    @property
    def issue(self) -> str:
        """The only issue, without its hidden line."""
        (one,) = self.api.issues
        return str(one["body"]).partition("\n")[2]


def _on(since: Mapping[date, int], day: date) -> int:
    return next((since[first] for first in sorted(since, reverse=True) if first <= day), 10)


def _no_sleep(_seconds: float) -> None:
    """Tests do not wait."""
