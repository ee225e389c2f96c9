"""What can go wrong in the sandbox: for the person running it, and for a caller of its API."""

from __future__ import annotations

from reconciler.model.errors import ReconcilerError


class SandboxError(ReconcilerError):
    """The sandbox was asked for something it cannot do."""


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
