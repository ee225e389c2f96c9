"""What the rehearsals share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workflows.town import Town, built, found
from tests.workflows.warm import Warm, warmed


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    with warmed() as warm:
        yield warm


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory, warm: Warm) -> Path:
    """What all towns begin as."""
    folder = tmp_path_factory.mktemp("pattern")
    found(folder, warm)
    return folder


@pytest.fixture(scope="module")
def shared_town(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    warm: Warm,
    pattern: Path,
) -> Iterator[Town]:
    """For tests that do not disturb each other."""
    folder = tmp_path_factory.mktemp("town")
    with built(folder, warm, pattern, over_http=_over_http(request)) as town:
        yield town


@pytest.fixture
def town(
    request: pytest.FixtureRequest, tmp_path: Path, warm: Warm, pattern: Path
) -> Iterator[Town]:
    """One of one's own."""
    with built(tmp_path, warm, pattern, over_http=_over_http(request)) as town:
        yield town


def _over_http(request: pytest.FixtureRequest) -> bool:
    return request.node.get_closest_marker("over_http") is not None
