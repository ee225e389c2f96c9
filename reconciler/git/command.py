"""One git command at a time."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reconciler.hiding import without
from reconciler.model.errors import ReconcilerError

SECONDS: Final = 300
"""No command takes longer, whatever the network does."""

_ELSEWHERE: Final = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")

_OURS: Final = ("BMS_", "RECONCILER_")

_TOKENS: Final = ("GITHUB_TOKEN", "GH_TOKEN")
_USER: Final = "x-access-token"
"""As whom git signs in with a token."""

_CREDENTIALS: Final = re.compile(r"(?<=://)[^/@\s]+@")


class GitError(ReconcilerError):
    """Git is missing, or could not do what was asked."""


@dataclass(frozen=True, slots=True)
class Git:
    """The repository around a folder."""

    folder: Path

    def text(
        self, *arguments: str, given: bytes = b"", env: Mapping[str, str] | None = None
    ) -> str:
        """What a command prints, without the space around it."""
        return self.run(*arguments, given=given, env=env).stdout.decode().strip()

    def run(
        self,
        *arguments: str,
        given: bytes = b"",
        env: Mapping[str, str] | None = None,
        ends: Sequence[int] | None = (0,),
    ) -> subprocess.CompletedProcess[bytes]:
        """One command; GitError unless it ends as in ``ends`` (None: however)."""
        try:
            done = subprocess.run(
                ["git", "-C", str(self.folder), *arguments],
                input=given,
                env={**_environment(), **(env or {})},
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except FileNotFoundError as error:
            raise GitError("git is not installed", remedy="install git") from error
        except subprocess.TimeoutExpired as error:
            raise failed(arguments[0], f"no answer within {SECONDS} s") from error
        if ends is not None and done.returncode not in ends:
            raise failed(arguments[0], done.stderr.decode(errors="replace"))
        return done


def _environment() -> dict[str, str]:
    """Without what points git elsewhere, and without what is none of its business."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in _ELSEWHERE and not name.startswith(_OURS)
    }
    return {**kept, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


def failed(command: str, told: str) -> GitError:
    """With git's own words, without a password that an address in them may hold, and without a
    token that the remote repeats."""
    tokens = [os.environ.get(name, "") for name in _TOKENS]
    told = without(told, [*tokens, *(f"{_USER}:{token}" for token in tokens if token)])
    lines = [_CREDENTIALS.sub("", line.strip()) for line in told.splitlines() if line.strip()]
    return GitError(f"git {command} failed: {'; '.join(lines) or 'it said nothing'}")
