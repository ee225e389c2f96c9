from __future__ import annotations

import html
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reconciler.report.outside import (
    annotation,
    annotation_property,
    inert,
    markdown,
    markdown_code,
    plain,
)

HOSTILE = st.text(
    st.one_of(
        st.sampled_from("|`*_[]()<>&\\~#@$^:!-+=.1/\n\r\t \u202e\u200f\u2028\x1b\ud800"),
        st.characters(),
    ),
    max_size=40,
)
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


@given(HOSTILE)
def test_plain_text_is_one_line_that_can_be_written(text: str) -> None:
    shown = plain(text)
    shown.encode()
    assert len(shown.splitlines()) <= 1
    assert not any(unicodedata.category(c) in {"Cc", "Zl", "Zp", "Cs"} for c in shown)
    assert not any(unicodedata.bidirectional(c) in {"RLO", "LRO", "RLE", "LRE"} for c in shown)


def test_plain_text_cannot_command_the_terminal() -> None:
    assert "\x1b" not in plain("\x1b[31mred\x1b]0;title\x07")


@pytest.mark.parametrize("name", ["Zoë & Söhne", "日本 株式会社", 'O\'Neil "Co"', "👩‍💻 Studio"])
def test_ordinary_names_stay_as_they_are(name: str) -> None:
    assert plain(name) == name
    assert html.unescape(markdown(name)) == name


@given(HOSTILE)
def test_markdown_shows_the_text_and_nothing_else(text: str) -> None:
    rendered = PARSER.render(markdown(text))
    inner = rendered.removeprefix("<p>").removesuffix("</p>\n")
    assert "<" not in inner
    shown = html.unescape(inner).replace("\u200b", "")
    assert shown.split() == plain(text).split()


@given(HOSTILE, HOSTILE)
def test_a_cell_stays_a_cell(first: str, second: str) -> None:
    row = f"| a | b |\n| --- | --- |\n| {markdown(first)} | {markdown(second)} |\n"
    rendered = PARSER.render(row)
    assert rendered.count("<td>") == 2
    assert rendered.count("<tr>") == 2


@given(HOSTILE)
def test_github_finds_nothing_to_link(text: str) -> None:
    shown = html.unescape(markdown(text))
    assert not re.search(r"[@#]\w|GH-\d|://|www\.\w", shown, re.IGNORECASE)


@pytest.mark.parametrize("start", ["- a", "+ a", "1. a", "12) a", "= a", "# a", "> a", "* a"])
def test_a_leading_mark_starts_no_list_or_heading(start: str) -> None:
    assert PARSER.render(f"- {markdown(start)}").count("<li>") == 1
    assert "<h" not in PARSER.render(markdown(start))


def test_code_spans_of_our_own_texts_are_kept() -> None:
    assert markdown_code("use `a|b` now") == "use <code>a&#124;b</code> now"
    assert markdown_code("`x`") == "<code>x</code>"


@given(HOSTILE)
def test_code_spans_open_no_markup(text: str) -> None:
    rendered = PARSER.render(f"x {markdown_code(text)}")
    assert not re.findall(r"<(?!/?(?:p|code)>)", rendered)


@given(HOSTILE)
def test_an_annotation_stays_on_its_line(text: str) -> None:
    written = annotation(text)
    assert "\n" not in written
    assert "\r" not in written
    assert written.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%") == text


def test_a_property_cannot_end_early() -> None:
    assert annotation_property("a,line=9::b%\n") == "a%2Cline=9%3A%3Ab%25%0A"


@pytest.mark.parametrize("text", ["::error::x", "a\n \t::set-output name=a::b", "a ##[error]x"])
def test_no_line_commands_a_runner(text: str) -> None:
    assert not re.search(r"^\s*::[a-z-]+[ :]|##\[", inert(text), re.MULTILINE)


@pytest.mark.parametrize("text", ["a::error::b", "::1", "Zoë :: Söhne", "## [x]"])
def test_what_commands_none_stays(text: str) -> None:
    assert inert(text) == text
