"""Without the C parser the careful way gives the same values and places."""

from __future__ import annotations

from functools import partial

import pytest
from ruamel.yaml import YAML

from reconciler.desired import careful

DOCUMENTS = [
    "a: 010\nb:\n  - {c: 4.10, d: NO}\n  - e:\n",
    "a: 1\na: 2\n",
    "a: &x [1, 2]\nb: *x\n",
    "a: !!str 1\n",
    "a: b: c\n",
    "a: [1\n",
    "a:\n    b: 1\n  c: 2\n",
    "é: ü\n",
    "a: " + "[" * 900,
    "",
]


@pytest.mark.parametrize("text", DOCUMENTS)
def test_both_parsers_give_the_same(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    quick, told = careful.read(text.encode(), "f.yaml")
    monkeypatch.setattr(careful, "YAML", partial(YAML, pure=True))
    slow, also = careful.read(text.encode(), "f.yaml")
    assert quick == slow
    assert [(one.code, one.position.line) for one in told] == [
        (one.code, one.position.line) for one in also
    ]
