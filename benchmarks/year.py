"""How big the ledger's branch becomes: ``python -m benchmarks.year --days 365``.

The example's 62 customers, read, planned and written every day, and everything written, with
the branch in a bare repository on this machine. Prints its packed size by month, and how long a new
machine takes to build the ledger from it. Ends with 1 where the year would be over its bound.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Final

from reconciler.git import Git
from reconciler.ledger.branch.repository import Repository
from reconciler.ledger.branch.shared import SharedLedger, open_shared
from reconciler.runs.applying import ApplyOptions, apply
from reconciler.runs.baseline import import_baseline
from reconciler.runs.stage import Stage, set_up
from reconciler.sandbox.example import write_usage_files
from reconciler.usage import pull

MEBIBYTE: Final = 1024 * 1024
BOUND: Final = 30
"""Mebibytes of packed git in a year."""
YEAR: Final = 365
RECENT: Final = 3
"""Days in each export of usage."""


def main() -> int:
    """Exit code 1 where the bound does not hold, extrapolated to a year."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=60)
    days = parser.parse_args().days
    with tempfile.TemporaryDirectory() as folder:
        stage = set_up(Path(folder) / "stage")
        git = Git(stage.folder)
        git.run("init", "--quiet")
        git.run("init", "--quiet", "--bare", "origin.git")
        git.run("remote", "add", "origin", str(stage.folder / "origin.git"))
        repository = Repository(stage.folder, "ledger")
        first, size = _live(stage, repository, days)
        seconds = _built(stage, repository)
    year = first + (size - first) / days * YEAR
    told = f"{days} days: {size:.1f} MiB packed, {year:.1f} MiB in a year"
    sys.stdout.write(f"{told}; built in {seconds:.1f} s\n")
    return 0 if year <= BOUND else 1


def _live(stage: Stage, repository: Repository, days: int) -> tuple[float, float]:
    """The packed size after the first day, and after all."""
    origin = stage.folder / "origin.git"
    with open_shared(stage.around.ledger, repository, tenant="Example MSP") as ledger:
        _day(stage, ledger)
        import_baseline(stage.around, ledger, stage.baseline)
        ledger.push()
        first = size = _packed(origin)
        for number in range(1, days + 1):
            stage.sandbox.advance(timedelta(days=1))
            yesterday = stage.sandbox.today() - timedelta(days=1)
            write_usage_files(stage.around.config / "usage", yesterday, RECENT)
            written = _day(stage, ledger)
            ledger.push()
            if number % 30 == 0 or number == days:
                size = _packed(origin)
                sys.stdout.write(f"day {number}: {size:.1f} MiB, {written} writes today\n")
                sys.stdout.flush()
    return first, size


def _day(stage: Stage, ledger: SharedLedger) -> int:
    around = stage.around
    state = around.desired()
    pull(state.sources, around.config, ledger, around.today(state), around.clock.now())
    done = apply(around, ledger, ApplyOptions("a year", "--yes"))
    return 0 if done is None else len(done.applied)


def _packed(repository: Path) -> float:
    Git(repository).run("gc", "--quiet", "--prune=now")
    found = dict(
        line.split(": ") for line in Git(repository).text("count-objects", "-v").splitlines()
    )
    return int(found["size-pack"]) * 1024 / MEBIBYTE


def _built(stage: Stage, repository: Repository) -> float:
    began = time.monotonic()
    open_shared(stage.folder / "other.db", repository, tenant="Example MSP").close()
    return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
