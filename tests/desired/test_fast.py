"""Both ways of reading agree, and the C++ parser is never shown what it would complain about."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconciler.desired import careful, fast
from reconciler.desired.documents import AccountDoc
from reconciler.desired.ordinary import MOST_CHARACTERS, is_ordinary
from reconciler.desired.source import parse, parse_carefully
from reconciler.desired.tree import Plain

EXAMPLES = Path(__file__).parents[2] / "billing-config"

ODD_VALUES = [
    "010", "0x1F", "1_000", "1e3", "1e400", ".5", "5.", "-1", "1.10", "0.0", "+1", "0o17",
    "12:30", "NO", "yes", "true", "false", "True", "null", "Null", "~", "", "nan", ".nan", "NaN",
    ".inf", "Infinity", "-0", "2026-11-01", "9" * 40, "0." + "1" * 40, "a b", "a  # c", "a#b",
    "a:b", "a: b", "'it''s'", "'a: b'", '"q"', '"a # b"', '"\\t"', '""', "''", "[]", "{}",
    "[a, b]", "[a,b]", "[ ]", "{a: b}", "{a: b, c: [d, e]}", "{a: b, a: c}", "[{a: 1}, b]",
    "{a: }", "[a, ]", "[a", "{a", "a]", "${NAME}", "*x", "&x a", "!t a", "|", ">", "%x", "@x",
    "`x`", "- a", "-", "---", "...", "? a", "é", "日本", "naïve", "a\u00a0b", "a\u2028b",
    "a\u0085b", "\ufeffa", "🙂", "a\tb", "a\x7fb", "$", "(x)", "{from: 2027-01-01, price: 24.00}",
    "it's", 'a "b" c', "a\\b", "<<", "a ? b", "a - b", "=", "http://a:1/b", "a::b", "a:", "a:b:",
    "a:b: c", "12:30:00", "a:#b", "a:/b", "x:true", "a :b",
]  # fmt: skip
ODD_KEYS = [
    "a", "b", "c", "a-b", "a.b", "a_b", "k" * 90, "1", "010", "1.10", "true", "null", "nan",
    "inf", "NO", "2026-11-01", "'q'", '"q"', "<<", "é", "a b", "", "~", "-a", "x" * 130,
]  # fmt: skip

UNORDINARY = [
    "", "\n", "# c\n", "a", "[a]", "- a\n", "a: &x 1\n", "a: *x\n", "a: !t 1\n", "a: |\n  b\n",
    "%A\n", "a: 1\n---\nb: 1\n", "a: 1\na: 2\n", "\ta: 1\n", "a:\n\t- b\n", "? a\n",
    "a: {b: {c: {d: 1}}}\n", "a: true\n", "<<: 1\n", "a: b: c\n", " a: 1\n",
]  # fmt: skip

values = st.sampled_from(ODD_VALUES) | st.text(max_size=8)
keys = st.sampled_from(["a", "b", "c", "d", "e-f"]) | st.sampled_from(ODD_KEYS)

TAME_VALUES = ["1", "a", "b c", "1.10", "[]", "{}", "[a, b]", "{a: 1}", "'x'", '"y"']


@st.composite
def line(draw: st.DrawFn, value: st.SearchStrategy[str], key: st.SearchStrategy[str]) -> str:
    indent = " " * draw(st.sampled_from([0, 0, 0, 2, 2, 2, 4, 4, 1, 3, 6]))
    dash = draw(st.sampled_from(["", "", "- ", "- ", "-", "-  ", "- - "]))
    form = draw(st.sampled_from([*["key"] * 2, *["pair"] * 3, "value", "comment", "blank"]))
    body = {
        "key": f"{draw(key)}:",
        "pair": f"{draw(key)}: {draw(value)}",
        "value": draw(value),
        "comment": "# c: d",
        "blank": "",
    }[form]
    end = draw(st.sampled_from(["", "", "", " ", " # c", "#c"]))
    return f"{indent}{'' if form in ('comment', 'blank') else dash}{body}{end}"


def tree(rnd: Random, depth: int = 0, column: int = 0) -> list[str]:
    """Lines of a mapping that is mostly well formed, with odd indentation here and there."""
    rows: list[str] = []
    for name in rnd.sample("abcdefgh", rnd.randint(1, 3)):
        kind = rnd.choice(["value", "value", "map", "list", "same", "items"])
        pad = " " * column
        step = rnd.choice([2, 2, 2, 2, 2, 4, 1])
        if kind == "value" or depth > 2:
            value = rnd.choice(TAME_VALUES if rnd.random() < 0.8 else ODD_VALUES)
            rows.append(f"{pad}{name}: {value}{rnd.choice(['', '', ' ', ' # c'])}")
        elif kind == "map":
            rows += [f"{pad}{name}:", *tree(rnd, depth + 1, column + step)]
        else:
            rows += [f"{pad}{name}:", *items(rnd, kind, depth, column, step)]
        if rnd.random() < 0.1:
            rows.append(rnd.choice(["", "  "]) + rnd.choice(["", "# c", "#"]))
    return rows


def items(rnd: Random, kind: str, depth: int, column: int, step: int) -> list[str]:
    at = column if kind == "same" else column + step
    rows = []
    for _ in range(rnd.randint(1, 3)):
        if kind == "items":
            rows.append(f"{' ' * at}- {rnd.choice(TAME_VALUES)}")
            continue
        inner = tree(rnd, depth + 1, at + 2)
        rows += [f"{' ' * at}- {inner[0].lstrip()}", *inner[1:]]
    return rows


documents = st.integers(0, 2**32).map(lambda seed: "\n".join(tree(Random(seed))))


def both(content: bytes) -> tuple[Plain, Plain, bool]:
    root, problems = careful.read(content, "f.yaml")
    good = root is not None and not problems
    return fast.read(content), root.plain() if root is not None else None, good


def agree(text: str) -> bool:
    """Did the fast way take it? When it did, the careful way gave the same."""
    content = text.encode("utf-8", "surrogatepass")
    quick, slow, good = both(content)
    if quick is None:
        return False
    assert good
    assert quick == slow
    return True


@settings(max_examples=300)
@given(st.lists(line(values, keys), max_size=7).map("\n".join), st.sampled_from(["", "\n", "\n\n"]))
@example("a: b\n  c\n", "")
@example("a: b\n# c\n  d: e\n", "")
@example("a:\n    b: 1\n  c: 2\n", "")
@example("a:\n- b: 1\n   c: 2\n", "")
@example("- a: 1\n", "")
@example("a:\n  - b\n    - c\n", "")
@example("a: 'x\n  y'\n", "")
def test_lines_of_all_kinds_are_read_alike_or_handed_over(text: str, end: str) -> None:
    agree(text + end)


@settings(max_examples=800)
@given(documents)
def test_documents_are_read_alike(text: str) -> None:
    agree(text + "\n")


def test_most_well_formed_documents_go_the_fast_way() -> None:
    texts = ["\n".join(tree(Random(seed))) for seed in range(200)]
    well_formed = [text for text in texts if both(text.encode())[2]]
    assert sum(agree(text) for text in well_formed) > len(well_formed) / 4


@settings(max_examples=300)
@given(st.binary(max_size=60))
def test_any_bytes_are_read_alike_or_handed_over(content: bytes) -> None:
    quick, slow, good = both(content)
    assert quick is None or (good and quick == slow)


@settings(max_examples=50)
@given(documents, st.sampled_from(["\r\n", "\r"]), st.booleans())
def test_other_line_ends_and_byte_order_marks_are_handed_over(
    text: str, end: str, marked: bool
) -> None:
    content = text.replace("\n", end) + end
    assert fast.read((b"\xef\xbb\xbf" if marked else b"") + content.encode()) is None


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("accounts/*.yaml")), ids=lambda one: one.stem)
def test_the_example_accounts_go_the_fast_way(path: Path) -> None:
    assert agree(path.read_text(encoding="utf-8"))


def test_the_cpp_parser_prints_nothing_because_it_sees_no_mistakes(
    capfd: pytest.CaptureFixture[str],
) -> None:
    for value in ODD_VALUES:
        for key in ODD_KEYS:
            fast.read(f"{key}: {value}\nz:\n  - {value}\n  - y: {value}\n".encode())
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("text", UNORDINARY)
def test_what_is_not_ordinary_goes_the_careful_way(text: str) -> None:
    assert fast.read(text.encode()) is None


def test_hostile_input_is_turned_away_before_it_is_parsed() -> None:
    assert not is_ordinary("a: " + "[" * 10_000)
    assert not is_ordinary("a: " + "x" * MOST_CHARACTERS)
    assert not is_ordinary("".join(" " * n + "a:\n" for n in range(60)))
    assert not is_ordinary("a: " + "'" * 20_001)


def test_a_fault_found_by_the_fast_way_is_told_by_the_careful_one() -> None:
    content = b"version: 1\naccount: A\nmode: aply\n"
    quick = parse(content, "a.yaml", AccountDoc)
    assert quick.doc is None
    assert quick.problems == parse_carefully(content, "a.yaml", AccountDoc).problems
    assert [str(one.position) for one in quick.problems] == ["a.yaml:3:7"]


@settings(max_examples=200)
@given(documents)
def test_both_ways_accept_and_refuse_the_same_account_files(text: str) -> None:
    content = f"version: 1\naccount: A\norganizations:\n  datto-rmm: B\n{text}\n".encode()
    quick = parse(content, "a.yaml", AccountDoc)
    slow = parse_carefully(content, "a.yaml", AccountDoc)
    assert (quick.doc, quick.problems) == (slow.doc, slow.problems)
