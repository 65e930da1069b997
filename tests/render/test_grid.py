"""The grid: what may share a cell, and what is printed of it."""

from __future__ import annotations

import pytest

from erdgen.layout.drawing import Rect
from erdgen.render.text.glyphs import (
    ASCII_FRAME,
    ASCII_TABLE,
    DOWN,
    LEFT,
    RIGHT,
    UNICODE_FRAME,
    UNICODE_TABLE,
    UP,
)
from erdgen.render.text.grid import Grid
from erdgen.render.text.trace import follow
from erdgen.render.width import display_width


def picture(grid: Grid, *, ascii_only: bool = False) -> str:
    return "\n".join(grid.rows(ASCII_TABLE if ascii_only else UNICODE_TABLE))


def two_boxes(gap: int = 4, height: int = 3) -> Grid:
    grid = Grid(6 + gap, height)
    grid.draw_box(Rect(0, 0, 3, 3))
    grid.draw_box(Rect(3 + gap, 0, 3, 3))
    return grid


def test_boxes_and_a_line() -> None:
    grid = two_boxes()
    assert grid.draw_line(0, LEFT, [(3, 1), (6, 1)], RIGHT)
    assert picture(grid) == "┌─┐    ┌─┐\n│ │────│ │\n└─┘    └─┘"
    assert picture(grid, ascii_only=True) == "+-+    +-+\n| |----| |\n+-+    +-+"


def test_lines_cross_straight() -> None:
    grid = Grid(5, 3)
    assert grid.draw_line(0, LEFT, [(0, 1), (4, 1)], RIGHT)
    assert grid.draw_line(1, UP, [(2, 0), (2, 2)], DOWN)
    assert picture(grid) == "  │\n──┼──\n  │"


def test_a_third_line_cannot_use_a_crossing() -> None:
    grid = Grid(5, 3)
    assert grid.draw_line(0, LEFT, [(0, 1), (4, 1)], RIGHT)
    assert grid.draw_line(1, UP, [(2, 0), (2, 2)], DOWN)
    assert not grid.draw_line(2, LEFT, [(0, 1), (2, 1), (2, 2)], DOWN)


@pytest.mark.parametrize(
    "points",
    [
        [(1, 1), (3, 1)],  # on top of it
        [(0, 0), (2, 0), (2, 1), (4, 1)],  # joins it
        [(2, 1), (2, 2)],  # ends on it
    ],
)
def test_a_line_on_another_is_refused_and_nothing_changes(points: list[tuple[int, int]]) -> None:
    grid = Grid(5, 3)
    assert grid.draw_line(0, LEFT, [(0, 1), (4, 1)], RIGHT)
    before = picture(grid)
    assert not grid.draw_line(1, LEFT, points, RIGHT)
    assert picture(grid) == before


def test_a_line_through_a_box_is_refused() -> None:
    grid = two_boxes()
    assert not grid.draw_line(0, LEFT, [(0, 1), (9, 1)], RIGHT)


def test_a_line_out_of_the_grid_is_refused() -> None:
    assert not Grid(3, 3).draw_line(0, LEFT, [(0, 1), (5, 1)], RIGHT)


def test_a_line_over_a_text_is_refused() -> None:
    grid = Grid(8, 1)
    grid.write(2, 0, "商品")
    assert not grid.draw_line(0, LEFT, [(0, 0), (7, 0)], RIGHT)
    assert not grid.is_free(5, 0, 1)
    assert grid.is_free(6, 0, 2)


def test_a_trunk_joins_and_branches_but_never_four_ways() -> None:
    grid = Grid(5, 5)
    assert grid.draw_line(0, LEFT, [(0, 2), (4, 2)], RIGHT)
    assert grid.draw_line(0, LEFT, [(0, 2), (2, 2), (2, 4), (4, 4)], RIGHT)
    assert picture(grid) == "\n\n──┬──\n  │\n  └──"
    assert not grid.draw_line(0, LEFT, [(0, 2), (2, 2), (2, 0), (4, 0)], RIGHT)


def test_lines_of_one_trunk_pass_a_crossing_together() -> None:
    grid = Grid(9, 5)
    assert grid.draw_line(1, UP, [(2, 0), (2, 4)], DOWN)
    assert grid.draw_line(0, LEFT, [(0, 2), (8, 2)], RIGHT)
    assert grid.draw_line(0, LEFT, [(0, 2), (5, 2), (5, 4)], DOWN)
    assert grid.draw_line(1, UP, [(2, 0), (2, 3), (3, 3)], RIGHT)
    assert picture(grid) == "  │\n  │\n──┼──┬───\n  ├─ │\n  │  │"


def test_double_lines_and_their_crossings() -> None:
    grid = Grid(7, 5)
    assert grid.draw_line(0, LEFT, [(0, 1), (5, 1), (5, 4)], DOWN, double=True)
    assert grid.draw_line(1, UP, [(1, 0), (1, 4)], DOWN)
    assert grid.draw_line(2, LEFT, [(0, 3), (6, 3)], RIGHT)
    assert grid.draw_line(3, UP, [(3, 0), (3, 4)], DOWN, double=True)
    assert picture(grid) == " │ ║\n═╪═╬═╗\n │ ║ ║\n─┼─╫─╫─\n │ ║ ║"


def test_wide_and_combining_characters_keep_borders_straight() -> None:
    for name in ("商品", "e\u0301a", "👩‍👩‍👧", "🇫🇷x", "שלום"):
        width = display_width(name)
        grid = Grid(width + 2, 3)
        grid.draw_box(Rect(0, 0, width + 2, 3))
        grid.write(1, 1, name)
        assert {display_width(row) for row in grid.rows(UNICODE_TABLE)} == {width + 2}


def test_a_frame_gives_way_to_lines() -> None:
    grid = Grid(14, 5)
    grid.draw_box(Rect(2, 1, 3, 3))
    assert grid.draw_line(0, LEFT, [(5, 2), (13, 2)], RIGHT)
    grid.draw_frame(Rect(0, 0, 12, 5), "Sales", UNICODE_FRAME, dashed=False)
    assert picture(grid).splitlines() == [
        "╭╌ Sales ╌╌╮",
        "╎ ┌─┐      ╎",
        "╎ │ │─────────",
        "╎ └─┘      ╎",
        "╰╌╌╌╌╌╌╌╌╌╌╯",
    ]


def test_a_frame_of_ascii_characters_is_broken_so_that_it_is_no_box() -> None:
    grid = Grid(9, 3)
    grid.draw_frame(Rect(0, 0, 9, 3), "", ASCII_FRAME, dashed=True)
    assert picture(grid).splitlines()[2] == "+ - - - +"


def test_rows_have_no_trailing_blanks() -> None:
    grid = Grid(10, 1)
    grid.write(0, 0, "a")
    assert grid.rows(UNICODE_TABLE) == ["a"]


def test_following_a_line_goes_straight_at_crossings_and_all_ways_at_junctions() -> None:
    grid = two_boxes(gap=5, height=6)
    grid.draw_box(Rect(8, 3, 3, 3))
    assert grid.draw_line(0, LEFT, [(3, 1), (7, 1)], RIGHT)
    assert grid.draw_line(0, LEFT, [(3, 1), (5, 1), (5, 4), (7, 4)], RIGHT)
    assert grid.draw_line(1, LEFT, [(3, 3), (7, 3)], RIGHT)
    assert follow(grid, (3, 1, LEFT)) == {(3, 1, LEFT), (7, 1, RIGHT), (7, 4, RIGHT)}


def test_following_a_line_that_ends_in_nothing_finds_no_ends() -> None:
    grid = two_boxes(gap=5)
    assert grid.draw_line(0, LEFT, [(3, 1), (5, 1)], RIGHT)
    assert follow(grid, (3, 1, LEFT)) is None
    assert follow(grid, (7, 1, RIGHT)) is None


def test_a_frame_beside_a_text_or_in_ascii_beside_anything_is_not_clear() -> None:
    frame = Rect(2, 0, 8, 7)
    grid = Grid(16, 10)
    assert grid.is_clear_for_frame(frame, only_texts=False)
    assert grid.draw_line(0, LEFT, [(0, 3), (15, 3)], RIGHT)
    assert grid.is_clear_for_frame(frame, only_texts=False)
    assert grid.draw_line(1, UP, [(11, 4), (11, 6)], DOWN)
    assert grid.is_clear_for_frame(frame, only_texts=False)
    assert grid.draw_line(2, UP, [(10, 4), (10, 6)], DOWN)
    assert not grid.is_clear_for_frame(frame, only_texts=False)
    assert grid.is_clear_for_frame(frame, only_texts=True)
    grid.write(11, 8, "a")
    assert grid.is_clear_for_frame(frame, only_texts=True)
    grid.write(1, 4, "a")
    assert not grid.is_clear_for_frame(frame, only_texts=True)


def test_in_ascii_no_frame_is_clear_where_lines_look_like_a_box_around_its_border() -> None:
    frame = Rect(2, 3, 20, 7)
    grid = Grid(30, 12)
    assert grid.draw_line(0, DOWN, [(8, 6), (8, 1), (14, 1), (14, 6)], DOWN)
    assert grid.is_clear_for_frame(frame, only_texts=False)
    assert grid.draw_line(1, UP, [(6, 5), (6, 6), (16, 6), (16, 5)], UP)
    assert grid.draw_line(0, UP, [(8, 6), (8, 7)], DOWN)
    assert grid.draw_line(0, UP, [(14, 6), (14, 7)], DOWN)
    assert not grid.is_clear_for_frame(frame, only_texts=False)
    assert grid.is_clear_for_frame(frame, only_texts=True)
