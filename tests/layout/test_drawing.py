"""Whole drawings: any diagram keeps all rules, in any direction and width."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from erdgen.layout.drawing import Box, Diagram, Direction, End, Line
from erdgen.layout.lay_out import lay_out
from erdgen.layout.search import Known

from .checking import check
from .models import names_only, random_tables, with_attributes


@st.composite
def diagrams(draw: st.DrawFn, bare: bool) -> Diagram:
    count = draw(st.integers(1, 10))
    label = draw(st.sampled_from([0, 6, 11]))
    end_label = draw(st.sampled_from([0, 0, 1, 4]))
    marks = draw(st.sampled_from([(0, 1), (1, 0), (2, 2), (0, 0), (1, 2)]))
    bundled = draw(st.booleans())
    heights = st.sampled_from([3, 5, 6, 8, 12])
    boxes = [
        Box(draw(st.integers(5, 30)), 3 if bare else draw(heights), stretch=bare)
        for _ in range(count)
    ]
    lines: list[Line] = []
    for _ in range(draw(st.integers(0, 2 * count))):
        a, b = draw(st.integers(0, count - 1)), draw(st.integers(0, count - 1))
        row_a = None if bare else draw(st.integers(1, boxes[a].height - 2))
        row_b = None if bare else draw(st.integers(1, boxes[b].height - 2))
        trunk = a * 100 + (row_a or 0) if bundled else -1
        lines.append(
            Line(
                End(a, row_a, marks[0], end_label), End(b, row_b, marks[1], end_label), label, trunk
            )
        )
    return Diagram(tuple(boxes), tuple(lines))


def nets_in_row(diagram: Diagram, box: int, row: int | None) -> int:
    nets: set[object] = set()
    for index, line in enumerate(diagram.lines):
        if (line.source.box, line.source.row) == (box, row):
            nets.add(("trunk", line.trunk) if line.trunk >= 0 else index)
        if (line.target.box, line.target.row) == (box, row):
            nets.add(("end", index))
    return len(nets)


directions = st.sampled_from(["auto", "auto", "right", "down"])
widths = st.sampled_from([None, None, 40, 60, 100])
quick = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@quick
@given(diagrams(bare=True), directions, widths)
def test_bare_boxes_keep_all_rules(
    diagram: Diagram, direction: Direction, width: int | None
) -> None:
    report = check(diagram, lay_out(diagram, direction, width))
    assert report.problems == []
    assert report.undrawn == []


@quick
@given(diagrams(bare=False), directions, widths)
def test_boxes_with_rows_keep_all_rules(
    diagram: Diagram, direction: Direction, width: int | None
) -> None:
    report = check(diagram, lay_out(diagram, direction, width))
    assert report.problems == []
    # a row has two sides, so no more than two nets end at it
    for index in report.undrawn:
        line = diagram.lines[index]
        assert max(nets_in_row(diagram, end.box, end.row) for end in (line.source, line.target)) > 2


@given(diagrams(bare=True))
@settings(parent=quick, max_examples=15)
def test_the_same_diagram_gives_the_same_drawing(diagram: Diagram) -> None:
    assert lay_out(diagram) == lay_out(diagram)


@pytest.mark.parametrize("bare", [True, False])
def test_what_was_sketched_for_other_widths_changes_no_drawing(bare: bool) -> None:
    tables = random_tables(14, 24)
    diagram = names_only(tables) if bare else with_attributes(tables)
    known: Known = {}
    for width in (None, 100, 80, 100):
        assert lay_out(diagram, "auto", width, known) == lay_out(diagram, "auto", width)
    sketched = sum(len(memory.sketches) for memory in known.values())
    lay_out(diagram, "auto", 80, known)
    assert sketched == sum(len(memory.sketches) for memory in known.values()) > 0


@pytest.mark.parametrize("direction", ["auto", "right", "down"])
def test_nothing_to_draw(direction: Direction) -> None:
    drawing = lay_out(Diagram((), ()), direction)
    assert (drawing.width, drawing.height) == (0, 0)


def test_boxes_without_lines_stand_in_rows_within_the_width() -> None:
    diagram = Diagram(tuple(Box(20, 3) for _ in range(7)), ())
    drawing = lay_out(diagram, width=50)
    assert drawing.width <= 50
    assert check(diagram, drawing).problems == []


def test_third_net_of_a_row_is_left_out_and_the_others_drawn() -> None:
    boxes = tuple(Box(12, 6) for _ in range(4))
    lines = tuple(Line(End(index, 2), End(3, 3)) for index in range(3))
    diagram = Diagram(boxes, lines)
    report = check(diagram, lay_out(diagram))
    assert report.problems == []
    assert len(report.undrawn) == 1


def test_the_arrangement_of_the_implementation_template() -> None:
    pairs = [(0, 1, 6), (1, 2, 3), (0, 3, 6), (1, 4, 6)]
    diagram = Diagram(
        tuple(Box(15, 3, stretch=True) for _ in range(5)),
        tuple(Line(End(a), End(b, mark=1), label, 10 * a + label) for a, b, label in pairs),
    )
    drawing = lay_out(diagram, "right")
    places = [(rect.x, rect.y, rect.width, rect.height) for rect in drawing.boxes]
    assert places == [(0, 0, 15, 4), (24, 0, 15, 4), (48, 0, 15, 4), (0, 7, 15, 3), (24, 7, 15, 3)]
    routes = [route for route in drawing.routes if route is not None]
    assert [route.points for route in routes] == [
        ((15, 1), (23, 1)),
        ((39, 1), (47, 1)),
        ((7, 4), (7, 6)),
        ((31, 4), (31, 6)),
    ]
    assert [route.label for route in routes] == [(17, 2), (41, 2), (9, 5), (33, 5)]


def test_the_arrangement_of_the_plan_template() -> None:
    diagram = Diagram((Box(14, 9), Box(19, 8)), (Line(End(0, 4, mark=1), End(1, 3), 11),))
    drawing = lay_out(diagram, "down")
    assert [(rect.x, rect.y, rect.width) for rect in drawing.boxes] == [(0, 0, 19), (0, 11, 19)]
    (route,) = drawing.routes
    assert route is not None
    assert route.points == ((19, 4), (26, 4), (26, 14), (19, 14))
    assert route.label == (28, 6)
