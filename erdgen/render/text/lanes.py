"""Lines and the rows at which they end in; for each end a lane of its row, a side for each, out.

A row has two sides, so two lines or trunks end at it. Where more do, the row gets further lanes:
blank rows right below it in its box, each with two sides again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from erdgen.model.relationships import Relationship
from erdgen.render.cardinalities import is_many
from erdgen.render.notation import Stroke, Style

Row = tuple[str, str]
"""An entity and one of its attributes; no attribute for the row of its name."""


class Lanes(NamedTuple):
    """Where lines end.

    Attributes:
        left: For each line, the lane of its left end, from 0.
        right: The same for its right end.
        trunks: For each line, the number of the trunk that it may share, or -1.
        extra: The rows that need more than one lane -> how many more.
    """

    left: tuple[int, ...]
    right: tuple[int, ...]
    trunks: tuple[int, ...]
    extra: Mapping[Row, int]


def assign_lanes(ties: Sequence[Relationship], strokes: Sequence[Stroke], style: Style) -> Lanes:
    """Return the lanes of all lines' ends; where most lines end, it is the first one.

    Args:
        ties: The relationships that are drawn.
        strokes: How each is drawn.
        style: How all are drawn.
    """
    numbers: dict[object, int] = {}
    trunks = tuple(
        numbers.setdefault(_looks(tie, stroke), len(numbers)) if _may_share(tie, style) else -1
        for tie, stroke in zip(ties, strokes, strict=True)
    )
    if not style.rows:
        none = (0,) * len(ties)
        return Lanes(none, none, trunks, {})
    # who ends at a row: a trunk, or one end of a line
    users: dict[Row, dict[tuple[str, int], int]] = {}
    for index, (tie, trunk) in enumerate(zip(ties, trunks, strict=True)):
        for row, user in (_left(tie, index, trunk), _right(tie, index)):
            there = users.setdefault(row, {})
            there[user] = there.get(user, 0) + 1
    lanes: dict[tuple[Row, tuple[str, int]], int] = {}
    extra: dict[Row, int] = {}
    for row, there in users.items():
        for place, user in enumerate(sorted(there, key=lambda user: -there[user])):
            lanes[row, user] = place // 2
        if len(there) > 2:
            extra[row] = (len(there) - 1) // 2
    return Lanes(
        tuple(lanes[_left(tie, n, trunks[n])] for n, tie in enumerate(ties)),
        tuple(lanes[_right(tie, n)] for n, tie in enumerate(ties)),
        trunks,
        extra,
    )


def _left(tie: Relationship, index: int, trunk: int) -> tuple[Row, tuple[str, int]]:
    user = ("left", index) if trunk < 0 else ("trunk", trunk)
    return row_of(tie.left, tie.left_attributes), user


def _right(tie: Relationship, index: int) -> tuple[Row, tuple[str, int]]:
    return row_of(tie.right, tie.right_attributes), ("right", index)


def row_of(entity: str, attributes: Sequence[str]) -> Row:
    """Return the row at which a line ends: the key's first one, else the name's.

    >>> row_of("Order", ("id", "no")), row_of("Order", ())
    (('Order', 'id'), ('Order', ''))
    """
    return entity, attributes[0] if attributes else ""


def _looks(tie: Relationship, stroke: Stroke) -> object:
    """Return what lines of one trunk have in common."""
    row = row_of(tie.left, tie.left_attributes)
    return row, stroke.label, stroke.near_left, tuple(stroke.left.items()), stroke.double


def _may_share(tie: Relationship, style: Style) -> bool:
    """Return whether a line may share a trunk: at a one end that looks unlike the other end."""
    if is_many(tie.left_end):
        return False
    return style.notation in ("template", "lines") or is_many(tie.right_end)
