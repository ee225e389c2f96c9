"""Books that are closed when a test ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.stories.book import Book

MakeBook = Callable[..., Book]


@pytest.fixture
def make_book() -> Iterator[MakeBook]:
    """Make a book with any options of `Book`."""
    with ExitStack() as stack:

        def make(**options: Any) -> Book:
            book = Book(Path(stack.enter_context(TemporaryDirectory())), **options)
            stack.callback(book.close)
            return book

        yield make
