"""Cards without rows in, the same lying on their sides out, and what is drawn of these upright.

Lines run right everywhere in a picture's making. Where they are to run down, cards that have no
rows are laid out with width and height exchanged, and what comes out is exchanged again; their
lines then leave at the bottom and enter at the top.
"""

from __future__ import annotations

from erdgen.render.picture.cards import NAME_SIZE, Card, least_header
from erdgen.render.picture.long_names import break_name
from erdgen.render.picture.places import Places, Sheet
from erdgen.render.picture.scene import Item, Shape, Text

_MIDDLE = 4
"""Between a label's middle and its base line."""
_BESIDE, _BELOW = 10, 9
"""From the place of words above a line's level end to theirs beside its upright one."""


def may_turn(sheet: Sheet) -> bool:
    """Return whether nothing keeps cards upright: rows, frames' titles, words beside loops."""
    if sheet.groups or any(card.rows for card in sheet.cards):
        return False
    return not any(tie.loop and tie.label[0] for tie in sheet.ties)


def turn_sheet(sheet: Sheet) -> Sheet:
    """Return a sheet with the width and height of everything exchanged."""
    return sheet._replace(
        cards=tuple(_turn_card(card) for card in sheet.cards),
        ties=tuple(tie._replace(label=tie.label[::-1]) for tie in sheet.ties),
        turned=not sheet.turned,
    )


def _turn_card(card: Card) -> Card:
    """Return a card on its side: what was room for many lines in its height is in its width."""
    length = max(card.width, card.header)
    least = least_header(break_name(card.title, NAME_SIZE, bold=True))
    return card._replace(width=least, height=length, header=length)


def upright_cards(sheet: Sheet) -> tuple[Card, ...]:
    """Return the cards of a sheet as they are to be drawn."""
    if not sheet.turned:
        return sheet.cards
    return tuple(
        card._replace(width=card.height, height=card.width, header=card.width)
        for card in sheet.cards
    )


def turn_places(places: Places) -> Places:
    """Return where cards stand, with x and y exchanged; the routes are left as they are."""
    return places._replace(
        width=places.height,
        height=places.width,
        cards=tuple((y, x) for x, y in places.cards),
    )


def turn_item(item: Item) -> Item:
    """Return an item with x and y exchanged; text stays upright, beside its line.

    >>> turn_item(Shape(("ML", (1, 2, 3, 4)))).path
    ('ML', (2, 1, 4, 3))
    """
    if isinstance(item, Shape):
        names, numbers = item.path
        return item._replace(path=(names, tuple(numbers[at ^ 1] for at in range(len(numbers)))))
    if isinstance(item, Text):
        if item.anchor == "middle":
            return item._replace(x=item.y - _MIDDLE, y=item.x + _MIDDLE)
        below = _BELOW if item.anchor == "start" else 0
        return item._replace(x=item.y + _BESIDE, y=item.x + below, anchor="start")
    return item
