"""What to do, in words for where it is read: on GitHub nobody has a terminal beside the text."""

from __future__ import annotations

from typing import Final

from reconciler.findings import CODES

_AGAIN: Final = "tonight's run reads the usage again, or run the workflow `daily` now"

_ON_GITHUB: Final = {
    "KNW001": "read the units in BMS, and take them over with the workflow **baseline**",
    "USG002": f"mend the source; {_AGAIN}",
    "USG004": f"mend what the message names; {_AGAIN}",
}


def on_github(code: str, remedy: str) -> str:
    """In place of the code's general remedy; one that speaks of its own case stays."""
    entry = CODES.get(code)
    return _ON_GITHUB.get(code, remedy) if entry and entry.remedy == remedy else remedy
