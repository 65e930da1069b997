"""A scene and a theme in, an SVG document out: no script, no outside reference, text as text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from operator import itemgetter

from erdgen.render.fonts import FAMILIES
from erdgen.render.picture.scene import (
    Begin,
    Item,
    Placed,
    Scene,
    Shape,
    Text,
    Written,
    flat_items,
)
from erdgen.render.picture.themes import Theme

_SAFE_LINK = r"(?i)https?://|mailto:|[^:/?#]*(?:[/?#]|$)"
_FORBIDDEN = dict.fromkeys(
    (*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF), "\ufffd"
)
"""What no XML document may hold; a table, since a pattern of such ranges takes 4 ms to compile."""
_SPOT = "\0"
"""Where a coordinate is to stand: no text holds that, once it is escaped."""
_STEPS = {
    "M": f"M{_SPOT} {_SPOT}",
    "L": f"L{_SPOT} {_SPOT}",
    "C": f"C{' '.join([_SPOT] * 6)}",
    "Z": "Z",
}


_ShapeLook = tuple[str, str, float, bool, str]
"""What follows a shape's steps in it."""
_TextLook = tuple[str, float, str, float, bool, str, str]
"""What follows a text's place in it."""


def write_svg(scene: Scene, theme: Theme, scale: float = 1.0, *, page: str = "") -> str:
    """Return the scene as SVG; see `SvgWriter`.

    Args:
        scene: What is drawn.
        theme: Its colours.
        scale: Size factor.
        page: The picture's name in a page that holds several: its ids begin with it, and the
            style sheet is the page's business.
    """
    return "".join(SvgWriter(theme, page).write(scene, scale))


class SvgWriter:
    """Writes one scene as SVG, with the theme's colours in it.

    Colours stand in each element, so that a viewer without style sheets shows them; a theme with
    a night side adds one style sheet that overrides them where dark is preferred.

    Large pictures spend their time here. Elements are therefore written as one format with their
    coordinates beside it, each once, which are put in all at once; a card is written down before
    anybody knows where it will stand.
    """

    def __init__(self, theme: Theme, page: str = "") -> None:
        """Begin a document; see `write_svg`."""
        self._theme = theme
        self._page = page
        self._roles: Collection[str] = theme.colors if theme.night else ()
        self._counts: dict[str, int] = {}
        self._ends: list[str] = []
        """How the groups end that are open."""
        self._looks: dict[tuple[object, ...], str] = {}
        """Elements that stand anywhere, by what decides them."""

    def write_down(self, items: Iterable[Item]) -> Written:
        """Return items, the next of this scene, as a format and its coordinates.

        A card's texts and rules stand at few places to the right, and a row's at few downwards:
        those few are what is moved and written as numbers once it is placed.
        """
        form, spots = self._write(flat_items(items), "%s")
        across, down = spots[0::2], spots[1::2]
        xs, ys = dict.fromkeys(across), dict.fromkeys(down)
        at_x = dict(zip(xs, range(len(xs)), strict=True))
        at_y = dict(zip(ys, range(len(xs), len(xs) + len(ys)), strict=True))
        picks = [0] * len(spots)
        picks[0::2] = [at_x[x] for x in across]
        picks[1::2] = [at_y[y] for y in down]
        return Written(form, tuple(xs), tuple(ys), itemgetter(*picks) if picks else tuple)

    def _write(self, items: Iterable[Item], filler: str) -> tuple[str, list[float]]:
        """Return items as a format with a filler for each coordinate, and the coordinates.

        Args:
            items: None of them placed.
            filler: What stands for a coordinate.
        """
        parts: list[str] = []
        spots: list[float] = []
        for item in items:
            if isinstance(item, Text):
                parts.append(self._text(item[2:]))
                spots += item[:2]
            elif isinstance(item, Shape):
                names, numbers = item.path
                parts.append(self._shape(names, item[1:]))
                spots += numbers
            elif isinstance(item, Begin):
                self._ends.append(self._begin(item, parts))
            else:
                parts.append(self._ends.pop())
        return "".join(parts).replace("%", "%%").replace(_SPOT, filler), spots

    def write(self, scene: Scene, scale: float = 1.0) -> Iterator[str]:
        """Yield the document in pieces.

        Pieces, since the letters of most are ASCII, which takes less time to encode than a whole
        with an arrow in it.

        Args:
            scene: What is drawn; what was written down before comes in that order.
            scale: Size factor.
        """
        theme = self._theme
        width, height = number(scene.width), number(scene.height)
        sheet = _style_sheet(scene, theme) if theme.night and not self._page else ""
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{number(scene.width * scale)}"'
            f' height="{number(scene.height * scale)}" viewBox="0 0 {width} {height}" role="img"'
            f' aria-label="{escape(scene.title)}" font-family="{FAMILIES}">\n'
            f"<title>{escape(scene.title)}</title>\n<desc>{escape(scene.description)}</desc>\n"
            f'{sheet}<rect width="{width}" height="{height}" fill="{self._color("background")}"'
            f"{_class(self._roles, 'background', '', 'background')}/>\n"
        )
        loose: list[Item] = []
        for item in scene.items:
            if isinstance(item, Placed):
                yield self._write_here(loose)
                loose = []
                yield place(item.written or self.write_down(item.items), item.x, item.y)
            else:
                loose.append(item)
        yield self._write_here(loose) + "</svg>\n"

    def _write_here(self, items: Iterable[Item]) -> str:
        form, spots = self._write(items, "%.6g")
        return form % tuple(spots)

    def _begin(self, item: Begin, parts: list[str]) -> str:
        """Write the start of a group and return its end."""
        kind = item.kind
        start = f'<g class="{kind}"'
        if kind in {"entity", "relationship"}:
            count = self._counts[kind] = self._counts.get(kind, 0) + 1
            before = f"{self._page}-" if self._page else ""
            start += f' id="{before}{kind}-{count}"'
        name = escape(item.name)
        if name:
            start += f' data-name="{name}"'
        if item.data:
            start += "".join([f' data-{key}="{escape(value)}"' for key, value in item.data])
        start += ">"
        end = "</g>\n"
        if item.title or name:
            start += f"<title>{escape(item.title) or name}</title>"
        if item.link and is_safe_link(item.link):
            start = f'<a href="{escape(item.link)}">{start}'
            end = "</g></a>\n"
        parts.append(f"{start}\n")
        return end

    def _shape(self, names: str, look: _ShapeLook) -> str:
        """Return a path with these steps; many have the same and look alike."""
        key = (names, look)
        found = self._looks.get(key)
        if found is None:
            fill, stroke, width, dash, kind = look
            path = "".join([_STEPS[name] for name in names])
            found = f'<path d="{path}" fill="{self._color(fill) if fill else "none"}"'
            if stroke:
                found += f' stroke="{self._color(stroke)}"'
                if width != 1:
                    found += f' stroke-width="{number(width)}"'
                if dash:
                    found += ' stroke-dasharray="5 4"'
            found += f"{_class(self._roles, fill, stroke, kind)}/>\n"
            self._looks[key] = found
        return found

    def _text(self, look: _TextLook) -> str:
        """Return a text that stands anywhere; the names of types stand in many places."""
        found = self._looks.get(look)
        if found is None:
            text, size, fill, width, bold, anchor, kind = look
            found = f'<text x="{_SPOT}" y="{_SPOT}" font-size="{number(size)}"'
            found += f' fill="{self._color(fill)}"'
            if bold:
                found += ' font-weight="bold"'
            if anchor != "start":
                found += f' text-anchor="{anchor}"'
            if len(text) > 1:
                found += f' textLength="{width:.6g}" lengthAdjust="spacingAndGlyphs"'
            if "  " in text or text != text.strip():
                found += ' xml:space="preserve"'
            found += f"{_class(self._roles, fill, '', kind)}>{escape(text)}</text>\n"
            self._looks[look] = found
        return found

    def _color(self, role: str) -> str:
        return role if role.startswith("#") else self._theme.colors[role]


def place(written: Written, dx: float, dy: float) -> str:
    """Return what was written down as it stands so far to the right and down.

    >>> place(Written("M%s %sL%s %s", [1], [2, 7], itemgetter(0, 1, 0, 2)), 10, 20)
    'M11 22L11 27'
    """
    texts = _numbers([*[x + dx for x in written.xs], *[y + dy for y in written.ys]])
    return written.form % written.pick(texts)


def _numbers(values: Sequence[float]) -> list[str]:
    """Return the values as `number` writes each, in less time."""
    return ("%.6g " * len(values) % tuple(values)).split()


def _class(roles: Collection[str], fill: str, stroke: str, kind: str) -> str:
    names = [kind] if kind else []
    if fill in roles:
        names.append(f"f-{fill}")
    if stroke in roles:
        names.append(f"s-{stroke}")
    return f' class="{" ".join(names)}"' if names else ""


def _style_sheet(scene: Scene, theme: Theme) -> str:
    """Return the night colours of the roles that the scene uses."""
    assert theme.night is not None  # noqa: S101 - only called for such a theme
    fills, strokes = {"background"}, set()
    for item in flat_items(scene.items):
        if isinstance(item, Text | Shape) and item.fill in theme.night:
            fills.add(item.fill)
        if isinstance(item, Shape) and item.stroke in theme.night:
            strokes.add(item.stroke)
    rules = [f".f-{role}{{fill:{theme.night[role]}}}" for role in sorted(fills)]
    rules += [f".s-{role}{{stroke:{theme.night[role]}}}" for role in sorted(strokes)]
    return f"<style>@media (prefers-color-scheme:dark){{{''.join(rules)}}}</style>\n"


def number(value: float) -> str:
    """Return a number with six digits, without needless zeros.

    >>> number(12.0), number(0.456), number(12345.678)
    ('12', '0.456', '12345.7')
    """
    return f"{value:.6g}"


@lru_cache(1 << 13)
def escape(text: str) -> str:
    """Return a text as it may stand in an element or an attribute.

    >>> escape('<a href="x">&')
    '&lt;a href=&quot;x&quot;&gt;&amp;'
    """
    if not text.isprintable():
        text = text.translate(_FORBIDDEN)
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )


def is_safe_link(link: str) -> bool:
    """Return whether a link leads to http(s), a mail address or a relative place.

    >>> is_safe_link("a/b.md#c"), is_safe_link("javascript:alert(1)"), is_safe_link("//evil.com")
    (True, False, False)
    """
    return bool(re.match(_SAFE_LINK, link)) and not link.startswith("//") and link.isprintable()
