"""Rows are put into a drawing along a seam, and what stands in it stays as it was."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from erdgen.layout.drawing import Box, Diagram, Drawing, Rect
from erdgen.layout.lay_out import lay_out
from erdgen.layout.room import open_rows
from tests.layout.checking import check
from tests.layout.models import Table, names_only, random_tables, with_attributes

TWO = Diagram((Box(9, 5), Box(9, 5), Box(9, 7)), ())
STACK = Drawing(25, 11, (Rect(0, 0, 9, 5), Rect(0, 6, 9, 5), Rect(16, 1, 9, 7)), ())


def test_a_seam_steps_round_what_stands_beside_the_place() -> None:
    opened = open_rows(TWO, STACK, (4, 5), 3)
    assert opened is not None
    assert opened.boxes == (Rect(0, 0, 9, 5), Rect(0, 9, 9, 5), Rect(16, 1, 9, 7))
    assert opened.height == 14


def test_a_box_is_not_torn_and_a_seam_needs_a_way() -> None:
    assert open_rows(TWO, STACK, (4, 2), 3) is None
    wide = STACK._replace(boxes=(*STACK.boxes[:2], Rect(10, 1, 9, 7)))
    assert open_rows(TWO, wide, (4, 5), 3) is None


@pytest.mark.parametrize("made", [names_only, with_attributes])
def test_all_rules_hold_wherever_rows_are_put_in(
    made: Callable[[list[Table]], Diagram],
) -> None:
    found = 0
    for seed in range(1, 7):
        diagram = made(random_tables(12, 16, seed))
        drawing = lay_out(diagram)
        labels = [route and (route.label is None) for route in drawing.routes]
        for rect in drawing.boxes:
            for y in (rect.y, rect.y + rect.height, rect.y + rect.height + 1):
                opened = open_rows(diagram, drawing, (rect.x + rect.width // 2, y), 4)
                if opened is None:
                    continue
                found += 1
                assert check(diagram, opened).problems == []
                assert [route and (route.label is None) for route in opened.routes] == labels
                assert opened.height == drawing.height + 4
    assert found > 60
