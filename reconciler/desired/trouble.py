"""Mistakes that show only when files are seen together; their places are found last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.desired.tree import Node
from reconciler.model.finding import Problem
from reconciler.model.place import Origin, Position


@dataclass(frozen=True, slots=True)
class Trouble:
    """``at_key``: the key of the last step is meant, not its value."""

    code: str
    message: str
    remedy: str
    origin: Origin
    at_key: bool = False


def placed(troubles: Iterable[Trouble], contents: Mapping[str, bytes]) -> list[Problem]:
    """The troubles as problems; each file concerned is read once more, with care."""
    from reconciler.desired import careful

    trees: dict[str, Node] = {}
    problems = []
    for one in dict.fromkeys(troubles):
        file = one.origin.file
        if file not in trees:
            trees[file] = careful.read(contents[file], file)[0] or Node({}, (1, 1))
        place, _ = trees[file].find(one.origin.path, key=one.at_key)
        problems.append(Problem(one.code, one.message, one.remedy, Position(file, *place)))
    return problems
