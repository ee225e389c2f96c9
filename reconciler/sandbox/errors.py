"""What can go wrong in the sandbox: for the person running it, and for a caller of its API."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from reconciler.model.errors import ReconcilerError, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class SandboxError(ReconcilerError):
    """The sandbox was asked for something it cannot do."""


class SandboxUsage(SandboxError, WrongUsage):
    """The sandbox was asked for something by a name or a number that it does not have."""


@contextmanager
def writing(path: str | Path) -> Iterator[None]:
    """Tell what the file system refuses about a file that the sandbox writes."""
    try:
        yield
    except OSError as error:
        raise SandboxError(
            f"it cannot be written: {error.strerror or error}",
            where=str(path),
            remedy="check the path, its permissions, and the room that is left on the disk",
        ) from error


class AnswerLost(ConnectionResetError):
    """The connection broke before an answer was sent; the write may or may not have happened.

    Raised out of the WSGI application before `start_response`: over a socket the server closes the
    connection, in process the caller sees this exception.
    """


class AnswerTooSlow(AnswerLost):
    """The caller's read timeout passed before the answer; the call itself was carried out."""


class Refused(Exception):
    """BMS says no: HTTP 200 with Success false, or another status where the envelope has none."""

    def __init__(self, message: str, *, code: int = 400, status: int = 200) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
