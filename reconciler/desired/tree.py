"""A document as plain values with the place of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Plain: TypeAlias = str | dict[str, "Plain"] | list["Plain"] | None
"""What both ways of reading give: text, nothing, mappings, lists."""

Place: TypeAlias = tuple[int, int]
"""Line and column, both starting at 1."""


@dataclass(slots=True)
class Node:
    """A value with its place; ``keys`` are the places of a mapping's keys."""

    value: str | dict[str, Node] | list[Node] | None
    place: Place
    keys: dict[str, Place] = field(default_factory=dict)
    size: int = 1
    """How many values it holds, itself included, aliases written out."""
    depth: int = 1

    def plain(self) -> Plain:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def find(
        self, path: Sequence[str | int], *, key: bool = False
    ) -> tuple[Place, tuple[str, ...]]:
        """The place of the value at ``path``, and the steps of ``path`` that exist.

        Steps that do not exist are passed over, so that a path through a shape that was written
        in its short way still leads to it. ``key``: the place of the last step's key instead.
        """
        node, place, taken = self, self.place, []
        for step in path:
            child = node.step(step)
            if child is None:
                continue
            place = node.keys.get(str(step), child.place) if key else child.place
            node = child
            taken.append(str(step))
        return place, tuple(taken)

    def step(self, step: str | int) -> Node | None:
        """The value one step down, if there is one."""
        if isinstance(self.value, dict) and isinstance(step, str):
            return self.value.get(step)
        if isinstance(self.value, list) and isinstance(step, int) and step < len(self.value):
            return self.value[step]
        return None
