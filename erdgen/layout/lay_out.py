"""A diagram in, the best drawing found out: the phases in a row, tried with a few settings."""

from __future__ import annotations

from math import isqrt, log2

from erdgen.layout.components import join_parts, pack_parts, pack_rows, split_parts, take_part
from erdgen.layout.compose import Sketch, sketch_columns
from erdgen.layout.drawing import Diagram, Direction, Drawing, Rect
from erdgen.layout.fold import Net, dense, improve_columns, pour_layers, split_layers
from erdgen.layout.labels import place_labels
from erdgen.layout.p1_cycles import order_nodes
from erdgen.layout.p2_layers import assign_layers

GAP = (3, 1)
"""Columns and rows between parts that no line ties."""


def lay_out(diagram: Diagram, direction: Direction = "auto", width: int | None = None) -> Drawing:
    """Return the best drawing of a diagram that was found.

    Each connected part is drawn with several assignments of its boxes to columns (or rows); the
    best by `score` is kept. Boxes without lines follow in rows of their own.

    Args:
        diagram: Boxes and lines.
        direction: Where lines run; auto takes the better.
        width: Most columns, or None for no limit; if no drawing was found that fits, the
            narrowest one is returned.
    """
    groups, single = split_parts(diagram)
    parts: list[tuple[list[int], list[int], Drawing]] = []
    for boxes in groups:
        part, lines = take_part(diagram, boxes)
        parts.append((boxes, lines, draw_part(part, direction, width)))
    area = sum((d.width + GAP[0]) * (d.height + GAP[1]) for _, _, d in parts)
    area += sum((diagram.boxes[b].width + 2) * (diagram.boxes[b].height + 1) for b in single)
    page = isqrt(area * 4)
    page = max([page if width is None else min(width, page)] + [d.width for _, _, d in parts])
    if width is not None:
        page = max(page, min(width, page * 5 // 4))
    places = pack_parts([(d.width, d.height) for _, _, d in parts], page, GAP)
    if single:
        drawing = _block(diagram, single, page)
        bottom = max(
            (y + d.height for (_, _, d), (_, y) in zip(parts, places, strict=True)), default=-GAP[1]
        )
        parts.append((single, [], drawing))
        places.append((0, bottom + GAP[1]))
    return join_parts(diagram, parts, places)


def _block(diagram: Diagram, single: list[int], width: int) -> Drawing:
    boxes = [diagram.boxes[box] for box in single]
    sizes = [(box.width, box.height) for box in boxes]
    places = pack_rows(sizes, width, (2, 1))
    rects = [Rect(x, y, w, h) for (x, y), (w, h) in zip(places, sizes, strict=True)]
    return Drawing(
        max(rect.x + rect.width for rect in rects),
        max(rect.y + rect.height for rect in rects),
        tuple(rects),
        (),
    )


def draw_part(diagram: Diagram, direction: Direction, width: int | None) -> Drawing:
    """Return the best drawing of a connected diagram.

    All candidates are sketched without sifting, the best few with it; for the best one, single
    boxes are tried in other columns while that helps.
    """
    bare = all(line.source.row is None and line.target.row is None for line in diagram.lines)
    layer = layers_of(diagram)
    nets = nets_of(diagram)
    tried: dict[tuple[tuple[int, ...], bool, int], tuple[float, Drawing]] = {}

    def judge(column: list[int], down: bool, budget: int) -> float:
        key = (tuple(column), down, budget)
        if key not in tried:
            sketch = sketch_columns(diagram, column, down=down, budget=budget)
            drawing = place_labels(diagram, sketch.drawing)
            tried[key] = score(sketch, drawing, width), drawing
        return tried[key][0]

    effort = len(diagram.boxes) + len(diagram.lines)
    choices = candidates(diagram, layer, nets, direction, width, bare=bare)
    if len(choices) > 2:
        choices.sort(key=lambda choice: judge(choice[0], choice[1], 0))
        choices = choices[: 3 if effort < 150 else 2]
    budget = 400_000
    column, down = min(choices, key=lambda choice: judge(choice[0], choice[1], budget))
    trials = 4000 // (effort * effort)
    least = judge(column, down, budget)
    for box in range(len(column)):
        if trials <= 0:
            break
        for place in (column[box] - 1, column[box] + 1):
            other = list(column)
            other[box] = place
            other = dense(other)
            if other != column and trials > 0:
                trials -= 1
                cost = judge(other, down, budget)
                if cost < least:
                    column, least = other, cost
    return tried[tuple(column), down, budget][1]


def candidates(
    diagram: Diagram,
    layer: list[int],
    nets: list[Net],
    direction: Direction,
    width: int | None,
    *,
    bare: bool,
) -> list[tuple[list[int], bool]]:
    """Return assignments of boxes to columns worth trying, each with whether it is for down."""
    boxes = diagram.boxes
    result: list[tuple[list[int], bool]] = []
    if bare and direction != "right":
        loads = [box.width + 2 for box in boxes]
        area = sum((box.width + 3) * (box.height + 4) for box in boxes)
        ideal = isqrt(area * 3)
        limit = width if width is not None else 1 << 20
        extents = {min(limit, ideal * part // 100) for part in (75, 100, 140)}
        if width is not None:
            extents.update(width * part // 100 for part in (100, 85, 70, 55))
        for extent in sorted(extents):
            start = split_layers(layer, loads, extent)
            result.append((improve_columns(start, loads, nets, extent, 3), True))
    else:
        loads = [box.height + 1 for box in boxes]
        widest = max(box.width for box in boxes) + 6
        total = sum(loads)
        most = max(layer) + 2
        counts = range(1, most + 1)
        if width is not None:
            counts = range(1, max(1, min(most, width // (widest // 2))) + 1)
        if len(counts) > 8:
            step = len(counts) / 8
            counts = range(1, len(counts), int(step))
        for count in counts:
            start = pour_layers(layer, loads, count)
            extent = total * 11 // (10 * count)
            result.append((start, False))
            result.append((improve_columns(start, loads, nets, extent, 2), False))
    unique: dict[tuple[tuple[int, ...], bool], None] = {}
    for column, down in result:
        unique[tuple(column), down] = None
    return [(list(column), down) for column, down in unique]


def score(sketch: Sketch, drawing: Drawing, width: int | None) -> float:
    """Return how bad a drawing is: its area and shape, crossings, and the length of its lines."""
    shape = 1.0
    if width is None:
        shape += 0.2 * abs(log2(drawing.width / (drawing.height * 2) / 1.6))
    cost = drawing.width * drawing.height * shape / 5
    cost += 30 * sketch.crossings + sketch.length + 2 * sketch.bends
    if width is not None and drawing.width > width:
        cost += 1_000_000_000 + 1_000_000 * (drawing.width - width)
    return cost


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
