"""A request to end, as a scheduler, a container or a cancelled workflow sends it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


class Terminated(BaseException):
    """Somebody asked the process to end. No handler of failures may take it for one."""


@contextmanager
def orderly() -> Iterator[None]:
    """Let such a request unwind what is under way, as Ctrl-C does, so that a lease is released."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread hears of it
        return
    before = signal.signal(signal.SIGTERM, _unwind)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def _unwind(_number: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one must not stop the unwinding
    raise Terminated
