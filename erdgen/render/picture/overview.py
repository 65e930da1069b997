"""The parts of a model in, one small graph out: a box a part, and what ties the parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from erdgen.model.entities import Attribute, Entity, Model
from erdgen.model.graph import Graph
from erdgen.model.relationships import EXACTLY_ONE, Relationship

_MOST = 6
"""Entities that a part's box names."""


def make_overview(graph: Graph, parts: Sequence[tuple[str, Graph]]) -> Graph:
    """Return a graph whose entities are the parts; its lines count the relationships between.

    A part's box names those of its entities that have the most relationships.
    """
    part_of = {entity.name: name for name, part in parts for entity in part.model.entities}
    degrees = Counter(name for item in graph.relationships for name in (item.left, item.right))
    between: Counter[tuple[str, str]] = Counter()
    for item in graph.relationships:
        left, right = part_of[item.left], part_of[item.right]
        if left != right:
            between[(left, right) if (right, left) not in between else (right, left)] += 1
    model = Model(
        tuple(_box(name, part, degrees) for name, part in parts),
        title=graph.model.title,
        description=graph.model.description,
        name=graph.model.name,
    )
    lines = tuple(
        Relationship(left, right, EXACTLY_ONE, EXACTLY_ONE, key=True, label=str(count))
        for (left, right), count in between.items()
    )
    return Graph(model, lines)


def part_weak_ties(overview: Graph) -> tuple[Graph, tuple[Relationship, ...]]:
    """Return the overview with a tree of its strongest lines, and the lines that are left out.

    Kruskal's algorithm: the tie of most relationships first, unless its ends hang together by then.
    """
    root = {entity.name: entity.name for entity in overview.model.entities}

    def find(name: str) -> str:
        while root[name] != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    order = sorted(range(len(overview.relationships)), key=lambda n: (-_weight(overview, n), n))
    kept = set()
    for number in order:
        item = overview.relationships[number]
        if find(item.left) != find(item.right):
            root[find(item.left)] = find(item.right)
            kept.add(number)
    drawn = tuple(item for n, item in enumerate(overview.relationships) if n in kept)
    rest = tuple(item for n, item in enumerate(overview.relationships) if n not in kept)
    return Graph(overview.model, drawn), rest


def _weight(overview: Graph, number: int) -> int:
    return int(overview.relationships[number].label)


def _box(name: str, part: Graph, degrees: Mapping[str, int]) -> Entity:
    entities = part.model.entities
    order = {entity.name: number for number, entity in enumerate(entities)}
    first = sorted(order, key=lambda name: (-degrees.get(name, 0), order[name]))[:_MOST]
    rows = [Attribute(entity) for entity in sorted(first, key=order.__getitem__)]
    if len(entities) > _MOST:
        rows.append(Attribute(f"… {len(entities) - _MOST} more"))
    many = f"{len(entities)} {'entity' if len(entities) == 1 else 'entities'}"
    return Entity(name, tuple(rows), description=many)
