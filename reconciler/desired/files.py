"""The files of a configuration directory."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from reconciler.desired.documents import (
    AccountDoc,
    ApprovalsDoc,
    BillingDoc,
    ServicesDoc,
)
from reconciler.desired.folders import ACCOUNTS, APPROVALS, BILLING, SERVICES, counts
from reconciler.desired.source import Source, read_source
from reconciler.desired.strays import strays
from reconciler.model.finding import Problem
from reconciler.model.place import Position

D = TypeVar("D", bound=BaseModel)

_BILLED: Final = frozenset({SERVICES, ACCOUNTS, APPROVALS})
"""Folders of which a plan is made; what is wrong in the others stops none."""


@dataclass(frozen=True, slots=True)
class Files:
    """Everything read, each file with its document or its problems."""

    home: str
    """What the names of all of them begin with."""
    billing: Source[BillingDoc]
    services: tuple[Source[ServicesDoc], ...]
    accounts: tuple[Source[AccountDoc], ...]
    approvals: tuple[Source[ApprovalsDoc], ...]
    strays: tuple[Problem, ...] = ()
    """What nothing reads, though somebody may think so."""

    def problems(self) -> Iterator[Problem]:
        """Of every file by itself."""
        for one in self.all():
            yield from one.problems
        yield from self.strays

    def all(self) -> Iterator[Source[Any]]:
        """Every file."""
        yield self.billing
        yield from self.services
        yield from self.accounts
        yield from self.approvals

    def digest(self) -> str:
        """Of names and content; approvals permit changes and do not belong to it."""
        return digest_of(self.contents())

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """Names in the directory and bytes of the files that decide what is billed."""
        ours: tuple[Source[Any], ...] = (self.billing, *self.services, *self.accounts)
        return ((one.file.removeprefix(self.home), one.content) for one in ours)


def digest_of(contents: Iterable[tuple[str, bytes]]) -> str:
    """SHA-256 over names in the directory and contents, sorted by name."""
    total = hashlib.sha256()
    for name, content in sorted(contents):
        total.update(name.encode())
        total.update(b"\0%d\0" % len(content))
        total.update(content)
    return total.hexdigest()


def read_files(directory: Path, accounts: Sequence[Path] | None = None) -> Files:
    """Read a whole configuration directory, or only these of its ``accounts``."""
    top = directory.resolve()
    billing, services = read_definitions(directory)
    chosen = account_files(directory) if accounts is None else accounts
    return Files(
        home(top),
        billing,
        services,
        read_sources(top, chosen, AccountDoc),
        read_approvals(directory),
        strays_of(top, billing, _BILLED),
    )


def strays_of(top: Path, billing: Source[BillingDoc], kinds: Set[str]) -> tuple[Problem, ...]:
    """What nothing reads, of the files that would belong into these folders."""
    doc = billing.readable
    usage = [one.path for one in doc.usage] if doc is not None else []
    return tuple(strays(top, home(top), usage, kinds))


def account_files(directory: Path) -> list[Path]:
    """The files of accounts/, sorted."""
    return within(directory.resolve(), ACCOUNTS)


def read_approvals(directory: Path) -> tuple[Source[ApprovalsDoc], ...]:
    """The files of approvals/ alone."""
    top = directory.resolve()
    return read_sources(top, within(top, APPROVALS), ApprovalsDoc)


def read_definitions(directory: Path) -> tuple[Source[BillingDoc], tuple[Source[ServicesDoc], ...]]:
    """billing.yaml and the files of services/."""
    top = directory.resolve()
    return read_billing(top), read_sources(top, within(top, SERVICES), ServicesDoc)


def read_billing(top: Path) -> Source[BillingDoc]:
    """billing.yaml; where it is missing, that is said of the folder: the path given is wrong."""
    file = label(top, top / BILLING)
    why = why_none(top)
    if why is None:
        return read_source(top / BILLING, file, BillingDoc)
    remedy = f"check the path; --config takes the folder that has {BILLING}"
    return Source(file, b"", None, (Problem("CFG012", why, remedy, Position(file, 1, 1)),))


def why_none(top: Path) -> str | None:
    """Why there is no configuration in a folder; None where there is one, even if it is wrong."""
    if (top / BILLING).exists():
        return None
    shown = _shown(top)
    if top.is_dir():
        return f"{shown} has no {BILLING}"
    return f"{shown} is {'a file' if top.exists() else 'not there'}"


def _shown(top: Path) -> str:
    """As its repository has it: who reads of a run knows nothing of its machine's folders."""
    inside = _in_repository(top)
    if inside is None:
        return str(top)
    return top.name if inside == "." else inside


def home(top: Path) -> str:
    """What the names of a directory's files begin with, as problems and origins show them.

    Its path in its repository, so that a file has one name wherever it is told of, and two
    directories none in common; without a repository its own name.
    """
    inside = _in_repository(top)
    if inside is None:
        return f"{top.name}/"
    return "" if inside == "." else f"{inside}/"


def _in_repository(top: Path) -> str | None:
    for above in (top, *top.parents):
        if os.path.lexists(above / ".git"):
            return top.relative_to(above).as_posix()
    return None


def label(top: Path, path: Path) -> str:
    """A file's name as problems and origins show it."""
    return f"{home(top)}{path.relative_to(top).as_posix()}"


def unlabelled(directory: Path, file: str) -> str:
    """Its name in the directory."""
    return file.removeprefix(home(directory.resolve()))


def read_sources(top: Path, paths: Iterable[Path], kind: type[D]) -> tuple[Source[D], ...]:
    """Files of one kind, each with its name."""
    begin = home(top)
    return tuple(
        read_source(one, f"{begin}{one.relative_to(top).as_posix()}", kind) for one in paths
    )


def within(top: Path, folder: str) -> list[Path]:
    """What is named like our files in a folder, whatever it is, and what cannot be listed; sorted.

    Reading then fails on what is no file, so that nothing goes missing without a word.
    """
    found: list[Path] = []
    if not os.path.lexists(top / folder):
        return found
    unlisted: list[OSError] = []
    for place, folders, names in os.walk(top / folder, onerror=unlisted.append):
        found += [Path(place, name) for name in (*folders, *names) if counts(name)]
        folders[:] = [n for n in folders if not n.startswith(".") and not counts(n)]
    found += [Path(error.filename) for error in unlisted]
    return sorted(found)
