"""The engine's share of an offline plan: ``python -m benchmarks.engine ARGUMENTS OF plan``.

Runs the command in this process with a clock around the engine, in every process that the plan
starts, and prints JSON: wall seconds of the slowest, and CPU seconds of all. Reading files and the
ledger, writing the plan and start-up are not in it.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from reconciler.cli.main import run
from reconciler.runs import planning, shares

ENGINE: Final = ((shares, "examined"), (shares, "put_together"), (planning, "make_plan"))
"""Where the runs call it: a plan in shares, and one by a single process."""

P = ParamSpec("P")
R = TypeVar("R")


def timed(step: Callable[P, R], folder: Path) -> Callable[P, R]:
    """The same step, which notes what it took under the id of the process it ran in."""

    def noting(*args: P.args, **kwargs: P.kwargs) -> R:
        wall, cpu = time.perf_counter(), time.process_time()
        result = step(*args, **kwargs)
        took = time.perf_counter() - wall, time.process_time() - cpu
        with (folder / str(os.getpid())).open("a", encoding="utf-8") as file:
            file.write(json.dumps(took) + "\n")
        return result

    return noting


def main() -> int:
    """From the command line."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for module, name in ENGINE:
            setattr(module, name, timed(getattr(module, name), folder))
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
            code = run(("plan", *sys.argv[1:]))
        noted = [
            [json.loads(line) for line in path.read_text("utf-8").splitlines()]
            for path in sorted(folder.iterdir())
        ]
    wall = max(sum(wall for wall, _ in steps) for steps in noted)
    cpu = sum(cpu for steps in noted for _, cpu in steps)
    print(json.dumps({"wall": wall, "cpu": cpu}))  # noqa: T201
    return code


if __name__ == "__main__":
    sys.exit(main())
