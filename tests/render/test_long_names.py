"""Names too long for a card are written in several lines, whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erdgen.read import read_text
from erdgen.render import render
from erdgen.render.options import Options
from erdgen.render.picture.long_names import break_name
from tests.oracle.picture import read_picture

NAME = (
    "Customer_relationship_management_entity_with_a_name_"
    "of_exactly_one_hundred_characters_in_the_model_x"
)
TEXT = f"""
entities:
  A: {{attributes: {{id: int pk}}}}
  {NAME}:
    attributes:
      id: int pk
      {NAME.lower()}: int -> A
      c_id: int -> C
  C: {{attributes: {{id: int pk}}}}
"""


@pytest.mark.parametrize("detail", ["full", "keys", "names"])
@pytest.mark.parametrize("direction", ["auto", "right", "down"])
def test_a_long_name_makes_no_band(detail: str, direction: str) -> None:
    options = Options(detail=detail, direction=direction)
    shown = read_picture(render(read_text(TEXT).graph, "svg", options).data)
    card = shown.cards[NAME]
    assert card.area.right - card.area.left < 480
    together = "".join(card.texts)
    assert NAME in together
    assert detail == "names" or NAME.lower() in together


def test_lines_break_where_words_end_and_are_about_even() -> None:
    assert break_name(NAME, 14, bold=True) == (
        "Customer_relationship_management_",
        "entity_with_a_name_of_exactly_one_",
        "hundred_characters_in_the_model_x",
    )


@given(st.text(max_size=120), st.booleans())
def test_nothing_of_a_name_is_lost(name: str, bold: bool) -> None:
    assert "".join(break_name(name, 13, bold=bold)) == name
