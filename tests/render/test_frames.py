"""Frames of groups whose edges nearly line up are made to."""

from __future__ import annotations

from erdgen.render.picture.frames import line_up
from erdgen.render.picture.places import Area, Frame

UPPER = Frame(0, 24, 0, 400, 100)
LOWER = Frame(1, 48, 120, 400, 100)


def edges(frame: Frame) -> tuple[float, float, float, float]:
    return frame.x, frame.y, frame.x + frame.width, frame.y + frame.height


def test_edges_that_are_near_line_up_and_the_others_stay() -> None:
    upper, lower = line_up((UPPER, LOWER), ((), ()))
    assert edges(upper) == (24, 0, 448, 100)
    assert edges(lower) == (24, 120, 448, 220)


def test_edges_that_are_far_apart_stay() -> None:
    far = LOWER._replace(x=100, width=600)
    assert line_up((UPPER, far), ((), ())) == (UPPER, far)


def test_a_frame_takes_in_no_card_that_is_not_its_own() -> None:
    stranger = Area(0, 130, 44, 200)
    upper, lower = line_up((UPPER, LOWER), ((), (stranger,)))
    assert edges(lower) == (48, 120, 448, 220)
    assert upper.x == 24


def test_frames_that_grow_do_not_meet() -> None:
    low = Frame(0, 0, 40, 100, 100)
    beside = Frame(1, 130, 0, 100, 100)
    for one, other in (line_up((low, beside), ((), ())), line_up((beside, low), ((), ()))[::-1]):
        assert edges(one)[2] + 8 <= edges(other)[0]
        assert edges(one)[1] == edges(other)[1] == 0
        assert edges(one)[3] == edges(other)[3] == 140
