"""The names of branches of ours."""

from __future__ import annotations

import re
from typing import Final

from reconciler.github.statuses import USUAL

_NOT_IN_A_NAME: Final = re.compile(r"[^A-Za-z0-9/_-]+")


def branch_of(what: str, config: str) -> str:
    """Two configurations in one repository have branches of their own."""
    place = "" if config == USUAL else f"{_NOT_IN_A_NAME.sub('-', config).strip('/')}/"
    return f"reconciler/{place}{what}"
