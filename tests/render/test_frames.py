"""Frames of groups whose edges nearly line up are made to."""

from __future__ import annotations

from erdgen.model.entities import Entity
from erdgen.read import read_text
from erdgen.render import render
from erdgen.render.options import Options
from erdgen.render.picture.cards import make_card
from erdgen.render.picture.component import strangers
from erdgen.render.picture.frames import line_up
from erdgen.render.picture.places import Area, Frame, Sheet
from tests.oracle.picture import read_picture

UPPER = Frame(0, 24, 0, 400, 100)
LOWER = Frame(1, 48, 120, 400, 100)


def edges(frame: Frame) -> tuple[float, float, float, float]:
    return frame.x, frame.y, frame.x + frame.width, frame.y + frame.height


def test_edges_that_are_near_line_up_and_the_others_stay() -> None:
    upper, lower = line_up((UPPER, LOWER), ((), ()))
    assert edges(upper) == (24, 0, 448, 100)
    assert edges(lower) == (24, 120, 448, 220)


def test_edges_that_are_far_apart_stay() -> None:
    far = LOWER._replace(x=150, width=600)
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


def test_what_stands_beside_a_stranger_s_card_is_its_own_too() -> None:
    """References of a card that is in no group, or in another, stay outside of a frame."""
    card = make_card(Entity("Card"), Options())
    groups = ((0, (0,)), (0, (1,)))
    sheet = Sheet((card, card, card), (), groups, {2: (30, 40)})
    places = {0: (0.0, 0.0), 1: (200.0, 0.0), 2: (400.0, 0.0)}
    alone = Area(370, 0, 400 + card.width + 40, card.height)
    assert [areas[-1] for areas in strangers((UPPER, LOWER), sheet, places)] == [alone, alone]


def test_columns_go_through_frames_that_stand_apart() -> None:
    """Each frame's cards had an edge of their own, and the frames themselves nearly touched."""
    text = """
groups: {goods: {}, sales: {}}
entities:
  Category: {group: goods, attributes: {id: int pk, a_rather_long_title_of_it: varchar(200)}}
  Product: {group: goods, attributes: {id: int pk, category_id: int -> Category}}
  Customer: {group: sales, attributes: {id: int pk}}
  Order: {group: sales, attributes: {id: int pk, customer_id: int -> Customer}}
  Line: {group: sales, attributes: {order_id: int pk -> Order, product_id: int -> Product}}
"""
    shown = read_picture(render(read_text(text).graph, "svg", Options()).data)
    left = {name: card.area.left for name, card in shown.cards.items()}
    assert left["Category"] == left["Customer"]
    assert left["Product"] == left["Order"]
    goods, sales = sorted(shown.frames.values(), key=lambda area: area.top)
    assert sales.top - goods.bottom >= 12
