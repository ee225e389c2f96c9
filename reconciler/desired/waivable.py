"""Which findings may be waived for an account, and which may be shown as more or less."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.desired.trouble import Trouble
from reconciler.findings import CODES, HOLDS
from reconciler.model.desired import Shown
from reconciler.model.hints import choose
from reconciler.model.place import Origin

GUARDS: Final = ("GRD001", "GRD002", "GRD003", "GRD006")
"""What holds a line or account on purpose, so that a person may let it pass for a while."""

IN_PLANS: Final = ("BMS", "GRD", "KNW", "MOD", "POL", "USG")
"""Other codes stop a command before there is a plan, or are of another command."""

ALWAYS: Final = ("USG007",)
"""Nothing checked is never in step."""

STOPS: Final = ("APP", "CFG")
"""What is said as a command stops, or a write ends: always errors, whatever is configured."""

OF_ALL: Final = ("USG016",)
"""Errors that are told once for all accounts: a waiver in the file of one would change nothing."""

OF_THE_ACCOUNT: Final = ("GRD003",)
"""Guards of the account's money in all: a service alone cannot pass them."""


def check_waiver(code: str, origin: Origin, *, of_service: bool = False) -> Iterator[Trouble]:
    """A waiver lets a change over a guard pass, or accepts a finding that holds nothing."""
    if code not in CODES:
        yield _unknown(code, origin)
    elif (code in HOLDS and code not in GUARDS) or not code.startswith(IN_PLANS):
        message = f"`{code}` cannot be waived: {CODES[code].title.lower()}"
        yield Trouble("CFG003", message, CODES[code].remedy, origin)
    elif code in OF_ALL:
        message = f"`{code}` cannot be waived for an account: it is told once for all of them"
        yield Trouble("CFG003", message, CODES[code].remedy, origin)
    elif of_service and code in OF_THE_ACCOUNT:
        message = f"`{code}` is about all services of the account together"
        remedy = "take `service:` out, or waive GRD002 for the service"
        yield Trouble("CFG003", message, remedy, origin)


def check_shown(shown: Mapping[str, Shown], file: str) -> Iterator[Trouble]:
    """What holds lines is at least a warning."""
    for code, how in shown.items():
        origin = Origin(file, ("findings", code))
        if code not in CODES:
            yield _unknown(code, origin, at_key=True)
        elif code in ALWAYS or code.startswith(STOPS):
            message = f"`{code}` is always an error"
            yield Trouble("CFG003", message, "take it out", origin, at_key=True)
        elif code in HOLDS and how in ("info", "off"):
            message = f"`{code}` holds lines back, so it is at least a warning"
            yield Trouble("CFG003", message, "write `warning` or `error`", origin)


def _unknown(code: str, origin: Origin, *, at_key: bool = False) -> Trouble:
    remedy = choose(code, CODES, "`reconciler rule` lists the codes")
    return Trouble("CFG003", f"unknown code `{code}`", remedy, origin, at_key)
