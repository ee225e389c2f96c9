"""From what came of a call to the error that says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from reconciler.bms.calls import Call
from reconciler.bms.envelope import Answer, Refusal, Unreadable
from reconciler.bms.exchange import (
    NoAnswer,
    NotSent,
    Outcome,
    ServerFailure,
    Throttled,
    Unauthorized,
)
from reconciler.bms.record import unexpected
from reconciler.model.errors import (
    BmsAnswerLost,
    BmsError,
    BmsLoginFailed,
    BmsRefused,
    BmsThrottled,
    BmsUnreachable,
)

CHECK_CREDENTIALS: Final = (
    "check company, username and password under `bms:`, and that the user may use the API"
)


def settle(call: Call, outcome: Outcome, where: str, hide: Callable[[str], str]) -> Answer:
    """The answer, or the error that says what happened. ``hide`` takes secrets out of a text."""
    match outcome:
        case Answer():
            return outcome
        case NotSent(detail):
            raise _unreachable(f"BMS cannot be reached: {detail}; nothing was sent", where)
        case Unauthorized():
            raise login_failed("BMS does not accept the login", where)
        case Throttled(after):
            raise _throttled(after, where)
        case Refusal(code, message):
            raise refused(code, hide(message), where)
        case NoAnswer() | ServerFailure() | Unreadable():
            raise _unanswered(call, outcome, where)


def refused(code: str | None, message: str, where: str) -> BmsRefused:
    """BMS said no, and why."""
    error = BmsRefused(f"BMS refused: {message}", code=code, where=where)
    error.remedy = (
        "give the user's security role API access and Finance view and modify rights"
        if code == "403"
        else "correct what BMS names, then run again"
    )
    return error


def login_failed(message: str, where: str) -> BmsLoginFailed:
    """The credentials are wrong, or not enough."""
    return BmsLoginFailed(message, where=where, remedy=CHECK_CREDENTIALS)


def answer_lost(what: str, where: str) -> BmsAnswerLost:
    """A write whose end is not known."""
    return BmsAnswerLost(
        f"{what}: BMS may or may not have carried out this call",
        where=where,
        remedy="do not repeat it by hand; the next run reads BMS and tells",
    )


def _unanswered(call: Call, outcome: NoAnswer | ServerFailure | Unreadable, where: str) -> BmsError:
    what = _what(outcome)
    if call.effect == "write":
        return answer_lost(what, where)
    match outcome:
        case NoAnswer():
            return _unreachable(f"{what}; nothing was read", where)
        case ServerFailure():
            return unexpected(where, what, "run again later; if it stays, ask Kaseya's support")
        case Unreadable():
            return unexpected(where, what, "check `bms.url`: something else may answer there")


def _what(outcome: NoAnswer | ServerFailure | Unreadable) -> str:
    match outcome:
        case NoAnswer(detail):
            return f"BMS did not answer: {detail}"
        case ServerFailure(status):
            return f"BMS answered HTTP {status}"
        case Unreadable(detail):
            return f"BMS's answer {detail}"


def _unreachable(message: str, where: str) -> BmsUnreachable:
    return BmsUnreachable(
        message,
        where=where,
        remedy="check the address (RECONCILER_BMS_URL where it is set, else `bms.url`) and the"
        " network, then run again",
    )


def _throttled(after: float | None, where: str) -> BmsThrottled:
    when = "in an hour" if after is None else f"in {max(1, round(after / 60))} minutes"
    return BmsThrottled(
        "BMS's limit of calls per hour is used up",
        where=where,
        remedy=f"run again {when}, or find what else calls BMS for this company",
    )
