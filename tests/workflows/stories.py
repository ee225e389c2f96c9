"""What stories share: edits of a configuration, and texts that do not change by the run."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from tests.workflows.hub import Hub

ENDPOINT: Final = "Protected Endpoint"
PLAIN: Final = ("Nothing waits for approval any more.",)
"""Comments that are never looked for."""
Edit: TypeAlias = Callable[[Path], object]
_ANEW: Final = (
    (re.compile(r"\b[0-9a-f]{12}\b"), "0a1b2c3d4e5f"),  # commits and digests
    (re.compile(r"(?<=ref )[0-9A-F]{10}\b"), "0A1B2C3D4E"),
    (re.compile(r"(?<=/actions/runs/)\d+"), "1"),
)


def line(settings: str, name: str = "cobalt") -> Edit:
    """Other settings of an account's endpoints."""

    def edit(config: Path) -> None:
        path = config / "accounts" / f"{name}.yaml"
        text, count = re.subn("endpoint: {.*}", f"endpoint: {{{settings}}}", path.read_text())
        assert count == 1
        path.write_text(text, "utf-8")

    return edit


def replaced(name: str, old: str, new: str) -> Edit:
    """Another text in a file."""

    def edit(config: Path) -> None:
        text = (config / name).read_text("utf-8")
        assert old in text
        (config / name).write_text(text.replace(old, new), "utf-8")

    return edit


def shown(hub: Hub, *hosts: str) -> str:
    """All that GitHub shows, in the order it was made, without what every run names anew.

    ``hosts``: other addresses, which are given names that stay.
    """
    issues = [
        f"# {one['title']} ({one['state']})\n\n{_shown(one['body'])}" for one in hub.api.issues
    ]
    issues += [
        f"# #{one['number']} {one['title']} ({one['state']})\n\n{_shown(one['body'])}"
        for one in hub.api.opened
        if "body" in one
    ]
    bodies = [f"# On #{one['number']}\n\n{_shown(one['body'])}" for one in hub.api.comments]
    text = "\n\n".join([*issues, *bodies]).replace(hub.url, "https://github.test")
    for number, host in enumerate(hosts, start=1):
        text = text.replace(host.partition("//")[2], f"host-{number}.test")
    for pattern, same in _ANEW:
        text = pattern.sub(same, text)
    return text


def _shown(body: str) -> str:
    """Without the hidden line."""
    hidden, _, text = body.partition("\n")
    if not hidden.startswith("<!-- reconciler "):
        assert hidden in PLAIN
        return hidden
    return text.strip()
