"""Options in, the legend's shapes out: what the marks of a picture mean."""

from __future__ import annotations

from collections.abc import Iterator

from erdgen.model.graph import Graph
from erdgen.model.relationships import Cardinality
from erdgen.render.fonts import text_width
from erdgen.render.options import Options
from erdgen.render.picture.cards import KEY_PAD, KEY_SIZE
from erdgen.render.picture.ends import draw_foot
from erdgen.render.picture.line_shapes import arrow_head
from erdgen.render.picture.scene import Begin, End, Item, Shape, box, move, polyline
from erdgen.render.picture.texts import write

SIZE = 11.5
HEIGHT = 16
_GAP = 24
_FEET = (
    (Cardinality(1, 1), "exactly one"),
    (Cardinality(0, 1), "zero or one"),
    (Cardinality(1, None), "one or more"),
    (Cardinality(0, None), "zero or more"),
)
_KEYS = (("PK", "primary key"), ("FK", "foreign key"), ("U", "unique"))


def make_legend(
    graph: Graph, options: Options, limit: float
) -> tuple[tuple[Item, ...], float, float]:
    """Return the legend's items from (0, 0), and its width and height.

    Args:
        graph: What is drawn; marks that cannot occur in it are left out.
        options: `notation` and `detail` count.
        limit: The width at which a further row is begun.
    """
    items: list[Item] = []
    x = y = widest = 0.0
    for sample, width, words in _samples(graph, options):
        text = write((width + 6 if width else 0, 12), words, SIZE, "text", kind="legend")
        whole = text.x + text.width
        if x and x + whole > limit:
            x, y = 0.0, y + HEIGHT + 8
        items += [move(item, x, y) for item in (*sample, text)]
        widest = max(widest, x + whole)
        x += whole + _GAP
    return (Begin("legend"), *items, End()), widest, y + HEIGHT


def _samples(graph: Graph, options: Options) -> Iterator[tuple[tuple[Item, ...], float, str]]:
    """Yield what the legend explains: shapes, their width, and the words."""
    notation = options.notation or "crowsfoot"
    if graph.relationships and notation == "crowsfoot":
        for end, words in _FEET:
            edge = Shape(polyline((0, 1), (0, 15)), "", "border", 1, kind="border")
            yield (_line(34), edge, *draw_foot(0, 8, 1, end)), 34, words
    if notation == "lines":
        inner = Shape(polyline((0, 8), (30, 8)), "", "background", 1.8, kind="inner")
        yield (_line(30), arrow_head((30, 8), -1)), 30, "one to one"
        yield (_line(30, 4.2), inner, arrow_head((30, 8), -1)), 30, "one to many"
        both = arrow_head((0, 8), 1), arrow_head((30, 8), -1)
        yield (_line(30), *both), 30, "many to many"
    if graph.relationships and notation == "template":
        target = "many" if options.detail == "names" else "what a key refers to"
        yield (_line(30), arrow_head((30, 8), -1)), 30, f"points at {target}"
    if any(item.identifying for item in graph.relationships):
        yield (_line(30, 1.9),), 30, "identifying"
    if any(not item.key for item in graph.relationships):
        yield (_line(30, dash=True),), 30, "without a key"
    if options.detail == "names":
        return
    for mark, words in _KEYS:
        wide = text_width(mark, KEY_SIZE, bold=True) + 2 * KEY_PAD
        role = mark.lower()
        pill = Shape(box(0, 1, wide, 14, 4), f"{role}-pill", role, 0.6, kind="pill")
        key = write((KEY_PAD, 11.3), mark, KEY_SIZE, role, kind="key", bold=True)
        yield (pill, key), wide, words
    yield (), 0, "?  optional"


def _line(width: float, stroke: float = 1.25, *, dash: bool = False) -> Shape:
    return Shape(polyline((0, 8), (width, 8)), "", "line", stroke, dash=dash, kind="line")
