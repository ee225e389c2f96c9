"""Tell whoever watches an address that the schedule is alive."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import httpx

VARIABLE: Final = "RECONCILER_HEARTBEAT"
SECONDS: Final = 10.0
TRIES: Final = 3


def beat(
    env: Mapping[str, str],
    transport: httpx.BaseTransport | None = None,
    sleep: Callable[[float], None] | None = None,
) -> str | None:
    """Request the address, where one is set. What went wrong, if something did.

    The address may hold a secret: nothing that is said repeats any of it.
    """
    address = env.get(VARIABLE, "").strip()
    if not address:
        return None
    if not _allowed(address):
        return f"{VARIABLE} is no https:// address, nor an http:// one of this machine"
    why = None
    for number in range(TRIES):
        if number:
            (sleep or time.sleep)(2.0**number)
        why = _asked(address, transport)
        if why is None:
            return None
    return f"the address of {VARIABLE} did not take it: {why}"


def _allowed(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_here(host))


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _asked(address: str, transport: httpx.BaseTransport | None) -> str | None:
    import httpx

    from reconciler.trust import trusted

    try:
        with httpx.Client(timeout=SECONDS, verify=trusted(), transport=transport) as client:
            answer = client.get(address)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return type(error).__name__
    return None if answer.is_success else f"status {answer.status_code}"
