"""The types of the layout: what is to be placed (boxes, lines) and where it stands (a drawing).

All lengths are whole character cells: columns across, rows down. A cell's place is (x, y) with
(0, 0) at the top left. The layout never sees a text: who asks for a drawing says how wide the
labels and marks are and gets places back.
"""

# annotations as texts would double the time that making named tuples takes
from collections.abc import Callable
from typing import Literal, NamedTuple

Direction = Literal["auto", "right", "down"]


class Box(NamedTuple):
    """A box to be placed.

    Attributes:
        width: Outer width in columns, borders included.
        height: Outer height in rows, borders included.
        stretch: Whether the layout may make it wider or higher to have room for its lines
            (bare boxes; a box with attribute rows keeps its size).
        group: Number of the frame it belongs in, or -1.
    """

    width: int
    height: int
    stretch: bool = False
    group: int = -1


class End(NamedTuple):
    """One end of a line.

    Attributes:
        box: Index of the box.
        row: The row inside the box (0 is the top border) at which the line must attach, at the
            left or right side; None when it may attach anywhere on any side.
        mark: Columns that the end's mark takes on a horizontal stretch next to the box (an arrow
            1, a crow's foot 1 or 2, nothing 0). On a vertical stretch it takes one row.
        label: Columns of the label that stands beside the line near this end; 0 for none.
    """

    box: int
    row: int | None = None
    mark: int = 0
    label: int = 0


class Line(NamedTuple):
    """A line to be routed from its source to its target.

    Attributes:
        label: Columns of the label that stands beside the line, anywhere along it; 0 for none.
        trunk: Lines with the same number (>= 0) and the same source box and row may share a
            trunk at their source end, with that end's mark and label and with one `label`.
            -1: never.
    """

    source: End
    target: End
    label: int = 0
    trunk: int = -1


class Diagram(NamedTuple):
    """What is to be laid out.

    Attributes:
        groups: Columns of each frame's title; a box's `group` is an index into it. Boxes of one
            group are kept together; frames are drawn where the width allows.
        airy: Whether a blank row is wanted between a frame's border and the boxes in it.
    """

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    groups: tuple[int, ...] = ()
    airy: bool = False

    @property
    def bare(self) -> bool:
        """Whether no line ends at a row of its own."""
        return all(line.source.row is None and line.target.row is None for line in self.lines)

    @property
    def effort(self) -> int:
        """How many boxes and lines there are: by that, searches try more or less."""
        return len(self.boxes) + len(self.lines)


class Rect(NamedTuple):
    """A rectangle of cells: left column, top row, width, height, borders included."""

    x: int
    y: int
    width: int
    height: int


Cell = tuple[int, int]


class Route(NamedTuple):
    """Where a line runs and its labels stand.

    Attributes:
        points: The corners of an orthogonal polyline, both ends included. The first cell is the
            one just outside the source box's border, the last the one just outside the target's.
        label: Leftmost cell of the line's label, if it has one and it is placed; in a trunk, only
            the first line of the trunk has it.
        source_label: The same for the label near the source.
        target_label: The same for the label near the target.
    """

    points: tuple[Cell, ...]
    label: Cell | None = None
    source_label: Cell | None = None
    target_label: Cell | None = None

    def moved(self, to: Callable[[Cell], Cell]) -> "Route":
        """Return the route with each of its cells where `to` says that it comes to stand."""
        points, *labels = self
        return Route(tuple([to(cell) for cell in points]), *[cell and to(cell) for cell in labels])


class Drawing(NamedTuple):
    """Where everything stands.

    Attributes:
        width: Columns in all.
        height: Rows in all.
        boxes: A rectangle for each box of the diagram, in its order; it may be wider than was
            asked for (boxes stacked in one column are all as wide as the widest), and wider or
            higher if the box may be stretched, but rows stay where they were said to be.
        routes: A route for each line, in order; None for a line that could not be drawn (a row
            has two sides, so a third line or trunk that ends there has no place).
        frames: A rectangle for each group, in order; None where no frame is drawn. Lines cross
            a frame's border at right angles only, and leave room for its title in the upper border
            or else in the lower one.
    """

    width: int
    height: int
    boxes: tuple[Rect, ...]
    routes: tuple[Route | None, ...]
    frames: tuple[Rect | None, ...] = ()
