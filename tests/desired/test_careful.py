"""The careful way: text, places, bounds."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from reconciler.desired import careful
from reconciler.desired.tree import Node, Plain


def plain(text: str) -> Plain:
    root, problems = careful.read(text.encode(), "f.yaml")
    assert root is not None
    assert problems == []
    return root.plain()


def codes(content: bytes | str) -> list[tuple[str, int, int]]:
    data = content.encode() if isinstance(content, str) else content
    _, problems = careful.read(data, "f.yaml")
    return [(one.code, one.position.line, one.position.column) for one in problems]


def bomb(width: int = 10, depth: int = 10) -> str:
    rows = [f"a0: &a0 [{', '.join(['x'] * width)}]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, depth)]
    return "\n".join(rows)


def test_every_scalar_keeps_its_text() -> None:
    text = "a: 010\nb: 4.10\nc: NO\nd: 2026-11-01\ne: true\nf: '12'\ng: \"x\\ty\"\n"
    assert plain(text) == {
        "a": "010", "b": "4.10", "c": "NO", "d": "2026-11-01", "e": "true", "f": "12", "g": "x\ty",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("version: 1\na: {b: 1, c: 2\nd: 3\n", (2, 4), "no closing `}` for this `{`"),
        ("a:\n  x: {count: {metric: a}\n  y: {count: 1}\n", (2, 6), "up to line 3, column 3"),
        ("a: [1, 2\nb: 3\n", (1, 4), "no closing `]` for this `[`"),
    ],
)
def test_a_bracket_that_is_not_closed_is_shown_where_it_opens(
    text: str, place: tuple[int, int], said: str
) -> None:
    _, (problem,) = careful.read(text.encode(), "f.yaml")
    assert (problem.position.line, problem.position.column) == place
    assert said in problem.message
    assert "tabs" not in problem.remedy


@pytest.mark.parametrize("nothing", ["", "~", "null", "Null", "NULL"])
def test_nothing_is_nothing_and_in_quotes_text(nothing: str) -> None:
    assert plain(f"a: {nothing}\nb: '{nothing}'\n") == {"a": None, "b": nothing}


def test_an_anchor_is_written_out() -> None:
    assert plain("a: &x {k: 1}\nb: *x\nc: [*x]\n") == {
        "a": {"k": "1"}, "b": {"k": "1"}, "c": [{"k": "1"}],
    }  # fmt: skip


def test_an_alias_can_be_a_key() -> None:
    assert plain("a: &x name\n*x : 1\n") == {"a": "name", "name": "1"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", [("CFG017", 3, 1)]),
        ("a: {b: 1, c: 2, b: 3}\n", [("CFG017", 1, 17)]),
        ("a: [1\n", [("CFG001", 1, 4)]),
        ("\ta: 1\n", [("CFG001", 1, 1)]),
        ("a: b: c\n", [("CFG001", 1, 5)]),
        ("a: *x\n", [("CFG001", 1, 4)]),
        ("a: &x [*x]\n", [("CFG001", 1, 8)]),
        ("a: 1\n---\nb: 1\n", [("CFG001", 2, 1)]),
        ("a: !!str 1\n", [("CFG003", 1, 4)]),
        ("a: !!python/object:os.system x\n", [("CFG003", 1, 4)]),
        ("? [a]\n: 1\n", [("CFG003", 1, 3)]),
        ("b: &x {k: 1}\na:\n  <<: *x\n", [("CFG002", 3, 3)]),
        ("a: é\x00\n", [("CFG001", 1, 5)]),
    ],
)
def test_every_mistake_has_its_place(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert codes(text) == expected


def test_bytes_that_are_not_utf8_are_shown_where_they_stand() -> None:
    assert codes(b"a: 1\nb: \xff\n") == [("CFG001", 2, 4)]


def test_several_mistakes_of_one_file_are_all_found() -> None:
    assert [code for code, _, _ in codes("a: 1\na: 2\nb: !x 1\nb: 3\n")] == [
        "CFG017", "CFG003", "CFG017",
    ]  # fmt: skip


def test_an_alias_bomb_is_refused_quickly_and_in_little_memory() -> None:
    content = bomb().encode()
    tracemalloc.start()
    started = time.perf_counter()
    root, problems = careful.read(content, "f.yaml")
    took = time.perf_counter() - started
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert root is None
    assert [one.code for one in problems] == ["CFG016"]
    assert took < 1
    assert peak < 20_000_000


def test_a_file_within_the_bounds_is_read_although_it_uses_aliases() -> None:
    read = plain(bomb(width=4, depth=4))
    assert isinstance(read, dict)
    assert read["a3"] == [read["a2"]] * 4


@pytest.mark.parametrize("depth", [careful.DEEPEST + 1, 900, 100_000])
@pytest.mark.parametrize("opening", ["[", "{a: "])
def test_deep_nesting_is_refused(depth: int, opening: str) -> None:
    assert [code for code, _, _ in codes("a: " + opening * depth)] == ["CFG016"]


def test_aliases_cannot_nest_deeper_than_what_is_written() -> None:
    rows = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 60))]
    assert [code for code, _, _ in codes("\n".join(rows))] == ["CFG016"]


def test_a_huge_file_is_refused_before_it_is_parsed() -> None:
    assert codes(b"a" * (careful.MOST_BYTES + 1)) == [("CFG016", 1, 1)]


def test_more_values_than_any_configuration_has_are_refused() -> None:
    assert [code for code, _, _ in codes("a: [" + "b," * careful.MOST_VALUES + "]")] == ["CFG016"]


def test_places_count_from_one_and_know_keys_and_values() -> None:
    root, _ = careful.read(b"a:\n  - b: 1\n    c:  2\n", "f.yaml")
    assert isinstance(root, Node)
    assert root.find(("a", 0, "c")) == ((3, 9), ("a", "0", "c"))
    assert root.find(("a", 0, "c"), key=True)[0] == (3, 5)


def test_a_path_that_is_gone_leads_to_what_holds_it() -> None:
    root, _ = careful.read(b"a:\n  b: 1\n", "f.yaml")
    assert isinstance(root, Node)
    assert root.find(("a", "x", "y"))[0] == (2, 3)


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    text = "a: 1\nb:\n  - x\n"
    marked = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    root, problems = careful.read(marked, "f.yaml")
    assert root is not None
    assert problems == []
    assert root.plain() == plain(text)


def test_an_empty_file_is_an_empty_document() -> None:
    assert plain("") == {}
    assert plain("# only a comment\n") == {}
