"""The example with its readings and its units, made once for the tests of all workers."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reconciler.runs.rehearsal import Rehearsal
from reconciler.runs.stage import Stage, set_up, stage_in


@contextmanager
def example_copied(base: Path, folder: Path) -> Iterator[Stage]:
    """A copy in an empty folder; ``base``: the temporary folder of this worker."""
    shared = base.parent if base.name.startswith("popen-") else base
    shutil.copytree(_made(shared), folder, dirs_exist_ok=True)
    stage = stage_in(folder)
    with stage.sandbox:
        yield stage


def _made(shared: Path) -> Path:
    done = shared / "example"
    with (shared / "example.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            half = shared / "example-half-made"
            with Rehearsal(set_up(half)) as rehearsal:
                assert rehearsal.pull().readings
                assert rehearsal.learn_units()
            half.rename(done)
    return done
