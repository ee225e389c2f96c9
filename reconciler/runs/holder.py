"""What others read about a run that holds the ledger."""

from __future__ import annotations

import getpass
import os
import socket


def login() -> str:
    """Whoever runs this; by number where the system has no name, as in many containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def person() -> str:
    """Whoever asked for this: in a job on GitHub who started it, not the machine's user."""
    return os.environ.get("GITHUB_ACTOR") or login()


def holder(what: str) -> str:
    """With the process and the machine, so that one can look whether the run is still alive."""
    user = login()
    place = f"process {os.getpid()} on {socket.gethostname()}"
    return f"{what} ({place})" if what == user else f"{what} ({user}, {place})"
