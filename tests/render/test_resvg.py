"""Pictures in a second renderer (resvg): every text is there, and none leaves its card."""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from erdgen.read import read_text
from erdgen.render import render
from erdgen.render.fonts import FOLDER
from erdgen.render.options import Options
from tests.oracle.picture import SVG, Area, read_picture
from tests.support.png import read_png

resvg = pytest.importorskip("resvg_py", reason="resvg is not installed")

MODEL = """
title: Orders & more
groups: {g: {title: Sales, color: teal}}
entities:
  Customer:
    group: g
    description: Who buys, and what for
    attributes: {id: uuid pk, "email <b>": text unique, wiiiiiiiiiiiide: text}
  WWWWWWWWWWWWWWWW:
    attributes: {id: uuid pk, customer_id: "uuid? -> Customer", MMMMMMMMMM: "decimal(10, 2)"}
"""
FONTS = ["Arimo", "DejaVu Sans Mono"]
"""The packaged one, and one that is far wider."""


def files_of(font: str) -> list[str]:
    """Return the files of a family, regular and bold; skip the test where it is not installed."""
    if font == "Arimo":
        return [f"{FOLDER}/Arimo-Regular.ttf", f"{FOLDER}/Arimo-Bold.ttf"]
    found = []
    for style in ("", ":bold"):
        command = ["fc-match", "-f", "%{family}|%{file}", font + style]
        if not shutil.which("fc-match"):
            pytest.skip("fontconfig's tools are not here")
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        family, _, file = done.stdout.partition("|")
        if family.split(",")[0] != font:
            pytest.skip(f"{font} is not here")
        found.append(file)
    return found


def paint(svg: str, font: str) -> tuple[int, list[bytes]]:
    """Return resvg's picture of an SVG with one family and no other font at hand."""
    named = re.sub(r'font-family="[^"]*"', f'font-family="{font}"', svg)
    files = files_of(font)
    png = resvg.svg_to_bytes(svg_string=named, skip_system_fonts=True, font_files=files)
    return read_png(bytes(png))


def ink(svg: str, font: str) -> set[tuple[int, int]]:
    """Return the pixels that texts change."""
    channels, shown = paint(svg, font)
    _, bare = paint(re.sub(r"<text.*?</text>", "", svg), font)
    return {
        (at // channels, y)
        for y, (one, other) in enumerate(zip(shown, bare, strict=True))
        if one != other
        for at in range(0, len(one), channels)
        if one[at : at + channels] != other[at : at + channels]
    }


def text_areas(group: ET.Element) -> list[Area]:
    """Return where the texts of a card say that they are."""
    found = []
    for text in group.iter(f"{SVG}text"):
        x, y, size = (float(text.get(name, "")) for name in ("x", "y", "font-size"))
        width = float(text.get("textLength", size * 0.7))
        x -= {"middle": width / 2, "end": width}.get(text.get("text-anchor", ""), 0)
        found.append(Area(x, y - size, x + width, y + size * 0.35))
    return found


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("detail", ["full", "names"])
def test_every_text_is_there_and_inside_its_card(font: str, detail: str) -> None:
    check_texts(draw(detail), font)


def test_the_check_tells_texts_that_are_not_held_to_their_width() -> None:
    loose = re.sub(r' textLength="[^"]*"| lengthAdjust="[^"]*"', "", draw("full"))
    with pytest.raises(AssertionError):
        check_texts(loose, "DejaVu Sans Mono", draw("full"))


def draw(detail: str) -> str:
    options = Options(detail=detail, comments=True)
    return render(read_text(MODEL).graph, "svg", options).data.decode()


def check_texts(svg: str, font: str, told: str = "") -> None:
    """Assert that all texts are painted, each within its card, where `told` says that they are."""
    painted, svg = ink(svg, font), told or svg
    cards = {name: card.area for name, card in read_picture(svg.encode()).cards.items()}
    places: list[Area] = []
    for group in ET.fromstring(svg).iter(f"{SVG}g"):  # noqa: S314 - our own picture
        if group.get("class") == "entity":
            areas = text_areas(group)
            card = cards[group.get("data-name", "")]
            # the edge of a letter may touch the next pixel
            inside = Area(card.left - 1, card.top - 1, card.right + 1, card.bottom + 1)
            for area in areas:
                mine = [
                    (x, y)
                    for x, y in painted
                    if area.left - 4 <= x <= area.right + 4 and area.top <= y <= area.bottom
                ]
                assert len(mine) > area.right - area.left
                assert all(inside.holds(point) for point in mine)
            places += areas
    assert len(places) == sum(part.count("<text") for part in svg.split('<g class="entity"')[1:])
    texts = text_areas(ET.fromstring(svg))  # noqa: S314 - our own picture
    stray = [
        (x, y)
        for x, y in painted
        if not any(a.left - 2 <= x <= a.right + 2 and a.top <= y <= a.bottom + 1 for a in texts)
    ]
    assert not stray


def test_two_themes_differ_in_resvg_where_the_style_sheet_is_ignored() -> None:
    """A viewer without style sheets shows the day's colours of `auto`."""
    graph = read_text(MODEL).graph
    light, auto = (
        paint(render(graph, "svg", Options(theme=theme)).data.decode(), "Arimo")
        for theme in ("light", "auto")
    )
    assert light == auto
    assert any(one != other for one, other in pairwise(light[1]))
