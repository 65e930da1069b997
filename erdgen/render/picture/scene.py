"""What a picture is made of: a flat list of shapes and texts with the role each one plays.

The scene is drawn once and written by whoever knows a format: as SVG, or through Graphviz as PNG
and PDF. Lengths are pixels at 96 per inch, x to the right, y down. Colours are roles (`border`,
`header-2`); a theme says what they look like.
"""

# annotations as texts would double the time that making named tuples takes
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Literal, NamedTuple, TypeAlias

Path = tuple[str, tuple[float, ...]]
"""A letter for each step of a path, and the numbers of all steps one after the other: `M`ove x y,
`L`ine x y, `C`urve x1 y1 x2 y2 x y, or `Z` to close it."""
_NUMBERS = {"M": 2, "L": 2, "C": 6, "Z": 0}


class Shape(NamedTuple):
    """A path that is filled, stroked or both.

    Attributes:
        path: Its steps, in absolute coordinates.
        fill: Role of the inside; empty for none.
        stroke: Role of the outline; empty for none.
        width: The outline's width.
        dash: Whether the outline is dashed.
        kind: What it is, as a class for style sheets and readers (`line`, `mark`, `row`).
    """

    path: Path
    fill: str = ""
    stroke: str = ""
    width: float = 1.0
    dash: bool = False
    kind: str = ""


class Text(NamedTuple):
    """One line of text.

    Attributes:
        x: Where it starts, has its middle or ends, by `anchor`.
        y: Its base line.
        width: How wide it is in the packaged font; a viewer with another font is held to it.
    """

    x: float
    y: float
    text: str
    size: float
    fill: str
    width: float
    bold: bool = False
    anchor: Literal["start", "middle", "end"] = "start"
    kind: str = ""


class Begin(NamedTuple):
    """The shapes up to the matching `End` are one thing.

    Attributes:
        kind: What it is: `entity`, `row`, `relationship`, `group`, `legend`...
        name: Its key, unique among its kind; empty if it needs none.
        title: The tooltip; empty for none.
        link: Where a click leads (checked before); empty for nowhere.
        data: Further facts for readers of the picture: name (without `data-`) and value.
    """

    kind: str
    name: str = ""
    title: str = ""
    link: str = ""
    data: tuple[tuple[str, str], ...] = ()


class End(NamedTuple):
    """Closes the last `Begin`."""


class Written(NamedTuple):
    """What a format made of some items before anybody knew where they stand.

    Attributes:
        form: The text, with a place to fill (as `%` does it) for each coordinate.
        xs: The coordinates to the right, each once.
        ys: The coordinates down, each once.
        pick: The texts of the former and then the latter -> which goes into each place.
    """

    form: str
    xs: Sequence[float]
    ys: Sequence[float]
    pick: Callable[[Sequence[str]], tuple[str, ...]]


class Placed(NamedTuple):
    """Items that were drawn from (0, 0) and stand elsewhere.

    Attributes:
        x: Where their (0, 0) is.
        written: The same as the format has written it down already.
    """

    items: tuple["Item", ...]
    x: float
    y: float
    written: Written | None = None


Item: TypeAlias = Shape | Text | Begin | End | Placed


class Scene(NamedTuple):
    """A whole picture.

    Attributes:
        width: Of the picture, margins included.
        title: What it shows, for its readers' ears and tooltips.
        description: More about it.
    """

    width: float
    height: float
    items: tuple[Item, ...]
    title: str = ""
    description: str = ""


def box(
    x: float, y: float, width: float, height: float, radius: float = 0, *, low: float | None = None
) -> Path:
    """Return the path of a rectangle with rounded corners (`low` rounds the lower two)."""
    top, bottom = radius, radius if low is None else low
    right, under = x + width, y + height
    if not top and not bottom:
        return "MLLLZ", (x, y, right, y, right, under, x, under)
    # a quarter of a circle as a cubic curve: its handles are 0.5523 of the radius long
    t, b = top * 0.4477, bottom * 0.4477
    return "MLCLCLCLCZ", (
        *(x + top, y, right - top, y),
        *(right - t, y, right, y + t, right, y + top),
        *(right, under - bottom),
        *(right, under - b, right - b, under, right - bottom, under),
        *(x + bottom, under),
        *(x + b, under, x, under - b, x, under - bottom),
        *(x, y + top),
        *(x, y + t, x + t, y, x + top, y),
    )


def circle(x: float, y: float, radius: float) -> Path:
    """Return the path of a circle around (x, y)."""
    return box(x - radius, y - radius, 2 * radius, 2 * radius, radius)


def polyline(*points: tuple[float, float]) -> Path:
    """Return the open path through the points.

    >>> polyline((0, 0), (1, 2))
    ('ML', (0, 0, 1, 2))
    """
    return "M" + "L" * (len(points) - 1), tuple(chain.from_iterable(points))


def steps_of(path: Path) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Yield the steps of a path, each a letter and its numbers.

    >>> list(steps_of(("MLZ", (0, 0, 1, 2))))
    [('M', (0, 0)), ('L', (1, 2)), ('Z', ())]
    """
    names, numbers = path
    at = 0
    for name in names:
        yield name, numbers[at : at + _NUMBERS[name]]
        at += _NUMBERS[name]


def along(path: Path, pieces: int) -> Iterator[tuple[float, float]]:
    """Yield the points of a path, its curves as so many straight pieces each."""
    x = y = 0.0
    for name, n in steps_of(path):
        if name == "C":
            for at in range(1, pieces + 1):
                t = at / pieces
                u = 1 - t
                a, b, c, d = u**3, 3 * u * u * t, 3 * u * t * t, t**3
                yield (
                    a * x + b * n[0] + c * n[2] + d * n[4],
                    a * y + b * n[1] + c * n[3] + d * n[5],
                )
        elif name != "Z":
            yield (n[0], n[1])
        x, y = n[-2:] if n else (x, y)


def flat_items(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items, each of those that are placed where it stands."""
    for item in items:
        if isinstance(item, Placed):
            for inner in flat_items(item.items):
                yield move(inner, item.x, item.y)
        else:
            yield item


def move(item: Item, dx: float, dy: float) -> Item:
    """Return an item moved to the right and down."""
    if isinstance(item, Text):
        return item._replace(x=item.x + dx, y=item.y + dy)
    if isinstance(item, Shape):
        names, numbers = item.path
        moved = [0.0] * len(numbers)
        moved[0::2] = [x + dx for x in numbers[0::2]]
        moved[1::2] = [y + dy for y in numbers[1::2]]
        return item._replace(path=(names, tuple(moved)))
    if isinstance(item, Placed):
        return item._replace(x=item.x + dx, y=item.y + dy)
    return item
