"""Takes every source into the ledger; one that fails does not stop the others."""

from __future__ import annotations

import glob
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from reconciler.model.errors import SourceError
from reconciler.usage.files import FileUsage
from reconciler.usage.problems import BadRows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from reconciler.model.desired import FileSource
    from reconciler.model.reading import Reading
    from reconciler.usage.source import UsageSource


class ReadingStore(Protocol):
    """What of the ledger is needed here."""

    def record_pull(self, source: str, readings: Sequence[Reading], at: datetime) -> int:
        """Takes in what a source gave; says how many rows were new."""
        ...

    def record_failed_pull(self, source: str, message: str, at: datetime) -> None:
        """Remembers that a source could not be read."""
        ...


@dataclass(frozen=True, slots=True)
class Pulled:
    """How one source went."""

    source: str
    readings: int = 0
    added: int = 0
    """Rows the ledger did not have so."""
    organizations: int = 0
    newest: date | None = None
    failed: SourceError | None = None


@dataclass(frozen=True, slots=True)
class PullReport:
    """Every source, in the order of the configuration."""

    sources: tuple[Pulled, ...]

    @property
    def failed(self) -> tuple[Pulled, ...]:
        """The sources nothing was taken from."""
        return tuple(one for one in self.sources if one.failed is not None)


def pull(
    sources: Iterable[FileSource],
    directory: Path,
    ledger: ReadingStore,
    today: date,
    now: datetime,
) -> PullReport:
    """Reads every configured source and takes each into the ledger as one pull.

    ``directory`` is the one the sources' paths are relative to, ``today`` the tenant's local day,
    ``now`` the instant the pulls are recorded at. A source that fails is recorded as failed.
    """
    return PullReport(
        tuple(
            pull_source(FileUsage(one.label, one.path, directory), ledger, today, now)
            for one in sources
        )
    )


def import_file(
    path: Path, ledger: ReadingStore, today: date, now: datetime, *, label: str | None = None
) -> Pulled:
    """Takes one file given by hand into the ledger; raises what is wrong with it.

    Without ``label`` the pull is recorded under the file's own name.
    """
    if path.is_dir():
        raise SourceError(
            "this is a folder, and one file is taken at a time",
            where=str(path),
            remedy="name a file in it; `reconciler usage pull` reads what billing.yaml lists",
        )
    if not path.exists():
        raise SourceError("there is no such file", where=str(path), remedy="check the path")
    source = FileUsage(label or f"import {path.name}", glob.escape(path.name), path.parent)
    done = pull_source(source, ledger, today, now)
    if done.failed is not None:
        raise done.failed
    if not done.readings:
        raise SourceError(
            "there is no reading in it, and nothing was taken",
            where=str(path),
            remedy="export it again; where nothing is used, a row says so with the quantity 0",
        )
    return done


def pull_source(source: UsageSource, ledger: ReadingStore, today: date, now: datetime) -> Pulled:
    """Reads one source and takes it into the ledger."""
    try:
        readings = source.collect(today)
        added = ledger.record_pull(source.label, readings, now)
    except SourceError as error:
        ledger.record_failed_pull(source.label, _message(error), now)
        return Pulled(source.label, failed=error)
    return Pulled(
        source=source.label,
        readings=len(readings),
        added=added,
        organizations=len(
            {(one.product, one.organization_id or one.organization) for one in readings}
        ),
        newest=max((one.day for one in readings), default=None),
    )


def _message(error: SourceError) -> str:
    message = f"{error.where}: {error.message}" if error.where else error.message
    if isinstance(error, BadRows):
        # The ledger is read long after the terminal is gone: one example says what it was.
        return f"{message}, such as {error.problems[0]}"
    return message
