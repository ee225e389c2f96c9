"""Worlds that are closed when a test ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.runs.world import World, small_world

MakeWorld = Callable[..., World]


@pytest.fixture
def make_world() -> Iterator[MakeWorld]:
    """Make a world with any options of `World`."""
    with ExitStack() as stack:

        def make(**options: Any) -> World:
            return stack.enter_context(small_world(**options))

        yield make
