from __future__ import annotations

import multiprocessing
import os
import time

import pytest

from reconciler.runs.beside import CAN_FORK, beside

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="this system cannot fork safely")


def work(task: str) -> str | None:
    match task:
        case "fail":
            raise RuntimeError("no")
        case "die":
            os._exit(1)
        case "hang":
            time.sleep(600)
    return f"{task} {os.getpid()}"


def test_each_task_is_done_in_a_process_of_its_own() -> None:
    with beside(work, ["a", "b"]) as answers:
        found = [str(one).split() for one in answers()]
    assert [task for task, _ in found] == ["a", "b"]
    assert len({process for _, process in found} | {str(os.getpid())}) == 3


def test_work_that_fails_or_dies_has_no_answer() -> None:
    with beside(work, ["fail", "die", "a"]) as answers:
        first, second, third = answers()
    assert (first, second) == (None, None)
    assert third is not None


def test_leaving_early_leaves_no_process_behind() -> None:
    with beside(work, ["hang"]):
        (begun,) = multiprocessing.active_children()
    assert begun.pid is not None
    with pytest.raises(ChildProcessError):
        os.waitpid(begun.pid, os.WNOHANG)
