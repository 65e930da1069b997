"""Groups and their colours in, the fill and text roles of header bands out."""

from __future__ import annotations

from erdgen.model.graph import Graph
from erdgen.render.picture.themes import Theme, readable_on


def header_colors(graph: Graph, theme: Theme) -> list[tuple[str, str]]:
    """Return for each entity the fill and text roles of its header band.

    A group's own colour is taken as it is, with black or white on it; otherwise groups take the
    theme's header colours in turn, and entities without a group the first.
    """
    by_group: dict[str, tuple[str, str]] = {}
    for number, group in enumerate(graph.model.groups):
        color = named_color(group.color)
        turn = (number + 1) % theme.headers
        by_group[group.name] = (
            (color, readable_on(color))
            if color and theme.headers > 1
            else (f"header-{turn}", f"header-text-{turn}")
        )
    plain = ("header-0", "header-text-0")
    return [by_group.get(entity.group, plain) for entity in graph.model.entities]


_NAMED = {
    "black": "#000000",
    "blue": "#1d4ed8",
    "brown": "#7b4a21",
    "cyan": "#0e7490",
    "gold": "#b8860b",
    "gray": "#6b7280",
    "green": "#15803d",
    "grey": "#6b7280",
    "indigo": "#4338ca",
    "lime": "#65a30d",
    "magenta": "#a21caf",
    "navy": "#1e3a8a",
    "olive": "#6b6b10",
    "orange": "#c2410c",
    "pink": "#be185d",
    "purple": "#7e22ce",
    "red": "#b91c1c",
    "teal": "#0f766e",
    "violet": "#6d28d9",
    "white": "#ffffff",
    "yellow": "#eab308",
}


def named_color(text: str) -> str:
    """Return a colour as #rrggbb, or an empty text if it is none.

    >>> named_color("teal"), named_color("#ABC"), named_color("url(x)")
    ('#0f766e', '#aabbcc', '')
    """
    lowered = text.strip().lower()
    if lowered in _NAMED:
        return _NAMED[lowered]
    digits = lowered.removeprefix("#")
    if not lowered.startswith("#") or not set(digits) <= set("0123456789abcdef"):
        return ""
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return f"#{digits}" if len(digits) == 6 else ""
