from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.report.markdown_table import details, fitting, table


def test_numbers_are_aligned_right() -> None:
    text = table(("a", "b"), [("x", "1")], {"b"})
    assert text == "| a | b |\n| --- | ---: |\n| x | 1 |"


def test_a_fold_leaves_its_body_to_markdown() -> None:
    assert "</summary>\n\nbody\n\n</details>" in details("s", "body")


@given(st.lists(st.text(max_size=10)), st.integers(0, 100))
def test_what_fits_is_the_longest_start_within_the_room(lines: list[str], room: int) -> None:
    number = fitting(lines, room)
    sizes = [len(line.encode("utf-8", "surrogatepass")) + 1 for line in lines]
    assert sum(sizes[:number]) <= room
    assert number == len(lines) or sum(sizes[: number + 1]) > room
