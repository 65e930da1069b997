"""The types of a picture's arrangement: ties between cards, and where everything stands."""

# annotations as texts would double the time that making named tuples takes
from collections.abc import Mapping
from typing import NamedTuple

from erdgen.errors import Diagnostic
from erdgen.render.picture.cards import Card

STUB = 24
"""How far a line runs straight out of a row; its end mark stands there."""
LOOP_STEP = 12
"""How much further out each further self-reference of a card runs."""
LANE = 8
"""Between lines that run level in one gap, and between them and the cards."""
FRAME_PAD = 16
FRAME_TITLE = 26

Point = tuple[float, float]


class TieEnd(NamedTuple):
    """One end of a tie: which card, and which of its rows (-1: the header)."""

    card: int
    row: int


class Tie(NamedTuple):
    """A line between two cards.

    Attributes:
        label: Width and height that its label takes; (0, 0) for none.
        trunks: For its left and its right end the name of the trunk that it shares there with
            others; empty for none.
    """

    left: TieEnd
    right: TieEnd
    label: tuple[int, int] = (0, 0)
    trunks: tuple[str, str] = ("", "")

    @property
    def loop(self) -> bool:
        """Whether both ends are at one card."""
        return self.left.card == self.right.card


class Route(NamedTuple):
    """Where a tie runs.

    Attributes:
        points: A start and then three points for each cubic curve, from the left end's stub to
            the right end's. A self-reference has a corner a point instead, and so has a route
            with `corners`.
        label: The middle of its label.
        left_side: 1 where the line leaves the left end's card to the right, -1 to the left.
        right_side: The same for the right end.
    """

    points: tuple[Point, ...]
    left_side: int = 1
    right_side: int = -1
    label: Point | None = None
    corners: bool = False


class Area(NamedTuple):
    """A rectangle by its edges."""

    left: float
    top: float
    right: float
    bottom: float


def grow(area: Area, by: float) -> Area:
    """Return an area with so much more on each side.

    >>> grow(Area(0, 0, 10, 5), 2)
    Area(left=-2, top=-2, right=12, bottom=7)
    """
    left, top, right, bottom = area
    return Area(left - by, top - by, right + by, bottom + by)


def areas_meet(one: Area, other: Area) -> bool:
    """Return whether two areas have something in common, more than an edge.

    >>> one = Area(0, 0, 9, 9)
    >>> areas_meet(one, Area(8, 8, 20, 20)), areas_meet(one, Area(9, 0, 20, 9))
    (True, False)
    """
    left, top, right, bottom = one
    return left < other[2] and other[0] < right and top < other[3] and other[1] < bottom


class Frame(NamedTuple):
    """A group's frame, by the group's number."""

    group: int
    x: float
    y: float
    width: float
    height: float


def frame_area(frame: Frame) -> Area:
    """Return what a frame takes."""
    return Area(frame.x, frame.y, frame.x + frame.width, frame.y + frame.height)


class Places(NamedTuple):
    """Where everything stands; (0, 0) is at the top left.

    Attributes:
        cards: The top left corner of each card.
        routes: A route for each tie, in order.
        columns: For each card the piece that it stands in and its column there; -1 for cards
            that stand in no column.
    """

    width: float
    height: float
    cards: tuple[Point, ...]
    routes: tuple[Route, ...]
    frames: tuple[Frame, ...]
    notes: tuple[Diagnostic, ...] = ()
    columns: tuple[tuple[int, int], ...] = ()


class Sheet(NamedTuple):
    """What is to be arranged.

    Attributes:
        groups: For each group the width of its title and the numbers of its cards.
        wings: Room left and right of cards for what stands beside them.
        turned: Whether width and height are exchanged (`turned`).
        order: The place of each card in the order in which lines are to run; empty for one in
            which few run back.
    """

    cards: tuple[Card, ...]
    ties: tuple[Tie, ...]
    groups: tuple[tuple[int, tuple[int, ...]], ...] = ()
    wings: Mapping[int, tuple[int, int]] = {}
    turned: bool = False
    order: tuple[int, ...] = ()


def card_area(sheet: Sheet, card: int, at: Point) -> Area:
    """Return what a card that stands there takes, with what stands beside it."""
    left, right = sheet.wings.get(card, (0, 0))
    x, y = at
    return Area(x - left, y, x + sheet.cards[card].width + right, y + sheet.cards[card].height)


class Part(NamedTuple):
    """A connected component: the numbers of its cards and ties."""

    cards: tuple[int, ...]
    ties: tuple[int, ...]


class Piece(NamedTuple):
    """A component that has been laid out, from (0, 0).

    Attributes:
        at: The top left corner of each card.
        routes: The route of each tie.
        ranks: For each card where its rank stands along the direction of the layout.
        down: Whether lines run down in it, so that ranks are rows.
    """

    width: float
    height: float
    at: Mapping[int, Point]
    routes: Mapping[int, Route]
    frames: tuple[Frame, ...]
    ranks: Mapping[int, int]
    down: bool = False


def shift_places(places: Places, dx: float, dy: float) -> Places:
    """Return places moved to the right and down."""
    return places._replace(
        cards=tuple((x + dx, y + dy) for x, y in places.cards),
        routes=tuple(move_route(route, dx, dy) for route in places.routes),
        frames=tuple(item._replace(x=item.x + dx, y=item.y + dy) for item in places.frames),
    )


def move_route(route: Route, dx: float, dy: float) -> Route:
    """Return a route moved to the right and down."""
    points, left_side, right_side, label, corners = route
    points = tuple([(x + dx, y + dy) for x, y in points])
    if label:
        label = (label[0] + dx, label[1] + dy)
    return Route(points, left_side, right_side, label, corners)


def middle_of(sheet: Sheet, end: TieEnd) -> float:
    """Return how far below its card's top a tie ends."""
    return sheet.cards[end.card].middle(end.row)
