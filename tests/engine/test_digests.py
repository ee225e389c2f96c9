from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.digests import change_id, digest

PARTS = st.lists(st.integers() | st.dates() | st.text("abc|", max_size=5), max_size=5)


@given(PARTS, PARTS)
def test_only_the_same_parts_have_the_same_digest(one: list[object], other: list[object]) -> None:
    same = list(map(str, one)) == list(map(str, other))
    # One empty part and no part at all are the same text.
    if "" not in (*map(str, one), *map(str, other)):
        assert (digest(one) == digest(other)) is same


@given(PARTS)
def test_a_changes_name_is_short_and_stable(parts: list[object]) -> None:
    assert change_id(parts) == change_id(list(parts)) == digest(parts)[:16]


def test_parts_do_not_run_into_each_other() -> None:
    assert digest(["ab", "c"]) != digest(["a", "bc"])
