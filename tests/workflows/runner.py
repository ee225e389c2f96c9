"""A runner: the real `run:` steps of a workflow, in order, each job on a machine that is new."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.github.api import REPOSITORY, TOKEN
from tests.workflows.expressions import fill, holds
from tests.workflows.files import ACTION, Tree, action, workflows
from tests.workflows.hub import BASIC, Hub
from tests.workflows.warm import Moment, Warm

_SHELLS: Final = {None: ("-e",), "bash": ("--noprofile", "--norc", "-eo", "pipefail")}


@dataclass
class Job:
    """What became of a job."""

    result: str = "skipped"
    output: str = ""
    summary: str = ""
    environments: list[Mapping[str, str]] = field(default_factory=list)
    """Of each step that ran a script."""
    kept: Mapping[str, str] = field(default_factory=dict)
    """Artifacts."""


@dataclass
class Runner:
    """Of one repository; ``secrets`` are those of its environments."""

    hub: Hub
    folder: Path
    secrets: Mapping[str, str]
    warm: Warm
    moment: Moment
    variables: Mapping[str, str] = field(default_factory=lambda: {"RECONCILER": "on"})
    runs: int = 0
    done: list[Job] = field(default_factory=list)
    """Every job so far."""

    def run(self, name: str, event: str, payload: Tree, commit: str) -> dict[str, Job]:
        """Every job of a workflow, by its name. A fork's run is given no secret, as on GitHub."""
        self.runs += 1
        head = payload.get("pull_request", {}).get("head", {}).get("repo", {})
        own = head.get("full_name", REPOSITORY) == REPOSITORY
        done: dict[str, Job] = {}
        for job, content in workflows()[name]["jobs"].items():
            machine = _Machine(self, f"{self.runs}-{job}", content, own)
            machine.prepare(event, payload, commit)
            assert "needs" not in content, "jobs of a run are worked one after the other"
            machine.work()
            done[job] = machine.job
            self.done.append(machine.job)
        return done


@dataclass
class _Machine:
    runner: Runner
    name: str
    content: Tree
    own: bool
    """Not a fork's."""
    job: Job = field(default_factory=Job)
    contexts: dict[str, Any] = field(default_factory=dict)
    base: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.runner.folder / self.name

    @property
    def workspace(self) -> Path:
        return self.folder / "work"

    @property
    def artifacts(self) -> Path:
        return self.folder / "artifacts"

    @property
    def _env(self) -> Tree:
        found: Tree = self.content.get("env", {})
        return found

    def prepare(self, event: str, payload: Tree, commit: str) -> None:
        for place in (self.workspace, self.folder / "bin", self.artifacts):
            place.mkdir(parents=True)
        (self.folder / "event.json").write_text(json.dumps(payload), "utf-8")
        (self.folder / "summary.md").touch()
        (self.folder / ".gitconfig").write_text("[maintenance]\n\tauto = false\n", "utf-8")
        url = self.runner.hub.url
        self.base = {
            "PATH": f"{self.folder / 'bin'}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.folder),
            "COLUMNS": "100",
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": url,
            "GITHUB_SERVER_URL": url,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": str(self.runner.runs),
            "GITHUB_SHA": commit,
            "GITHUB_ACTOR": "maria",
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            "GITHUB_WORKFLOW": str(self.name.partition("-")[2]),
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.folder),
        }
        github = {
            "event": payload,
            "event_name": event,
            "repository": REPOSITORY,
            "ref": "" if event == "pull_request" else "refs/heads/main",
            "ref_name": "main",
            "server_url": url,
            "sha": commit,
            "token": TOKEN,
            "workspace": str(self.workspace),
        }
        self.contexts = {
            "github": github,
            "inputs": payload.get("inputs", {}),
            "vars": self.runner.variables,
            "secrets": self.runner.secrets if self.own else {},
            "steps": {},
            "job": {"workflow_repository": "example/reconciler"},
            "status": {"success": True, "always": True, "cancelled": False},
        }

    def work(self) -> None:
        if not holds(self.content.get("if", "success()"), self.contexts):
            return
        self.runner.hub.rights = self.content["permissions"]
        self.job.result = "success"
        for step in self.content["steps"]:
            self._step(step, {})
        self.job.summary = (self.folder / "summary.md").read_text("utf-8")
        self.job.kept = {path.name: path.read_text("utf-8") for path in self.artifacts.iterdir()}
        self._check_nothing_leaked()

    def _step(self, step: Tree, inputs: Mapping[str, str]) -> None:
        contexts = {**self.contexts, "inputs": inputs or self.contexts["inputs"]}
        contexts["status"] = {**contexts["status"], "success": self.job.result == "success"}
        condition = str(step.get("if", "success()"))
        if "()" not in condition:
            condition = f"success() && {condition}"
        if not holds(condition, contexts):
            return
        if "run" in step:
            self._script(step, contexts)
            return
        given = {key: fill(value, contexts) for key, value in step.get("with", {}).items()}
        match step["uses"].partition("@")[0]:
            case "actions/checkout":
                self._checkout(given)
            case "actions/upload-artifact":
                if (self.workspace / given["path"]).exists():
                    shutil.copy(self.workspace / given["path"], self.artifacts)
            case name if name == ACTION:
                self._install()
                self._composite(given)
            case name:
                raise AssertionError(f"nothing stands in for {name}")

    def _composite(self, given: Mapping[str, str]) -> None:
        """What the action runs once it has installed us."""
        inputs = {key: one["default"] for key, one in action()["inputs"].items()}
        inputs |= given
        for step in action()["runs"]["steps"]:
            if step.get("name") == "Run":
                self._step(step, inputs)

    def _install(self) -> None:
        """In place of pip: this very program, with the town's time."""
        self.runner.warm.install(self.folder / "bin", self.runner.moment)

    def _checkout(self, given: Mapping[str, str]) -> None:
        """Past the network, which is the slower way to the same."""
        assert self.runner.hub.may("contents", "read")
        place = str(self.workspace / given["path"])
        commit = given.get("ref") or self.base["GITHUB_SHA"]
        if commit.startswith("refs/heads/"):
            commit = self.runner.hub.api.tips(commit.removeprefix("refs/heads/"))
        wanted = given.get("fetch-depth", "1")
        depth = () if wanted == "0" else (f"--depth={wanted}",)
        refs = () if depth else ("+refs/heads/*:refs/remotes/origin/*",)
        source = self.runner.hub.repository.as_uri()
        for arguments in (
            ("init", "--quiet", "--template=", place),
            ("-C", place, "fetch", "--quiet", *depth, source, commit, *refs),
            ("-C", place, "remote", "add", "origin", self.runner.hub.remote),
            ("-C", place, "checkout", "--quiet", commit),
        ):
            subprocess.run(["git", *arguments], check=True, env=self.base, capture_output=True)

    def _script(self, step: Tree, contexts: Mapping[str, Any]) -> None:
        # The job's own are filled with its inputs, a step's with those of the action it is of.
        around = {key: fill(value, self.contexts) for key, value in self._env.items()}
        own = {key: fill(value, contexts) for key, value in step.get("env", {}).items()}
        env = {**self.base, **around, **own}
        script = self.folder / "script.sh"
        script.write_text(step["run"], "utf-8")
        done = subprocess.run(
            ["bash", *_SHELLS[step.get("shell")], str(script)],
            cwd=self.workspace / fill(step.get("working-directory", "."), contexts),
            env=env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        self.job.environments.append(env)
        self.job.output += done.stdout + done.stderr
        if "id" in step:
            outcome = "failure" if done.returncode else "success"
            self.contexts["steps"][step["id"]] = {"outcome": outcome}
        if done.returncode != 0:
            self.job.result = "failure"

    def _check_nothing_leaked(self) -> None:
        """No secret is in an output, or left behind in a file of a checkout."""
        for secret in (TOKEN, BASIC.partition(" ")[2], *self._told()):
            assert secret not in self.job.output
            for path in self._left_behind():
                assert secret.encode() not in path.read_bytes(), path

    def _told(self) -> list[str]:
        """Secrets; a user's name is none."""
        return [value for name, value in self.runner.secrets.items() if name != "BMS_USERNAME"]

    def _left_behind(self) -> Iterator[Path]:
        yield from self.workspace.glob("*/.git/config")
        yield from self.artifacts.iterdir()
        yield self.folder / "summary.md"
        yield from self.folder.glob(".git*")
