"""Whose comments are ours is said by nobody but the job."""

from __future__ import annotations

import pytest

from reconciler.github import GithubError
from reconciler.github.author import BOT, author_of


@pytest.mark.parametrize(
    ("value", "author"), [("", BOT), (" ", BOT), ("my-app[bot]", "my-app[bot]"), ("maria", "maria")]
)
def test_a_variable_that_is_set_to_nothing_is_not_set(value: str, author: str) -> None:
    assert author_of({"RECONCILER_AUTHOR": value}) == author


@pytest.mark.parametrize("value", ["my app", "@maria", "a[bot]b", "a\nb", "*", "$APP[bot]"])
def test_what_is_no_name_is_refused(value: str) -> None:
    with pytest.raises(GithubError, match="no name on GitHub"):
        author_of({"RECONCILER_AUTHOR": value})
