"""Which changes are written, and which wait for a person."""

from __future__ import annotations

from typing import Final

WRITES: Final = ("ready", "proposed")
WAITS: Final = ("held", "by-hand")
