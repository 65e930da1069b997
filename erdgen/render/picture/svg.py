"""A scene and a theme in, an SVG document out: no script, no outside reference, text as text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from erdgen.render.fonts import FAMILIES
from erdgen.render.picture.scene import Begin, End, Scene, Shape, Text
from erdgen.render.picture.themes import Theme

_SAFE_LINK = r"(?i)https?://|mailto:|[^:/?#]*(?:[/?#]|$)"
_FORBIDDEN = "[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
"""What no XML document may hold."""


def write_svg(scene: Scene, theme: Theme, scale: float = 1.0, *, page: str = "") -> str:
    """Return the scene as SVG, with the theme's colours in it.

    Colours stand in each element, so that a viewer without style sheets shows them; a theme with
    a night side adds one style sheet that overrides them where dark is preferred.

    Args:
        scene: What is drawn.
        theme: Its colours.
        scale: Size factor.
        page: The picture's name in a page that holds several: its ids begin with it, and the
            style sheet is the page's business.
    """
    return "".join(_write(scene, theme, scale, page))


def _write(scene: Scene, theme: Theme, scale: float, page: str) -> Iterator[str]:
    width, height = number(scene.width), number(scene.height)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{number(scene.width * scale)}"'
        f' height="{number(scene.height * scale)}" viewBox="0 0 {width} {height}" role="img"'
        f' aria-label="{escape(scene.title)}" font-family="{FAMILIES}">\n'
        f"<title>{escape(scene.title)}</title>\n<desc>{escape(scene.description)}</desc>\n"
    )
    if theme.night and not page:
        yield _style_sheet(scene, theme)
    roles = {role: f"{role}" for role in theme.colors} if theme.night else {}
    yield (
        f'<rect width="{width}" height="{height}" fill="{_color(theme, "background")}"'
        f"{_class(roles, 'background', '', 'background')}/>\n"
    )
    opened: list[str] = []
    counts: dict[str, int] = {}
    for item in scene.items:
        if isinstance(item, Begin):
            counts[item.kind] = counts.get(item.kind, 0) + 1
            start, end = _open(item, counts[item.kind], page)
            opened.append(end)
            yield start
        elif isinstance(item, End):
            yield opened.pop()
        elif isinstance(item, Text):
            yield _text(item, theme, roles)
        else:
            yield _shape(item, theme, roles)
    yield "</svg>\n"


def _open(item: Begin, count: int, page: str) -> tuple[str, str]:
    parts = [f'<g class="{item.kind}"']
    if item.kind in {"entity", "relationship"}:
        before = f"{page}-" if page else ""
        parts.append(f' id="{before}{item.kind}-{count}"')
    if item.name:
        parts.append(f' data-name="{escape(item.name)}"')
    parts += [f' data-{name}="{escape(value)}"' for name, value in item.data]
    parts.append(">")
    start = "".join(parts)
    end = "</g>\n"
    if item.title or item.name:
        start += f"<title>{escape(item.title or item.name)}</title>"
    if item.link and is_safe_link(item.link):
        start = f'<a href="{escape(item.link)}">{start}'
        end = "</g></a>\n"
    return start + "\n", end


def _shape(item: Shape, theme: Theme, roles: dict[str, str]) -> str:
    # lists and one format a number: this is where large pictures spend their time
    path = "".join(
        [name + " ".join([f"{value:.6g}" for value in values]) for name, values in item.steps]
    )
    fill = _color(theme, item.fill) if item.fill else "none"
    parts = [f'<path d="{path}" fill="{fill}"']
    if item.stroke:
        parts.append(f' stroke="{_color(theme, item.stroke)}"')
        if item.width != 1:
            parts.append(f' stroke-width="{number(item.width)}"')
        if item.dash:
            parts.append(' stroke-dasharray="5 4"')
    parts.append(_class(roles, item.fill, item.stroke, item.kind))
    parts.append("/>\n")
    return "".join(parts)


def _text(item: Text, theme: Theme, roles: dict[str, str]) -> str:
    parts = [
        f'<text x="{number(item.x)}" y="{number(item.y)}" font-size="{number(item.size)}"',
        f' fill="{_color(theme, item.fill)}"',
    ]
    if item.bold:
        parts.append(' font-weight="bold"')
    if item.anchor != "start":
        parts.append(f' text-anchor="{item.anchor}"')
    if len(item.text) > 1:
        parts.append(f' textLength="{number(item.width)}"')
        parts.append(' lengthAdjust="spacingAndGlyphs"')
    if "  " in item.text or item.text != item.text.strip():
        parts.append(' xml:space="preserve"')
    parts.append(_class(roles, item.fill, "", item.kind))
    parts.append(f">{escape(item.text)}</text>\n")
    return "".join(parts)


def _class(roles: dict[str, str], fill: str, stroke: str, kind: str) -> str:
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
    for item in scene.items:
        if isinstance(item, Text | Shape) and item.fill in theme.night:
            fills.add(item.fill)
        if isinstance(item, Shape) and item.stroke in theme.night:
            strokes.add(item.stroke)
    rules = [f".f-{role}{{fill:{theme.night[role]}}}" for role in sorted(fills)]
    rules += [f".s-{role}{{stroke:{theme.night[role]}}}" for role in sorted(strokes)]
    return f"<style>@media (prefers-color-scheme:dark){{{''.join(rules)}}}</style>\n"


def _color(theme: Theme, role: str) -> str:
    return role if role.startswith("#") else theme.colors[role]


def number(value: float) -> str:
    """Return a number with six digits, without needless zeros.

    >>> number(12.0), number(0.456), number(12345.678)
    ('12', '0.456', '12345.7')
    """
    return f"{value:.6g}"


def escape(text: str) -> str:
    """Return a text as it may stand in an element or an attribute.

    >>> escape('<a href="x">&')
    '&lt;a href=&quot;x&quot;&gt;&amp;'
    """
    if not text.isprintable():
        text = re.sub(_FORBIDDEN, "\ufffd", text)
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )


def is_safe_link(link: str) -> bool:
    """Return whether a link leads to http(s), a mail address or a relative place.

    >>> is_safe_link("a/b.md#c"), is_safe_link("javascript:alert(1)"), is_safe_link("//evil.com")
    (True, False, False)
    """
    return bool(re.match(_SAFE_LINK, link)) and not link.startswith("//") and link.isprintable()
