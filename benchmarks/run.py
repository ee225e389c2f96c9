"""Measure whole processes against their bounds: ``python -m benchmarks.run``.

Each command runs once uncounted, so that byte code and file cache are warm, then several times.
Wall and CPU seconds are medians, memory is the largest peak; all are the operating system's own
figures of the finished process. Ends with 1 where a bound does not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.customers import AS_OF, changes

KIB_PER_MIB: Final = 1024
RECONCILER: Final = (sys.executable, "-m", "reconciler")
OFFLINE: Final = ("--offline", "--as-of", AS_OF.isoformat(), "--ledger", "ledger.db")
PLAN: Final = ("plan", *OFFLINE)
ENGINE: Final = (sys.executable, "-m", "benchmarks.engine", *OFFLINE)


@dataclass(frozen=True, slots=True)
class Size:
    """How many accounts and lines, and what a plan of them may take."""

    accounts: int
    lines: int
    seconds: float
    mib: float | None = None
    engine: float | None = None
    """Seconds of it that the engine may take."""

    @property
    def name(self) -> str:
        """As it stands in the table."""
        return f"plan, {self.accounts:,} accounts, {self.lines:,} lines"


SIZES: Final = {
    "small": Size(160, 2_400, 1.2),
    "medium": Size(1_000, 25_000, 2.5, 200, engine=0.8),
    "large": Size(5_000, 200_000, 10, 700),
}
HELP_SECONDS: Final = 0.25


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one finished process."""

    wall: float
    cpu: float
    mib: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    name: str
    costs: Sequence[Cost]
    seconds: float
    mib: float | None

    @property
    def wall(self) -> float:
        """Median wall seconds."""
        return median(cost.wall for cost in self.costs)

    @property
    def cpu(self) -> float:
        """Median user and system seconds."""
        return median(cost.cpu for cost in self.costs)

    @property
    def peak(self) -> float | None:
        """The largest resident set of any run, in MiB; None where it was not measured."""
        return max((cost.mib for cost in self.costs if cost.mib is not None), default=None)

    @property
    def holds(self) -> bool:
        """Is it within its bounds?"""
        within = self.mib is None or (self.peak is not None and self.peak <= self.mib)
        return self.wall <= self.seconds and within


def measure(command: Sequence[str], folder: Path, env: Mapping[str, str]) -> Cost:
    """Run a command to its end. RuntimeError where it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / KIB_PER_MIB)


def costs(command: Sequence[str], folder: Path, runs: int) -> list[Cost]:
    """One run uncounted, then ``runs`` of them."""
    env = _environment(folder)
    measure(command, folder, env)
    return [measure(command, folder, env) for _ in range(runs)]


def engine_costs(folder: Path, runs: int) -> list[Cost]:
    """What the engine takes of a plan; files and byte code are warm by then."""
    env = _environment(folder)
    answers = (subprocess.check_output(ENGINE, cwd=folder, env=env) for _ in range(runs))
    return [Cost(**json.loads(answer)) for answer in answers]


def prepare(size: Size, folder: Path) -> Path:
    """The files of a size; generated once and kept."""
    place = folder / f"{size.accounts}-{size.lines}"
    if not (place / "done").exists():
        if place.exists():
            raise RuntimeError(f"{place} is incomplete: remove it and run again")
        print(f"writing {place}", file=sys.stderr)  # noqa: T201
        generate = (sys.executable, "-m", "benchmarks.generate")
        arguments = (str(place), str(size.accounts), str(size.lines))
        subprocess.run((*generate, *arguments), check=True)
        (place / "done").touch()
    return place


def check(size: Size, place: Path) -> None:
    """The plan must find exactly the lines that changed, or its speed means nothing."""
    command = (*RECONCILER, *PLAN, "--format", "json")
    done = subprocess.run(
        command, cwd=place, env=_environment(place), stdout=subprocess.PIPE, check=True
    )
    plan = json.loads(done.stdout)
    held = sum(1 for one in plan["findings"] if one["blocks"] or one["severity"] == "error")
    found = plan["checked"]["lines_counted"], plan["totals"]["changes"], held
    wanted = size.lines, changes(size.lines), 0
    if found != wanted:
        raise RuntimeError(f"lines, changes, errors are {found}, and should be {wanted}")


def rows(names: Sequence[str], folder: Path, runs: int) -> Iterator[Row]:
    """Measure each size, then the help."""
    for name in names:
        size = SIZES[name]
        place = prepare(size, folder)
        check(size, place)
        yield Row(size.name, costs((*RECONCILER, *PLAN), place, runs), size.seconds, size.mib)
        if size.engine is not None:
            yield Row("of that the engine", engine_costs(place, runs), size.engine, None)
    yield Row("--help", costs((*RECONCILER, "--help"), folder, runs), HELP_SECONDS, None)


def table(measured: Sequence[Row]) -> str:
    """As Markdown, to be kept in the README."""
    lines = [
        "| what | wall, median | bound | CPU, median | peak | bound | |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in measured:
        most = "" if row.mib is None else f"{row.mib:.0f} MiB"
        peak = "" if row.peak is None else f"{row.peak:.0f} MiB"
        verdict = "holds" if row.holds else "**missed**"
        lines.append(
            f"| {row.name} | {row.wall:.2f} s | {row.seconds:g} s | {row.cpu:.2f} s"
            f" | {peak} | {most} | {verdict} |"
        )
    return "\n".join(lines)


def _environment(folder: Path) -> dict[str, str]:
    """This process's, with byte code kept as in any installation, beside the files measured."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    here = str(Path(__file__).resolve().parent.parent)
    return {**env, "PYTHONPYCACHEPREFIX": str(folder / "byte-code"), "PYTHONPATH": here}


def main() -> int:
    """From the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument(
        "sizes",
        nargs="*",
        default=["small", "medium"],
        metavar="SIZE",
        help=f"{', '.join(SIZES)}; default: small medium",
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="kept; default: a temporary one")
    given = parser.parse_args()
    unknown = set(given.sizes) - SIZES.keys()
    if unknown:
        parser.error(f"no size {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="reconciler-bench-") as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        measured = list(rows(given.sizes, folder.resolve(), given.runs))
    print(table(measured))  # noqa: T201
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"\n{os.cpu_count()} processors, load average now {load}")  # noqa: T201
    return 0 if all(row.holds for row in measured) else 1


if __name__ == "__main__":
    sys.exit(main())
