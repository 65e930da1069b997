"""One cell of a good drawing is changed: the oracle that reads it back must notice.

What it would not notice in a changed drawing it would not notice in ours.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.oracle import Verdict, judge, read_drawing, read_truth
from tests.support.drawings import draw

MODEL = """
entities:
  Customer: {attributes: {id: uuid pk, email: text unique}}
  Order:
    attributes:
      id: uuid pk
      customer_id: uuid -> Customer
      coupon_id: uuid? -> Coupon
      placed_at: timestamp
  Coupon: {attributes: {code: text pk, owner_id: "uuid? unique -> Customer"}}
  Line: {attributes: {order_id: uuid pk -> Order, no: int pk, product: text}}
  Ship: {attributes: {id: int pk, a: uuid, b: int, parent: "int? -> Ship"}}
  Tag: {attributes: {id: int pk}}
relationships:
  - {from: Line, to: Ship, type: one-to-many, via: [a, b], label: sent in}
  - Tag many-to-many Order: marks
  - Tag 1 -- 2..5 Coupon
"""
TRUTH = read_truth(MODEL)
LISTED = "  Customer (1) ←→ (many) Order via customer_id\n"
UNICODE = "─│┌┐└┘├┤┬┴┼►◄▲▼<>|o∧∨-═║ x1"
ASCII = "-|+<>^vo= x1"
CHANGES = 25


def verdict_on(text: str, options: dict[str, Any]) -> Verdict:
    return judge(
        read_drawing(text, width=options.get("width"), ascii_only=bool(options.get("ascii"))),
        TRUTH,
        detail=options["detail"],
        notation=options["notation"],
        verbs=None if options.get("width") else bool(options.get("labels")),
    )


@pytest.mark.parametrize("notation", ["template", "crowsfoot", "uml", "lines"])
@pytest.mark.parametrize("detail", ["names", "keys", "full"])
@pytest.mark.parametrize(
    "look",
    [{}, {"ascii": True, "labels": True}, {"width": 40, "labels": True}],
    ids=["plain", "ascii", "narrow"],
)
def test_no_changed_cell_goes_unnoticed(detail: str, notation: str, look: dict[str, Any]) -> None:
    options = {"detail": detail, "notation": notation, **look}
    text = draw(MODEL, **options)
    before = verdict_on(text, options)
    assert before.fine, f"{before.report()}\n{text}"
    dice = random.Random(f"{detail}/{notation}/{look}")  # noqa: S311 - a fixed seed, no secret
    places = [place for place, char in enumerate(text) if char not in " \n"]
    for place in dice.sample(places, CHANGES):
        char = dice.choice(ASCII if look.get("ascii") else UNICODE)
        changed = text[:place] + char + text[place + 1 :]
        changed = "\n".join(row.rstrip() for row in changed.split("\n"))
        if changed != text:
            after = verdict_on(changed, options)
            assert not after.fine, f"{text[place]!r} became {char!r}:\n{changed}"


def test_another_text_beside_a_line_is_noticed() -> None:
    """Texts are swapped, moved to another line, doubled, and taken away."""
    options = {"detail": "names", "notation": "template"}
    text = draw(MODEL, **options)
    assert verdict_on(text, options).fine
    for old, new in (
        ("1:2..5", "1:many"),
        ("1:1", "2:1"),
        ("many:many", "         "),
        ("1:many", "many:1"),
        ("1:1 ", "1:1 x"),
    ):
        assert old in text
        changed = "\n".join(row.rstrip() for row in text.replace(old, new, 1).split("\n"))
        assert not verdict_on(changed, options).fine, changed


def test_a_list_that_says_too_little_or_too_much_is_noticed() -> None:
    options = {"detail": "keys", "notation": "template", "width": 20}
    text = draw(MODEL, **options)
    rows = text.splitlines(keepends=True)
    assert verdict_on(text, options).fine
    first = rows.index("Not drawn:\n") + 1
    without = "".join(rows[:first] + rows[first + 1 :])
    assert not verdict_on(without, options).fine
    assert not verdict_on(text + LISTED, options).fine
    assert not verdict_on(text.replace("(0..1)", "(1)", 1), options).fine
