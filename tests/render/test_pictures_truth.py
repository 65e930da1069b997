"""Pictures in every notation, direction and detail: each line at its rows, nothing on anything."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from erdgen.model.graph import Graph
from erdgen.model.relationships import Cardinality
from erdgen.read import read_text
from erdgen.render import render, select_part
from erdgen.render.options import Options
from tests.oracle.picture import SVG, Area, ShownPicture, groups, points_of, read_picture
from tests.support.models import make_model
from tests.support.paths import corpus_model, needs_shared

NOTATIONS = ("template", "uml", "lines")
MODELS = ["chinook", "northwind", "pubs", "sakila", "pagila", "guacamole", "shop30"]


def draw(graph: Graph, **options: Any) -> bytes:
    return render(graph, "svg", Options(timeout=120, **options)).data


def corpus(name: str) -> Graph:
    return read_text(corpus_model(name).read_text("utf-8"), name).graph


def check_ends(graph: Graph, shown: ShownPicture) -> None:
    assert len(shown.lines) == len(graph.relationships)
    for item, line in zip(graph.relationships, shown.lines, strict=True):
        for end, name, attributes in (
            (line.left, item.left, item.left_attributes),
            (line.right, item.right, item.right_attributes),
        ):
            first = attributes[0] if attributes else ""
            assert end.card == name
            assert end.row == (first if first in shown.cards[name].rows else "")


def check_free(svg: bytes, shown: ShownPicture, *, lines: bool = True) -> None:
    """Assert that lines run through no card and that words beside lines cover nothing."""
    for line in shown.lines:
        for card in shown.cards.values():
            inner = Area(
                card.area.left + 3, card.area.top + 3, card.area.right - 3, card.area.bottom - 3
            )
            assert not any(inner.holds(point, 0) for point in line.points), (line.left, card.name)
            assert all(0 <= x <= shown.width and 0 <= y <= shown.height for x, y in line.points)
    labels = [
        label
        for group in groups(ET.fromstring(svg), "relationship")  # noqa: S314
        for label in words(group)
    ]
    for at, label in enumerate(labels):
        assert label.left >= 0
        assert label.right <= shown.width
        assert label.top >= 0
        assert label.bottom <= shown.height
        assert not any(label.overlaps(card.area) for card in shown.cards.values())
        assert not any(label.overlaps(other) for other in labels[at + 1 :])
        if lines:
            inner = Area(label.left + 1, label.top + 1, label.right - 1, label.bottom - 1)
            assert not any(inner.holds(point, 0) for line in shown.lines for point in line.points)


def words(group: ET.Element) -> list[Area]:
    """Return what the label of a line covers."""
    found = []
    for text in group.iter(f"{SVG}text"):
        if "label" in text.get("class", "").split():
            width, size = float(text.get("textLength", "8")), float(text.get("font-size", ""))
            x, y = float(text.get("x", "")) - width / 2, float(text.get("y", ""))
            found.append(Area(x, y - size * 0.7, x + width, y))
    return found


@needs_shared
@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("direction", ["right", "down"])
@pytest.mark.parametrize("name", MODELS)
def test_lines_of_every_notation_end_at_their_rows(
    name: str, direction: str, notation: str
) -> None:
    graph = corpus(name)
    svg = draw(graph, notation=notation, direction=direction)
    shown = read_picture(svg, feet=False)
    check_ends(graph, shown)
    check_free(svg, shown)


@needs_shared
@pytest.mark.parametrize("how", [{"fold_junctions": True}, {"around": ("film",), "depth": 1}])
@pytest.mark.parametrize("direction", ["right", "down"])
@pytest.mark.parametrize("name", ["sakila", "pagila"])
def test_a_part_or_a_folded_model_is_drawn_as_truly(
    name: str, direction: str, how: dict[str, Any]
) -> None:
    options = Options(**how, direction=direction)
    graph = select_part(corpus(name), options)
    svg = render(graph, "svg", options).data
    check_ends(graph, read_picture(svg))
    check_free(svg, read_picture(svg))


@pytest.mark.parametrize("seed", range(24))
def test_made_models_have_nothing_on_anything(seed: int) -> None:
    text = make_model(seed, 4 + seed, nasty=seed % 3 == 0, groups=(0, 2, 4)[seed % 3])
    graph = read_text(text).graph
    options = {
        "direction": ("right", "down", "auto")[seed % 3],
        "detail": ("full", "keys", "names", None)[seed % 4],
        "notation": (*NOTATIONS, None)[seed % 4],
        "labels": seed % 2 == 0,
    }
    svg = draw(graph, **options)
    shown = read_picture(svg, feet=options["notation"] is None)
    check_ends(graph, shown)
    check_free(svg, shown)


def test_a_way_around_the_outermost_card_makes_the_page_larger() -> None:
    for seed, shape in ((1042, "star"), (1042, "mixed"), (286, "mixed"), (7, "hub")):
        graph = read_text(make_model(seed, 20, shape=shape, groups=seed % 3)).graph
        svg = draw(graph, direction="down", detail="keys", notation="template")
        check_free(svg, read_picture(svg, feet=False), lines=False)


def test_lines_tell_one_to_one_from_one_to_many_and_many_to_many() -> None:
    """`───>` one-to-one, `═══>` one-to-many, `<-->` many-to-many."""
    text = """
entities:
  A: {attributes: {id: int pk}}
  B: {attributes: {id: int pk}}
relationships:
  - A one-to-one B
  - A one-to-many B
  - A many-to-many B
"""
    graph = read_text(text).graph
    root = ET.fromstring(draw(graph, notation="lines"))  # noqa: S314
    found = []
    for group in groups(root, "relationship"):
        kinds = [path.get("class", "").split()[0] for path in group.iter(f"{SVG}path")]
        tips = [
            points_of(path)[0]
            for path in group.iter(f"{SVG}path")
            if "mark" in path.get("class", "")
        ]
        found.append((kinds.count("inner"), len(tips)))
    many = [(is_many(item.left_end), is_many(item.right_end)) for item in graph.relationships]
    wanted = {
        (False, False): (0, 1),
        (False, True): (1, 1),
        (True, False): (1, 1),
        (True, True): (0, 2),
    }
    assert found == [wanted[each] for each in many]
    assert len(set(many)) == 3


def is_many(end: Cardinality) -> bool:
    return end.maximum != 1
