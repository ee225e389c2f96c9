"""Why a person does something, as an option."""

from __future__ import annotations

import click


def REASON(text: str) -> str:  # noqa: N802  stands where click has its own types
    """An option's value that says something; the dots of an example do not."""
    if not any(map(str.isalnum, text)):
        raise click.BadParameter("say why in a few words; whoever looks later reads only this")
    return text.strip()
