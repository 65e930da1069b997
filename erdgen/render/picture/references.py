"""Relationships that are not drawn as lines in, references beside the rows out.

Where a line would lead to another page, or to a hub that too many lines lead to, the row says
with whom it is related instead; nothing is lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from erdgen.model.relationships import Cardinality, Relationship
from erdgen.render.fonts import text_width
from erdgen.render.options import Options
from erdgen.render.picture.cards import Card
from erdgen.render.picture.ends import draw_foot, foot_name
from erdgen.render.picture.line_shapes import line_tip
from erdgen.render.picture.places import STUB
from erdgen.render.picture.scene import Begin, End, Item, Shape, box, polyline
from erdgen.render.picture.texts import write
from erdgen.render.width import make_name

SIZE = 11.0
_PAD, _HEIGHT = 6, 16
_MOST = 3
"""So many names a reference says; further ones are counted."""


class Away(NamedTuple):
    """An end of a relationship whose other end is not drawn as a line from here.

    Attributes:
        item: The relationship.
        end: Which of its ends is here: 0 the left one, 1 the right one.
        link: Where the other end is shown; empty if it is on this page.
    """

    item: Relationship
    end: int
    link: str = ""


class Reference(NamedTuple):
    """What stands beside a row instead of lines.

    Attributes:
        card: Number of the card.
        row: Number of its row, -1 for the header.
        side: 1 at the right, -1 at the left.
        foot: How many take part at this end.
        words: The others' names.
        tip: All relationships in words.
        link: Where a click leads; empty for nowhere.
        number: How many relationships it stands for.
    """

    card: int
    row: int
    side: int
    foot: Cardinality
    words: str
    tip: str
    link: str
    number: int

    @property
    def width(self) -> int:
        """How far it reaches beside its card."""
        return STUB + int(text_width(self.words, SIZE)) + 2 * _PAD + 6


def find_hubs(relationships: Sequence[Relationship], most: int) -> set[str]:
    """Return the entities with more than `most` relationships to others.

    >>> one = Cardinality()
    >>> find_hubs([Relationship("A", name, one, one) for name in "BCD"], 2)
    {'A'}
    """
    ends = Counter(
        name
        for item in relationships
        if item.left != item.right
        for name in (item.left, item.right)
    )
    return {name for name, count in ends.items() if count > most}


def part_hubs(
    relationships: Sequence[Relationship], most: int
) -> tuple[tuple[Relationship, ...], tuple[Away, ...]]:
    """Return what is drawn as lines, and both ends of what leads to a hub.

    Args:
        relationships: All.
        most: Lines that an entity may have; 0 for any number.
    """
    if not most:
        return tuple(relationships), ()
    hubs = find_hubs(relationships, most)
    drawn, away = [], []
    for item in relationships:
        if item.left != item.right and (item.left in hubs or item.right in hubs):
            away += [Away(item, 0), Away(item, 1)]
        else:
            drawn.append(item)
    return tuple(drawn), tuple(away)


def make_references(
    away: Sequence[Away], cards: Sequence[Card], numbers: Mapping[str, int]
) -> tuple[Reference, ...]:
    """Return one reference for all that leads away from the same end of the same row."""
    found: dict[tuple[int, int, int, str], list[Away]] = {}
    for entry in away:
        item, left = entry.item, entry.end == 0
        card = numbers[item.left if left else item.right]
        attributes = item.left_attributes if left else item.right_attributes
        row = cards[card].row_of(attributes[0]) if attributes else -1
        foot = item.left_end if left else item.right_end
        found.setdefault((card, row, 1 if left else -1, foot_name(foot)), []).append(entry)
    references = []
    for (card, row, side, _), entries in found.items():
        first = entries[0]
        names = list(dict.fromkeys(_other(entry) for entry in entries))
        shown = ", ".join(make_name(name) for name in names[:_MOST])
        more = f" +{len(names) - _MOST}" if len(names) > _MOST else ""
        references.append(
            Reference(
                card,
                row,
                side,
                first.item.left_end if first.end == 0 else first.item.right_end,
                shown + more,
                "\n".join(line_tip(entry.item).split("\n")[0] for entry in entries),
                first.link if len({entry.link for entry in entries}) == 1 else "",
                len(entries),
            )
        )
    return tuple(references)


def _other(entry: Away) -> str:
    return entry.item.right if entry.end == 0 else entry.item.left


def draw_reference(
    item: Reference, at: tuple[float, float], entity: str, options: Options
) -> Iterator[Item]:
    """Yield a reference's shapes: a stub with its mark, and the names in a pill.

    Args:
        item: The reference.
        at: Where it meets its card.
        entity: The card's entity.
        options: `notation` counts.
    """
    x, y = at
    data = (("entity", entity), ("count", str(item.number)), ("end", foot_name(item.foot)))
    yield Begin("reference", "", item.tip, item.link, data)
    start = x + item.side * STUB
    yield Shape(polyline((x, y), (start, y)), "", "line", 1.25, kind="stub")
    if (options.notation or "crowsfoot") == "crowsfoot":
        yield from draw_foot(x, y, item.side, item.foot)
    width = text_width(item.words, SIZE) + 2 * _PAD
    left = start if item.side > 0 else start - width
    pill = box(left, y - _HEIGHT / 2, width, _HEIGHT, _HEIGHT / 2)
    yield Shape(pill, "key-row", "border", 1, kind="pill")
    yield write((left + _PAD, y + SIZE * 0.35), item.words, SIZE, "name", kind="reference")
    yield End()
