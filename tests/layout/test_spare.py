"""Boxes of rows get spare ones, and drawings are as low as they can be without."""

from __future__ import annotations

from collections import Counter
from statistics import median

from erdgen.layout.drawing import Box, Diagram, Drawing, End, Line, Rect, Route
from erdgen.layout.lay_out import lay_out
from erdgen.layout.spare import with_spare, without_spare
from erdgen.layout.still import rows_of
from tests.layout.checking import check
from tests.layout.models import random_tables, with_attributes

PAIR = Diagram((Box(9, 8), Box(9, 12), Box(9, 6)), ())


def three(gap: int) -> Drawing:
    """One box over another, and a third beside the gap between them."""
    roomy = with_spare(PAIR).boxes
    low = roomy[0].height + gap
    return Drawing(
        25,
        low + roomy[1].height,
        (Rect(0, 0, 9, 9), Rect(0, low, 9, 14), Rect(16, low, 9, 6)),
        (),
    )


def test_spare_rows_are_taken_out_and_gaps_stay() -> None:
    closed = without_spare(PAIR, three(2))
    assert closed.boxes == (Rect(0, 0, 9, 8), Rect(0, 10, 9, 12), Rect(16, 10, 9, 6))
    assert closed.height == 22


def test_where_there_is_no_way_past_a_box_spare_rows_stay() -> None:
    drawing = three(1)
    whole = PAIR._replace(boxes=(*PAIR.boxes[:2], Box(9, 24)))
    boxes = (*drawing.boxes[:2], Rect(10, 0, 9, 24))
    closed = without_spare(whole, drawing._replace(boxes=boxes))
    assert closed.boxes == (Rect(0, 0, 9, 8), Rect(0, 10, 9, 12), boxes[2])


def test_a_seam_steps_where_nothing_stands() -> None:
    drawing = three(1)
    boxes = (*drawing.boxes[:2], Rect(16, 0, 9, 6))
    closed = without_spare(PAIR, drawing._replace(boxes=boxes))
    assert closed.boxes == (Rect(0, 0, 9, 8), Rect(0, 9, 9, 12), Rect(16, 0, 9, 6))


def test_no_seam_steps_across_a_line() -> None:
    diagram = Diagram((Box(9, 8), Box(9, 12), Box(9, 6)), (Line(End(1, 3), End(2, 3, mark=1)),))
    drawing = three(1)._replace(height=24, routes=(Route(((9, 13), (12, 13), (12, 17), (15, 17))),))
    boxes = (*drawing.boxes[:2], Rect(16, 14, 9, 6))
    closed = without_spare(diagram, drawing._replace(boxes=boxes))
    assert check(diagram, closed).problems == []
    assert closed.boxes[1:] == (Rect(0, 9, 9, 12), Rect(16, 13, 9, 6))


def test_drawings_without_spare_rows_keep_all_rules() -> None:
    for seed in range(1, 5):
        diagram = with_attributes(random_tables(14, 19, seed))
        for width in (None, 100):
            assert check(diagram, lay_out(diagram, width=width)).problems == []


def test_a_row_more_in_a_box_changes_few_rows_of_the_drawing() -> None:
    shares = []
    for seed in range(1, 4):
        diagram = with_attributes(random_tables(9, 11, seed))
        before = rows_of(lay_out(diagram))
        for number, box in list(enumerate(diagram.boxes))[::2]:
            boxes = list(diagram.boxes)
            boxes[number] = box._replace(height=box.height + 1)
            after = rows_of(lay_out(diagram._replace(boxes=tuple(boxes))))
            shares.append((before & after).total() / Counter(before).total())
    assert median(shares) >= 0.6
