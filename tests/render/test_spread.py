"""Making room: what stands too close to be read is moved apart."""

from __future__ import annotations

from erdgen.layout.drawing import Box, Diagram, Drawing, End, Line, Rect, Route
from erdgen.render.text.glyphs import DOWN, LEFT, RIGHT, UP
from erdgen.render.text.grid import Grid
from erdgen.render.text.spread import Room, find_lookalikes, spread


def simple(*, stretch: bool = True) -> tuple[Diagram, Drawing]:
    diagram = Diagram((Box(5, 3, stretch), Box(5, 3, stretch)), (Line(End(0), End(1)),))
    drawing = Drawing(13, 3, (Rect(0, 0, 5, 3), Rect(8, 0, 5, 3)), (Route(((5, 1), (7, 1))),))
    return diagram, drawing


def test_a_column_beside_a_box_makes_its_line_longer() -> None:
    wider = spread(*simple(), Room(columns=(5, 5)))
    assert wider.boxes == (Rect(0, 0, 5, 3), Rect(10, 0, 5, 3))
    route = wider.routes[0]
    assert route is not None
    assert (route.points[0], route.points[-1]) == ((5, 1), (9, 1))
    assert wider.width == 15


def test_a_column_through_a_box_makes_it_wider() -> None:
    wider = spread(*simple(), Room(columns=(2,)))
    assert wider.boxes[0] == Rect(0, 0, 6, 3)


def test_a_row_tears_a_box_with_attribute_rows_only_where_it_must() -> None:
    diagram, drawing = simple(stretch=False)
    assert spread(diagram, drawing, Room(rows=(1,))) == drawing
    high = drawing._replace(height=5, boxes=tuple(box._replace(height=5) for box in drawing.boxes))
    assert spread(diagram, high, Room(tears=(2,))).boxes[0].height == 6
    assert spread(*simple(), Room(rows=(1,))).boxes[0].height == 4


def test_a_row_put_in_at_the_edge_of_a_box_stays_outside() -> None:
    diagram, drawing = simple(stretch=False)
    for row, top in ((1, 1), (2, 0)):
        box = spread(diagram, drawing, Room(tears=(row,))).boxes[0]
        assert (box.y, box.height) == (top, 3)


def test_a_label_stays_at_its_line() -> None:
    diagram, drawing = simple()
    line = Route(((5, 1), (7, 1)), label=(6, 2))
    drawing = Drawing(13, 4, drawing.boxes, (line,))
    for room in (Room(rows=(2,)), Room(tears=(2,)), Room(rows=(1,))):
        route = spread(diagram, drawing, room).routes[0]
        assert route is not None
        assert route.label is not None
        assert route.label[1] == route.points[0][1] + 1


def corners(*lines: tuple[int, list[tuple[int, int]], int]) -> Room:
    grid = Grid(12, 8)
    for owner, (first, points, last) in enumerate(lines):
        assert grid.draw_line(owner, first, points, last)
    return find_lookalikes(grid)


def test_corners_of_two_lines_side_by_side_are_parted() -> None:
    room = corners(
        (LEFT, [(0, 2), (4, 2), (4, 0)], UP),
        (RIGHT, [(9, 2), (5, 2), (5, 5)], DOWN),
    )
    assert room == Room(columns=(5,))


def test_a_corner_on_another_is_parted() -> None:
    room = corners(
        (LEFT, [(0, 2), (4, 2), (4, 0)], UP),
        (LEFT, [(0, 3), (4, 3), (4, 6)], DOWN),
    )
    assert room == Room(tears=(3,))


def test_a_corner_beside_a_passing_line_is_fine() -> None:
    room = corners(
        (LEFT, [(0, 2), (4, 2), (4, 0)], UP),
        (UP, [(5, 0), (5, 6)], DOWN),
    )
    assert room == Room()


def test_a_junction_on_a_crossing_could_be_read_two_ways() -> None:
    grid = Grid(8, 6)
    assert grid.draw_line(0, UP, [(4, 0), (4, 5)], DOWN)
    assert grid.draw_line(0, UP, [(4, 0), (4, 2), (0, 2)], LEFT)
    assert grid.draw_line(1, LEFT, [(0, 3), (7, 3)], RIGHT)
    assert find_lookalikes(grid) == Room(tears=(3,))


def test_a_corner_at_a_border_is_parted_from_it() -> None:
    grid = Grid(8, 5)
    grid.draw_box(Rect(0, 0, 3, 3))
    assert grid.draw_line(0, LEFT, [(3, 1), (3, 4)], DOWN)
    assert find_lookalikes(grid) == Room(columns=(3,))
