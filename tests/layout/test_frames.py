"""Frames around groups: they hold their members, and nothing runs into them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from erdgen.layout.compound import Compound, draw_compound
from erdgen.layout.drawing import Box, Diagram, Drawing, End, Line, Rect, Route
from erdgen.layout.frames import count_crossings, is_worth
from erdgen.layout.inside import FRAME
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


def with_rows(count: int, pairs: list[tuple[int, int]], groups: list[int]) -> Diagram:
    """Boxes with two rows each; lines run from the first row of one to the second of another."""
    return Diagram(
        tuple(Box(20, 6, group=groups[box]) for box in range(count)),
        tuple(Line(End(a, 3, mark=1, label=11), End(b, 4), trunk=a) for a, b in pairs),
        (6,) * (max(groups) + 1),
    )


def assert_frames_hold_their_boxes(diagram: Diagram, drawing: Drawing) -> None:
    """Each frame holds the boxes of its group and meets no other box and no other frame."""
    frames = [frame for frame in drawing.frames if frame is not None]
    for index, one in enumerate(frames):
        assert one.x >= 0
        assert one.y >= 0
        assert one.x + one.width <= drawing.width
        assert one.y + one.height <= drawing.height
        assert all(apart(one, other) for other in frames[index + 1 :])
    for group, frame in enumerate(drawing.frames):
        if frame is None:
            continue
        assert frame.width >= diagram.groups[group] + 6
        for box, rect in zip(diagram.boxes, drawing.boxes, strict=True):
            if box.group == group:
                assert frame.x < rect.x - 1
                assert rect.x + rect.width < frame.x + frame.width - 1
                assert frame.y + diagram.airy < rect.y
                assert rect.y + rect.height + diagram.airy < frame.y + frame.height
            else:
                assert apart(frame, rect)


def apart(one: Rect, other: Rect) -> bool:
    return (
        other.x >= one.x + one.width
        or other.x + other.width <= one.x
        or other.y >= one.y + one.height
        or other.y + other.height <= one.y
    )


def assert_lines_cross_frames_straight(drawing: Drawing) -> None:
    """No line runs along a border, turns in it or right beside it."""
    lines = [set(cells_of(route)) for route in drawing.routes if route is not None]
    for frame in drawing.frames:
        if frame is None:
            continue
        right, bottom = frame.x + frame.width - 1, frame.y + frame.height - 1
        for cells in lines:
            for x, y in cells:
                if x in (frame.x, right) and frame.y <= y <= bottom:
                    assert {(x - 1, y), (x + 1, y)} <= cells
                    assert not {(x, y - 1), (x, y + 1)} & cells
                if y in (frame.y, bottom) and frame.x <= x <= right:
                    assert {(x, y - 1), (x, y + 1)} <= cells
                    assert not {(x - 1, y), (x + 1, y)} & cells


PAIRS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=12)
GROUPS = st.lists(st.integers(-1, 3), min_size=9, max_size=9)


@pytest.mark.parametrize("make", [grouped, with_rows])
@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    pairs=PAIRS, groups=GROUPS, airy=st.booleans(), width=st.sampled_from((None, 60, 80, 100, 120))
)
def test_frames_hold_their_boxes_and_lines_cross_them_straight(
    make: Callable[[int, list[tuple[int, int]], list[int]], Diagram],
    pairs: list[tuple[int, int]],
    groups: list[int],
    *,
    airy: bool,
    width: int | None,
) -> None:
    diagram = make(9, pairs, [*groups[:8], 3])._replace(airy=airy)
    drawing = lay_out(diagram, width=width)
    report = check(diagram, drawing)
    assert report.problems == []
    assert report.unlabelled == []
    assert len(drawing.frames) == len(diagram.groups)
    assert_frames_hold_their_boxes(diagram, drawing)
    assert_lines_cross_frames_straight(drawing)


@pytest.mark.parametrize("make", [grouped, with_rows])
def test_groups_that_lines_tie_have_frames(
    make: Callable[[int, list[tuple[int, int]], list[int]], Diagram],
) -> None:
    pairs = [(0, 1), (0, 2), (1, 3), (3, 4), (3, 5), (4, 6), (2, 6), (6, 7)]
    diagram = make(9, pairs, [0, 0, 0, 1, 1, 1, -1, 2, 2])
    for width in (80, 100, None):
        drawing = lay_out(diagram, width=width)
        assert None not in drawing.frames
        assert width is None or drawing.width <= width


def test_a_trunk_across_a_frame_has_one_label() -> None:
    diagram = grouped(4, [(0, 1), (0, 2), (0, 3)], [0, 1, 1, 1])
    drawing = lay_out(diagram)
    assert None not in drawing.frames
    assert check(diagram, drawing).unlabelled == []
    assert sum(route is not None and route.label is not None for route in drawing.routes) == 1


def test_boxes_of_a_group_that_nothing_ties_stand_in_its_frame() -> None:
    diagram = grouped(6, [(0, 3), (1, 2)], [0, 0, 0, 1, 1, 0])
    drawing = lay_out(diagram)
    assert None not in drawing.frames
    assert_frames_hold_their_boxes(diagram, drawing)


def test_a_frame_across_whose_upper_border_many_lines_run_has_room_for_its_title() -> None:
    pairs = [(a, b) for a in range(4) for b in range(4, 8)]
    diagram = grouped(8, pairs, [0] * 4 + [1] * 4)._replace(groups=(20, 30))
    drawing = draw_compound(
        diagram, "down", None, FRAME, lambda part, _: lay_out(part), hopeless=lambda _: False
    ).drawing
    lines = {cell for route in drawing.routes if route for cell in cells_of(route)}
    for frame, title in zip(drawing.frames, diagram.groups, strict=True):
        assert frame is not None
        borders = (
            "".join(" *"[(x, y) in lines] for x in range(frame.x + 2, frame.x + frame.width - 2))
            for y in (frame.y, frame.y + frame.height - 1)
        )
        assert any(" " * (title + 2) in border for border in borders)


def test_frames_are_not_worth_what_they_cost_dearly() -> None:
    diagram = grouped(4, [(0, 1), (2, 3)], [0, 0, 1, 1])
    drawing = lay_out(diagram)
    assert is_worth(diagram, drawing, drawing, drawing.width)
    assert not is_worth(diagram, drawing, drawing, drawing.width - 1)
    assert not is_worth(diagram, drawing._replace(routes=(None, None)), drawing, None)
    assert not is_worth(diagram, drawing._replace(height=9 * drawing.height), drawing, None)


def test_crossings_are_counted_by_cells_where_different_lines_meet() -> None:
    diagram = grouped(4, [(0, 1), (0, 2), (3, 1)], [0, 0, 0, 0])
    trunk = (Route(((1, 3), (1, 9))), Route(((1, 3), (1, 5), (9, 5))))
    drawing = Drawing(20, 20, (), (*trunk, Route(((4, 3), (4, 8), (0, 8)))))
    assert count_crossings(diagram, drawing) == 2
    assert count_crossings(diagram, drawing._replace(routes=(*trunk, None))) == 0


def test_frames_that_cannot_be_worth_it_are_drawn_once_and_not_improved() -> None:
    pairs = [(a, b) for a in range(4) for b in range(4, 8)]
    diagram = grouped(8, pairs, [0] * 4 + [1] * 4)

    def draw(*, hopeless: bool) -> Compound:
        return draw_compound(
            diagram, "auto", None, FRAME, lambda part, _: lay_out(part), hopeless=lambda _: hopeless
        )

    quick = draw(hopeless=True)
    assert check(diagram, quick.drawing).problems == []
    assert_frames_hold_their_boxes(diagram, quick.drawing)
    assert quick.cost > draw(hopeless=False).cost
