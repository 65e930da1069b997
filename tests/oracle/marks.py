"""A line's ends and the relationship that it should be in, how its marks belie it out."""

from __future__ import annotations

from tests.oracle.glyphs import ARROWS
from tests.oracle.reading import ReadEnd, Reading, Tie
from tests.oracle.texts import has_rows, is_many, uml
from tests.oracle.truth import Count, Rel


def check_marks(
    reading: Reading,
    tie: Tie,
    rel: Rel,
    owners: dict[int, str],
    notation: str,
) -> list[str]:
    """Return how the marks of a tie belie the relationship; empty if they don't."""
    rows = has_rows(reading)
    turned = owners.get(tie.one.box) != rel.left or (
        rel.left == rel.right and _marks_say(tie.many, tie.one, rel, notation, rows)
    )
    left, right = (tie.many, tie.one) if turned else (tie.one, tie.many)
    wrong: list[str] = []
    if not _marks_say(left, right, rel, notation, rows):
        wrong.append(
            f"{rel.left} {left.mark!r}{left.number!r} {right.mark!r}{right.number!r} {rel.right}"
            f" for {rel.left_end}, {rel.right_end}"
        )
    style = reading.lines[tie.line].style
    one_to_many = is_many(rel.left_end) != is_many(rel.right_end)
    double = notation == "lines" and one_to_many and not reading.ascii
    if style != ("double" if double else "light"):
        wrong.append(f"{rel.left} -- {rel.right}: a {style} line")
    return wrong


def _marks_say(left: ReadEnd, right: ReadEnd, rel: Rel, notation: str, rows: bool) -> bool:
    ends = ((left, rel.left_end), (right, rel.right_end))
    if notation == "crowsfoot":
        return all(end.mark in _feet(end.side, many) for end, many in ends) and _odd_ones(ends)
    if notation == "uml":
        return all(end.number == uml(many) and not end.mark for end, many in ends)
    if notation == "lines" and not _odd_ones(ends):
        return False
    if any(end.mark and end.mark not in ARROWS[_POINTS[end.side]] for end in (left, right)):
        return False
    left_many, right_many = is_many(rel.left_end), is_many(rel.right_end)
    heads = bool(left.mark), bool(right.mark)
    if left_many and right_many:
        return heads == (True, True)
    if rows and notation == "template":
        return heads == (not left_many, left_many)
    return heads == (left_many, not left_many)


_POINTS = {"left": "R", "right": "L", "top": "D", "bottom": "U"}
"""Which way an arrow points that points at a box's side."""
_TOES = {"left": "<", "right": ">", "top": "^∧", "bottom": "v∨"}


def _feet(side: str, end: Count) -> set[str]:
    """Return the crow's feet that say how many, from the box outwards.

    >>> sorted(_feet("left", (0, None))), sorted(_feet("top", (1, 1)))
    (['<o'], ['--'])
    """
    bar = "|" if side in ("left", "right") else "-"
    least = bar if end[0] else "o"
    return {most + least for most in (_TOES[side] if is_many(end) else bar)}


def _odd_ones(ends: tuple[tuple[ReadEnd, Count], tuple[ReadEnd, Count]]) -> bool:
    """Return whether numbers stand just at the ends whose mark alone does not say them."""
    return all(
        end.number == ("" if many[0] in (0, 1) and many[1] in (1, None) else uml(many))
        for end, many in ends
    )
