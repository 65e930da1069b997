"""A scene and a theme in, a DOT document out whose background is that scene.

Graphviz's renderers draw it as it is (xdot operations, graphviz.org/docs/outputs/canon), which is
how PNG and PDF come out the same as the SVG.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from math import hypot

from erdgen.render.fonts import FAMILY, text_width
from erdgen.render.picture.scene import (
    Path,
    Scene,
    Shape,
    Text,
    along,
    flat_items,
    polyline,
    steps_of,
)
from erdgen.render.picture.svg import number
from erdgen.render.picture.themes import Theme

FINE = 8
"""How many of Graphviz's units make a point: its text is set to whole units, which shows at one."""
POINTS = 0.75 * FINE
"""Units a pixel: Graphviz counts 72 points an inch, a scene 96 pixels."""
DASH, SPACE = 5.0, 4.0


def write_xdot(scene: Scene, theme: Theme, dpi: float) -> str:
    """Return the scene as a DOT document for the engine `nop2`."""
    width, height = scene.width * POINTS, scene.height * POINTS
    drawing = _quote(_write(scene, theme))
    # two nodes at opposite corners make the page that large; no node is less than 0.02 inch high
    half = 0.72
    corners = ((half, half), (width - half, height - half))
    nodes = "".join(
        f' c{index} [pos="{number(x)},{number(y)}"]' for index, (x, y) in enumerate(corners)
    )
    return (
        f"digraph {{ graph [dpi={dpi / FINE:g} pad=0 margin=0"
        f' bgcolor="{theme.colors["background"]}"'
        f" _background={drawing}]"
        ' node [style=invis shape=none label="" fixedsize=true width=0.02 height=0.02]'
        f"{nodes} }}"
    )


def _write(scene: Scene, theme: Theme) -> Iterator[str]:
    state: dict[str, str] = {}

    def change(what: str, command: str) -> Iterator[str]:
        if state.get(what) != command:
            state[what] = command
            yield command

    def color(role: str) -> str:
        return role if role.startswith("#") else theme.colors[role]

    for item in flat_items(scene.items):
        if isinstance(item, Text):
            name = f"{FAMILY} Bold" if item.bold else FAMILY
            yield from change("font", f"F {number(item.size * POINTS)} {len(name)} -{name}")
            yield from change("stroke", _counted("c", color(item.fill)))
            x = item.x - {"start": 0, "middle": item.width / 2, "end": item.width}[item.anchor]
            yield from _text(item, x, scene.height - item.y)
        elif isinstance(item, Shape):
            if item.stroke:
                style = f"setlinewidth({number(item.width * POINTS)})"
                yield from change("width", _counted("S", style))
            if item.fill:
                yield from change("stroke", _counted("c", color(item.stroke or item.fill)))
                yield from change("fill", _counted("C", color(item.fill)))
                if not item.stroke:
                    yield from change("width", _counted("S", "setlinewidth(0)"))
            else:
                yield from change("stroke", _counted("c", color(item.stroke)))
            for path in _dashes(item.path) if item.dash else (item.path,):
                yield _shape(path, bool(item.fill), scene.height)


def _quote(operations: Iterator[str]) -> str:
    """Return the operations as one DOT string, in pieces on lines of their own.

    Graphviz's scanner cannot take one quoted string of any length, but pieces joined by `+`.
    """
    pieces: list[str] = []
    piece: list[str] = []
    size = 0
    for operation in operations:
        piece.append(operation.replace('"', '\\"'))
        size += len(operation)
        if size > 4000:
            pieces.append(f'"{" ".join(piece)} "')
            piece, size = [], 0
    pieces.append(f'"{" ".join(piece)}"')
    return " +\n".join(pieces)


def _text(item: Text, x: float, y: float) -> Iterator[str]:
    """Yield a text from a point on.

    A quote behind a backslash cannot stand in a DOT string, so that such a text is set in pieces.
    """
    for piece in re.split(r'(?<=\\)(?=")', item.text):
        width = text_width(piece, item.size, item.bold) if piece != item.text else item.width
        command = f"T {number(x * POINTS)} {number(y * POINTS)} -1 {number(width * POINTS)}"
        yield _counted(command, piece)
        x += width


def _counted(command: str, text: str) -> str:
    r"""Return an operation with a text, and how many bytes that has.

    Graphviz counts a backslash and what follows it as one, also at the end of the text.

    >>> _counted("T 0 0 -1 9", "a\\b")
    'T 0 0 -1 9 2 -a\\b'
    """
    units = re.sub(rb"\\.?", b"x", text.encode(), flags=re.DOTALL)
    return f"{command} {len(units)} -{text}{' ' * text.endswith(chr(92))}"


def _shape(path: Path, filled: bool, height: float) -> str:
    points: list[tuple[float, float]] = []
    closed, curved = path[0].endswith("Z"), "C" in path[0]
    for name, values in steps_of(path):
        if name in "ML":
            to = (values[0], values[1])
            if curved and points:
                points += [points[-1], to]
            points.append(to)
        elif name == "C":
            points += [(values[at], values[at + 1]) for at in (0, 2, 4)]
    if curved and closed:
        points += [points[-1], points[0], points[0]]
    command = ("b" if filled else "B") if curved else ("P" if filled else "p" if closed else "L")
    places = " ".join(f"{number(x * POINTS)} {number((height - y) * POINTS)}" for x, y in points)
    return f"{command} {len(points)} {places}"


def _dashes(path: Path) -> Iterator[Path]:
    """Cut an open path into dashes; Graphviz's own are of one length, whatever the unit."""
    points = list(along(path, 24))
    dash: list[tuple[float, float]] = [points[0]]
    left, drawn = DASH, True
    for (x, y), (to_x, to_y) in pairwise(points):
        length, done = hypot(to_x - x, to_y - y), 0.0
        while length - done > left:
            done += left
            at = (x + (to_x - x) * done / length, y + (to_y - y) * done / length)
            if drawn:
                yield polyline(*dash, at)
            dash, drawn = [at], not drawn
            left = DASH if drawn else SPACE
        left -= length - done
        dash.append((to_x, to_y))
    if drawn and len(dash) > 1:
        yield polyline(*dash)
