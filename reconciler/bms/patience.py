"""How often, and after how long, a call is tried again. Only what is safe, and never for ever."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from reconciler.bms.calls import Call
from reconciler.bms.exchange import NoAnswer, NotSent, Outcome, ServerFailure, Throttled

TRIES: Final = 4
FIRST_PAUSE: Final = 0.5
FIRST_THROTTLE_PAUSE: Final = 60.0
LONGEST: Final = 3600.0

Reason: TypeAlias = Literal["limit", "throttled", "failed"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """The client is about to wait."""

    path: str
    seconds: float
    why: Reason

    def __str__(self) -> str:
        reasons = {
            "limit": "the hourly limit of calls is used up",
            "throttled": "BMS asks for a pause, as when its calls of an hour are used up",
            "failed": "the call failed and will be tried again",
        }
        return f"waiting {_length(self.seconds)} at {self.path}: {reasons[self.why]}"


Progress: TypeAlias = Callable[[Waiting], None]


def pause(call: Call, outcome: Outcome, tries: int) -> float | None:
    """Seconds to wait before trying again, or None not to. ``tries``: made so far.

    A request that BMS never saw, or turned away unread, can be repeated whatever it is. One whose
    end is not known can be repeated only if it reads.
    """
    if tries >= TRIES:
        return None
    match outcome:
        case NotSent():
            return _backoff(tries)
        case Throttled(after):
            return _bounded(after, FIRST_THROTTLE_PAUSE * 2 ** (tries - 1))
        case NoAnswer() if call.effect == "read":
            return _backoff(tries)
        case ServerFailure(after=after) if call.effect == "read":
            return _bounded(after, _backoff(tries))
        case _:
            return None


def why(outcome: Outcome) -> Reason:
    """Why a call is tried again, for progress."""
    return "throttled" if isinstance(outcome, Throttled) else "failed"


def _backoff(tries: int) -> float:
    return float(FIRST_PAUSE * 2 ** (tries - 1))


def _bounded(asked: float | None, otherwise: float) -> float | None:
    seconds = otherwise if asked is None else asked
    return seconds if seconds <= LONGEST else None


def _length(seconds: float) -> str:
    return f"{max(1.0, seconds):.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
