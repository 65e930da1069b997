"""Groups and their colours in, the fill and text roles of header bands out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from erdgen.model.colors import named_color
from erdgen.model.graph import Graph
from erdgen.render.picture.themes import Theme, readable_on


def header_colors(graph: Graph, theme: Theme) -> list[tuple[str, str]]:
    """Return for each entity the fill and text roles of its header band.

    A group's own colour has a role in a theme that `add_groups` gave; otherwise it is taken as it
    is. Other groups take the theme's header colours in turn, entities without a group the first.
    """
    by_group: dict[str, tuple[str, str]] = {}
    for number, group in enumerate(graph.model.groups):
        color = named_color(group.color)
        turn = (number + 1) % theme.headers
        fill, text = _group_roles(color)
        if not color or theme.headers == 1:
            by_group[group.name] = f"header-{turn}", f"header-text-{turn}"
        elif fill in theme.colors:
            by_group[group.name] = fill, text
        else:
            by_group[group.name] = color, readable_on(color)
    plain = ("header-0", "header-text-0")
    return [by_group.get(entity.group, plain) for entity in graph.model.entities]


def add_groups(theme: Theme, graph: Graph) -> Theme:
    """Return a theme with roles for the colours that the model's groups have of their own.

    A pale colour would glare from a dark page: there its hue is kept and its shade deepened.
    """
    own = {named_color(group.color): None for group in graph.model.groups}
    own.pop("", None)
    if not own or theme.headers == 1:
        return theme
    night = None if theme.night is None else {**theme.night, **_sides(own, theme.night)}
    return theme._replace(colors={**theme.colors, **_sides(own, theme.colors)}, night=night)


def _sides(own: Iterable[str], colors: Mapping[str, str]) -> dict[str, str]:
    dark = readable_on(colors["background"]) == "#ffffff"
    result: dict[str, str] = {}
    for color in own:
        shade = deepen(color) if dark else color
        fill, text = _group_roles(color)
        result |= {fill: shade, text: readable_on(shade)}
    return result


def _group_roles(color: str) -> tuple[str, str]:
    return f"group-{color[1:]}", f"group-text-{color[1:]}"


def deepen(color: str) -> str:
    """Return a pale colour in a deep shade; one that is deep already as it is.

    >>> deepen("#dcfce7"), deepen("#7b4a21")
    ('#1f5130', '#7b4a21')
    """
    import colorsys  # only for dark pictures of groups with colours

    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, light, strength = colorsys.rgb_to_hls(red, green, blue)
    if light <= _DEEP:
        return color
    shade = colorsys.hls_to_rgb(hue, _SHADE, min(strength, _STRONG))
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in shade)


_DEEP, _SHADE, _STRONG = 0.55, 0.22, 0.45
"""How light a colour may be on a dark page; how light and strong it is made if it is lighter."""
