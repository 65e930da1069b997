"""Frames around groups: only where nothing stands in their way."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from erdgen.layout.drawing import Box, Diagram, End, Line
from erdgen.layout.lay_out import lay_out

from .checking import cells_of, check


def grouped(count: int, pairs: list[tuple[int, int]], groups: list[int]) -> Diagram:
    return Diagram(
        tuple(Box(12, 3, stretch=True, group=groups[box]) for box in range(count)),
        tuple(Line(End(a), End(b, mark=1), 6, a) for a, b in pairs),
        (6,) * (max(groups) + 1),
    )


def test_two_groups_that_no_line_ties_have_a_frame_each() -> None:
    diagram = grouped(4, [(0, 1), (2, 3)], [0, 0, 1, 1])
    drawing = lay_out(diagram)
    assert check(diagram, drawing).problems == []
    assert None not in drawing.frames
    for box, rect in zip(diagram.boxes, drawing.boxes, strict=True):
        frame = drawing.frames[box.group]
        assert frame is not None
        assert frame.x < rect.x
        assert rect.x + rect.width < frame.x + frame.width
        assert frame.y < rect.y
        assert rect.y + rect.height < frame.y + frame.height
        assert frame.x + frame.width <= drawing.width
        assert frame.y + frame.height <= drawing.height


def test_no_frame_beyond_the_width() -> None:
    diagram = grouped(2, [(0, 1)], [0, 0])
    assert lay_out(diagram, width=12).frames == (None,)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=8),
    st.lists(st.integers(-1, 2), min_size=7, max_size=7),
)
def test_frames_hold_their_boxes_and_lines_cross_them_straight(
    pairs: list[tuple[int, int]], groups: list[int]
) -> None:
    diagram = grouped(7, pairs, [*groups[:6], 2])
    drawing = lay_out(diagram)
    assert check(diagram, drawing).problems == []
    assert len(drawing.frames) == len(diagram.groups)
    lines = [set(cells_of(route)) for route in drawing.routes if route is not None]
    for group, frame in enumerate(drawing.frames):
        if frame is None:
            continue
        right, bottom = frame.x + frame.width, frame.y + frame.height
        for box, rect in zip(diagram.boxes, drawing.boxes, strict=True):
            apart = (
                rect.x >= right
                or rect.x + rect.width <= frame.x
                or rect.y >= bottom
                or rect.y + rect.height <= frame.y
            )
            assert (box.group == group) != apart
        for cells in lines:
            for x in range(frame.x, right):
                for y in (frame.y, bottom - 1):
                    if (x, y) in cells:
                        assert {(x - 1, y), (x + 1, y)} & cells == set()
