from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.cli.exits import Exit, worst

COMBINING = [Exit.FAILED, Exit.PARTIAL, Exit.PERSON, Exit.CHANGES, Exit.DONE]


def test_the_numbers_are_the_documented_ones() -> None:
    numbers = {one.name: int(one) for one in Exit}
    assert numbers == {
        "DONE": 0,
        "FAILED": 1,
        "USAGE": 2,
        "PERSON": 3,
        "PARTIAL": 4,
        "CHANGES": 10,
        "INTERRUPTED": 130,
        "TERMINATED": 143,
    }


def test_nothing_to_combine_is_done() -> None:
    assert worst([]) is Exit.DONE


@given(st.lists(st.sampled_from(COMBINING), min_size=1))
def test_the_worst_wins_in_any_order(exits: list[Exit]) -> None:
    assert worst(exits) is min(exits, key=COMBINING.index)
    assert worst(reversed(exits)) is worst(exits)


@pytest.mark.parametrize("code", [Exit.USAGE, Exit.INTERRUPTED, Exit.TERMINATED])
def test_what_ends_a_run_early_never_combines(code: Exit) -> None:
    with pytest.raises(ValueError, match="do not combine"):
        worst([Exit.DONE, code])
