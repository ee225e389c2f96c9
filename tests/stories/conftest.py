"""Books that are closed when a test ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.runs.conftest import MakeWorld
from tests.runs.world import World, small_world
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


@pytest.fixture
def make_world() -> Iterator[MakeWorld]:
    """Make a small world with any options of `World`."""
    with ExitStack() as stack:

        def make(**options: Any) -> World:
            return stack.enter_context(small_world(**options))

        yield make
