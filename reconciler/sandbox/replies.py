"""HTTP answers: the envelope, and the ones without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

from reconciler.sandbox import wire

if TYPE_CHECKING:
    from reconciler.sandbox.call import Answer
    from reconciler.sandbox.errors import Refused
    from reconciler.sandbox.wire import Json

_JSON = "application/json; charset=utf-8"


class Replies:
    """Writes answers in one spelling.

    The document's Error and object Results cannot be null, so in its spelling they are left out;
    in the spelling seen live they are there and null.
    """

    def __init__(self, field_names: str) -> None:
        self._spell = wire.pascal if field_names == "pascal" else wire.camel
        self._nulls = field_names != "pascal"

    def success(self, answer: Answer) -> Response:
        """The result of a call that worked."""
        if answer.bare:
            return self._json(answer.result, 200)
        envelope: dict[str, Json] = {"Success": True}
        if self._nulls:
            envelope["Error"] = None
        envelope["Result"] = answer.result
        if answer.total is not None:
            envelope["TotalRecords"] = answer.total
        return self._json(envelope, 200)

    def refusal(self, refused: Refused) -> Response:
        """BMS's no."""
        error: dict[str, Json] = {
            "Code": refused.code,
            "Message": refused.message,
            "Details": None,
            "StackStrace": None,
            "SubErrors": [],
        }
        envelope: dict[str, Json] = {"Success": False, "Error": error}
        if self._nulls:
            envelope["Result"] = None
        return self._json(envelope, refused.status)

    def _json(self, value: Json, status: int) -> Response:
        return Response(wire.dumps(value, self._spell), status=status, content_type=_JSON)


def unauthorized() -> Response:
    """No token, or one that counts no more."""
    return Response("", status=401, headers={"WWW-Authenticate": "Bearer"})


def too_many(limit: int) -> Response:
    """The endpoint's hour is full; when it empties is not said."""
    return Response(f"Too many calls: {limit} per endpoint and hour.\n", status=429)


def plain(status: int, text: str) -> Response:
    """A short text with a status."""
    return Response(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
