"""What waits keeps back what was computed on top of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.judged import in_order, judged
from reconciler.engine.standings import WAITS, WRITES
from reconciler.model.desired import Guards
from reconciler.model.plan import Change
from tests.engine.builders import approval
from tests.engine.test_guards import change, limits

OPEN = Guards(Decimal(10**9), line=None, account=None, run=None)


def standings(changes: list[Change]) -> list[str]:
    return [one.standing for one in changes]


@pytest.mark.parametrize("waits", WAITS)
@pytest.mark.parametrize("kind", ["units", "price"])
def test_a_later_step_waits_with_an_earlier_one(waits: Any, kind: Any) -> None:
    cause = "price" if kind == "price" else "usage"
    first = change("a", 10, 12, kind=kind, cause=cause, standing=waits, because=("POL001",))
    found, _ = judged([first, change("b", 12, 13)], limits(OPEN), (), {})
    assert [(c.standing, c.because) for c in found] == [
        (waits, ("POL001",)),
        ("held", ("POL006",)),
    ]


@pytest.mark.parametrize(
    ("waits", "code"), [("held", "POL003"), ("by-hand", "MOD004")], ids=["too-early", "by-hand"]
)
def test_a_step_that_was_computed_without_an_earlier_one_does_not_wait(
    waits: Any, code: str
) -> None:
    first = change("a", 10, 8, standing=waits, because=(code,))
    assert standings(list(in_order([first, change("b", 10, 12)]))) == [waits, "ready"]


def price(name: str, *, to: int = 30, **more: Any) -> Change:
    return change(name, 10, 10, money=100, kind="price", price=Decimal(to), **more)


@pytest.mark.parametrize("waits", WAITS)
def test_a_price_waits_for_no_step_before_it_and_steps_after_it_wait(waits: Any) -> None:
    steps = [
        change("a", 10, 12, standing=waits, because=("POL001",)),
        price("p", cause="price"),
        change("b", 12, 13, price=Decimal(30)),
    ]
    assert standings(list(in_order(steps))) == [waits, "ready", "held"]


def test_the_approval_of_a_price_needs_none_of_the_steps_before_it() -> None:
    tight = Guards(Decimal(10**9), line=Decimal(1), account=None, run=None)
    steps = [change("a", 10, 12), price("p", cause="price"), change("b", 12, 13)]
    found, _ = judged(steps, limits(tight), [approval(steps[1])], {})
    assert standings(found) == ["held", "ready", "held"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("ready", "ready", "ready"),
        ("ready", "held", "ready"),
        ("proposed", "proposed", "proposed"),
        ("held", "held", "held"),
    ],
)
def test_a_price_that_follows_steps_goes_with_what_is_written_of_them(
    first: Any, second: Any, expected: str
) -> None:
    steps = [change("a", 10, 12, standing=first), change("b", 12, 13, standing=second)]
    *_, last = in_order([*steps, price("p")])
    assert last.standing == expected
    assert last.because == (("POL006",) if expected == "held" else ())


def test_a_price_that_follows_an_approved_step_needs_no_approval_of_its_own() -> None:
    tight = Guards(Decimal(10**9), line=Decimal(1), account=Decimal(1), run=None)
    steps = [change("a", 10, 12), price("p")]
    found, _ = judged(steps, limits(tight), [approval(steps[0])], {})
    assert standings(found) == ["ready", "ready"]


def test_an_earlier_step_and_another_line_do_not_wait() -> None:
    steps = [
        change("a", 10, 12),
        change("b", 12, 13, standing="held"),
        change("c", 5, 6, service=101),
    ]
    assert standings(list(in_order(steps))) == ["ready", "held", "ready"]


def test_what_is_observed_or_scheduled_stays_so() -> None:
    steps = [
        change("a", 10, 12, standing="held"),
        change("b", 12, 13, standing="scheduled"),
        change("c", 5, 6, service=101, standing="observed"),
    ]
    assert standings(list(in_order(steps))) == ["held", "scheduled", "observed"]


def test_what_will_not_be_written_does_not_count_for_a_guard() -> None:
    guards = Guards(Decimal(10**9), line=None, account=Decimal(100), run=None)
    steps = [
        change("a", 10, 11, standing="held", because=("POL001",)),
        change("b", 11, 500),
        change("c", 10, 11, service=101),
    ]
    found, verdicts = judged(steps, limits(guards), (), {})
    assert standings(found) == ["held", "held", "ready"]
    assert not verdicts.findings


def test_an_approval_lets_pass_only_the_steps_before_the_first_without() -> None:
    steps = [change("a", 10, 100), change("b", 100, 20)]
    both = [approval(step) for step in steps]
    for allowed, expected in [
        (both, ["ready", "ready"]),
        (both[:1], ["ready", "held"]),
        (both[1:], ["held", "held"]),
    ]:
        found, _ = judged(steps, limits(Guards()), allowed, {})
        assert standings(found) == expected


def test_a_denied_approval_holds_even_what_no_guard_stops() -> None:
    step = change("a", 10, 11)
    found, verdicts = judged([step], limits(OPEN), [approval(step, to_units=12)], {})
    assert [(c.standing, c.because) for c in found] == [("held", ("GRD007",))]
    assert [f.code for f in verdicts.findings] == ["GRD007"]


def test_a_true_up_waits_for_its_merge_and_does_not_use_up_what_the_run_may_move() -> None:
    guards = Guards(Decimal(10**9), line=None, account=None, run=Decimal(100))
    steps = [change("a", 10, 14), change("b", 10, 12, service=101)]
    found, verdicts = judged(steps, limits(guards), (), {}, frozenset("a"))
    assert [(c.standing, c.because) for c in found] == [("held", ("TRU002",)), ("ready", ())]
    assert not verdicts.findings
    found, _ = judged(steps, limits(guards), (), {})
    assert standings(found) == ["held", "held"], "both together are over the run's guard"


def test_what_is_approved_waits_no_more() -> None:
    steps = [change("a", 10, 14), change("b", 10, 12, service=101, standing="proposed")]
    found, _ = judged(steps, limits(OPEN), map(approval, steps), {}, frozenset("a"))
    assert standings(found) == ["ready", "ready"]


def test_a_proposed_step_that_nobody_approved_stays_proposed() -> None:
    found, _ = judged([change("a", 10, 14, standing="proposed")], limits(OPEN), (), {})
    assert standings(found) == ["proposed"]


STEPS = st.lists(
    st.tuples(st.sampled_from([100, 101]), st.sampled_from([*WRITES, *WAITS]), st.integers(1, 60)),
    max_size=8,
)


@given(STEPS, st.sets(st.integers(0, 7)))
def test_no_write_ever_follows_a_step_of_its_line_that_waits(
    entries: list[tuple[int, Any, int]], approved: set[int]
) -> None:
    steps = [
        change(str(n), 10, 10 + more, service=service, standing=standing)
        for n, (service, standing, more) in enumerate(entries)
    ]
    allowed = [approval(step) for n, step in enumerate(steps) if n in approved]
    found, _ = judged(steps, limits(Guards(line=Decimal(300))), allowed, {})
    for service in (100, 101):
        line = [c.standing in WRITES for c in found if c.line.service_id == service]
        assert line == sorted(line, reverse=True)
