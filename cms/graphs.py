"""A drawing of a standard and its neighbours; the list beside it says the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from standards.queries import Neighbour

ROW = 56
BOX = 44


@dataclass(frozen=True)
class Node:
    """A neighbour in the drawing: its box and the line to the middle."""

    neighbour: Neighbour
    y: int

    @property
    def middle(self) -> int:
        return self.y + BOX // 2


@dataclass(frozen=True)
class Graph:
    """Left, the neighbours; right, the standard itself."""

    nodes: list[Node]
    height: int

    @property
    def middle(self) -> int:
        return self.height // 2

    @property
    def top(self) -> int:
        return self.middle - BOX // 2


def neighbourhood(neighbours: Sequence[Neighbour]) -> Graph | None:
    """The drawing, or None where there is nothing to draw."""
    if not neighbours:
        return None
    nodes = [Node(neighbour, 8 + number * ROW) for number, neighbour in enumerate(neighbours)]
    return Graph(nodes, height=max(len(neighbours) * ROW + 8, 72))
