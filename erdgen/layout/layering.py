"""A diagram in, its layers out (phases 1 and 2), and its lines as nets."""

from __future__ import annotations

from erdgen.layout.drawing import Diagram
from erdgen.layout.fold import Net
from erdgen.layout.p1_cycles import order_nodes
from erdgen.layout.p2_layers import assign_layers


def layers_of(diagram: Diagram) -> list[int]:
    """Return a layer for each box: cycles broken, then layers by network simplex."""
    count = len(diagram.boxes)
    pairs = [(line.source.box, line.target.box) for line in diagram.lines]
    position = order_nodes(count, pairs)
    edges = [(a, b, 1) if position[a] < position[b] else (b, a, 1) for a, b in pairs if a != b]
    return assign_layers(count, edges)


def nets_of(diagram: Diagram) -> list[Net]:
    """Return the lines as nets: those of one trunk together."""
    nets: dict[tuple[int, int, int | None], tuple[int, list[int]]] = {}
    for index, line in enumerate(diagram.lines):
        trunk = line.trunk if line.trunk >= 0 else -1 - index
        key = (trunk, line.source.box, line.source.row)
        nets.setdefault(key, (line.source.box, []))[1].append(line.target.box)
    return list(nets.values())
