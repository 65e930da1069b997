"""A relationship and its route in, the line's shapes out: stubs, curve, end marks and words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, pairwise

from erdgen.model.relationships import Cardinality, Relationship
from erdgen.render.cardinalities import count, is_many, uml
from erdgen.render.options import Options
from erdgen.render.picture.ends import foot_name, is_double
from erdgen.render.picture.places import STUB, Point, Route
from erdgen.render.picture.scene import Begin, End, Item, Path, Placed, Shape, Text
from erdgen.render.picture.texts import Anchor, write
from erdgen.render.width import make_name

LABEL_SIZE = 11.5
END_SIZE = 10.5
TURN = 8.0
"""Radius of a line's corners."""
_ARC = 0.5523
"""Where on the way to a corner the handles of its arc are."""
Foot = Callable[[int, Cardinality], Placed]
"""The side of a card and an end there -> its crow's foot at (0, 0)."""
PLAIN = "plain"
"""A notation without any mark, for lines that stand for several relationships."""


# --- lines ---------------------------------------------------------------------------------------


def line_label(item: Relationship, options: Options) -> str:
    """Return the words beside a line; empty for none."""
    verbs = ""
    if options.labels:
        verbs = " / ".join(make_name(text) for text in (item.label, item.label_back) if text)
    if (options.notation or "crowsfoot") != "template":
        return verbs
    return f"{count(item.left_end)}:{count(item.right_end)} {verbs}".rstrip()


def line_head(item: Relationship) -> Begin:
    """Return what a relationship's shapes begin with: its facts, wherever it will run."""
    data = (
        ("left", item.left),
        ("left-attributes", ", ".join(item.left_attributes)),
        ("left-end", foot_name(item.left_end)),
        ("right", item.right),
        ("right-attributes", ", ".join(item.right_attributes)),
        ("right-end", foot_name(item.right_end)),
    )
    return Begin("relationship", "", line_tip(item), data=data)


def draw_line(
    item: Relationship,
    label: str,
    route: Route,
    *,
    head: Begin,
    meets: tuple[Point, Point],
    loop: bool,
    options: Options,
    foot: Foot,
) -> Iterator[Item]:
    """Yield a relationship's shapes.

    Args:
        item: The relationship.
        label: The words beside it.
        route: Where it runs.
        head: Its facts; see `line_head`.
        meets: Where it meets its left and its right card.
        loop: Whether both are the same card.
        options: `notation` counts.
        foot: Draws crow's feet.
    """
    path = draw_loop(route, meets) if loop else draw_curve(route, meets)
    yield head
    width = 1.9 if item.identifying else 1.25
    if options.notation == "lines" and is_double(item):
        yield Shape(path, "", "line", 4.2, kind="line")
        yield Shape(path, "", "background", 1.8, kind="inner")
    else:
        yield Shape(path, "", "line", width, dash=not item.key, kind="line")
    ends = (
        (meets[0], route.left_side, item.left_end),
        (meets[1], route.right_side, item.right_end),
    )
    notation = options.notation or "crowsfoot"
    for number, ((x, y), side, end) in enumerate(ends):
        if notation == "crowsfoot":
            shapes, _, _, written = foot(side, end)
            yield Placed(shapes, x, y, written)
        elif _has_arrow(item, number, options):
            yield arrow_head((x, y), side)
        words = end_words(end, notation) if notation != PLAIN else ""
        if words:
            yield _end_text(x, y, side, words)
    if label and route.label:
        x, y = route.label
        yield write((x, y + 4), label, LABEL_SIZE, "label", kind="label", anchor="middle")
    yield End()


def end_words(end: Cardinality, notation: str | None) -> str:
    """Return what stands above a line's end; empty where the marks say it all.

    >>> end_words(Cardinality(2, 5), None), end_words(Cardinality(0, None), None)
    ('2..5', '')
    """
    odd = not (end.minimum in {0, 1} and end.maximum in {1, None})
    return uml(end) if notation == "uml" or (odd and notation != "template") else ""


def arrow_head(tip: Point, side: int) -> Shape:
    """Return the head of an arrow that comes in from a side (1: from the right)."""
    x, y = tip
    back = x + side * 9
    path = ("MLLZ", (x, y, back, y - 4.5, back, y + 4.5))
    return Shape(path, "mark", "", kind="mark")


def _has_arrow(item: Relationship, end: int, options: Options) -> bool:
    """Return whether an arrow stands at an end (0: left, 1: right).

    In the template's notation an arrow points from a key at what is referred to, and among bare
    boxes at the many, as a conceptual model is read; in `lines` only many-to-many has two.
    """
    if options.notation not in {"template", "lines"}:
        return False
    many = (is_many(item.left_end), is_many(item.right_end))
    if all(many):
        return True
    points_at_one = options.notation == "template" and options.detail != "names"
    target = (1 if many[0] else 0) if points_at_one else (0 if many[0] else 1)
    return end == target


def _end_text(x: float, y: float, side: int, words: str) -> Text:
    anchor: Anchor = "start" if side > 0 else "end"
    return write((x + side * 4, y - 5), words, END_SIZE, "label", kind="end", anchor=anchor)


def line_tip(item: Relationship) -> str:
    """Return a relationship in words, for its tooltip."""
    left, right = uml(item.left_end), uml(item.right_end)
    first = f"{item.left} {left} — {right} {item.right}"
    if item.label:
        first += f": {item.label}"
    facts = [first]
    if item.key:
        to, of = ", ".join(item.left_attributes), ", ".join(item.right_attributes)
        facts.append(f"{item.right} ({of}) → {item.left} ({to})")
    facts += [
        f"on {what} {action}"
        for what, action in (("delete", item.on_delete), ("update", item.on_update))
        if action
    ]
    if item.through:
        facts.append(f"through {item.through}")
    if item.description:
        facts.append(item.description)
    return "\n".join(facts)


def draw_curve(route: Route, meets: tuple[Point, Point]) -> Path:
    """Return the line from card to card: a straight stub, the curve, a straight stub.

    The curve's ends are moved to the slots that the line got, and leave level.
    """
    if route.corners:
        return _round_corners(route.points)
    points = list(route.points)
    points[0], points[1] = _levelled(meets[0], points[0], points[1], route.left_side)
    points[-1], points[-2] = _levelled(meets[1], points[-1], points[-2], route.right_side)
    names = f"ML{'C' * ((len(points) - 1) // 3)}L"
    return names, tuple(chain(meets[0], *points, meets[1]))


def _levelled(meet: Point, start: Point, handle: Point, side: int) -> tuple[Point, Point]:
    """Return a curve's end and its handle, both level with where the line meets its card."""
    x = meet[0] + side * max((start[0] - meet[0]) * side, STUB)
    out = max((handle[0] - x) * side, 14)
    return (x, meet[1]), (x + side * out, meet[1])


def _round_corners(points: Sequence[Point]) -> Path:
    """Return straight runs from corner to corner, joined by arcs.

    >>> names, numbers = _round_corners([(0, 0), (20, 0), (20, 40)])
    >>> names, numbers[2:10]
    ('MLCL', (12.0, 0.0, 16.4184, 0.0, 20.0, 3.5816, 20.0, 8.0))
    """
    numbers = [*points[0]]
    lengths = [math.dist(one, other) for one, other in pairwise(points)]
    for at, (into, out) in enumerate(pairwise(lengths), 1):
        (x, y), (before_x, before_y), (after_x, after_y) = (
            points[at],
            points[at - 1],
            points[at + 1],
        )
        radius = min(TURN, into / 2, out / 2)
        part = radius / (into or 1)
        a, b = x + (before_x - x) * part, y + (before_y - y) * part
        part = radius / (out or 1)
        c, d = x + (after_x - x) * part, y + (after_y - y) * part
        # a quarter of a circle as a cubic curve: see `scene.box`
        near = (a + (x - a) * _ARC, b + (y - b) * _ARC, c + (x - c) * _ARC, d + (y - d) * _ARC)
        numbers += (a, b, *near, c, d)
    numbers += points[-1]
    return f"M{'LC' * (len(points) - 2)}L", tuple(numbers)


def draw_loop(route: Route, meets: tuple[Point, Point]) -> Path:
    """Return a self-reference: out of one row, round two corners, into the other."""
    (x, a), (_, b) = meets
    reach = route.points[1][0]
    if abs(a - b) < 1:
        a, b = a - 5, b + 5
    turn = 6 if b > a else -6
    return "MLCLCL", (
        *(x, a, reach - 6, a),
        *(reach - 2.7, a, reach, a + turn * 0.45, reach, a + turn),
        *(reach, b - turn),
        *(reach, b - turn * 0.45, reach - 2.7, b, reach - 6, b),
        *(x, b),
    )
