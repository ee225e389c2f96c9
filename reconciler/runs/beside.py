"""Work on some tasks in processes of their own, while this one works on another."""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Task = TypeVar("Task")
Answer = TypeVar("Answer")

CAN_FORK: Final = sys.platform == "linux"
"""Elsewhere a forked process may not use what the system's libraries have set up."""


@contextmanager
def beside(
    work: Callable[[Task], Answer | None], tasks: Sequence[Task]
) -> Iterator[Callable[[], list[Answer | None]]]:
    """Begin; what is given waits for the answers, in order. At the end no process is left.

    None is the answer of work that failed, for whatever reason: whoever asks does it again in this
    process, where the failure is told.
    """
    context = multiprocessing.get_context("fork")
    begun = []
    try:
        for task in tasks:
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=_answer, args=(theirs, work, task), daemon=True)
            process.start()
            theirs.close()
            begun.append((process, ours))
        yield lambda: [_heard(ours) for _, ours in begun]
    finally:
        for process, ours in begun:
            ours.close()
            process.terminate()
            process.join()


def _answer(theirs: Connection, work: Callable[[Task], Answer | None], task: Task) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # whoever began us may end us at once
    try:
        answer = work(task)
    except Exception:  # it is told by the process that does it again
        answer = None
    theirs.send(answer)


def _heard(ours: Connection) -> Any:
    try:
        return ours.recv()
    except EOFError:  # the process ended without a word
        return None
