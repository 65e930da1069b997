"""A graph that is to be split in, one legible picture a part out, and one of all parts.

Relationships between parts are references beside the rows, and lead to the other part's page.
A part that nobody could read is shown with less detail, and at last parted again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import NamedTuple

from erdgen.errors import Diagnostic
from erdgen.model.graph import Graph
from erdgen.model.partition import find_heading, page_name, split
from erdgen.render.graphviz import worker
from erdgen.render.options import Options
from erdgen.render.picture.cards import ROW_SIZE, make_cards
from erdgen.render.picture.component import APART, NEAR
from erdgen.render.picture.compose import draw
from erdgen.render.picture.legibility import LEAST_TEXT, SCREEN, text_height
from erdgen.render.picture.line_shapes import PLAIN
from erdgen.render.picture.overview import make_overview, part_weak_ties
from erdgen.render.picture.places import STUB
from erdgen.render.picture.references import Away
from erdgen.render.picture.scene import Begin, Item, Placed, Scene
from erdgen.render.picture.themes import Theme

_LEVELS = ("full", "keys", "names")
_FEWEST = 6
"""Entities below which a part is not parted again."""


class Picture(NamedTuple):
    """A page before it is written: its name, its scene, and what there is to say about it."""

    name: str
    scene: Scene
    notes: tuple[Diagnostic, ...]
    options: Options


def draw_pages(graph: Graph, options: Options, theme: Theme) -> list[Picture]:
    """Return the overview (its name is empty) and a picture of each part.

    Raises:
        RenderError: Graphviz failed, is missing, or took too long over one of them.
    """
    queue = split(graph, options.split)
    used = {page_name(name).lower() for name, _ in queue}
    parts: list[tuple[str, Graph]] = []
    pictures: list[Picture] = []
    while queue:
        name, part = queue.pop(0)
        title = find_heading(part, name) if options.split == "group" else name
        picture = _draw_part(name, graph, part, options, theme, title=title)
        smaller = _part_again(name, part, picture, used)
        if smaller:
            queue = smaller + queue
            continue
        parts.append((name, part))
        pictures.append(picture)
    if len(parts) > 1:
        pictures.insert(0, _draw_overview(graph, parts, options, theme))
    pages = {entity.name: page_name(name) for name, part in parts for entity in part.model.entities}
    pages |= {f"part {name}": page_name(name) for name, _ in parts}
    return [
        item._replace(
            name=page_name(item.name) if item.name else "",
            scene=_with_links(item.scene, pages, options.file),
        )
        for item in pictures
    ]


def _draw_part(
    name: str, graph: Graph, part: Graph, options: Options, theme: Theme, *, title: str
) -> Picture:
    """Draw a part with as much detail as can be read."""
    inside = {entity.name for entity in part.model.entities}
    away = []
    for item in graph.relationships:
        if (item.left in inside) != (item.right in inside):
            here = 0 if item.left in inside else 1
            away.append(Away(item, here, f"entity {item.right if here == 0 else item.left}"))
    levels = (options.detail,) if options.detail else _LEVELS
    wanted = options._replace(title=title, split="", detail=levels[-1])
    for level in levels:
        wanted = wanted._replace(detail=level)
        if level != levels[-1] and _is_hopeless(part, wanted):
            continue
        with worker(timeout=options.timeout, system=options.graphviz == "system") as ask:
            scene, notes = draw(part, wanted, theme, ask, away=away)
        if text_height(scene, wanted.detail) >= LEAST_TEXT:
            break
    return Picture(name, scene, notes, wanted)


def _is_hopeless(part: Graph, options: Options) -> bool:
    """Whether the cards alone, closely packed, would already be too small to read."""
    area = sum(
        (card.width + 2 * STUB + APART) * (card.height + NEAR)
        for card in make_cards(part, options, {})
    )
    shrunk = LEAST_TEXT / ROW_SIZE
    return area > SCREEN[0] * SCREEN[1] / shrunk**2


def _part_again(
    name: str, part: Graph, picture: Picture, used: set[str]
) -> list[tuple[str, Graph]]:
    """Return the halves of a part that nobody can read; nothing if it is legible or too small."""
    if text_height(picture.scene, picture.options.detail) >= LEAST_TEXT:
        return []
    if len(part.model.entities) < _FEWEST:
        return []
    halves = split(part, "2")
    if len(halves) < 2:
        return []
    named = []
    number = 1
    for _, half in halves:
        while page_name(f"{name}-{number}").lower() in used:
            number += 1
        used.add(page_name(f"{name}-{number}").lower())
        named.append((f"{name}-{number}", half))
    return named


def _draw_overview(
    graph: Graph, parts: list[tuple[str, Graph]], options: Options, theme: Theme
) -> Picture:
    """Draw the parts; those with too many lines between them with the strongest alone."""
    whole = make_overview(graph, parts)
    forest, rest = part_weak_ties(whole)
    plain = options._replace(
        split="", hub=0, notation=PLAIN, labels=True, types=False, legend=False
    )
    full, bare = plain._replace(detail="full", comments=True), plain._replace(detail="names")
    links = {name: f"entity part {name}" for name, _ in parts}
    ends = [Away(item, end) for item in rest for end in (0, 1)]
    picture = None
    with worker(timeout=options.timeout, system=options.graphviz == "system") as ask:
        for drawn, away, wanted in (
            (whole, [], full),
            (whole, [], bare),
            (forest, ends, full),
            (forest, ends, bare),
        ):
            scene, notes = draw(drawn, wanted, theme, ask, away=away, links=links)
            picture = Picture("", scene, notes, wanted)
            if text_height(scene, wanted.detail) >= LEAST_TEXT:
                return picture
    assert picture is not None  # noqa: S101 - the loop runs at least once
    return picture


def _with_links(scene: Scene, pages: Mapping[str, str], file: str) -> Scene:
    """Return the scene with what its links mean now that each entity has its page."""
    return scene._replace(items=tuple(_linked(scene.items, pages, file)))


def _linked(items: Iterable[Item], pages: Mapping[str, str], file: str) -> Iterator[Item]:
    path = PurePath(file)
    for item in items:
        if isinstance(item, Placed):
            yield item._replace(items=tuple(_linked(item.items, pages, file)))
        elif isinstance(item, Begin) and item.link:
            page = pages[item.link.removeprefix("entity ")]
            link = f"{path.stem}-{page}{path.suffix}" if file else ""
            yield item._replace(link=link)
        else:
            yield item
