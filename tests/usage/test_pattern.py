"""Which files are read, and which a pull request changes, is one rule."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.usage import fits
from reconciler.usage.pattern import found, overlooked

FILES: Final = (
    "a.csv",
    "B.CSV",
    ".a.csv",
    "usage/a.csv",
    "usage/.a.csv",
    "usage/[a].csv",
    "usage/11/a.csv",
    "usage/11/12/a.csv",
    "usage/.old/a.csv",
    "usage/.old/11/a.csv",
)
PARTS: Final = (
    *("usage", "11", ".old", "a.csv"),
    *("*", "**", "***", ".*", "*.csv", "?.csv", "[ab].*", "[!b].csv", "[[]a].csv", "**.csv"),
)
"""Each also as a whole: two stars count as any folders only where they stand alone."""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tree")
    for name in FILES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


def read(pattern: str, tree: Path) -> set[str]:
    paths = (tree / name for name in found(pattern, tree))
    return {str(path.relative_to(tree)) for path in paths if path.is_file()}


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=4).map("/".join))
def test_a_file_fits_where_it_is_read(tree: Path, pattern: str) -> None:
    assert {name for name in FILES if fits(name, pattern)} == read(pattern, tree)


@pytest.mark.parametrize(
    ("pattern", "name", "fit"),
    [
        ("usage/**/*.csv", "usage/a.csv", True),
        ("usage/**/*.csv", "usage/11/12/a.csv", True),
        ("usage/**/*.csv", "usage/.old/a.csv", False),
        ("usage/*.csv", "usage/11/a.csv", False),
        ("usage/*.csv", "usage/.a.csv", False),
        ("usage/.*.csv", "usage/.a.csv", True),
        ("*.csv", "B.CSV", False),
    ],
)
def test_also_a_file_that_is_gone(pattern: str, name: str, fit: bool) -> None:
    assert fits(name, pattern) is fit


def test_what_only_capital_letters_keep_from_being_read_is_known(tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "usage/B.Csv").touch()
    assert overlooked(["*.csv", "usage/*.csv"], tmp_path) == ["B.CSV", "usage/B.Csv"]
    assert overlooked(["*.csv", "*.CSV", "usage/**"], tmp_path) == []
    assert overlooked(["usage/[b].csv", "other/*.csv"], tmp_path) == []
