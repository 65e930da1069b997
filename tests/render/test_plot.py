"""Drawing a plan where the layout says: what does not fit is named, never drawn over something."""

from __future__ import annotations

from erdgen.layout.drawing import Box, Diagram, Drawing, End, Line, Rect, Route
from erdgen.render.notation import Stroke
from erdgen.render.text.boxes import Face, Plan
from erdgen.render.text.glyphs import THIN_ARROW, crows_foot
from erdgen.render.text.plot import plot, print_rows


def plan(*lines: Line, strokes: tuple[Stroke, ...], boxes: int = 2) -> Plan:
    return Plan(
        Diagram((Box(5, 3, stretch=True),) * boxes, lines),
        tuple(Face((name,), 3, centred=True) for name in "ABCD"[:boxes]),
        strokes,
        tuple(range(len(lines))),
    )


def drawing(*routes: Route | None, gap: int = 6) -> Drawing:
    return Drawing(10 + gap, 3, (Rect(0, 0, 5, 3), Rect(5 + gap, 0, 5, 3)), routes)


STRAIGHT = Route(((5, 1), (10, 1)))
ARROW = Stroke(right=THIN_ARROW)


def text(made: Plan, where: Drawing) -> list[str]:
    return print_rows(plot(made, where, ascii_only=False), ascii_only=False)[0]


def test_boxes_line_and_mark() -> None:
    made = plan(Line(End(0), End(1, mark=1)), strokes=(ARROW,))
    assert text(made, drawing(STRAIGHT)) == [
        "┌───┐      ┌───┐",
        "│ A │─────>│ B │",
        "└───┘      └───┘",
    ]


def test_a_line_on_top_of_another_is_lost_and_leaves_nothing_behind() -> None:
    made = plan(Line(End(0), End(1)), Line(End(0), End(1)), strokes=(ARROW, ARROW))
    plotted = plot(made, drawing(STRAIGHT, STRAIGHT), ascii_only=False)
    assert plotted.lost == (1,)
    assert print_rows(plotted, ascii_only=False)[0][1] == "│ A │─────>│ B │"


def test_a_line_without_a_route_and_one_that_misses_its_box_are_lost() -> None:
    made = plan(Line(End(0), End(1)), Line(End(0), End(1)), strokes=(ARROW, ARROW))
    off = Route(((5, 0), (10, 0)))
    assert plot(made, drawing(None, off), ascii_only=False).lost == (0, 1)


def test_a_branch_that_ends_where_its_trunk_begins_is_lost_with_its_trunk() -> None:
    lines = (Line(End(0), End(1), trunk=0), Line(End(0), End(0), trunk=0))
    made = plan(*lines, strokes=(Stroke(), Stroke()))
    there_and_back = Route(((5, 1), (7, 1), (5, 1)))
    assert plot(made, drawing(STRAIGHT, there_and_back), ascii_only=False).lost == (0, 1)


def test_two_branches_that_end_in_one_place_are_lost() -> None:
    made = plan(*(Line(End(0), End(1), trunk=0),) * 2, strokes=(Stroke(), Stroke()))
    assert plot(made, drawing(STRAIGHT, STRAIGHT), ascii_only=False).lost == (0, 1)


def test_a_mark_without_room_gets_room() -> None:
    foot = crows_foot(0, None, ascii_only=False)
    one = crows_foot(1, 1, ascii_only=False)
    made = plan(Line(End(0, mark=2), End(1, mark=2)), strokes=(Stroke(left=one, right=foot),))
    short = drawing(Route(((5, 1), (7, 1))), gap=3)
    assert text(made, short)[1] == "│ A │||─o<│ B │"


def test_a_label_without_room_gets_room() -> None:
    made = plan(Line(End(0), End(1), 6), strokes=(Stroke("1:many"),))
    rows = text(made, drawing(STRAIGHT))
    assert any("1:many" in row for row in rows)


def test_a_trunk_has_one_label_and_one_mark() -> None:
    boxes = (Rect(0, 0, 5, 3), Rect(16, 0, 5, 3), Rect(16, 4, 5, 3))
    routes = (
        Route(((5, 1), (15, 1)), label=(6, 2)),
        Route(((5, 1), (13, 1), (13, 5), (15, 5))),
    )
    lines = (Line(End(0), End(1, mark=1), 6, trunk=0), Line(End(0), End(2, mark=1), 6, trunk=0))
    made = plan(*lines, strokes=(Stroke("1:many", right=THIN_ARROW),) * 2, boxes=3)
    where = Drawing(21, 7, boxes, routes)
    assert text(made, where) == [
        "┌───┐           ┌───┐",
        "│ A │────────┬─>│ B │",
        "└───┘ 1:many │  └───┘",
        "             │",
        "             │  ┌───┐",
        "             └─>│ C │",
        "                └───┘",
    ]


def test_lines_of_one_trunk_number_that_leave_apart_are_labelled_apart() -> None:
    boxes = (Rect(0, 0, 12, 3), Rect(20, 0, 5, 3), Rect(0, 7, 5, 3))
    routes = (Route(((12, 1), (19, 1))), Route(((2, 3), (2, 6))))
    lines = (Line(End(0), End(1, mark=1), 6, trunk=0), Line(End(0), End(2, mark=1), 6, trunk=0))
    made = plan(*lines, strokes=(Stroke("1:many", right=THIN_ARROW),) * 2, boxes=3)
    rows = text(made, Drawing(25, 10, boxes, routes))
    assert sum(row.count("1:many") for row in rows) == 2


def test_a_frame_that_is_not_drawn_leaves_no_blank_edge() -> None:
    made = plan(Line(End(0), End(1, mark=1)), strokes=(ARROW,))._replace(titles=("Sales",))
    shifted = Drawing(
        20,
        7,
        (Rect(2, 2, 5, 3), Rect(13, 2, 5, 3)),
        (Route(((7, 3), (12, 3))),),
        (Rect(0, 0, 10, 7),),
    )
    framed = print_rows(plot(made, shifted, ascii_only=False), ascii_only=False)[0]
    assert framed[0] == "╭╌ Sales ╮"
    touching = shifted._replace(frames=(Rect(0, 0, 13, 7),))
    rows, above = print_rows(plot(made, touching, ascii_only=False), ascii_only=False)
    assert (rows[0], above) == ("┌───┐      ┌───┐", 2)
