"""The workflows and the action as they lie in the repository."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / ".github" / "workflows"
CALLERS: Final = ROOT / "docs" / "workflows"
ACTION: Final = "$/.github/actions/reconciler"

Tree = Mapping[str, Any]


@cache
def load(path: Path) -> Tree:
    """A file, with every anchor resolved; read once."""
    found: Tree = YAML(typ="safe").load(path.read_text("utf-8"))
    return found


def action() -> Tree:
    return load(ROOT / ".github" / "actions" / "reconciler" / "action.yml")


def workflows(folder: Path = FOLDER) -> dict[str, Tree]:
    """By name; those of the project's own checks too."""
    return {path.stem: load(path) for path in sorted(folder.glob("*.yml"))}


def jobs() -> Iterator[tuple[str, Tree]]:
    """Every job of every workflow, as ``workflow.job``."""
    for name, workflow in workflows().items():
        for job, content in workflow["jobs"].items():
            yield f"{name}.{job}", content


def steps() -> Iterator[tuple[str, Tree]]:
    """Every step of every job, and of the action."""
    for name, job in jobs():
        yield from ((name, step) for step in job["steps"])
    yield from (("action", step) for step in action()["runs"]["steps"])


def dumped(part: object) -> str:
    """All there is in a part of a file, to look for words in it."""
    return json.dumps(part, default=str)
