"""The codes as a table. A code never changes its meaning; a new meaning gets a new code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reconciler.findings import config, known, policy, usage, verify, write
from reconciler.findings.code import Code
from reconciler.model.finding import Finding, Subject

if TYPE_CHECKING:
    from decimal import Decimal

    from reconciler.model.place import Origin

NOTHING_IN_PARTICULAR: Final = Subject()

CODES: Final[dict[str, Code]] = {
    code.code: code
    for table in (config.TABLE, known.TABLE, policy.TABLE, usage.TABLE, verify.TABLE, write.TABLE)
    for code in table
}

HOLDS: Final = frozenset(code for code, entry in CODES.items() if entry.blocks) | {
    "USG002",
    "USG004",
    "USG012",
}
"""Lines wait while such a finding stands."""

MISFITS: Final = frozenset(code for code in CODES if code.startswith(("CFG", "BMS"))) | {
    "USG010",
    "USG016",
}
"""Of what the configuration says or names, and mended there. Where one is an error, no line that it
is about is kept in step."""

AGAINST_BMS: Final = frozenset(code for code in HOLDS if code.startswith("BMS"))
"""Of what does not fit what BMS has, so that no line of it is written."""


def finding(
    code: str,
    message: str,
    *,
    subject: Subject = NOTHING_IN_PARTICULAR,
    origin: Origin | None = None,
    money: Decimal | None = None,
    remedy: str | None = None,
) -> Finding:
    """A finding with its code's severity; ``remedy`` replaces the code's general one."""
    entry = CODES[code]
    return Finding(
        code=code,
        severity=entry.severity,
        message=message,
        remedy=remedy or entry.remedy,
        subject=subject,
        origin=origin,
        money=money,
        blocks=entry.blocks,
    )
