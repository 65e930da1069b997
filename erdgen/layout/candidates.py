"""A diagram and a width in, ways to draw it that are worth trying out."""

from __future__ import annotations

from math import isqrt

from erdgen.layout.compose import Sketch
from erdgen.layout.drawing import Diagram, Direction, Drawing
from erdgen.layout.fold import (
    HARD,
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
from erdgen.layout.score import FEW, PAGE
from erdgen.layout.tuck import Tucked, tuck_leaves

SQUEEZED = 90
"""How wide a drawing may become, in hundredths of its columns and least channels."""
LEAVES = 4
"""Leaves of a box from which on they may stand on both sides of it."""
SHY = 3
"""By how many hundredths of the width rows are shorter than it if they are to be so."""
MANY = 300
"""Boxes and lines of a diagram beyond which fewer candidates are tried."""


class Choice:
    """A way to draw a diagram: a column for each box, a direction, single children tucked or not.

    Attributes:
        diagram: What takes part in the layout.
        least: Columns that its drawing takes at least.
        tucked: What was hidden, or None.
        loose: Whether straight lines count more than the extent.
        sketch, drawing, cost: What came of it.
    """

    __slots__ = (
        "column",
        "cost",
        "diagram",
        "down",
        "drawing",
        "least",
        "loose",
        "sketch",
        "tucked",
    )

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
        least: int = 0,
    ) -> None:
        self.diagram = diagram
        self.least = least
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
            least=self.least,
        )

    def key(self) -> tuple[object, ...]:
        """Return what tells this way from others."""
        return tuple(self.column), self.down, self.tucked is None, self.loose


def candidates(
    diagram: Diagram, direction: Direction, width: int | None, *, shy: bool = False
) -> list[Choice]:
    """Return ways to draw a connected diagram that are worth trying.

    Args:
        diagram: What is drawn.
        direction: Where lines run.
        width: Most columns.
        shy: Whether rows are a little shorter than the width, as most come out a little longer.
    """
    bare = diagram.bare
    result: list[Choice] = []
    if bare and direction != "right":
        result.extend(_down(diagram, width, shy=shy))
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


def _down(diagram: Diagram, width: int | None, *, shy: bool) -> list[Choice]:
    """Return choices for direction down: rows of several lengths."""
    boxes = diagram.boxes
    area = sum((box.width + 3) * (box.height + 4) for box in boxes)
    ideal = isqrt(area * 3)
    many = diagram.effort >= MANY
    aim = width and width - (width * SHY // 100 if shy else 0)
    rows, layer = _Rows(diagram), layers_of(diagram)
    result = [] if many else [rows.layers(layer)]
    for part in (75, 110) if many else (75, 100, 140):
        extent = ideal * part // 100
        if width is None or extent < width:
            over = OVER if width is None else STRICT
            result.append(rows.split(layer, extent, extent, over=over))
    if aim is not None:
        result.extend(rows.split(layer, aim * part // 100, aim) for part in (100, 85, 70, 55))
    elif not many:
        result.extend(
            rows.split(layer, part, part) for part in (PAGE * 3 // 4, PAGE) if part < ideal
        )
    return result


def narrower(choice: Choice, extent: int) -> Choice:
    """Return a choice for direction down with boxes moved between its rows, to a shorter extent."""
    rows = _Rows(choice.diagram)
    return rows.improve(choice.column, extent, over=HARD)


class _Rows:
    """How boxes are assigned to rows of a length."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.nets = nets_of(diagram)
        self.loads = [box.width + 2 for box in diagram.boxes]
        # a line that stands next to a box takes a column more
        rooms = zip(diagram.boxes, port_rooms(diagram), strict=True)
        self.rooms = [max(box.width, room) + 3 for box, room in rooms]

    def layers(self, layer: list[int]) -> Choice:
        """Return the choice with a row for each layer."""
        return self._choice(dense(layer))

    def split(self, layer: list[int], start: int, extent: int, *, over: int = STRICT) -> Choice:
        """Return a choice with layers split into rows of a length, then moved to another.

        More rows than are needed leave room for lines that pass.
        """
        return self.improve(split_layers(layer, self.loads, start), extent, over=over)

    def improve(self, column: list[int], extent: int, *, over: int = STRICT) -> Choice:
        """Return a choice with boxes moved to rows where lines get shorter, and rows too."""
        return self._choice(
            improve_columns(column, self.rooms, self.nets, extent + 3, 2, over=over)
        )

    def _choice(self, column: list[int]) -> Choice:
        least = longest_column(column, self.loads, self.nets, 2) - 2
        return Choice(self.diagram, column, down=True, least=least)


def port_rooms(diagram: Diagram) -> list[int]:
    """Return about how long each box must be for the lines that begin or end at it."""
    out: list[dict[int, int]] = [{} for _ in diagram.boxes]
    into = [0] * len(diagram.boxes)
    for index, line in enumerate(diagram.lines):
        net = line.trunk if line.trunk >= 0 else -1 - index
        label = max(line.label, line.source.label)
        out[line.source.box][net] = label + 3 if label else 2
        into[line.target.box] += line.target.label + 3 if line.target.label else 2
    return [1 + max(sum(reaches.values()), room) for reaches, room in zip(out, into, strict=True)]


def _right(diagram: Diagram, width: int | None, counts: list[int] | None) -> list[Choice]:
    """Return choices for direction right: several numbers of columns."""
    boxes = diagram.boxes
    layer = layers_of(diagram)
    nets = nets_of(diagram)
    loads = [box.height + 1 for box in boxes]
    total = sum(loads)
    effort = diagram.effort
    if counts is None:
        most = max(layer) + 2
        if width is not None:
            most = max(1, min(most, width * 2 // (max(box.width for box in boxes) + 6)))
        counts = list(range(1, most + 1, max(1, most // (8 if effort < MANY else 4))))
    result: list[Choice] = []
    bare = diagram.bare
    if len(boxes) <= FEW and len(counts) > 1:
        around = _around(diagram, layer)
        if around is not None:
            result.append(Choice(diagram, around, down=False, least=_least_right(diagram, around)))
    for count in counts:
        start = pour_layers(layer, loads, count)
        if bare and count == max(layer) + 1 and len(boxes) <= FEW:
            start = dense(layer)
        extent = total * 11 // (10 * count)
        columns = [start] if effort < MANY else []
        columns.append(improve_columns(start, loads, nets, extent, 2))
        result.extend(
            Choice(diagram, column, down=False, least=_least_right(diagram, column))
            for column in columns
        )
    return result


def _around(diagram: Diagram, layer: list[int]) -> list[int] | None:
    """Return the layers with half of the leaves of a box on its other side; None if it has few."""
    ends: list[list[int]] = [[] for _ in diagram.boxes]
    for line in diagram.lines:
        ends[line.source.box].append(line.target.box)
        ends[line.target.box].append(line.source.box)
    column = list(layer)
    for box, others in enumerate(ends):
        leaves = sorted({other for other in others if ends[other] == [box]})
        if len(leaves) >= LEAVES:
            for leaf in leaves[(len(leaves) + 1) // 2 :]:
                column[leaf] = 2 * layer[box] - layer[leaf]
    return dense(column) if column != layer else None


def _least_right(diagram: Diagram, column: list[int]) -> int:
    """Return about how many columns a drawing in direction right takes at least.

    Boxes that stand aside of others may be squeezed beyond the line of their column.
    """
    widest = [0] * (max(column) + 1)
    for box, place in zip(diagram.boxes, column, strict=True):
        widest[place] = max(widest[place], box.width)
    return (sum(widest) + 3 * (len(widest) - 1)) * SQUEEZED // 100


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
