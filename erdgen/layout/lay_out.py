"""A diagram in, the best drawing found out: the phases in a row, tried with a few settings."""

from __future__ import annotations

from collections.abc import Callable
from math import isqrt, log2

from erdgen.layout.components import join_parts, pack_parts, pack_rows, split_parts, take_part
from erdgen.layout.compose import Sketch, sketch_columns
from erdgen.layout.drawing import Diagram, Direction, Drawing, Rect
from erdgen.layout.flatten import flatten
from erdgen.layout.fold import (
    OVER,
    STRICT,
    Net,
    dense,
    guess_cost,
    improve_columns,
    longest_column,
    pour_layers,
    split_layers,
)
from erdgen.layout.frames import frame_groups
from erdgen.layout.labels import place_labels
from erdgen.layout.p1_cycles import order_nodes
from erdgen.layout.p2_layers import assign_layers
from erdgen.layout.still import add_box, first_boxes, late_boxes, places_for
from erdgen.layout.tuck import Tucked, tuck_leaves, untuck

GAP = (3, 1)
"""Columns and rows between parts that no line ties."""
FRAMED = (5, 3)
"""The same where there may be frames around them."""

BUDGET = 400_000
"""Comparisons of segments that the order of a candidate may take."""
LARGE = 1500
"""Boxes and lines of a diagram beyond which only one candidate is tried."""
MANY = 300
"""Boxes and lines of a diagram beyond which fewer candidates are tried."""
SMALL = 45
"""Boxes and lines of a diagram for which single moves of boxes are tried."""
TRIALS = (6, 4)
"""Most of these moves that are sketched, in direction right and down."""
CLEAN = 1
"""Crossings up to which none is tried in direction right: there, moves pay by saving them."""
HOPE = 0.75
"""What part of its cost sifting leaves a candidate at best."""
NARROWED = 10
"""By what part of the width sifting makes a candidate narrower at best."""
HOPELESS = 3
"""How many times too long a column of many boxes may be to be worth an attempt."""
TOO_WIDE = 1_000_000_000
"""Cost of a drawing that is wider than it may be."""
LATE = 4
"""Most boxes that are put into a large drawing late."""
AGAINST = (80, 20)
"""Cost of a line of bare boxes that runs against the direction, in direction right and down."""
MOVED = 100
"""Cost of a box that moves when another is added."""
NEAR = 2
"""Most of these that are looked at closely."""
PAGE = 120
"""Columns beyond which a drawing without a limit is less welcome."""


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
    gap = FRAMED if diagram.groups else GAP
    parts: list[tuple[list[int], list[int], Drawing]] = []
    for boxes in groups:
        part, lines = take_part(diagram, boxes)
        parts.append((boxes, lines, draw_part(part, direction, width)))
    area = sum((d.width + gap[0]) * (d.height + gap[1]) for _, _, d in parts)
    area += sum((diagram.boxes[b].width + 2) * (diagram.boxes[b].height + 1) for b in single)
    page = isqrt(area * 4)
    page = max([page if width is None else min(width, page)] + [d.width for _, _, d in parts])
    if width is not None:
        page = max(page, min(width, page * 5 // 4))
    places = pack_parts([(d.width, d.height) for _, _, d in parts], page, gap)
    bottom = max(
        (y + d.height + gap[1] for (_, _, d), (_, y) in zip(parts, places, strict=True)), default=0
    )
    for group in sorted({diagram.boxes[box].group for box in single}):
        boxes = [box for box in single if diagram.boxes[box].group == group]
        drawing = _block(diagram, boxes, page)
        parts.append((boxes, [], drawing))
        places.append((0, bottom))
        bottom += drawing.height + gap[1]
    return frame_groups(diagram, join_parts(diagram, parts, places), width)


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


class _Choice:
    """A way to draw a diagram: a column for each box, a direction, single children tucked or not.

    Attributes:
        diagram: What takes part in the layout.
        tucked: What was hidden, or None.
        loose: Whether straight lines count more than the extent.
        sketch, drawing, cost: What came of it.
    """

    __slots__ = ("column", "cost", "diagram", "down", "drawing", "loose", "sketch", "tucked")

    sketch: Sketch
    drawing: Drawing
    cost: float

    def __init__(
        self,
        diagram: Diagram,
        column: list[int],
        *,
        down: bool,
        tucked: Tucked | None = None,
        loose: bool = False,
    ) -> None:
        self.diagram = diagram
        self.column = column
        self.down = down
        self.tucked = tucked
        self.loose = loose

    def copy(self, *, loose: bool | None = None) -> _Choice:
        return _Choice(
            self.diagram,
            self.column,
            down=self.down,
            tucked=self.tucked,
            loose=self.loose if loose is None else loose,
        )

    def key(self) -> tuple[object, ...]:
        return tuple(self.column), self.down, self.tucked is None, self.loose


def draw_part(diagram: Diagram, direction: Direction, width: int | None) -> Drawing:
    """Return the best drawing of a connected diagram.

    Boxes that were added last and hang on one line are put into the drawing of the others; they
    take part in the search only if there are many, or if the drawing gets too wide without.
    """
    drawing, down = _draw_part(diagram, direction, width)
    ends = (end for line in diagram.lines for end in (line.source, line.target))
    if down and all(end.row is None for end in ends) and all(box.stretch for box in diagram.boxes):
        drawing = flatten(diagram, drawing, lambda one: extent_cost(one, width))
    return drawing


def _draw_part(diagram: Diagram, direction: Direction, width: int | None) -> tuple[Drawing, bool]:
    """Return the best drawing, and whether its lines run down."""
    late = late_boxes(diagram)
    many = len(diagram.boxes) + len(diagram.lines) >= MANY
    if late and not (many and late > LATE):
        count = len(diagram.boxes) - late
        part, _ = first_boxes(diagram, count)
        best = search(part, direction, width)
        sketch = best.sketch if best.tucked is None else None
        while sketch is not None and count < len(diagram.boxes):
            count += 1
            part, _ = first_boxes(diagram, count)
            sketch = _add_next(sketch, part, width)
        if sketch is not None:
            return place_labels(diagram, sketch.drawing), best.down
    best = search(diagram, direction, width)
    return best.drawing, best.down


def _add_next(sketch: Sketch, diagram: Diagram, width: int | None) -> Sketch | None:
    """Return the sketch with one box more, where it disturbs least; None if it gets too wide."""
    _, lines = first_boxes(diagram, len(diagram.boxes) - 1)
    best: tuple[float, Sketch] | None = None
    options = places_for(sketch, diagram, lines)
    if len(diagram.boxes) + len(diagram.lines) >= MANY:
        options = options[:1]
    for column, end in options:
        other = add_box(sketch, diagram, lines, column, end=end)
        if other is None:
            continue
        drawing = place_labels(diagram, other.drawing)
        if width is not None and drawing.width > width:
            continue
        cost = score(other, drawing, width) + MOVED * _moved(sketch, other)
        if best is None or cost < best[0]:
            best = cost, other
    return best[1] if best is not None else None


def _moved(before: Sketch, after: Sketch) -> int:
    """Return how many boxes stand in other columns of the page, or in direction right rows."""
    pairs = zip(before.drawing.boxes, after.drawing.boxes, strict=False)
    if before.style.down:
        return sum(one.x != other.x for one, other in pairs)
    return sum((one.x, one.y) != (other.x, other.y) for one, other in pairs)


def search(diagram: Diagram, direction: Direction, width: int | None) -> _Choice:
    """Return the best way to draw a diagram that was found, with its sketch and drawing.

    All candidates are sketched without sifting, the best few with it; for the best one, single
    boxes are tried in other columns while that helps.
    """
    tried: dict[tuple[object, ...], _Choice] = {}

    def judge(choice: _Choice, budget: int) -> float:
        key = (*choice.key(), budget)
        if key not in tried:
            tight = choice.copy(loose=False).key()
            known = tried.get((*tight, budget)) or tried.get((*tight, 0))
            choice = tried[key] = choice.copy()
            choice.sketch = sketch_columns(
                choice.diagram,
                choice.column,
                down=choice.down,
                budget=budget,
                tails=choice.tucked.tails if choice.tucked else (),
                loose=choice.loose,
                most=width if choice.down else None,
                known=known.sketch if known is not None else None,
            )
            drawing = choice.sketch.drawing
            if choice.tucked is not None:
                drawing = untuck(diagram, choice.tucked, drawing)
            choice.drawing = place_labels(diagram, drawing)
            choice.cost = score(choice.sketch, choice.drawing, width)
        return tried[key].cost

    effort = len(diagram.boxes) + len(diagram.lines)
    choices = candidates(diagram, direction, width)
    if len(choices) > 1 and effort > LARGE:
        choices = [choices[len(choices) // 2]]
    elif len(choices) > 2:
        choices.sort(key=lambda choice: judge(choice, 0))
        few = effort < SMALL and choices[0].down
        choices = choices[: 3 if effort < 150 and not few else 2]
    best = choices[0]
    for choice in choices[1:]:
        least = judge(best, BUDGET)
        hopeless = effort < SMALL and _hopeless(judge(choice, 0), least, width)
        best = choice if not hopeless and judge(choice, BUDGET) < least else best
    if width is not None and best.down and effort < MANY and judge(best, BUDGET) >= TOO_WIDE:
        narrow = _narrower(diagram, width)
        narrow.sort(key=lambda choice: judge(choice, 0))
        best = min(
            [best, *narrow[: 4 if effort < 160 else 1]], key=lambda choice: judge(choice, BUDGET)
        )
    if effort < SMALL:
        judge(best, BUDGET)
        if best.down or tried[(*best.key(), BUDGET)].sketch.crossings > CLEAN:
            best = _best_near(best, judge, direction)
        best = min(best, best.copy(loose=True), key=lambda choice: judge(choice, BUDGET))
    judge(best, BUDGET)
    return tried[(*best.key(), BUDGET)]


def _best_near(
    best: _Choice, judge: Callable[[_Choice, int], float], direction: Direction
) -> _Choice:
    """Return a choice with one box in another column if that is better, else the same."""
    # boxes with rows that were asked to stand in one column stay there
    most = max(best.column) + (0 if direction == "down" and not best.down else 1)
    near = [choice for choice in _neighbours(best) if max(choice.column) <= most]
    near = near[: TRIALS[best.down]]
    near.sort(key=lambda choice: judge(choice, 0))
    for choice in near[:NEAR]:
        if judge(choice, 0) < judge(best, 0) and judge(choice, BUDGET) < judge(best, BUDGET):
            best = choice
    return best


def _hopeless(quick: float, least: float, width: int | None) -> bool:
    """Whether a candidate of such a cost without sifting can't get below the least cost with it."""
    if quick < TOO_WIDE:
        return quick * HOPE >= least
    over = (quick - TOO_WIDE) // 1_000_000
    return width is not None and least < TOO_WIDE and over * NARROWED > width


def _neighbours(choice: _Choice) -> list[_Choice]:
    """Return the choices with one box a column further on or back, the likeliest first."""
    result: dict[tuple[int, ...], None] = {}
    for box, place in enumerate(choice.column):
        for other in (place - 1, place + 1):
            column = list(choice.column)
            column[box] = other
            result[tuple(dense(column))] = None
    result.pop(tuple(choice.column), None)
    boxes, down, nets = choice.diagram.boxes, choice.down, nets_of(choice.diagram)
    loads = [box.width + 2 if down else box.height + 1 for box in boxes]
    ranked = sorted(result, key=lambda column: guess_cost(column, loads, nets, 3 if down else 2))
    return [_Choice(choice.diagram, list(one), down=down, tucked=choice.tucked) for one in ranked]


def candidates(diagram: Diagram, direction: Direction, width: int | None) -> list[_Choice]:
    """Return ways to draw a connected diagram that are worth trying."""
    bare = all(line.source.row is None and line.target.row is None for line in diagram.lines)
    result: list[_Choice] = []
    if bare and direction != "right":
        result.extend(_down(diagram, width))
    if not bare or direction == "right":
        counts = [1] if direction == "down" else None
        result.extend(_right(diagram, width, counts))
    if bare and (direction == "right" or (direction == "auto" and len(diagram.boxes) < 20)):
        tucked = tuck_leaves(diagram)
        if tucked is not None:
            layer = layers_of(tucked.diagram)
            result.append(_Choice(tucked.diagram, dense(layer), down=False, tucked=tucked))
        elif direction == "auto":
            result.append(_Choice(diagram, dense(layers_of(diagram)), down=False))
    unique = {choice.key(): choice for choice in result}
    return list(unique.values())


def _down(diagram: Diagram, width: int | None) -> list[_Choice]:
    """Return choices for direction down: rows of several lengths."""
    boxes = diagram.boxes
    area = sum((box.width + 3) * (box.height + 4) for box in boxes)
    ideal = isqrt(area * 3)
    many = len(boxes) + len(diagram.lines) >= MANY
    limit = width if width is not None else 1 << 20
    extents = {min(limit, ideal * part // 100) for part in ((75, 110) if many else (75, 100, 140))}
    if width is not None:
        extents.update(width * part // 100 for part in ((100, 75) if many else (100, 85, 70, 55)))
    rows = _Rows(diagram, OVER if width is None else STRICT)
    result = [] if many else [_Choice(diagram, dense(rows.layer), down=True)]
    result.extend(
        rows.choice(extent)
        for extent in sorted(extents)
        if not many or not rows.is_hopeless(extent)
    )
    if width is None and not many:
        strict = _Rows(diagram, STRICT)
        result.extend(strict.choice(extent) for extent in (PAGE * 3 // 4, PAGE) if extent < ideal)
    return result or [rows.choice(ideal)]


def _narrower(diagram: Diagram, width: int) -> list[_Choice]:
    """Return more choices for direction down, for a width that none of the others kept."""
    rows = _Rows(diagram, STRICT)
    extents = [width * part // 100 for part in (92, 78, 62, 48)]
    return [rows.choice(extent) for extent in extents if not rows.is_hopeless(extent)]


class _Rows:
    """How boxes are assigned to rows of a length."""

    def __init__(self, diagram: Diagram, over: int) -> None:
        self.diagram = diagram
        self.over = over
        self.layer = layers_of(diagram)
        self.nets = nets_of(diagram)
        self.loads = [box.width + 2 for box in diagram.boxes]

    def choice(self, extent: int) -> _Choice:
        start = split_layers(self.layer, self.loads, extent)
        column = improve_columns(start, self.loads, self.nets, extent, 3, over=self.over)
        return _Choice(self.diagram, column, down=True)

    def is_hopeless(self, extent: int) -> bool:
        start = split_layers(self.layer, self.loads, extent)
        return longest_column(start, self.loads, self.nets, 3) > HOPELESS * extent


def _right(diagram: Diagram, width: int | None, counts: list[int] | None) -> list[_Choice]:
    """Return choices for direction right: several numbers of columns."""
    boxes = diagram.boxes
    layer = layers_of(diagram)
    nets = nets_of(diagram)
    loads = [box.height + 1 for box in boxes]
    total = sum(loads)
    effort = len(boxes) + len(diagram.lines)
    if counts is None:
        most = max(layer) + 2
        if width is not None:
            most = max(1, min(most, width * 2 // (max(box.width for box in boxes) + 6)))
        counts = list(range(1, most + 1, max(1, most // (8 if effort < MANY else 4))))
    result: list[_Choice] = []
    for count in counts:
        start = pour_layers(layer, loads, count)
        extent = total * 11 // (10 * count)
        if effort < MANY:
            result.append(_Choice(diagram, start, down=False))
        column = improve_columns(start, loads, nets, extent, 2)
        result.append(_Choice(diagram, column, down=False))
    return result


def score(sketch: Sketch, drawing: Drawing, width: int | None) -> float:
    """Return how bad a drawing is: its area and shape, crossings, and the length of its lines."""
    return (
        extent_cost(drawing, width)
        + 30 * sketch.crossings
        + sketch.length
        + 2 * sketch.bends
        + AGAINST[sketch.style.down] * sketch.against
    )


def extent_cost(drawing: Drawing, width: int | None) -> float:
    """Return how bad the area and shape of a drawing are."""
    # a page is about as wide as one and a half times its height, a row as high as two columns
    shape = 1 + 0.25 * abs(log2(drawing.width / (drawing.height * 2) / 1.5))
    cost = drawing.width * drawing.height * shape / 5
    if width is None:
        cost += 4 * max(0, drawing.width - PAGE)
    elif drawing.width > width:
        cost += TOO_WIDE + 1_000_000 * (drawing.width - width)
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
