"""Line and column of a value, found when somebody asks."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from reconciler.desired.files import unlabelled
from reconciler.desired.tree import Node
from reconciler.model.errors import ConfigError
from reconciler.model.finding import Problem
from reconciler.model.place import Origin, Position


def locate(directory: Path, origin: Origin) -> Position:
    """Where ``origin`` stands now; steps of its path that are gone lead to what holds them.

    Raises ``ConfigError`` when the file cannot be read.
    """
    path = directory.resolve() / unlabelled(directory, origin.file)
    try:
        stamp = path.stat().st_mtime_ns
        node = _tree(path, stamp, origin.file)
    except OSError as error:
        said = error.strerror or str(error)
        message = f"{origin.file} cannot be read: {said}"
        remedy = "check the path and its permissions"
        place = Position(origin.file, 1, 1)
        raise ConfigError([Problem("CFG012", message, remedy, place)]) from error
    (line, column), _ = node.find(origin.path, key=True)
    return Position(origin.file, line, column)


@lru_cache(maxsize=64)
def _tree(path: Path, stamp: int, file: str) -> Node:
    """``stamp`` makes a changed file another one."""
    from reconciler.desired import careful

    del stamp
    return careful.read(path.read_bytes(), file)[0] or Node({}, (1, 1))
