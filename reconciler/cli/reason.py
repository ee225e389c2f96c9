"""Why a person does something, as an option."""

from __future__ import annotations

import click


def REASON(text: str) -> str:  # noqa: N802  stands where click has its own types
    """An option's value that says something; the dots of an example do not."""
    if not any(map(str.isalnum, text)):
        raise click.BadParameter("say why in a few words; whoever looks later reads only this")
    return text.strip()


def FILED_REASON(text: str) -> str:  # noqa: N802
    """One that stands in a file of the configuration: what no file can have is told here, not with
    the place in a file that is not there yet."""
    if "${" in text:
        raise click.BadParameter(
            "a reason cannot have ${ in it, which stands for a variable: say it in other words"
        )
    return REASON(text)
