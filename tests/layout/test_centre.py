"""Boxes and lines move to each other's middle, and nothing else changes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from erdgen.layout.centre import centre
from erdgen.layout.compose import sketch_columns
from erdgen.layout.drawing import Box, Diagram, Drawing, End, Line, Rect, Route
from erdgen.layout.fold import dense
from erdgen.layout.labels import place_labels
from erdgen.layout.layering import layers_of
from erdgen.layout.p4_place import Places, keep_places
from erdgen.layout.sheet import FREE, Style, Wire, build_sheet, choose_sides

from .checking import check


def bare(count: int, pairs: list[tuple[int, int]], *, trunks: bool = True) -> Diagram:
    return Diagram(
        tuple(Box(12 + box % 3 * 5, 3, stretch=True) for box in range(count)),
        tuple(
            Line(End(a), End(b, mark=1), 6, a if trunks else -1) for a, b in pairs if a < count > b
        ),
    )


def corners(drawing: Drawing) -> list[int]:
    return [len(route.points) for route in drawing.routes if route is not None]


def labels(drawing: Drawing) -> list[tuple[bool, bool, bool]]:
    return [
        (route.label is None, route.source_label is None, route.target_label is None)
        for route in drawing.routes
        if route is not None
    ]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=12),
    st.booleans(),
)
def test_only_what_may_moves(pairs: list[tuple[int, int]], trunks: bool) -> None:
    diagram = bare(9, pairs, trunks=trunks)
    sketch = sketch_columns(diagram, dense(layers_of(diagram)), down=True)
    before = place_labels(diagram, sketch.drawing)
    after = centre(diagram, before)
    old, new = check(diagram, before), check(diagram, after)
    assert new.problems == []
    assert new.hugging <= old.hugging
    assert new.crossings <= old.crossings
    assert (after.width, after.height) == (before.width, before.height)
    assert all(new <= old for new, old in zip(corners(after), corners(before), strict=True))
    assert labels(after) == labels(before)
    assert [rect[1:] for rect in after.boxes] == [rect[1:] for rect in before.boxes]
    assert ends(after) == ends(before)


def ends(drawing: Drawing) -> list[tuple[int, int]]:
    """The rows at which each line begins and ends."""
    return [(route.points[0][1], route.points[-1][1]) for route in drawing.routes if route]


def stack(x: int, label: int | None = None) -> tuple[Diagram, Drawing]:
    """A box of 13 columns at `x` above one of 21, a straight line at the right end of the upper."""
    diagram = Diagram(
        (Box(13, 3, stretch=True), Box(21, 3, stretch=True)),
        (Line(End(0), End(1, mark=1), 6 if label else 0),),
    )
    at = x + 11
    route = Route(((at, 3), (at, 4)), (label, 3) if label else None)
    return diagram, Drawing(40, 8, (Rect(x, 0, 13, 3), Rect(0, 5, 21, 3)), (route,))


def test_a_line_and_its_boxes_come_to_stand_in_the_middle() -> None:
    diagram, drawing = stack(0)
    after = centre(diagram, drawing)
    (upper, lower), route = after.boxes, after.routes[0]
    assert route is not None
    assert abs(upper.x + 6 - route.points[0][0]) <= 1
    assert abs(lower.x + 10 - route.points[0][0]) <= 1


def test_a_label_goes_with_its_line() -> None:
    diagram, drawing = stack(0, 13)
    after = centre(diagram, drawing)
    route = after.routes[0]
    assert route is not None
    assert route.points[0][0] != 11
    assert route.label == (route.points[0][0] + 2, 3)


def test_a_box_stays_where_another_is_in_its_way() -> None:
    diagram, drawing = stack(0)
    beside = diagram._replace(boxes=(*diagram.boxes, Box(9, 3), Box(9, 3)))
    fixed = drawing._replace(boxes=(*drawing.boxes, Rect(15, 0, 9, 3), Rect(23, 5, 9, 3)))
    after = centre(beside, fixed)
    assert after.boxes[0].x + 13 <= 13
    assert after.boxes[2:] == fixed.boxes[2:]


def test_a_frame_stays_free() -> None:
    diagram, drawing = stack(2)
    framed = drawing._replace(frames=(Rect(0, -1, 17, 5),))
    after = centre(diagram, framed)
    assert after.boxes[0] == framed.boxes[0]
    assert after.routes == framed.routes


def test_a_box_that_is_put_in_late_stands_under_its_host() -> None:
    style = Style(down=True, bare=True)
    wire = Wire(
        0,
        1,
        offsets=(FREE, FREE),
        zones=(1, 1),
        rooms=(6, 0),
        reaches=(9, 2),
        trunk=-1,
    )
    column = [0, 1]
    sheet = build_sheet(
        [14, 13],
        [3, 3],
        [True, True],
        wires=[wire],
        column=column,
        sides=choose_sides([wire], column),
        style=style,
    )
    start = keep_places(sheet, [[0], [1]], style, Places([0, 1], [14, 13], [-1, -1], 14))
    assert start.port[0] == start.port[1]


def test_a_line_with_one_step_gets_straight_if_an_end_can_slide() -> None:
    diagram = Diagram(
        (Box(13, 3, stretch=True), Box(13, 3, stretch=True)), (Line(End(0), End(1, mark=1), 6),)
    )
    boxes = (Rect(0, 0, 13, 3), Rect(4, 6, 13, 3))
    step = Route(((2, 3), (2, 4), (6, 4), (6, 5)), (4, 3))
    after = centre(diagram, Drawing(17, 9, boxes, (step,)))
    route = after.routes[0]
    assert route is not None
    assert len(route.points) == 2
    assert route.label == (route.points[0][0] + 2, 3)
    assert check(diagram, after).problems == []
    far = (boxes[0], Rect(12, 6, 13, 3))
    apart = Drawing(25, 9, far, (Route(((2, 3), (2, 4), (14, 4), (14, 5)), (4, 3)),))
    assert corners(centre(diagram, apart)) == [4]


def test_a_stem_comes_to_stand_above_a_branch_that_it_nearly_meets() -> None:
    diagram = Diagram(
        (Box(13, 3, stretch=True),) * 3,
        tuple(Line(End(0), End(child, mark=1), 6, 0) for child in (1, 2)),
    )
    boxes = (Rect(0, 0, 13, 3), Rect(0, 7, 13, 3), Rect(16, 7, 13, 3))
    routes = (
        Route(((9, 3), (9, 5), (6, 5), (6, 6)), (11, 3)),
        Route(((9, 3), (9, 5), (22, 5), (22, 6))),
    )
    after = centre(diagram, Drawing(29, 10, boxes, routes))
    assert corners(after) == [2, 4]
    assert check(diagram, after).problems == []


def test_a_stem_keeps_beside_a_branch_that_comes_back_to_its_box() -> None:
    diagram = Diagram(
        (Box(21, 3, stretch=True), Box(13, 3, stretch=True)),
        (Line(End(0), End(0), 0, 0), Line(End(0), End(1, mark=1), 6, 0)),
    )
    boxes = (Rect(8, 0, 21, 3), Rect(0, 5, 13, 3))
    routes = (Route(((18, 3), (20, 3))), Route(((18, 3), (6, 3), (6, 4))))
    after = centre(diagram, Drawing(29, 8, boxes, routes))
    assert [route and route.points[0] != route.points[-1] for route in after.routes] == [True] * 2
