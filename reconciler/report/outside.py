"""Text that came from outside (names, BMS's words) made safe for the place it is shown in."""

from __future__ import annotations

import re
from typing import Final

# Controls (a terminal obeys them), line separators, marks that turn the reading direction,
# invisible characters, and halves of surrogate pairs (they cannot be written as UTF-8).
_UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_SPACES: Final = re.compile(r"[\t\r\n\x0b\x0c\x85\u2028\u2029]+")

# First what would start a list or a heading, then what marks up, then what GitHub makes a link of.
_MARKDOWN: Final = re.compile(
    r"^[-+=]|^\d+(?=[.)])|[&<>|`*_\[\]\\~$^]|(?P<linked>[@#]|\bGH-|\bwww\.|:(?=//))",
    re.IGNORECASE,
)
_COMMAND: Final = re.compile(r"^([^\S\n]*)::(?=[a-z-]+[ :])", re.MULTILINE)
_APART: Final = "&#8203;"


def plain(text: str) -> str:
    """One line without characters that a terminal obeys or a reader cannot see."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", _SPACES.sub(" ", text))


def inert(text: str) -> str:
    """Lines of which none is a command to the runner of a workflow.

    It obeys `::name ...::` at the beginning of a line, and `##[name ...]` anywhere in one.
    """
    return _COMMAND.sub(r"\1: :", text).replace("##[", "# #[")


def markdown(text: str) -> str:
    """The text itself, in GitHub Markdown and inside HTML alike: no markup, link or mention."""
    return _MARKDOWN.sub(_disarmed, plain(text).strip())


def markdown_code(text: str) -> str:
    """Like `markdown`, with what stands between backticks shown as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return markdown(text)
    # Split at the ends of code spans, so that the spaces around them stay.
    return "".join(
        f"<code>{markdown(part)}</code>" if index % 2 else _spaced(part)
        for index, part in enumerate(parts)
    )


def annotation(text: str) -> str:
    """The message of a GitHub workflow command."""
    return _percent(text, "%\r\n")


def annotation_property(text: str) -> str:
    """A property, such as a file name, of a GitHub workflow command."""
    return _percent(text, "%\r\n:,")


def _disarmed(found: re.Match[str]) -> str:
    text = found[0]
    return text + _APART if found["linked"] else f"&#{ord(text[0])};{text[1:]}"


def _spaced(part: str) -> str:
    text = markdown(part)
    if not text:
        return " " if part else ""
    return f"{' ' if part[:1].isspace() else ''}{text}{' ' if part[-1:].isspace() else ''}"


def _percent(text: str, characters: str) -> str:
    return "".join(f"%{ord(c):02X}" if c in characters else c for c in text)
