"""Lines that step aside by a little get straight, and all else keeps its order and distances."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from erdgen.layout.compose import sketch_columns
from erdgen.layout.drawing import Box, Diagram, Drawing, End, Line, Rect, Route
from erdgen.layout.fold import dense
from erdgen.layout.labels import place_labels
from erdgen.layout.layering import layers_of
from erdgen.layout.level import level
from tests.layout.checking import check
from tests.layout.models import names_only, random_tables, with_attributes


def boxes_with_rows(*heights: int) -> tuple[Box, ...]:
    return tuple(Box(9, height) for height in heights)


def test_a_box_goes_down_by_a_row_for_a_straight_line() -> None:
    diagram = Diagram(
        boxes_with_rows(6, 6), (Line(End(0, 3, mark=1), End(1, 3), label=6, trunk=0),)
    )
    route = Route(((9, 4), (14, 4), (14, 3), (19, 3)), label=(10, 5))
    drawing = Drawing(28, 7, (Rect(0, 1, 9, 6), Rect(19, 0, 9, 6)), (route,))
    assert level(diagram, drawing, down=False) == drawing._replace(
        boxes=(Rect(0, 1, 9, 6), Rect(19, 1, 9, 6)),
        routes=(Route(((9, 4), (19, 4)), label=(10, 5)),),
    )


def test_what_is_below_makes_room_and_keeps_its_distance() -> None:
    diagram = Diagram(boxes_with_rows(6, 6, 4), (Line(End(0, 3, mark=1), End(1, 3)),))
    route = Route(((9, 4), (14, 4), (14, 3), (19, 3)))
    rects = (Rect(0, 1, 9, 6), Rect(19, 0, 9, 6), Rect(19, 7, 9, 4))
    low = level(diagram, Drawing(28, 12, rects, (route,)), down=False)
    assert low.boxes == (Rect(0, 1, 9, 6), Rect(19, 1, 9, 6), Rect(19, 8, 9, 4))
    tight = level(diagram, Drawing(28, 11, rects, (route,)), down=False)
    assert tight.boxes == (Rect(0, 0, 9, 6), *rects[1:])


def test_a_line_that_crosses_the_step_keeps_it() -> None:
    diagram = Diagram(
        boxes_with_rows(6, 6, 3, 3),
        (Line(End(0, 3, mark=1), End(1, 3)), Line(End(2, 1), End(3, 1, mark=1))),
    )
    drawing = Drawing(
        48,
        9,
        (Rect(10, 3, 9, 6), Rect(29, 1, 9, 6), Rect(0, 0, 9, 3), Rect(39, 4, 9, 3)),
        (
            Route(((19, 6), (24, 6), (24, 4), (28, 4))),
            Route(((9, 1), (22, 1), (22, 5), (26, 5), (26, 8), (38, 8), (38, 5))),
        ),
    )
    assert level(diagram, drawing, down=False) == drawing


def test_of_a_trunk_one_line_goes_on_straight_and_nowhere_four_ways_meet() -> None:
    lines = tuple(Line(End(0, 3, mark=1), End(box, 3), trunk=0) for box in (1, 2, 3))
    diagram = Diagram(boxes_with_rows(6, 6, 6, 6), lines)
    rects = (Rect(0, 8, 9, 6), Rect(19, 0, 9, 6), Rect(19, 7, 9, 6), Rect(19, 16, 9, 6))
    places = (3, 10, 19)
    routes = tuple(Route(((9, 11), (14, 11), (14, place), (18, place))) for place in places)
    drawing = Drawing(28, 22, rects, routes)
    # the one in the middle would make four ways, the others are far
    assert level(diagram, drawing, down=False) == drawing
    two = diagram._replace(lines=lines[1:])
    straight = level(two, drawing._replace(routes=routes[1:]), down=False)
    assert straight.routes[0] == Route(((9, 11), (18, 11)))
    assert check(two, straight).problems == []


def test_a_line_to_the_next_box_is_straight_rather_than_the_one_back_to_its_own() -> None:
    lines = (Line(End(0, 3, mark=1), End(1, 3), trunk=0), Line(End(0, 3), End(0, 4), trunk=0))
    diagram = Diagram(boxes_with_rows(6, 6), lines)
    routes = (Route(((9, 3), (12, 3), (12, 4), (18, 4))), Route(((9, 3), (12, 3), (12, 4), (9, 4))))
    drawing = Drawing(28, 8, (Rect(0, 0, 9, 6), Rect(19, 1, 9, 6)), routes)
    straight = level(diagram, drawing, down=False)
    assert straight.boxes == (Rect(0, 1, 9, 6), Rect(19, 1, 9, 6))
    assert straight.routes == (
        Route(((9, 4), (18, 4))),
        Route(((9, 4), (12, 4), (12, 5), (9, 5))),
    )


def test_lines_that_run_down_slide_along_their_boxes() -> None:
    diagram = Diagram(
        (Box(9, 3, stretch=True), Box(9, 3, stretch=True)), (Line(End(0), End(1, mark=1), 6),)
    )
    route = Route(((2, 3), (2, 4), (5, 4), (5, 6)), label=(7, 5))
    drawing = Drawing(13, 10, (Rect(0, 0, 9, 3), Rect(4, 7, 9, 3)), (route,))
    straight = level(diagram, drawing, down=True)
    assert [len(route.points) for route in straight.routes if route] == [2]
    assert check(diagram, straight).problems == []


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(2, 12), st.integers(0, 5), st.integers(0, 99), st.booleans())
def test_order_distances_and_extent_stay(count: int, more: int, seed: int, down: bool) -> None:
    tables = random_tables(count, min(count - 1 + more, count * (count - 1) // 2), seed)
    diagram = names_only(tables) if down else with_attributes(tables)
    sketch = sketch_columns(diagram, dense(layers_of(diagram)), down=down)
    before = place_labels(diagram, sketch.drawing)
    after = level(diagram, before, down=down)
    old, new = check(diagram, before), check(diagram, after)
    assert new.problems == old.problems == []
    assert new.crossings <= old.crossings
    assert new.hugging <= old.hugging
    assert after[:2] == before[:2]
    assert bends(after) <= bends(before)
    for one, two in zip(after.routes, before.routes, strict=True):
        assert one is not None
        assert two is not None
        assert [cell is None for cell in one[1:]] == [cell is None for cell in two[1:]]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=14))
def test_lines_back_to_their_box_and_parallel_ones_keep_all_rules(
    pairs: list[tuple[int, int]],
) -> None:
    diagram = Diagram(
        tuple(Box(12 + box % 3 * 5, 3, stretch=True) for box in range(9)),
        tuple(Line(End(a), End(b, mark=1), 6, a) for a, b in pairs),
    )
    sketch = sketch_columns(diagram, dense(layers_of(diagram)), down=True)
    before = place_labels(diagram, sketch.drawing)
    after = level(diagram, before, down=True)
    assert check(diagram, after).problems == []
    assert bends(after) <= bends(before)


@pytest.mark.parametrize("down", [False, True])
def test_many_drawings_get_straighter(down: bool) -> None:
    saved = 0
    for seed in range(12):
        tables = random_tables(12, 14, seed)
        diagram = names_only(tables) if down else with_attributes(tables)
        sketch = sketch_columns(diagram, dense(layers_of(diagram)), down=down)
        before = place_labels(diagram, sketch.drawing)
        saved += bends(before) - bends(level(diagram, before, down=down))
    assert saved >= 6


def bends(drawing: Drawing) -> int:
    return sum(len(route.points) - 2 for route in drawing.routes if route is not None)
