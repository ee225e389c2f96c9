"""Secrets taken out of what others say: whoever is sent one may repeat it in an error."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote, quote_plus

HIDDEN: Final = "***"


def without(text: str, secrets: Iterable[str]) -> str:
    """The text without any of the secrets, as they are or as they were sent."""
    forms = {form for secret in secrets if secret for form in _forms(secret)}
    # A longer one first: what it leaves of a shorter one in it would be told.
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, HIDDEN)
    return text


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield quote(secret)
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield json.dumps(secret)[1:-1]
    yield base64.b64encode(secret.encode()).decode()
