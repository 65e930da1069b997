"""A drawing keeps still when a leaf is added, and large ones fit narrow pages whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from statistics import median

import pytest

from erdgen.layout.drawing import Box, Diagram, Drawing, End, Line
from erdgen.layout.insert import insert_box
from erdgen.layout.lay_out import lay_out
from tests.layout.checking import check
from tests.layout.models import Table, names_only, random_tables, with_attributes


def rows(drawing: Drawing) -> Counter[tuple[tuple[int, int], ...]]:
    """Return what stands in each row of a drawing: the boxes' places and widths."""
    return Counter(
        tuple(
            sorted((rect.x, rect.width) for rect in drawing.boxes if 0 <= y - rect.y < rect.height)
        )
        for y in range(drawing.height)
    )


def with_leaf(diagram: Diagram, host: int) -> Diagram:
    """Return the diagram with one more box that a line from a host leads to."""
    row = next((line.source.row for line in diagram.lines if line.source.box == host), None)
    box = Box(14, 3 if row is None else 6, stretch=row is None)
    end = End(len(diagram.boxes), None if row is None else 3, mark=1)
    return diagram._replace(
        boxes=(*diagram.boxes, box),
        lines=(*diagram.lines, Line(End(host, row), end, 6, host)),
    )


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("made", [names_only, with_attributes])
def test_a_leaf_leaves_most_rows_of_a_narrow_drawing(
    made: Callable[[list[Table]], Diagram], width: int
) -> None:
    shares = []
    for seed in range(1, 6):
        diagram = made(random_tables(24, 32, seed))
        sources = Counter(line.source.box for line in diagram.lines)
        more = with_leaf(diagram, max(range(12), key=sources.__getitem__))
        before, after = lay_out(diagram, width=width), lay_out(more, width=width)
        assert check(more, after).problems == []
        shares.append((rows(before) & rows(after)).total() / before.height)
    assert median(shares) >= 0.6, shares


def test_many_lines_fit_a_narrow_page_whole() -> None:
    diagram = names_only(random_tables(60, 90))
    drawing = lay_out(diagram, width=100)
    report = check(diagram, drawing)
    assert report.problems == []
    assert report.undrawn == []
    assert drawing.width <= 100


@pytest.mark.parametrize("made", [names_only, with_attributes])
def test_a_box_is_put_into_a_drawing_without_moving_anything(
    made: Callable[[list[Table]], Diagram],
) -> None:
    inserted = 0
    for seed in range(1, 9):
        diagram = made(random_tables(14, 18, seed))
        before = lay_out(diagram)
        if len(before.boxes) != len(diagram.boxes):
            continue
        for host in range(0, 14, 3):
            more = with_leaf(diagram, host)
            after = insert_box(more, before, None, down=made is names_only)
            if after is None:
                continue
            inserted += 1
            assert check(more, after).problems == []
            assert after.boxes[:-1] == before.boxes
            courses = [route and route.points for route in before.routes]
            assert [route and route.points for route in after.routes[:-1]] == courses
    assert inserted >= 10
