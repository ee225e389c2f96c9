"""What to do, in words for where it is read: on GitHub nobody has a terminal beside the text."""

from __future__ import annotations

import re
from typing import Final

from reconciler.findings import CODES

_COMMAND: Final = re.compile(r": `(reconciler [^`]+)`$")

_TAKES_OVER: Final = "`reconciler drift --accept"

_AGAIN: Final = "tonight's run reads the usage again, or run the workflow `daily` now"

_ON_GITHUB: Final = {
    "KNW001": "read the units in BMS, and take them over with the form `baseline`",
    "USG002": f"mend the source; {_AGAIN}",
    "USG004": f"mend what the message names; {_AGAIN}",
}


def with_command(remedy: str) -> tuple[str, str | None]:
    """What to do, and the command that it ends with, which is to be copied: no line breaks it."""
    found = _COMMAND.search(remedy)
    return (remedy, None) if found is None else (f"{remedy[: found.start()]}:", found[1])


def on_github(code: str, remedy: str) -> str:
    """In place of the code's general remedy; one that speaks of its own case stays."""
    entry = CODES.get(code)
    told = _ON_GITHUB.get(code, remedy) if entry and entry.remedy == remedy else remedy
    return f"{told}, or with the form `accept`" if _TAKES_OVER in told else told
