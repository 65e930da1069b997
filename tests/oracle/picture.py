"""An SVG's text in, the cards and lines that it shows out, from coordinates alone.

Imports nothing of erdgen. Which card a line ends at, at which of its rows, and how many take part
there is read from where the strokes are, not from what the elements say about themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, point: Point, slack: float = 0.6) -> bool:
        x, y = point
        return (
            self.left - slack <= x <= self.right + slack
            and self.top - slack <= y <= self.bottom + slack
        )

    def overlaps(self, other: Area) -> bool:
        return (
            self.left < other.right - 0.5
            and other.left < self.right - 0.5
            and self.top < other.bottom - 0.5
            and other.top < self.bottom - 0.5
        )


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card: its name, its area, its header's, its rows' by the attribute's name, its texts."""

    name: str
    area: Area
    header: Area
    rows: dict[str, Area]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownEnd:
    """An end of a line: the card, the row (empty for the header), the crow's foot."""

    card: str
    row: str
    foot: tuple[int, str]


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line with its two ends, as the picture shows them, and the points that it runs through."""

    left: ShownEnd
    right: ShownEnd
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """What a picture shows."""

    width: float
    height: float
    cards: dict[str, ShownCard]
    lines: tuple[ShownLine, ...]
    frames: dict[str, Area]


NO_FOOT = (-1, "")


def read_picture(text: str | bytes, *, feet: bool = True) -> ShownPicture:
    """Return what a picture shows; without `feet` in a notation that has none."""
    root = ET.fromstring(text)  # noqa: S314 - our own output
    cards = {}
    for group in groups(root, "entity"):
        card = _card(group)
        cards[card.name] = card
    lines = [_line(group, cards, feet=feet) for group in groups(root, "relationship")]
    frames = {
        group.get("data-name", ""): _area(_paths(group, "frame")[0])
        for group in groups(root, "group")
    }
    box = [float(part) for part in root.get("viewBox", "").split()]
    return ShownPicture(box[2], box[3], cards, tuple(lines), frames)


def groups(root: ET.Element, kind: str) -> list[ET.Element]:
    return [item for item in root.iter(f"{SVG}g") if item.get("class") == kind]


def _paths(group: ET.Element, kind: str) -> list[ET.Element]:
    return [item for item in group.iter(f"{SVG}path") if kind in item.get("class", "").split()]


def points_of(path: ET.Element) -> list[Point]:
    """Return the corners (not the handles) of a path of M, L, C and Z."""
    points: list[Point] = []
    for command, values in re.findall(r"([MLCZ])([^MLCZ]*)", path.get("d", "")):
        numbers = [float(value) for value in values.split()]
        if command != "Z":
            points.append((numbers[-2], numbers[-1]))
    return points


def sample(path: ET.Element, steps: int = 12) -> list[Point]:
    """Return points along a path, close enough together to see what it crosses."""
    points: list[Point] = []
    for command, values in re.findall(r"([MLCZ])([^MLCZ]*)", path.get("d", "")):
        n = [float(value) for value in values.split()]
        if command == "M":
            points.append((n[0], n[1]))
        elif command == "L":
            x, y = points[-1]
            points += [
                (x + (n[0] - x) * t / steps, y + (n[1] - y) * t / steps)
                for t in range(1, steps + 1)
            ]
        elif command == "C":
            x, y = points[-1]
            for at in range(1, steps + 1):
                t = at / steps
                u = 1 - t
                points.append(
                    (
                        u**3 * x + 3 * u * u * t * n[0] + 3 * u * t * t * n[2] + t**3 * n[4],
                        u**3 * y + 3 * u * u * t * n[1] + 3 * u * t * t * n[3] + t**3 * n[5],
                    )
                )
    return points


def _area(path: ET.Element) -> Area:
    points = points_of(path)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Area(min(xs), min(ys), max(xs), max(ys))


def _card(group: ET.Element) -> ShownCard:
    whole = _area(_paths(group, "card")[0])
    header = _area(_paths(group, "header")[0])
    rules = [points_of(path)[0][1] for path in _paths(group, "rule")]
    edges = [header.bottom, *rules, whole.bottom]
    names = [row.get("data-name", "") for row in groups(group, "row")]
    rows = {
        name: Area(whole.left, edges[at], whole.right, edges[at + 1])
        for at, name in enumerate(names)
    }
    texts = tuple("".join(item.itertext()) for item in group.iter(f"{SVG}text"))
    return ShownCard(group.get("data-name", ""), whole, header, rows, texts)


def _line(group: ET.Element, cards: dict[str, ShownCard], *, feet: bool) -> ShownLine:
    path = _paths(group, "line")[0]
    corners = points_of(path)
    marks = _paths(group, "mark") if feet else None
    ends = [
        _end(point, towards, marks, cards)
        for point, towards in ((corners[0], corners[1]), (corners[-1], corners[-2]))
    ]
    return ShownLine(ends[0], ends[1], tuple(sample(path)))


def _end(
    point: Point,
    towards: Point,
    marks: list[ET.Element] | None,
    cards: dict[str, ShownCard],
) -> ShownEnd:
    found = [
        (card.name, row)
        for card in cards.values()
        if abs(point[0] - card.area.left) < 0.6 or abs(point[0] - card.area.right) < 0.6
        for row, area in [("", card.header), *card.rows.items()]
        if area.top <= point[1] <= area.bottom and area.holds(point)
    ]
    # bare cards' lines may end at their tops and bottoms
    above = [
        (card.name, "")
        for card in cards.values()
        if not card.rows
        and (abs(point[1] - card.area.top) < 0.6 or abs(point[1] - card.area.bottom) < 0.6)
        and card.area.left < point[0] < card.area.right
    ]
    assert len(found + above) == 1, f"a line ends at {point}, where {found + above} are"
    along, across = (1, 0) if above else (0, 1)
    side = 1 if towards[along] > point[along] else -1
    assert abs(towards[across] - point[across]) < 0.6, f"the line leaves aslant at {point}"
    foot = NO_FOOT if marks is None else _foot(point, side, marks, along)
    (name, row), *_ = found + above
    return ShownEnd(name, row, foot)


def _foot(point: Point, side: int, marks: list[ET.Element], along: int) -> tuple[int, str]:
    """Return minimum and maximum (`1` or `*`) as the strokes beside an end say.

    `along` is 0 where the line leaves to a side, 1 where it leaves up or down.
    """
    across = 1 - along
    prongs, bars, rings = 0, 0, 0
    for mark in marks:
        corners = points_of(mark)
        reach = [(min(values), max(values)) for values in zip(*corners, strict=True)]
        middle = [(low + high) / 2 for low, high in reach]
        out = (middle[along] - point[along]) * side
        if not (0 <= out <= 22 and abs(middle[across] - point[across]) <= 4):
            continue
        if "C" in mark.get("d", ""):
            rings += 1
        elif reach[along][1] - reach[along][0] < 0.1:
            bars += 1
        else:
            prongs += 1
    assert (prongs, bars, rings) in {(0, 2, 0), (0, 1, 1), (2, 1, 0), (2, 0, 1)}, (
        f"no crow's foot at {point}: {prongs} prongs, {bars} bars, {rings} rings"
    )
    return (0 if rings else 1), ("*" if prongs else "1")
