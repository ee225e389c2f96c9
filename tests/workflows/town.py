"""A repository of an MSP on a local GitHub, its BMS, and a ledger on its branch."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.sandbox import Sandbox
from tests.cli import shop
from tests.github.api import REPOSITORY
from tests.ledger.branch.copies import BRANCH, git
from tests.workflows.hub import Hub, served
from tests.workflows.runner import SHIM, Job, Runner

CALM = "windows: {units: {fixed: 8, reason: dispute}}"
"""Nothing waits for a person then."""


@dataclass
class Town:
    """``desk`` is the clone of somebody who works there."""

    folder: Path
    hub: Hub
    sandbox: Sandbox
    runner: Runner
    numbers: int = 6

    @property
    def desk(self) -> Path:
        return self.folder / "desk"

    def begin(self, url: str) -> None:
        """A first configuration on main, and the first ledger on its branch."""
        git(self.folder, "clone", "--quiet", str(self.hub.repository), str(self.desk))
        shop.write_files(self.desk)
        billing = self.desk / "billing-config" / "billing.yaml"
        text = billing.read_text("utf-8").replace("https://bms.invalid", url)
        billing.write_text(f"{text}ledger: {{branch: {BRANCH}}}\n", "utf-8")
        brass = self.desk / "billing-config" / "accounts" / "brass.yaml"
        text = brass.read_text("utf-8")
        brass.write_text(text.replace("windows: {}", CALM), "utf-8")
        git(self.desk, "add", "billing-config")
        git(self.desk, "commit", "--quiet", "--message", "Begin")
        git(self.desk, "push", "--quiet", "origin", "HEAD:main")
        self.sandbox.write_baseline(self.desk / "units.csv")
        for words in ("usage pull", "baseline --import units.csv", "apply --yes"):
            self._reconciler(*words.split())

    def _reconciler(self, *words: str) -> None:
        shim = self.folder / "reconciler"
        shim.write_text(SHIM.format(python=sys.executable), "utf-8")
        env = {**os.environ, **self.runner.secrets}
        subprocess.run(
            [sys.executable, str(shim), *words], cwd=self.desk, env=env, check=True,
            capture_output=True,
        )  # fmt: skip

    def propose(self, edit: Callable[[Path], object], owner: str = "example") -> Pull:
        """A pull request with one commit, and the commit GitHub makes to try its merge."""
        self.numbers += 1
        git(self.desk, "checkout", "--quiet", "-B", "main", "origin/main")
        base = git(self.desk, "rev-parse", "HEAD")
        git(self.desk, "checkout", "--quiet", "-B", "change")
        edit(self.desk / "billing-config")
        git(self.desk, "commit", "--quiet", "--all", "--message", "A change")
        head = git(self.desk, "rev-parse", "HEAD")
        merged = self._merge(f"refs/pull/{self.numbers}/merge")
        return Pull(self.numbers, base, head, merged, f"{owner}/billing")

    def merge(self, pull: Pull) -> str:
        """Somebody presses the button."""
        commit = self._merge("refs/heads/main")
        git(self.desk, "fetch", "--quiet", "origin")
        self.hub.api.merge(commit, pull.number)
        return commit

    def _merge(self, ref: str) -> str:
        git(self.desk, "checkout", "--quiet", "--detach", "origin/main")
        git(self.desk, "merge", "--quiet", "--no-ff", "--message", "Merge it", "change")
        git(self.desk, "push", "--quiet", "origin", f"HEAD:{ref}")
        return git(self.desk, "rev-parse", "HEAD")

    def plan(self, pull: Pull) -> dict[str, Job]:
        return self.runner.run("plan", "pull_request", pull.payload, pull.merged)

    def push(self, commit: str) -> Job:
        payload = {"after": commit, "repository": _REPOSITORY}
        return self.runner.run("apply", "push", payload, commit)["apply"]

    def form(self, name: str, **inputs: str) -> dict[str, Job]:
        """Somebody fills in a workflow's form and runs it on main."""
        commit = git(self.hub.repository, "rev-parse", "main")
        payload = {"inputs": inputs, "repository": _REPOSITORY}
        return self.runner.run(name, "workflow_dispatch", payload, commit)

    def units(self, account: str, service: str) -> int:
        rows = self.sandbox.ui.read_units()
        return sum(row.units for row in rows if (row.account, row.service) == (account, service))

    def ledger(self) -> str:
        """The commit that the ledger's branch is at."""
        return git(self.hub.repository, "rev-parse", BRANCH)


_REPOSITORY = {"full_name": REPOSITORY, "default_branch": "main"}


@dataclass(frozen=True)
class Pull:
    """A pull request."""

    number: int
    base: str
    head: str
    merged: str
    """The commit of its trial merge."""
    repository: str
    """Of its head."""

    @property
    def payload(self) -> Mapping[str, Any]:
        head = {"sha": self.head, "repo": {"full_name": self.repository}}
        asked = {"number": self.number, "base": {"sha": self.base}, "head": head}
        return {"pull_request": asked, "repository": _REPOSITORY}


@contextmanager
def built(folder: Path) -> Iterator[Town]:
    """All of it on loopback ports."""
    (folder / ".reconciler").mkdir()
    shop.write_sandbox(folder)
    with (
        Sandbox.open(folder / ".reconciler" / "sandbox.db") as sandbox,
        sandbox.serve() as url,
        served(folder / "hub") as hub,
    ):
        login = sandbox.client_settings
        secrets = {"BMS_USERNAME": login.username, "BMS_PASSWORD": login.password}
        town = Town(folder, hub, sandbox, Runner(hub, folder / "machines", secrets))
        town.begin(url)
        yield town
