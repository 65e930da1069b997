"""A drawing keeps still when a leaf is added, and large ones fit narrow pages whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from statistics import median

import pytest

from erdgen.layout.drawing import Box, Diagram, Drawing, End, Line
from erdgen.layout.insert import insert_box
from erdgen.layout.lay_out import lay_out
from erdgen.layout.still import rows_of
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
    row = None if diagram.lines[0].source.row is None else 3
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


@pytest.mark.parametrize("made", [names_only, with_attributes])
def test_whatever_box_a_leaf_hangs_on_few_rows_change(
    made: Callable[[list[Table]], Diagram],
) -> None:
    shares = []
    for seed in range(1, 5):
        diagram = made(random_tables(12, 15, seed))
        before = rows_of(lay_out(diagram))
        for host in (0, 6):
            more = with_leaf(diagram, host)
            after = lay_out(more)
            assert check(more, after).problems == []
            shares.append((before & rows_of(after)).total() / before.total())
    assert median(shares) >= 0.7, sorted(shares)


def test_a_leaf_of_a_leaf_leaves_what_stands() -> None:
    diagram = names_only(random_tables(16, 22))
    one = with_leaf(diagram, 3)
    two = with_leaf(one, len(diagram.boxes))
    before, after = rows_of(lay_out(one)), rows_of(lay_out(two))
    assert (before & after).total() >= 0.6 * before.total()


def test_a_star_stays_when_it_gets_one_more() -> None:
    def star(count: int) -> Drawing:
        lines = tuple(Line(End(0), End(box, mark=1), 6, 0) for box in range(1, count))
        return lay_out(Diagram((Box(12, 3, stretch=True),) * count, lines))

    shares = []
    for count in (11, 12, 13, 15, 16, 17):
        before = rows_of(star(count))
        shares.append((before & rows_of(star(count + 1))).total() / before.total())
    assert median(shares) >= 0.5, shares
