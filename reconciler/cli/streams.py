"""Standard output and standard error, as a command should meet them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any, TextIO, cast

from reconciler.model.errors import ReconcilerError


class OutputError(ReconcilerError):
    """Standard output does not take what a command found."""


class _Results:
    """Standard output; what it cannot take is a failure that can be told.

    A reader that has seen enough is none: its `BrokenPipeError` stays what it is.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with _told():
            return self._stream.write(text)

    def flush(self) -> None:
        with _told():
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _Notes:
    """Standard error; where nobody can read it, nothing stops for that."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def streams() -> Iterator[None]:
    """Both streams as a command should meet them; one that is closed takes everything."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        results = cast("TextIO", _Results(sys.stdout or nowhere))
        notes = cast("TextIO", _Notes(sys.stderr or nowhere))
        with redirect_stdout(results), redirect_stderr(notes):
            yield


def silence(stream: TextIO) -> None:
    """Take what it still holds to nowhere: Python would complain again when it closes it."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(
            f"the result cannot be written: {error.strerror or error}",
            where="standard output",
            remedy="free some space or send the output elsewhere, then run again; what the command"
            " did before is done",
        ) from error
