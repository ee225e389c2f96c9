"""What findings are about, in names, without what their message says already."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconciler.model.finding import Subject


def about(subject: Subject, message: str) -> str:
    """From wide to narrow, without what the message names already."""
    return about_each([subject], message)[0]


def about_each(some: Sequence[Subject], message: str) -> list[str]:
    """Of several with one message, which cannot name what differs between them, whatever words it
    has."""
    rows = [_parts(one) for one in some]
    said = [
        len(set(column)) > 1 or not _names(message, column[0]) for column in zip(*rows, strict=True)
    ]
    return [
        " / ".join(part for part, needed in zip(row, said, strict=True) if part and needed)
        for row in rows
    ]


def _parts(subject: Subject) -> tuple[str | None, ...]:
    return (
        subject.account,
        subject.contract,
        subject.service,
        subject.product,
        subject.organization,
        subject.source,
    )


def _names(message: str, name: str | None) -> bool:
    """Not where it is a part of another word."""
    return bool(name) and re.search(rf"(?<!\w){re.escape(name or '')}(?!\w)", message) is not None
