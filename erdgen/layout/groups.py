"""A diagram with groups in, its nodes (groups and single boxes) and the nets between them out."""

from __future__ import annotations

from typing import NamedTuple

from erdgen.layout.drawing import Diagram

NetKey = tuple[int, int, int | None]
"""What the lines of one net share: their trunk (or a number of their own), source box and row."""


class Nodes(NamedTuple):
    """The boxes of a diagram by groups.

    Attributes:
        members: The boxes of each node, a group's or one without a group, in order of the first.
        group: The group of each node, or -1.
        of: The node of each box.
    """

    members: tuple[tuple[int, ...], ...]
    group: tuple[int, ...]
    of: tuple[int, ...]


def find_nodes(diagram: Diagram) -> Nodes:
    """Return the nodes of a diagram: each group with boxes, and each box without a group.

    >>> from erdgen.layout.drawing import Box
    >>> boxes = tuple(Box(9, 3, group=group) for group in (0, -1, 0))
    >>> find_nodes(Diagram(boxes, (), (4,)))
    Nodes(members=((0, 2), (1,)), group=(0, -1), of=(0, 1, 0))
    """
    number: dict[int, int] = {}
    members: list[list[int]] = []
    group: list[int] = []
    of: list[int] = []
    for box, each in enumerate(diagram.boxes):
        key = each.group if each.group >= 0 else -1 - box
        if key not in number:
            number[key] = len(members)
            members.append([])
            group.append(each.group)
        of.append(number[key])
        members[number[key]].append(box)
    return Nodes(tuple(map(tuple, members)), tuple(group), tuple(of))


def net_keys(diagram: Diagram) -> list[NetKey]:
    """Return for each line the net that it belongs to."""
    return [
        (line.trunk if line.trunk >= 0 else -1 - index, line.source.box, line.source.row)
        for index, line in enumerate(diagram.lines)
    ]


def tied_nodes(diagram: Diagram, nodes: Nodes) -> list[list[int]]:
    """Return the nodes of each part of the diagram that hangs together, first ones first."""
    root = list(range(len(nodes.members)))

    def find(node: int) -> int:
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for line in diagram.lines:
        a, b = find(nodes.of[line.source.box]), find(nodes.of[line.target.box])
        root[max(a, b)] = min(a, b)
    parts: dict[int, list[int]] = {}
    for node in range(len(nodes.members)):
        parts.setdefault(find(node), []).append(node)
    return list(parts.values())
