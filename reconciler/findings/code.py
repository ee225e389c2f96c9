"""What a code consists of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconciler.model.finding import Severity


@dataclass(frozen=True, slots=True)
class Code:
    """``blocks``: the lines concerned are not written until a person has acted."""

    code: str
    severity: Severity
    title: str
    meaning: str
    remedy: str
    once: bool = False
    """Told by the first run that sees it: from then on what it tells of counts as known."""
    blocks: bool = False
