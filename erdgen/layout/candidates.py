"""A diagram and a width in, ways to draw it that are worth trying out."""

from __future__ import annotations

from math import isqrt

from erdgen.layout.compose import Sketch
from erdgen.layout.drawing import Diagram, Direction, Drawing
from erdgen.layout.fold import (
    OVER,
    STRICT,
    dense,
    guess_cost,
    improve_columns,
    longest_column,
    pour_layers,
    split_layers,
)
from erdgen.layout.layering import layers_of, nets_of
from erdgen.layout.score import PAGE
from erdgen.layout.tuck import Tucked, tuck_leaves

MANY = 300
"""Boxes and lines of a diagram beyond which fewer candidates are tried."""
HOPELESS = 3
"""How many times too long a column of many boxes may be to be worth an attempt."""


class Choice:
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

    def copy(self, *, loose: bool | None = None) -> Choice:
        """Return the same way to draw, or with `loose` as said, without what came of it."""
        return Choice(
            self.diagram,
            self.column,
            down=self.down,
            tucked=self.tucked,
            loose=self.loose if loose is None else loose,
        )

    def key(self) -> tuple[object, ...]:
        """Return what tells this way from others."""
        return tuple(self.column), self.down, self.tucked is None, self.loose


def candidates(diagram: Diagram, direction: Direction, width: int | None) -> list[Choice]:
    """Return ways to draw a connected diagram that are worth trying."""
    bare = all(line.source.row is None and line.target.row is None for line in diagram.lines)
    result: list[Choice] = []
    if bare and direction != "right":
        result.extend(_down(diagram, width))
    if not bare or direction == "right":
        counts = [1] if direction == "down" else None
        result.extend(_right(diagram, width, counts))
    if bare and (direction == "right" or (direction == "auto" and len(diagram.boxes) < 20)):
        tucked = tuck_leaves(diagram)
        if tucked is not None:
            layer = layers_of(tucked.diagram)
            result.append(Choice(tucked.diagram, dense(layer), down=False, tucked=tucked))
        elif direction == "auto":
            result.append(Choice(diagram, dense(layers_of(diagram)), down=False))
    unique = {choice.key(): choice for choice in result}
    return list(unique.values())


def _down(diagram: Diagram, width: int | None) -> list[Choice]:
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
    result = [] if many else [Choice(diagram, dense(rows.layer), down=True)]
    result.extend(
        rows.choice(extent)
        for extent in sorted(extents)
        if not many or not rows.is_hopeless(extent)
    )
    if width is None and not many:
        strict = _Rows(diagram, STRICT)
        result.extend(strict.choice(extent) for extent in (PAGE * 3 // 4, PAGE) if extent < ideal)
    return result or [rows.choice(ideal)]


def narrower(diagram: Diagram, width: int) -> list[Choice]:
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

    def choice(self, extent: int) -> Choice:
        start = split_layers(self.layer, self.loads, extent)
        column = improve_columns(start, self.loads, self.nets, extent, 3, over=self.over)
        return Choice(self.diagram, column, down=True)

    def is_hopeless(self, extent: int) -> bool:
        start = split_layers(self.layer, self.loads, extent)
        return longest_column(start, self.loads, self.nets, 3) > HOPELESS * extent


def _right(diagram: Diagram, width: int | None, counts: list[int] | None) -> list[Choice]:
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
    result: list[Choice] = []
    for count in counts:
        start = pour_layers(layer, loads, count)
        extent = total * 11 // (10 * count)
        if effort < MANY:
            result.append(Choice(diagram, start, down=False))
        column = improve_columns(start, loads, nets, extent, 2)
        result.append(Choice(diagram, column, down=False))
    return result


def neighbours(choice: Choice) -> list[Choice]:
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
    return [Choice(choice.diagram, list(one), down=down, tucked=choice.tucked) for one in ranked]
