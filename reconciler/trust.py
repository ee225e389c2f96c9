"""Whom a connection believes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    import ssl


@cache
def trusted() -> ssl.SSLContext:
    """The certificates that are trusted, read once: SSL_CERT_FILE or SSL_CERT_DIR, where set."""
    return httpx.create_ssl_context()
