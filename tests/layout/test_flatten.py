"""Rows are taken out where nothing needs them, and only there."""

from __future__ import annotations

import pytest

from erdgen.layout.drawing import Box, Diagram, Drawing, End, Line, Rect, Route
from erdgen.layout.flatten import flatten, insert_columns, strange_cells, without_row
from erdgen.layout.labels import place_labels
from erdgen.layout.lay_out import lay_out

from .checking import check
from .models import names_only, random_tables

BOXES = (Box(10, 3, stretch=True), Box(10, 3, stretch=True))
DOWN = Diagram(BOXES, (Line(End(0), End(1, mark=1), 6),))
UP = Diagram(BOXES, (Line(End(0, mark=1), End(1, mark=1), 6),))


def two_boxes(diagram: Diagram, rows: int, aside: int, bend: int) -> Drawing:
    """Two boxes so many rows apart, and a line between them that turns aside in a row."""
    low = 3 + rows
    corners = ((4, 3), (4, bend), (4 + aside, bend), (4 + aside, low - 1))
    drawing = Drawing(
        aside + 10,
        low + 3,
        (Rect(0, 0, 10, 3), Rect(aside, low, 10, 3)),
        (Route(tuple(dict.fromkeys(corners))) if aside else Route((corners[0], corners[-1])),),
    )
    return place_labels(diagram, drawing)


def area(drawing: Drawing) -> float:
    return drawing.width * drawing.height


@pytest.mark.parametrize(
    ("diagram", "aside", "bend", "height"),
    [
        (DOWN, 0, 0, 8),  # the line and its arrow
        (UP, 0, 0, 9),  # a line between two marks
        (DOWN, 12, 5, 8),  # a bend and an arrow
        (UP, 12, 5, 9),  # a mark, a bend, an arrow
    ],
)
def test_as_many_rows_stay_as_the_marks_need(
    diagram: Diagram, aside: int, bend: int, height: int
) -> None:
    drawing = two_boxes(diagram, 6, aside, bend)
    assert check(diagram, drawing).problems == []
    flat = flatten(diagram, drawing, area)
    report = check(diagram, flat)
    assert report.problems == []
    assert report.unlabelled == []
    assert flat.height == height


def test_a_row_with_a_bend_or_a_box_stays() -> None:
    drawing = two_boxes(DOWN, 6, 12, 5)
    assert [y for y in range(12) if without_row(DOWN, drawing, y) is None] == [
        0,
        1,
        2,
        5,
        9,
        10,
        11,
    ]


def test_columns_are_put_in_for_a_label() -> None:
    boxes = (Box(12, 3, stretch=True), Box(12, 3, stretch=True))
    diagram = Diagram(boxes, (Line(End(0), End(1, mark=1), 6), Line(End(0), End(1, mark=1), 6)))
    drawing = place_labels(
        diagram,
        Drawing(
            20,
            9,
            (Rect(0, 0, 12, 3), Rect(0, 6, 12, 3)),
            (Route(((3, 3), (3, 5))), Route(((8, 3), (8, 5)))),
        ),
    )
    assert check(diagram, drawing).unlabelled == [0]
    wider = place_labels(diagram, insert_columns(diagram, drawing, 4, 4))
    assert check(diagram, wider).unlabelled == []
    assert check(diagram, wider).problems == []
    assert wider.boxes[0].width == 16


def test_cells_under_strange_boxes_are_counted() -> None:
    boxes = (Box(5, 3), Box(5, 3), Box(5, 3))
    diagram = Diagram(boxes, (Line(End(0), End(2, mark=1)),))
    drawing = Drawing(
        19,
        8,
        (Rect(0, 0, 5, 3), Rect(7, 0, 5, 3), Rect(14, 5, 5, 3)),
        (Route(((2, 3), (16, 3), (16, 4))),),
    )
    assert check(diagram, drawing).problems == []
    assert strange_cells(diagram, drawing, 3) == 5


@pytest.mark.parametrize("seed", range(12))
def test_random_diagrams_keep_the_rules(seed: int) -> None:
    diagram = names_only(random_tables(4 + seed * 2, 4 + seed * 3 - seed // 2, seed))
    for width in (None, 80):
        report = check(diagram, lay_out(diagram, "down", width))
        assert report.problems == []
        assert report.hugging == 0
