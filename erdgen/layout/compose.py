"""A diagram and a column for each box in, a sketch (everything placed but the labels) out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from erdgen.layout.drawing import Box, Diagram, Drawing
from erdgen.layout.p3_order import Start, order_items, sweep_items
from erdgen.layout.p4_place import Places, place_items
from erdgen.layout.p5_route import route_channels
from erdgen.layout.sheet import FREE, Sheet, Style, Wire, build_sheet, choose_sides
from erdgen.layout.squeeze import squeeze
from erdgen.layout.trace import draw, measure, spread_columns

STACK = 3
"""Most boxes of a single column that stand as airily as in the templates."""


class Sketch:
    """A drawing without labels, and what it is judged by.

    Attributes:
        drawing: Boxes and routes.
        crossings: How often lines cross.
        length: Length of all lines, a row counted as two columns.
        bends: Pieces along columns that are no straight lines.
        against: Lines of bare boxes that don't run from a column to a later one.
        sheet, order, places, style: What it was drawn from.
        start, budget: The order before sifting, and what the sifting might cost.
        box_at: First cell across of each box.
    """

    __slots__ = (
        "against",
        "bends",
        "box_at",
        "budget",
        "crossings",
        "drawing",
        "length",
        "order",
        "places",
        "sheet",
        "start",
        "style",
    )

    def __init__(
        self, sheet: Sheet, order: list[list[int]], places: Places, style: Style, drawing: Drawing
    ) -> None:
        self.sheet = sheet
        self.order = order
        self.places = places
        self.style = style
        self.drawing = drawing
        self.start: Start | None = None
        self.budget = 0
        self.box_at: list[int] = []
        self.crossings = self.length = self.bends = self.against = 0


def sketch_columns(
    diagram: Diagram,
    column: list[int],
    *,
    down: bool,
    budget: int = 400_000,
    tails: Sequence[int] = (),
    loose: bool = False,
    most: int | None = None,
    known: Sketch | None = None,
) -> Sketch:
    """Run phases 3 to 5 with the boxes in these columns (rows, for direction down).

    Args:
        diagram: Boxes and lines.
        column: A column for each box.
        down: Whether lines run down.
        budget: What the search for an order may cost; with 0 the sketch is a quick one.
        loose: Whether straight lines count more than the extent along the columns.
        most: Extent along the columns that should not be exceeded.
        tails: Cells to be added to each box along its column, where no line attaches.
        known: A sketch of the same with another budget, or loose or not, for what they share.
    """
    bare = diagram.bare
    stack = not bare and not down and _is_stack(diagram, column)
    style = Style(down=down, bare=bare, stack=stack)
    if known is not None:
        sheet, start = known.sheet, known.start
    else:
        sheet, start = make_sheet(diagram, column, style), None
        for box, tail in enumerate(tails):
            sheet.size[box] += tail
            sheet.tail[box] = tail
    start = start or sweep_items(sheet, style)
    if known is not None and known.budget == budget:
        order = known.order
    else:
        order = order_items(sheet, style, budget, start)
    places = place_items(sheet, order, style, generous=budget > 0, loose=loose, most=most)
    sketch = route_sketch(diagram, sheet, order, places, style, tight=budget > 0)
    sketch.start, sketch.budget = start, budget
    return sketch


def make_sheet(
    diagram: Diagram,
    column: list[int],
    style: Style,
    known: Mapping[int, tuple[int, int]] | None = None,
) -> Sheet:
    """Return the sheet of a diagram; `known` are the sides of lines that are already chosen."""
    down = style.down
    wires = wires_of(diagram, down=down)
    boxes = diagram.boxes
    sides = choose_sides(wires, column)
    for index, pair in (known or {}).items():
        sides[index] = pair
    return build_sheet(
        [box.width if down else box.height for box in boxes],
        _across(boxes, down=down, even=style.stub > 0),
        [box.stretch for box in boxes],
        wires=wires,
        column=column,
        sides=sides,
        style=style,
    )


def route_sketch(
    diagram: Diagram,
    sheet: Sheet,
    order: list[list[int]],
    places: Places,
    style: Style,
    *,
    tight: bool = True,
    floor: Sequence[int] = (),
) -> Sketch:
    """Route the lines and draw; `tight` takes out the room that is left across (see squeeze)."""
    tracks = route_channels(sheet, places.port, style)
    channel_at, column_at = spread_columns(sheet, tracks.width)
    box_at = [column_at[sheet.column[box]] for box in range(sheet.count)]
    for start, groups in zip(channel_at, tracks.pieces, strict=True):
        for group in groups.values():
            for piece in group:
                piece.at = start + piece.across
    measures = measure(sheet, places, tracks, style)
    if tight and not style.stub:
        box_at = squeeze(sheet, places, tracks, box_at, style, floor=floor)
    drawing = draw(diagram, sheet, places, tracks, box_at, down=style.down)
    sketch = Sketch(sheet, order, places, style, drawing)
    sketch.box_at = box_at
    sketch.crossings, sketch.length, sketch.bends = measures
    sketch.against = sum(
        line.source.row is None
        and line.source.box != line.target.box
        and sheet.column[line.source.box] >= sheet.column[line.target.box]
        for line in diagram.lines
    )
    return sketch


def _is_stack(diagram: Diagram, column: list[int]) -> bool:
    """Whether these are few boxes in one column, with no labels at the ends of their lines."""
    return (
        len(column) <= STACK
        and max(column, default=0) == 0
        and not any(line.source.label or line.target.label for line in diagram.lines)
    )


def _across(boxes: tuple[Box, ...], *, down: bool, even: bool) -> list[int]:
    """Return the extent across of each box; in a stack all are as wide as the widest one."""
    if down:
        return [box.height for box in boxes]
    widest = max(box.width for box in boxes)
    return [widest if even else box.width for box in boxes]


def wires_of(diagram: Diagram, *, down: bool) -> list[Wire]:
    """Return the lines in the abstract orientation, with the room that their ends need."""
    wires: list[Wire] = []
    for line in diagram.lines:
        source, target = line.source, line.target
        rooms = both(source.label, line.label), target.label
        wires.append(
            Wire(
                source.box,
                target.box,
                offsets=(
                    FREE if source.row is None else source.row,
                    FREE if target.row is None else target.row,
                ),
                zones=(
                    _zone(source.mark, source.label, line.label, down=down),
                    _zone(target.mark, target.label, 0, down=down),
                ),
                rooms=rooms,
                reaches=(
                    _reach(source.label, line.label, down=down),
                    _reach(target.label, 0, down=down),
                ),
                trunk=line.trunk,
            )
        )
    return wires


def both(first: int, second: int) -> int:
    """Return the columns of two labels side by side.

    >>> both(6, 0), both(3, 6)
    (6, 10)
    """
    return first + second + (1 if first and second else 0)


def _zone(mark: int, first: int, second: int, *, down: bool) -> int:
    """Return the cells across between a box and where its line may turn."""
    if down:
        return 2 if first and second else 1
    # two labels must both stand beside the line, one may reach beyond its turn
    return max(mark + 1, first + second + 3 if first and second else 0)


def _reach(first: int, second: int, *, down: bool) -> int:
    """Return the distance along v to the next line on that side."""
    if down:
        label = max(first, second)
        return label + 3 if label else 2
    return 2 if first or second else 1
