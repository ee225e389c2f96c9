"""What people say beside the values of a YAML file, which no value tells of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.tokens import ScalarToken

_COMMENT: Final = re.compile(r"#.*")
_BESIDE: Final = re.compile(r"\s(#.*)")
_LEFT: Final = re.compile(r"^[}\]]", re.MULTILINE)
_BLOCK: Final = ("|", ">")


def kept(before: bytes, after: bytes) -> bool:
    """Does one text have all comments of the other, and no bracket that came to stand at the very
    left, which not every reader takes? Both must be YAML."""
    old, new = before.decode("utf-8-sig"), after.decode("utf-8-sig")
    moved = len(_LEFT.findall(new)) > len(_LEFT.findall(old))
    return not moved and Counter(_comments(old)) <= Counter(_comments(new))


def _comments(text: str) -> Iterator[str]:
    """What stands between the tokens, and behind the mark of a block of text."""
    end = 0
    for token in YAML(typ="safe", pure=True).scan(text):
        begin = token.start_mark.index
        yield from map(_bare, _COMMENT.findall(text, end, max(begin, end)))
        end = max(end, token.end_mark.index)
        if isinstance(token, ScalarToken) and token.style in _BLOCK:
            yield from map(_bare, _BESIDE.findall(text[begin:end].partition("\n")[0]))


def _bare(comment: str) -> str:
    return comment.strip()
