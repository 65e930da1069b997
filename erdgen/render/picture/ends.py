"""Cardinalities in, end marks out: crow's feet and where the lines of one row end.

Many lines may end at one row. Those whose end means the same "one" share a trunk; each other one
gets a slot of its own, spread over the row's height in the order in which the lines come in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import floor

from erdgen.model.relationships import Cardinality, Relationship
from erdgen.render.cardinalities import is_many
from erdgen.render.picture.cards import Card
from erdgen.render.picture.places import Places, Point, Tie, TieEnd
from erdgen.render.picture.scene import Path, Shape, circle, polyline

SLOT = 12
"""Height that one end mark takes."""
_OTHER = "other "
_OTHER_SLOT = 18
"""Height that a reference takes."""
_TALL = "tall "
_TALL_SLOT = 17
"""Height that words above a line's end take."""


def foot_name(end: Cardinality) -> str:
    """Return the name of an end's crow's foot, as it stands in the picture's data.

    >>> foot_name(Cardinality(0, None)), foot_name(Cardinality(1, 1))
    ('zero-or-more', 'exactly-one')
    """
    if end.maximum == 1:
        return "zero-or-one" if end.minimum == 0 else "exactly-one"
    return "zero-or-more" if end.minimum == 0 else "one-or-more"


def draw_foot(x: float, y: float, side: int, end: Cardinality) -> tuple[Shape, ...]:
    """Return the crow's foot at a card's edge.

    Args:
        x: The card's edge.
        y: Where the line meets it.
        side: 1 where the line goes off to the right, -1 to the left.
        end: How many take part.
    """
    if end.maximum == 1:
        least = _bar(x + side * 12, y) if end.minimum else _ring(x + side * 14.5, y)
        return _bar(x + side * 7, y), least
    tip = (x + side * 11, y)
    upper, lower = _stroke(polyline((x, y - 5.5), tip)), _stroke(polyline((x, y + 5.5), tip))
    least = _bar(x + side * 14.5, y) if end.minimum else _ring(x + side * 15, y)
    return upper, lower, least


def _bar(x: float, y: float) -> Shape:
    return _stroke(polyline((x, y - 5), (x, y + 5)))


def _ring(x: float, y: float) -> Shape:
    return Shape(circle(x, y, 3.6), "background", "mark", 1.4, kind="mark")


def _stroke(path: Path) -> Shape:
    return Shape(path, "", "mark", 1.4, kind="mark")


def measure_room(
    relationships: Sequence[Relationship],
    ends: Sequence[tuple[tuple[str, str], tuple[str, str]]],
    others: Iterable[tuple[str, str, int]] = (),
    notation: str | None = None,
) -> dict[tuple[str, str], int]:
    """Return the height that rows need for the slots of their lines.

    Args:
        relationships: What is drawn.
        ends: For each its left and right end as (entity, attribute).
        others: Further slots, each as (entity, attribute, side).
        notation: What stands at the ends.
    """
    slots: dict[tuple[str, str, int], set[str]] = {}
    for number, other in enumerate(others):
        slots.setdefault(other, set()).add(_other_slot(number))
    for number, item in enumerate(relationships):
        left, right = ends[number]
        # a self-reference has both ends at the right side
        side = 1 if left[0] == right[0] else -1
        at_left, at_right = _slots(item, number, notation, twin=left == right)
        slots.setdefault((*left, 1), set()).add(at_left)
        slots.setdefault((*right, side), set()).add(at_right)
    room: dict[tuple[str, str], int] = {}
    for (entity, attribute, _), found in slots.items():
        if len(found) > 1:
            key = (entity, attribute)
            room[key] = max(room.get(key, 0), sum(_height(slot) for slot in found) + 2)
    return room


def _slots(item: Relationship, number: int, notation: str | None, *, twin: bool) -> tuple[str, str]:
    """Return the names of the slots at a line's ends, the same for those that share a trunk.

    Args:
        item: What is drawn.
        number: Of the line.
        notation: Words take more height than marks.
        twin: Whether both ends are at the same row; then each has a slot of its own.
    """
    left, right = trunk_names(item, notation, twin=twin)
    tall = _TALL if notation == "uml" else ""
    own = f"{tall}line {number}"
    return left or own + " left" * twin, right or own + " right" * twin


def trunk_names(item: Relationship, notation: str | None, *, twin: bool) -> tuple[str, str]:
    """Return the names of the trunks that a line shares at its ends; empty for none.

    A line that is "one" at both ends shares a trunk at its left end only: two trunks that met in it
    would seem to tie all that hangs on either.

    Args:
        item: What is drawn.
        notation: What stands at the ends: a double line shares no single one's trunk.
        twin: Whether both ends are at the same row.
    """
    tall = _TALL if notation == "uml" else ""
    kind = " double" if notation == "lines" and is_double(item) else ""
    one_left = item.left_end.maximum == 1
    shares_right = item.right_end.maximum == 1 and not one_left
    return (
        f"{tall}{foot_name(item.left_end)}{kind}" if one_left and not twin else "",
        f"{tall}{foot_name(item.right_end)}{kind}" if shares_right and not twin else "",
    )


def is_double(item: Relationship) -> bool:
    """Return whether the notation `lines` draws a relationship as a double line: one to many."""
    return is_many(item.left_end) != is_many(item.right_end)


def _other_slot(number: int) -> str:
    return f"{_OTHER}{number}"


def _height(slot: str) -> int:
    if slot.startswith(_OTHER):
        return _OTHER_SLOT
    return _TALL_SLOT if slot.startswith(_TALL) else SLOT


def place_ends(
    relationships: Sequence[Relationship],
    ties: Sequence[Tie],
    places: Places,
    cards: Sequence[Card],
    others: Sequence[tuple[TieEnd, int]] = (),
    *,
    notation: str | None = None,
) -> tuple[list[tuple[Point, Point]], list[Point]]:
    """Return where each line meets its left and its right card, and where the others meet theirs.

    Args:
        relationships: What is drawn as lines.
        ties: Its ends.
        places: Where everything stands.
        cards: What it meets.
        others: Further slots, each with its side; they come below the lines'.
        notation: See `measure_room`.
    """
    at = places.cards
    found: dict[tuple[TieEnd, int], dict[str, list[float]]] = {}
    lines = []
    for number, (item, tie, route) in enumerate(
        zip(relationships, ties, places.routes, strict=True)
    ):
        left, right = _slots(item, number, notation, twin=tie.left == tie.right)
        # the heights at which a line comes in from a curve further out
        out = min(len(route.points), 7)
        lines.append(
            (
                (tie.left, route.left_side, left, route.points[out - 1][1]),
                (tie.right, route.right_side, right, route.points[-out][1]),
            )
        )
        for end, side, slot, far in lines[-1]:
            slots = found.setdefault((end, side), {})
            slots.setdefault(slot, []).append(far)
    for number, key in enumerate(others):
        found.setdefault(key, {})[_other_slot(number)] = [float("inf")]
    heights: Mapping[tuple[TieEnd, int], dict[str, float]] = {
        key: _spread(key[0], slots, cards, at) for key, slots in found.items()
    }
    result = []
    for line in lines:
        one, other = (
            (_edge(end, side, cards, at), heights[end, side][slot]) for end, side, slot, _ in line
        )
        result.append((one, other))
    return result, [
        (_edge(end, side, cards, at), heights[end, side][_other_slot(number)])
        for number, (end, side) in enumerate(others)
    ]


def _edge(end: TieEnd, side: int, cards: Sequence[Card], at: Sequence[Point]) -> float:
    return at[end.card][0] + (cards[end.card].width if side > 0 else 0)


def _spread(
    end: TieEnd, slots: Mapping[str, Sequence[float]], cards: Sequence[Card], at: Sequence[Point]
) -> dict[str, float]:
    card = cards[end.card]
    middle = at[end.card][1] + card.middle(end.row)
    order = sorted(slots, key=lambda slot: (sum(slots[slot]) / len(slots[slot]), slot))
    total = sum(_height(slot) for slot in order)
    tight = min(1, card.room(end.row) / total)
    heights: dict[str, float] = {}
    top = middle - total * tight / 2
    for slot in order:
        heights[slot] = floor(top + _height(slot) * tight / 2)
        top += _height(slot) * tight
    return heights
