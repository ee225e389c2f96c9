from __future__ import annotations

import pytest

from reconciler.bms.calls import AUTHENTICATE, POST_ROW, REPRICE, ROWS, Call
from reconciler.bms.envelope import Answer, Refusal, Unreadable
from reconciler.bms.exchange import (
    NoAnswer,
    NotSent,
    Outcome,
    ServerFailure,
    Throttled,
    Unauthorized,
)
from reconciler.bms.patience import LONGEST, TRIES, Waiting, pause

FINAL: list[Outcome] = [Answer(None), Refusal(None, "no"), Unreadable("x"), Unauthorized()]
UNSEEN: list[Outcome] = [NotSent("x"), Throttled(None), Throttled(5)]
UNKNOWN: list[Outcome] = [NoAnswer("x"), ServerFailure(500), ServerFailure(503, 9)]


@pytest.mark.parametrize("call", [ROWS, POST_ROW])
@pytest.mark.parametrize("outcome", FINAL)
def test_what_is_final_is_never_tried_again(call: Call, outcome: Outcome) -> None:
    assert pause(call, outcome, 1) is None


@pytest.mark.parametrize("call", [ROWS, AUTHENTICATE, POST_ROW, REPRICE])
@pytest.mark.parametrize("outcome", UNSEEN)
def test_what_bms_has_not_begun_is_tried_again_whatever_it_is(call: Call, outcome: Outcome) -> None:
    assert pause(call, outcome, 1) is not None


@pytest.mark.parametrize("outcome", UNKNOWN)
def test_what_bms_may_have_done_is_tried_again_only_if_it_reads(outcome: Outcome) -> None:
    assert pause(ROWS, outcome, 1) is not None
    assert pause(AUTHENTICATE, outcome, 1) is not None
    assert pause(POST_ROW, outcome, 1) is None
    assert pause(REPRICE, outcome, 1) is None


@pytest.mark.parametrize("outcome", [*UNSEEN, *UNKNOWN])
def test_tries_and_pauses_have_an_end(outcome: Outcome) -> None:
    pauses = [pause(ROWS, outcome, tries) for tries in range(1, TRIES)]
    assert all(seconds is not None and 0 < seconds <= LONGEST for seconds in pauses)
    assert pause(ROWS, outcome, TRIES) is None


def test_bms_own_wish_is_followed_within_an_hour() -> None:
    assert pause(ROWS, Throttled(17), 1) == 17
    assert pause(ROWS, ServerFailure(503, 9), 1) == 9
    assert pause(ROWS, Throttled(LONGEST + 1), 1) is None


def test_pauses_grow() -> None:
    pauses = [pause(ROWS, NotSent("x"), tries) or 0 for tries in range(1, TRIES)]
    assert pauses == sorted(set(pauses))


@pytest.mark.parametrize(("seconds", "text"), [(0.5, "1 s"), (90, "90 s"), (1800, "30 min")])
def test_a_wait_is_told_in_words(seconds: float, text: str) -> None:
    assert f"waiting {text} at /v2/x" in str(Waiting("/v2/x", seconds, "failed"))
