"""The fast way of reading YAML, for documents of an ordinary form."""

from __future__ import annotations

from reconciler.desired.tree import Plain


def read(content: bytes) -> Plain:
    """The document, or None to hand it over."""
    return None if content else None
