"""A repository of an MSP on a local GitHub, its BMS, and a ledger on its branch."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconciler.sandbox import Sandbox
from reconciler.sandbox.screens import ScreenRow
from reconciler.sandbox.server import serving
from tests.cli import shop
from tests.github.api import REPOSITORY
from tests.ledger.branch.copies import BRANCH, git
from tests.workflows.gate import Gate
from tests.workflows.hub import BASIC, Hub, served
from tests.workflows.runner import Job, Runner
from tests.workflows.warm import Moment, Warm

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

PASSWORD = "Cr3d/ent+ial of BMS"
CALM = "windows: {units: {fixed: 8, reason: dispute}}"
"""Nothing waits for a person then."""


@dataclass
class Town:
    """``desk`` is the clone of somebody who works there."""

    folder: Path
    hub: Hub
    sandbox: Sandbox
    gate: Gate
    runner: Runner
    numbers: int = 6
    heard: list[str] = field(default_factory=list)
    """What an address beside it was asked."""

    @property
    def moment(self) -> Moment:
        return self.runner.moment

    @property
    def desk(self) -> Path:
        return self.folder / "desk"

    def move(self) -> None:
        """To the ports that it has now, which may be those that it had."""
        git(self.desk, "remote", "set-url", "origin", str(self.hub.repository))
        before = git(self.desk, "show", "origin/main:billing-config/billing.yaml")
        if f"url: {self.gate.url}\n" in before:
            return

        def edit(config: Path) -> None:
            billing = config / "billing.yaml"
            url = re.sub("url: .*", f"url: {self.gate.url}", billing.read_text("utf-8"))
            billing.write_text(url, "utf-8")

        self.push_directly(edit)

    def begin(self) -> None:
        """A first configuration on main, and the first ledger on its branch."""
        git(self.folder, "clone", "--quiet", str(self.hub.repository), str(self.desk))
        shop.write_files(self.desk)
        billing = self.desk / "billing-config" / "billing.yaml"
        text = billing.read_text("utf-8").replace("https://bms.invalid", self.gate.url)
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
        program = self.folder / "bin" / "reconciler"
        env = {**os.environ, **self.runner.secrets}
        subprocess.run([program, *words], cwd=self.desk, env=env, check=True, capture_output=True)

    @contextmanager
    def started(self, name: str, *words: str, **env: str) -> Iterator[subprocess.Popen[str]]:
        """A command in a clone of its own, with a copy of the ledger of its own."""
        place = self.folder / name
        if not place.exists():
            git(self.folder, "clone", "--quiet", str(self.hub.repository), str(place))
            git(place, "remote", "set-url", "origin", self.hub.remote)
            git(place, "config", "http.extraheader", f"Authorization: {BASIC}")
        self.hub.rights = {"contents": "write"}
        command: list[str | Path] = [self.folder / "bin" / "reconciler", *words]
        with subprocess.Popen(
            command,
            cwd=place,
            env={**os.environ, **self.runner.secrets, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            yield process

    def propose(
        self,
        edit: Callable[[Path], object],
        owner: str = "example",
        folder: str = "billing-config",
        message: str = "A change",
    ) -> Pull:
        """A pull request with one commit, and the commit GitHub makes to try its merge."""
        self.numbers += 1
        git(self.desk, "checkout", "--quiet", "-B", "main", "origin/main")
        base = git(self.desk, "rev-parse", "HEAD")
        git(self.desk, "checkout", "--quiet", "-B", "change")
        edit(self.desk / folder)
        git(self.desk, "add", "--all", folder)
        git(self.desk, "commit", "--quiet", "--message", message)
        head = git(self.desk, "rev-parse", "HEAD")
        merged = self._merge(f"refs/pull/{self.numbers}/merge")
        return Pull(self.numbers, base, head, merged, f"{owner}/billing")

    def publish(self, pull: Pull) -> None:
        """Its branch is in this repository, and it is open."""
        git(self.desk, "push", "--quiet", "origin", f"{pull.head}:refs/heads/change")
        head = {"ref": "change", "sha": pull.head, "repo": {"full_name": pull.repository}}
        opened = {"number": pull.number, "state": "open", "head": head, "user": {"login": "maria"}}
        self.hub.api.opened.append({**opened, "base": {"ref": "main"}})

    def accept(self, number: int) -> Job:
        """Somebody merges the newest commit of an open pull request, and the merge is applied."""
        (pull,) = [one for one in self.hub.api.opened if one["number"] == number]
        assert pull["state"] == "open"
        git(self.desk, "fetch", "--quiet", "origin", "main", pull["head"]["ref"])
        git(self.desk, "checkout", "--quiet", "-B", "change", f"origin/{pull['head']['ref']}")
        git(self.desk, "fetch", "--quiet", "origin")
        commit = self._merge("refs/heads/main")
        git(self.desk, "fetch", "--quiet", "origin")
        pull |= {"state": "closed", "merged_at": "2026-11-23T18:00:00Z"}
        self.hub.api.merge(commit, number)
        return self.push(commit)

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

    def schedule(self, name: str, since: str | None = None) -> Job:
        """Its time has come, on main; its one job. ``since``: it waited, and main went on."""
        commit = since or git(self.hub.repository, "rev-parse", "main")
        payload = {"schedule": "* * * * *", "repository": _REPOSITORY}
        jobs = self.runner.run(name, "schedule", payload, commit).values()
        (job,) = [job for job in jobs if job.result != "skipped"]
        return job

    def at(self, moment: datetime) -> None:
        """Time passes, in BMS too."""
        self.moment.set(moment)
        self.sandbox.set_clock(moment)

    def push_directly(self, edit: Callable[[Path], object]) -> str:
        """A commit on main without a pull request, as an export of usage comes."""
        git(self.desk, "checkout", "--quiet", "-B", "main", "origin/main")
        edit(self.desk / "billing-config")
        git(self.desk, "add", "billing-config")
        git(self.desk, "commit", "--quiet", "--message", "By hand")
        git(self.desk, "push", "--quiet", "origin", "HEAD:main")
        git(self.desk, "fetch", "--quiet", "origin")
        return git(self.desk, "rev-parse", "HEAD")

    def count(self, account: str, first: date, last: date, devices: int) -> str:
        """Readings of these days come, in a file of their own."""
        rows = shop.HEADER + "".join(
            f"datto-edr,,{account},total-devices,,{first + timedelta(days=n)},{devices},\n"
            for n in range((last - first).days + 1)
        )
        name = f"usage/{account.split(maxsplit=1)[0].lower()}-{self.numbers}-{first}.csv"
        return self.push_directly(lambda config: (config / name).write_text(rows, "utf-8"))

    def units(self, account: str, service: str) -> int:
        rows = self.sandbox.ui.read_units()
        return sum(row.units for row in rows if (row.account, row.service) == (account, service))

    def rows(self, *accounts: str) -> list[ScreenRow]:
        """What a person sees of them in BMS, oldest first."""
        return [row for row in self.sandbox.ui.read_units() if row.account in accounts]

    def kept(self, table: str) -> list[Mapping[str, Any]]:
        """The rows of a table that the ledger's branch holds, in order."""
        names = git(self.hub.repository, "ls-tree", "-r", "--name-only", BRANCH).splitlines()
        lines = [
            json.loads(line)
            for name in sorted(names)
            if name.endswith(".jsonl")
            for line in git(self.hub.repository, "show", f"{BRANCH}:{name}").splitlines()
        ]
        return [line[table] for line in lines if table in line]

    def ledger(self) -> str:
        """The commit that the ledger's branch is at."""
        return git(self.hub.repository, "rev-parse", BRANCH)


@contextmanager
def listening(answer: str = "200 OK") -> Iterator[tuple[str, list[str]]]:
    """An address that is not ours, and what it was asked."""
    heard: list[str] = []

    def hear(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        heard.append(environ["PATH_INFO"])
        start(answer, [])
        return [b"{}"]

    with serving(hear, "127.0.0.1", 0) as url:
        yield url, heard


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
        base = {"sha": self.base, "ref": "main"}
        asked = {"number": self.number, "base": base, "head": head}
        return {"pull_request": asked, "repository": _REPOSITORY}


def found(folder: Path, warm: Warm) -> None:
    """A town for others to be copies of."""
    moment = Moment(folder / "moment")
    moment.set(shop.NOON)
    (folder / ".reconciler").mkdir()
    shop.write_sandbox(folder, PASSWORD)
    with opened(folder, warm, over_http=False) as town:
        town.begin()


@contextmanager
def built(folder: Path, warm: Warm, pattern: Path, *, over_http: bool) -> Iterator[Town]:
    """A town of one's own: a copy, that has moved to ports of its own."""
    shutil.copytree(pattern, folder, dirs_exist_ok=True)
    with opened(folder, warm, over_http=over_http) as town:
        town.move()
        yield town
        assert town.hub.problems == []


@contextmanager
def opened(folder: Path, warm: Warm, *, over_http: bool) -> Iterator[Town]:
    """All of it on loopback ports."""
    moment = Moment(folder / "moment")
    with Sandbox.open(folder / ".reconciler" / "sandbox.db") as sandbox:
        gate = Gate(sandbox.app, lambda: moment.process)
        with (
            serving(gate, "127.0.0.1", 0) as gate.url,
            served(folder / "hub", over_http=over_http) as hub,
        ):
            login = sandbox.client_settings
            secrets = {"BMS_USERNAME": login.username, "BMS_PASSWORD": login.password}
            runner = Runner(hub, folder / "machines", secrets, warm, moment)
            (folder / "bin").mkdir(exist_ok=True)
            warm.install(folder / "bin", moment)
            yield Town(folder, hub, sandbox, gate, runner)
