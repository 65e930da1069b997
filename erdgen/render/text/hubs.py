"""A graph in, out whose lines are left out where not all fit, and what stands in their place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from erdgen.model.graph import Graph
from erdgen.render.notation import reference_row


class Undrawn(NamedTuple):
    """Relationships without a line: those with a reference row, and those that are listed."""

    referred: tuple[int, ...] = ()
    listed: tuple[int, ...] = ()


def hubs_of(graph: Graph) -> list[tuple[str, int]]:
    """Return entities and how many lines each takes: the most of those that the others leave."""
    neighbours: dict[str, list[int]] = {}
    for index, tie in enumerate(graph.relationships):
        for name in {tie.left, tie.right}:
            neighbours.setdefault(name, []).append(index)
    names = [entity.name for entity in graph.model.entities if entity.name in neighbours]
    left = {name: len(neighbours[name]) for name in names}
    gone: set[int] = set()
    hubs = []
    while left:
        hub = max(left, key=left.__getitem__)
        count = left.pop(hub)
        if not count:
            break
        hubs.append((hub, count))
        for index in neighbours[hub]:
            if index not in gone:
                gone.add(index)
                tie = graph.relationships[index]
                other = tie.right if tie.left == hub else tie.left
                if other in left:
                    left[other] -= 1
    return hubs


_MOST_ROWS = 24
"""A box gets no more reference rows than this; what would be more is listed."""


def lines_of(graph: Graph, hubs: Sequence[str]) -> Undrawn:
    """Return the relationships of some entities: which get reference rows, and which are listed."""
    busy = set(hubs)
    ties = [
        (index, tie.left)
        for index, tie in enumerate(graph.relationships)
        if tie.left in busy or tie.right in busy
    ]
    rows = Counter(name for _, name in ties)
    return Undrawn(
        tuple(index for index, name in ties if rows[name] <= _MOST_ROWS),
        tuple(index for index, name in ties if rows[name] > _MOST_ROWS),
    )


def add_references(
    rows: dict[str, list[str]], graph: Graph, referred: Collection[int], notation: str
) -> None:
    """Add the rows that stand for lines: in the box that is pointed at, who points at it."""
    for index in sorted(referred):
        tie = graph.relationships[index]
        rows.setdefault(tie.left, []).append(reference_row(tie, notation))
