"""How cardinalities are shown: every pair, in every notation."""

from __future__ import annotations

import itertools

import pytest

from erdgen.model.relationships import (
    EXACTLY_ONE,
    ONE_OR_MORE,
    ZERO_OR_MORE,
    ZERO_OR_ONE,
    Cardinality,
    Relationship,
)
from erdgen.render.notation import Style, make_stroke
from erdgen.render.text.glyphs import DOWN, LEFT, RIGHT, UP

ENDS = (EXACTLY_ONE, ZERO_OR_ONE, ONE_OR_MORE, ZERO_OR_MORE)
FEET = {EXACTLY_ONE: "||", ZERO_OR_ONE: "|o", ONE_OR_MORE: "<|", ZERO_OR_MORE: "<o"}
NUMBERS = {EXACTLY_ONE: "1", ZERO_OR_ONE: "0..1", ONE_OR_MORE: "1..*", ZERO_OR_MORE: "0..*"}


def tie(left: Cardinality, right: Cardinality, label: str = "") -> Relationship:
    return Relationship("A", "B", left, right, label=label)


def style(notation: str, *, rows: bool = False, ascii_only: bool = False) -> Style:
    return Style(notation, rows, ascii_only, labels=True)


@pytest.mark.parametrize(("left", "right"), list(itertools.product(ENDS, ENDS)))
def test_all_sixteen_pairs(left: Cardinality, right: Cardinality) -> None:
    many = [end.maximum is None for end in (left, right)]
    words = ":".join("many" if each else "1" for each in many)
    template = make_stroke(tie(left, right), style("template"))
    assert template.label == words
    # an arrow at every many end, and at the right where there is none
    assert bool(template.left[LEFT]) == many[0]
    assert bool(template.right[LEFT]) == (many[1] or not any(many))

    feet = make_stroke(tie(left, right), style("crowsfoot"))
    assert (feet.left[LEFT], feet.right[LEFT]) == (FEET[left], FEET[right])
    assert not feet.label

    uml = make_stroke(tie(left, right), style("uml"))
    assert (uml.near_left, uml.near_right) == (NUMBERS[left], NUMBERS[right])

    lines = make_stroke(tie(left, right), style("lines"))
    assert lines.double == (many[0] != many[1])
    assert bool(lines.left[LEFT]) == many[0]
    assert bool(lines.right[LEFT]) == (many[1] or not any(many))


def test_among_boxes_with_rows_the_arrow_stands_at_what_is_referred_to() -> None:
    stroke = make_stroke(tie(EXACTLY_ONE, ZERO_OR_MORE), style("template", rows=True))
    assert (stroke.label, stroke.left[RIGHT], stroke.right[LEFT]) == ("One-to-Many", "◄", "")
    turned = make_stroke(tie(ZERO_OR_MORE, EXACTLY_ONE), style("template", rows=True))
    assert (turned.label, turned.left[RIGHT], turned.right[LEFT]) == ("Many-to-One", "", "►")


def test_arrows_point_into_their_box_on_every_side() -> None:
    mark = make_stroke(tie(EXACTLY_ONE, ZERO_OR_MORE), style("template")).right
    assert (mark[LEFT], mark[RIGHT], mark[UP], mark[DOWN]) == (">", "<", "▼", "▲")
    mark = make_stroke(tie(EXACTLY_ONE, ZERO_OR_MORE), style("template", ascii_only=True)).right
    assert (mark[LEFT], mark[RIGHT], mark[UP], mark[DOWN]) == (">", "<", "v", "^")


def test_odd_numbers_are_told_in_every_notation() -> None:
    odd = tie(EXACTLY_ONE, Cardinality(2, 5))
    assert make_stroke(odd, style("template")).label == "1:2..5"
    assert make_stroke(odd, style("template", rows=True)).label == "One-to-2..5"
    assert make_stroke(odd, style("uml")).near_right == "2..5"
    assert make_stroke(odd, style("crowsfoot")).near_right == "2..5"
    assert make_stroke(odd, style("lines")).near_right == "2..5"


def test_the_verb_stands_behind_the_cardinality() -> None:
    assert make_stroke(tie(EXACTLY_ONE, ZERO_OR_MORE, "places"), style("template")).label == (
        "1:many places"
    )
    quiet = style("template")._replace(labels=False)
    assert make_stroke(tie(EXACTLY_ONE, ZERO_OR_MORE, "places"), quiet).label == "1:many"


def test_ascii_has_no_double_line_so_one_to_many_says_so() -> None:
    stroke = make_stroke(tie(EXACTLY_ONE, ZERO_OR_MORE), style("lines", ascii_only=True))
    assert (stroke.double, stroke.label) == (False, "1:many")
