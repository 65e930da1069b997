"""A chain of boxes in one row: straight arrows between, all other lines below."""

from __future__ import annotations

import pytest

from erdgen.layout.drawing import Box, Diagram, End, Line, Rect
from erdgen.layout.row import lay_out_row


def diagram(boxes: int, *lines: tuple[int, int], label: int = 0) -> Diagram:
    return Diagram(
        (Box(9, 3, stretch=True),) * boxes,
        tuple(Line(End(a), End(b, mark=1), label) for a, b in lines),
    )


def test_a_chain_stands_in_a_row() -> None:
    drawing = lay_out_row(diagram(3, (0, 1), (1, 2)))
    assert drawing is not None
    assert drawing.boxes == (Rect(0, 0, 9, 3), Rect(14, 0, 9, 3), Rect(28, 0, 9, 3))
    assert [route and route.points for route in drawing.routes] == [
        ((9, 1), (13, 1)),
        ((23, 1), (27, 1)),
    ]
    assert (drawing.width, drawing.height) == (37, 3)


def test_a_line_back_runs_below_with_its_label_under_it() -> None:
    drawing = lay_out_row(diagram(3, (0, 1), (1, 2), (2, 0), label=6))
    assert drawing is not None
    route = drawing.routes[2]
    assert route is not None
    (x0, y0), (_, row), _, (x1, y1) = route.points
    assert (y0, y1) == (3, 3)
    assert x1 < x0
    assert route.label is not None
    assert route.label[1] == row + 1
    assert drawing.height == row + 2


def test_lines_below_share_no_cell_but_crossings() -> None:
    lines = [(0, 1), (1, 2), (2, 3), (3, 0), (2, 0), (2, 1), (1, 1), (0, 3)]
    drawing = lay_out_row(diagram(4, *lines))
    assert drawing is not None
    across: set[tuple[int, int]] = set()
    upright: set[tuple[int, int]] = set()
    for route in drawing.routes[3:]:
        assert route is not None
        (x0, _), (_, row), (x1, _), _ = route.points
        cells = {(x, row) for x in range(min(x0, x1), max(x0, x1) + 1)}
        ends = {(x, y) for x in (x0, x1) for y in range(3, row + 1)}
        assert not cells & across
        assert not ends & upright
        across |= cells
        upright |= ends


@pytest.mark.parametrize(
    "lines",
    [
        [(0, 1)],  # nothing leads to the third box
        [(0, 1), (2, 1)],  # the wrong way
        [(0, 1), (1, 2), *[(2, 0)] * 7],  # a tangle
    ],
)
def test_what_is_no_chain_is_left_to_the_other_layout(lines: list[tuple[int, int]]) -> None:
    assert lay_out_row(diagram(3, *lines)) is None


def test_one_box_is_a_row() -> None:
    drawing = lay_out_row(diagram(1))
    assert drawing is not None
    assert drawing.boxes == (Rect(0, 0, 9, 3),)
