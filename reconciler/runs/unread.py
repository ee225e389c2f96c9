"""Files of a pull request that look like a configuration's, and that no configuration reads.

Beside a configuration they are mistakes (CFG023); anywhere else they may be meant, so only its
comment tells of them.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from reconciler.desired.folders import FOLDERS, counts, hidden
from reconciler.desired.looks import kind_of, meant, set_aside
from reconciler.git import Revisions
from reconciler.report.unread import Unread
from reconciler.runs.edited_usage import changed_by
from reconciler.runs.neighbours import FILE, LEDGER, key_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Set
    from pathlib import Path

    from reconciler.github import Event

_VERSION: Final = key_line("version")
"""Every file of ours has one."""
_KINDS: Final = key_line("(account|services|approvals|cases)")
"""And one of these."""


def unread(repository: Path, event: Event) -> tuple[Unread, ...]:
    """Those that are new or other ones with it, sorted."""
    revisions = Revisions(repository)
    homes = revisions.with_line(event.head, FILE, "")
    changed = {
        name
        for name in changed_by(repository, event)
        if not _read(name, homes) and not set_aside(PurePosixPath(name))
    }
    if not changed:
        return ()
    there = revisions.files_with_line(event.head, "*", _VERSION)
    ours = changed & revisions.files_with_line(event.head, "*", _VERSION, _KINDS)
    return tuple(_found(revisions, event.head, sorted(ours), homes, there))


def _found(
    revisions: Revisions, head: str, names: list[str], homes: Set[str], there: Set[str]
) -> Iterator[Unread]:
    own = revisions.home
    planned = revisions.with_line(head, FILE, LEDGER) | {own}
    for name, content in zip(names, revisions.contents(head, names), strict=True):
        kind = kind_of(content)
        if kind is not None:
            home = _home(name, homes) or (own if len(planned) == 1 else None)
            right = home and str(PurePosixPath(home, kind, meant(PurePosixPath(name).name)))
            yield Unread(name, kind, None if right in there else right)


def _read(name: str, homes: Set[str]) -> bool:
    """By one of the configurations; a billing.yaml is one itself."""
    path = PurePosixPath(name)
    for home in homes:
        if path.is_relative_to(home):
            folder, *inner = path.relative_to(home).parts
            above = inner[:-1]
            if folder in FOLDERS and inner and counts(path.name) and not any(map(_out, above)):
                return True
    return path.name == FILE


def _out(folder: str) -> bool:
    return hidden(folder) or counts(folder)


def _home(name: str, homes: Set[str]) -> str | None:
    """The innermost configuration that a file lies in."""
    return next((str(one) for one in PurePosixPath(name).parents if str(one) in homes), None)
