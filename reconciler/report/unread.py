"""Files of a pull request that look like a configuration's and that nothing reads, in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reconciler.report.outside import markdown_code
from reconciler.report.sentences import Next
from reconciler.report.words import counted, listed_few

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SHOWN: Final = 3

_LIKE: Final = {
    "accounts": "an account's file",
    "services": "a file of services",
    "approvals": "a file of approvals",
    "tests": "a file of policy tests",
}


@dataclass(frozen=True, slots=True)
class Unread:
    """By its name from the repository's top."""

    file: str
    kind: str
    """The folder that it would belong into."""
    meant: str | None
    """Where it would be read; None where nobody can say, or a file is there already."""


def in_short(found: Sequence[Unread]) -> str:
    """``nothing reads 1 file of it``."""
    return f"nothing reads {counted(len(found), 'file')} of it"


def headline(found: Sequence[Unread]) -> str:
    """What it does not do, though somebody may think so."""
    named = listed_few([one.file for one in found], SHOWN)
    return f"Nothing reads {named}, which it adds or changes."


def sentences(found: Sequence[Unread]) -> Iterator[str]:
    """What each looks like, and where it would be read."""
    for one in found[:SHOWN]:
        does = f"{one.file} looks like {_LIKE[one.kind]}, and no configuration reads it"
        yield f"{does}: did you mean {one.meant}?" if one.meant else f"{does}."
    if len(found) > SHOWN:
        yield f"So it is with {counted(len(found) - SHOWN, 'more file')}."


def next_steps(found: Sequence[Unread]) -> Iterator[Next]:
    """Before merging; a name that says that it is set aside ends the question."""
    if not found:
        return
    first = found[0]
    if len(found) > 1:
        what = "Move what nothing reads to where it is read"
    elif first.meant:
        what = f"Move `{first.file}` to `{first.meant}`"
    else:
        what = f"Move `{first.file}` into the `{first.kind}/` of the configuration that it is for"
    yield Next(
        markdown_code(
            f"{what}: else what is in it counts for nothing. What is set aside on purpose may end"
            " in `.disabled`."
        )
    )
