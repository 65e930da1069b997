"""Pictures: SVG read back from its coordinates, the same bytes everywhere, PNG and PDF."""

from __future__ import annotations

import gzip
import math
import os
import re
import struct
import subprocess
import sys
from collections import Counter
from itertools import combinations, pairwise, product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from erdgen.errors import OptionError
from erdgen.model.entities import Attribute, Entity, Group, Model
from erdgen.model.graph import Graph
from erdgen.model.relationships import Cardinality, Relationship
from erdgen.model.selection import restrict
from erdgen.read import read_text
from erdgen.render import Output, render
from erdgen.render.fonts import text_width
from erdgen.render.graphviz import Job, worker
from erdgen.render.options import Options
from erdgen.render.picture import compose
from erdgen.render.picture.colors import add_groups, header_colors
from erdgen.render.picture.paint import fit_pixels
from erdgen.render.picture.scene import Scene, Text, flat_items
from erdgen.render.picture.themes import contrast, load_theme
from erdgen.render.picture.xdot import write_xdot
from tests.oracle.picture import SVG, Area, ShownPicture, groups, points_of, read_picture
from tests.support.models import make_model
from tests.support.paths import ROOT, corpus_model, needs_shared
from tests.support.png import read_png

SHOP = """
title: Shop
entities:
  Customer:
    purpose: Who buys
    attributes: {id: uuid pk, email: text unique, referred_by: uuid? -> Customer}
  Order:
    attributes: {id: uuid pk, customer_id: uuid -> Customer, note: text?}
  OrderLine:
    attributes: {order_id: uuid pk -> Order, line_no: int pk, product_id: uuid -> Product}
  Product:
    attributes: {id: uuid pk, name: text}
  Setting:
    attributes: {key: text pk}
relationships:
  - Product many-to-many Customer: likes
"""
MEDIUM = ["chinook", "northwind", "pubs", "sakila", "pagila", "guacamole", "shop30"]
LARGE = ["adventureworks", "chado", "omop_cdm", "openmrs", "wideworldimporters"]


def draw(model: str, format_name: str = "svg", **options: Any) -> Output:
    return render(read_text(model).graph, format_name, Options(**options))


def draw_graph(graph: Graph, format_name: str = "svg", **options: Any) -> bytes:
    return render(graph, format_name, Options(**options)).data


def corpus_graph(name: str) -> Graph:
    return read_text(corpus_model(name).read_text("utf-8"), name).graph


def check_against(graph: Graph, shown: ShownPicture) -> None:
    """Assert that the picture shows the graph: all of it, at the right rows, and nothing else."""
    assert set(shown.cards) == {entity.name for entity in graph.model.entities}
    assert len(shown.lines) == len(graph.relationships)
    for item, line in zip(graph.relationships, shown.lines, strict=True):
        for end, name, attributes, many in (
            (line.left, item.left, item.left_attributes, item.left_end),
            (line.right, item.right, item.right_attributes, item.right_end),
        ):
            assert end.card == name
            first = attributes[0] if attributes else ""
            assert end.row == (first if first in shown.cards[name].rows else "")
            assert end.foot == (min(many.minimum, 1), "1" if many.maximum == 1 else "*")
    cards = [card.area for card in shown.cards.values()]
    for at, one in enumerate(cards):
        assert 0 <= one.left <= one.right <= shown.width
        assert 0 <= one.top <= one.bottom <= shown.height
        assert not any(one.overlaps(other) for other in cards[at + 1 :])


# --- what a picture shows ------------------------------------------------------------------------


@pytest.mark.parametrize("detail", [None, "keys", "names"])
@pytest.mark.parametrize("direction", ["right", "down"])
def test_a_picture_reads_back(detail: str | None, direction: str) -> None:
    graph = read_text(SHOP).graph
    shown = read_picture(draw_graph(graph, detail=detail, direction=direction))
    check_against(graph, shown)
    wanted = {None: {"id", "email", "referred_by"}, "keys": {"id", "email", "referred_by"}}
    assert set(shown.cards["Customer"].rows) == wanted.get(detail, set())
    assert ("note" in shown.cards["Order"].rows) == (detail is None)


@needs_shared
@pytest.mark.parametrize("name", MEDIUM)
@pytest.mark.parametrize("detail", ["full", "keys", "names"])
def test_every_relationship_of_the_corpus_is_at_its_rows(name: str, detail: str) -> None:
    graph = corpus_graph(name)
    check_against(graph, read_picture(draw_graph(graph, detail=detail)))


@needs_shared
@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_every_relationship_of_a_large_model_is_at_its_rows(name: str) -> None:
    graph = corpus_graph(name)
    check_against(graph, read_picture(draw_graph(graph)))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("shape", ["mixed", "hub", "star"])
def test_made_models_read_back(seed: int, shape: str) -> None:
    text = make_model(seed, 6 + 4 * seed, nasty=bool(seed % 2), groups=seed % 3, shape=shape)
    graph = read_text(text).graph
    shown = read_picture(draw_graph(graph))
    check_against(graph, shown)
    assert set(shown.frames) == {
        group.name
        for group in graph.model.groups
        if any(entity.group == group.name for entity in graph.model.entities)
    }
    for entity in graph.model.entities:
        if entity.group:
            card, frame = shown.cards[entity.name].area, shown.frames[entity.group]
            assert frame.left < card.left
            assert card.right < frame.right
            assert frame.top < card.top
            assert card.bottom < frame.bottom


def test_all_sixteen_pairs_have_their_feet() -> None:
    kinds = [Cardinality(least, most) for least, most in ((1, 1), (0, 1), (1, None), (0, None))]
    for left, right in product(kinds, kinds):
        graph = Graph(Model((Entity("A"), Entity("B"))), (Relationship("A", "B", left, right),))
        check_against(graph, read_picture(draw_graph(graph)))


def test_both_feet_of_a_line_from_a_row_to_itself_are_to_be_seen() -> None:
    kinds = [Cardinality(least, most) for least, most in ((1, 1), (0, 1), (1, None), (0, None))]
    for left, right in product(kinds, kinds):
        entity = Entity("A", (Attribute("id", pk=True),))
        for attributes in ((), ("id",)):
            item = Relationship("A", "A", left, right, attributes, attributes)
            shown = read_picture(draw_graph(Graph(Model((entity,)), (item,))))
            check_against(Graph(Model((entity,)), (item,)), shown)
            assert abs(shown.lines[0].points[0][1] - shown.lines[0].points[-1][1]) >= 9


def test_lines_run_through_no_card() -> None:
    """Not through its own, and (Graphviz sees to it) through no other one."""
    for seed in range(6):
        graph = read_text(make_model(seed, 14)).graph
        shown = read_picture(draw_graph(graph))
        for line in shown.lines:
            for card in shown.cards.values():
                inside = [
                    point
                    for point in line.points
                    if card.area.left + 3 < point[0] < card.area.right - 3
                    and card.area.top + 3 < point[1] < card.area.bottom - 3
                ]
                assert not inside, f"{line.left} to {line.right} crosses {card.name}"


def test_many_lines_at_one_key_share_a_trunk_or_have_slots_of_their_own() -> None:
    children = tuple(
        Entity(f"Child{n}", (Attribute("id", pk=True), Attribute("hub_id"))) for n in range(20)
    )
    hub = Entity("Hub", (Attribute("id", pk=True),))
    lines = tuple(
        Relationship(
            "Hub",
            child.name,
            Cardinality(n % 2, 1),
            Cardinality(0, None),
            ("id",),
            ("hub_id",),
            True,
        )
        for n, child in enumerate(children)
    )
    graph = Graph(Model((hub, *children)), lines)
    shown = read_picture(draw_graph(graph))
    check_against(graph, shown)
    ends = {(line.points[0], line.left.foot) for line in shown.lines}
    assert len(ends) == 2, "one trunk for those that need one, one for those that may have one"
    bare = read_picture(draw_graph(graph, detail="names"))
    check_against(graph, bare)


def test_no_text_leaves_its_card() -> None:
    graph = read_text(make_model(3, 12, nasty=True)).graph
    root = ET.fromstring(draw_graph(graph, comments=True, enums=True))  # noqa: S314
    shown = read_picture(ET.tostring(root))
    for group in groups(root, "entity"):
        area = shown.cards[group.get("data-name", "")].area
        for text in group.iter(f"{SVG}text"):
            x = float(text.get("x", ""))
            words = "".join(text.itertext())
            size = float(text.get("font-size", ""))
            width = text_width(words, size, bold=text.get("font-weight") == "bold")
            assert abs(float(text.get("textLength", width)) - width) < 0.01
            shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.get("text-anchor", "start")]
            assert area.left < x - shift * width
            assert x + (1 - shift) * width < area.right


def test_marks_tell_keys_types_and_what_is_optional() -> None:
    texts = read_picture(draw(SHOP).data).cards["Customer"].texts
    assert texts == (
        "Customer",
        "PK",
        "id",
        "uuid",
        "U",
        "email",
        "text",
        "FK",
        "referred_by",
        "uuid?",
    )
    untyped = read_picture(draw(SHOP, types=False).data).cards["Customer"].texts
    assert untyped == ("Customer", "PK", "id", "U", "email", "FK", "referred_by", "?")


def test_words_are_beside_lines_and_never_on_one() -> None:
    data = draw(SHOP, labels=True).data.decode()
    assert ">likes</text>" in data
    root = ET.fromstring(data)  # noqa: S314
    text = next(item for item in root.iter(f"{SVG}text") if item.get("class") == "label")
    x, y = float(text.get("x", "")), float(text.get("y", ""))
    half = float(text.get("textLength", "")) / 2
    for line in read_picture(data).lines:
        assert not any(abs(px - x) < half and y - 9 < py < y + 2 for px, py in line.points)


@pytest.mark.parametrize("notation", ["uml", "template", "lines"])
def test_the_other_notations(notation: str) -> None:
    root = ET.fromstring(draw(SHOP, notation=notation).data)  # noqa: S314
    texts = {item.text for item in root.iter(f"{SVG}text")}
    if notation == "uml":
        assert {"0..*", "1", "0..1"} <= texts
    elif notation == "template":
        assert {"1:many", "many:many"} <= texts
    else:
        assert "inner" in draw(SHOP, notation=notation).data.decode()


# --- the shape of the page -----------------------------------------------------------------------


@needs_shared
@pytest.mark.parametrize("name", [*MEDIUM, "adventureworks", "wideworldimporters"])
def test_no_picture_is_a_strip(name: str) -> None:
    shown = read_picture(draw_graph(corpus_graph(name)))
    assert 1 / 3 <= shown.width / shown.height <= 3


def test_isolated_entities_stand_in_a_block() -> None:
    shown = read_picture(draw_graph(Graph(Model(tuple(Entity(f"E{n}") for n in range(40))))))
    assert 0.7 < shown.width / shown.height < 3


def test_an_empty_model_is_a_picture() -> None:
    for format_name in ("svg", "png", "pdf", "dot"):
        assert draw_graph(Graph(Model()), format_name)


# --- the same bytes everywhere -------------------------------------------------------------------


def in_a_process(tmp_path: Path, *formats: str, **environment: str) -> list[bytes]:
    """Draw the shop in a fresh process with that environment."""
    model = tmp_path / "shop.yaml"
    model.write_text(SHOP, "utf-8")
    files = [tmp_path / f"out.{name}" for name in formats]
    command = [sys.executable, "-m", "erdgen", str(model)]
    for file in files:
        command += ["-o", str(file)]
    subprocess.run(command, check=True, timeout=60, cwd=ROOT, env={**os.environ, **environment})
    return [file.read_bytes() for file in files]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    return in_a_process(tmp_path_factory.mktemp("plain"), "svg", "png", "dot")


@pytest.mark.parametrize("seed", ["1", "77"])
def test_the_hash_seed_changes_nothing(seed: str, tmp_path: Path, plain: list[bytes]) -> None:
    assert in_a_process(tmp_path, "svg", "png", "dot", PYTHONHASHSEED=seed) == plain


@pytest.mark.parametrize("locale", ["de_DE.UTF-8", "C", "tr_TR.UTF-8"])
def test_the_locale_changes_nothing(locale: str, tmp_path: Path, plain: list[bytes]) -> None:
    found = in_a_process(tmp_path, "svg", "png", "dot", LC_ALL=locale, LANG=locale)
    assert found == plain


@pytest.mark.parametrize("fonts", ["none", "others"])
def test_the_machines_fonts_change_nothing(fonts: str, tmp_path: Path, plain: list[bytes]) -> None:
    folder = tmp_path / "fonts"
    folder.mkdir()
    if fonts == "others":
        from fontTools.ttLib import TTFont

        # a font of the same family name in which every letter is wide
        font = TTFont(ROOT / "erdgen/render/fonts/Arimo-Regular.ttf")
        for name in font["hmtx"].metrics:
            font["hmtx"].metrics[name] = (3000, 0)
        font.save(folder / "wide.ttf")
    config = tmp_path / "fonts.conf"
    config.write_text(f"<fontconfig><dir>{folder}</dir></fontconfig>", "utf-8")
    home = str(tmp_path)
    found = in_a_process(
        tmp_path, "svg", "png", FONTCONFIG_FILE=str(config), HOME=home, XDG_DATA_HOME=home
    )
    assert found == plain[:2]


def test_two_runs_in_one_process_are_the_same() -> None:
    graph = read_text(SHOP).graph
    assert [draw_graph(graph, name) for name in ("svg", "png")] == [
        draw_graph(graph, name) for name in ("svg", "png")
    ]


# --- formats -------------------------------------------------------------------------------------


def png_size(data: bytes) -> tuple[int, int]:
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def test_png_has_the_size_of_the_svg_times_its_resolution() -> None:
    shown = read_picture(draw(SHOP).data)
    for dpi, scale in ((96, 1.0), (192, 1.0), (96, 1.5)):
        width, height = png_size(draw(SHOP, "png", dpi=dpi, scale=scale).data)
        assert abs(width - shown.width * dpi / 96 * scale) <= 2
        assert abs(height - shown.height * dpi / 96 * scale) <= 2


def test_png_shows_the_same_colours_at_the_same_places() -> None:
    """A header's band is where the SVG says, in the theme's colour."""
    data = draw(SHOP, "png").data
    shown = read_picture(draw(SHOP).data)
    width, _ = png_size(data)
    channels, rows = read_png(data)
    assert channels == 3
    for card in shown.cards.values():
        x, y = int(card.header.left) + 14, int(card.header.top) + 4
        assert rows[y][x * 3 : x * 3 + 3] == bytes.fromhex("3b4a6b")
    assert all(len(row) == width * 3 for row in rows)


def test_pdf_is_a_pdf() -> None:
    assert draw(SHOP, "pdf").data.startswith(b"%PDF-")


def test_too_many_pixels_are_refused_before_they_are_drawn() -> None:
    with pytest.raises(OptionError) as caught:
        draw(SHOP, "png", dpi=20_000)
    assert caught.value.diagnostics[0].code == "picture-too-large"
    assert "--dpi" in caught.value.diagnostics[0].help


def test_svg_size_follows_the_scale() -> None:
    once, twice = (ET.fromstring(draw(SHOP, scale=scale).data) for scale in (1.0, 2.0))  # noqa: S314
    assert float(twice.get("width", "")) == pytest.approx(
        2 * float(once.get("width", "")), abs=0.02
    )
    assert once.get("viewBox") == twice.get("viewBox")


# --- themes --------------------------------------------------------------------------------------

ON = {
    "background": ("text", "label", "mark"),
    "card": ("name", "type", "note"),
    "key-row": ("name", "type", "note"),
    "frame": ("frame-title", "label"),
    "pk-pill": ("pk",),
    "fk-pill": ("fk",),
    "u-pill": ("u",),
}


# Machado, Oliveira & Fernandes 2009, "A physiologically-based model for simulation of color vision
# deficiency", severity 1
SEEN_BY = {
    "all cones": (1, 0, 0, 0, 1, 0, 0, 0, 1),
    "no red": (0.152, 1.053, -0.205, 0.115, 0.786, 0.099, -0.004, -0.048, 1.052),
    "no green": (0.367, 0.861, -0.228, 0.280, 0.673, 0.047, -0.012, 0.043, 0.969),
    "no blue": (1.256, -0.077, -0.179, -0.078, 0.931, 0.148, 0.005, 0.691, 0.304),
}


@pytest.mark.parametrize("name", ["light", "dark", "print"])
def test_text_contrasts_with_what_is_behind_it(name: str) -> None:
    theme = load_theme(name)
    for fill, texts in ON.items():
        for text in texts:
            found = contrast(theme.colors[fill], theme.colors[text])
            assert found >= 4.5, f"{text} on {fill}: {found:.2f}"
    for number in range(theme.headers):
        pair = theme.colors[f"header-{number}"], theme.colors[f"header-text-{number}"]
        assert contrast(*pair) >= 4.5, pair
    # lines are no text: 3 is what WCAG asks for what must be seen
    for fill in ("background", "frame"):
        assert contrast(theme.colors["line"], theme.colors[fill]) >= 3


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_on_a_groups_own_colour_can_be_read(name: str) -> None:
    colors = [f"#{n:02x}{n:02x}{n:02x}" for n in range(0, 256, 3)]
    colors += [f"#{r}{g}{b}" for r, g, b in product(("00", "77", "cc", "ff"), repeat=3)]
    groups = tuple(Group(f"g{n}", color=color) for n, color in enumerate(colors))
    entities = tuple(Entity(f"e{n}", group=f"g{n}") for n in range(len(colors)))
    graph = Graph(Model(entities=entities, groups=groups), ())
    theme = add_groups(load_theme(name), graph)
    for fill, text in header_colors(graph, theme):
        assert contrast(theme.colors[fill], theme.colors[text]) >= 4.5, (fill, text)


def test_a_pale_group_does_not_glare_from_a_dark_picture() -> None:
    model = "groups: {g: {color: '#dcfce7'}}\nentities: {A: {group: g, attributes: {id: int pk}}}"
    light, dark, auto = (draw(model, theme=name).data for name in ("light", "dark", "auto"))
    assert b"#dcfce7" in light
    assert b"#dcfce7" not in dark
    assert b"#1f5130" in dark
    assert b'fill="#dcfce7"' in auto
    assert b".f-group-dcfce7{fill:#1f5130}" in auto
    # black and white stays that
    assert b"#dcfce7" not in draw(model, theme="print").data


def test_print_is_black_and_white() -> None:
    data = draw(SHOP, theme="print").data.decode()
    assert set(re.findall("#[0-9a-f]{6}", data)) <= {"#000000", "#ffffff"}


def test_auto_holds_both_looks() -> None:
    data = draw(SHOP, theme="auto").data.decode()
    assert "prefers-color-scheme:dark" in data
    assert data.count("<style>") == 1
    assert load_theme("dark").colors["background"] in data
    assert load_theme("light").colors["background"] in data


def test_a_theme_file(tmp_path: Path) -> None:
    file = tmp_path / "corporate.toml"
    file.write_text('base = "dark"\nbackground = "#102030"\nheader = ["#ffcc00 #000000"]\n')
    data = draw(SHOP, theme=str(file)).data.decode()
    assert "#102030" in data
    assert "#ffcc00" in data


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('backgruond = "#102030"', "background"),
        ('background = "red; }"', "background"),
        ('header = ["#fff"]', "header"),
        ('base = "pink"', "base"),
        ("not toml", "cannot be read"),
    ],
)
def test_a_theme_file_at_fault(text: str, word: str, tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(text)
    with pytest.raises(OptionError) as caught:
        load_theme(str(file))
    told = caught.value.diagnostics[0]
    assert word in told.message + told.help


def test_all_faults_of_a_theme_file_are_told_with_their_places(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(
        'base = "light"\nborder = "red"\n  "txt" = "#000"\nheader = "#000"\n[card]\nx = 1\n'
    )
    with pytest.raises(OptionError) as caught:
        load_theme(str(file))
    places = {
        (item.place.line, item.place.column) for item in caught.value.diagnostics if item.place
    }
    assert places == {(2, 1), (3, 4), (4, 1), (5, 2)}
    file.write_text('base = "light"\nborder = = 1\n')
    with pytest.raises(OptionError) as caught:
        load_theme(str(file))
    place = caught.value.diagnostics[0].place
    assert place is not None
    assert place.line == 2


@pytest.mark.parametrize("seen", sorted(SEEN_BY))
def test_group_colours_are_told_apart_by_who_sees_few_colours(seen: str) -> None:
    colors = load_theme("light").colors
    found = [_lab(colors[f"header-{n}"], SEEN_BY[seen]) for n in range(8)]
    assert min(math.dist(one, other) for one, other in combinations(found, 2)) > 9


def _lab(color: str, seen: tuple[float, ...]) -> tuple[float, float, float]:
    """Return a colour in CIE L*a*b* as somebody sees it: `seen` is a matrix for linear RGB."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    r, g, b = (
        min(max(sum(m * c for m, c in zip(seen[at : at + 3], linear, strict=True)), 0), 1)
        for at in (0, 3, 6)
    )
    x, y, z = (
        t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116
        for t in (
            (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
            0.2126 * r + 0.7152 * g + 0.0722 * b,
            (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
        )
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def test_a_theme_that_is_not_there() -> None:
    with pytest.raises(OptionError) as caught:
        load_theme("drak")
    assert "dark" in caught.value.diagnostics[0].help


# --- safety --------------------------------------------------------------------------------------

ELEMENTS = {"svg", "title", "desc", "style", "rect", "g", "path", "text", "a"}
ALLOWED = {
    "xmlns",
    "width",
    "height",
    "viewBox",
    "role",
    "aria-label",
    "font-family",
    "font-size",
    "font-weight",
    "text-anchor",
    "textLength",
    "lengthAdjust",
    "x",
    "y",
    "d",
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "class",
    "id",
    "href",
    "data-name",
    "data-left",
    "data-left-attributes",
    "data-left-end",
    "data-right",
    "data-right-attributes",
    "data-right-end",
    "data-entity",
    "data-count",
    "data-end",
    "data-from",
    "data-to",
    "{http://www.w3.org/XML/1998/namespace}space",
}
HAZARDS = [
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "a\\b",
    "a&b",
    "a|b{c}",
    "two\nlines",
    "\u202eRTL",
    "👩‍👩‍👧",
    "x" * 500,
    "   ",
    "\x00\x1b[31m\ufffe",
    "]]>",
    "<!--",
    "%s %n ${x}",
    "`id`",
    "1 -- 2",
    "node",
]
wild = st.one_of(st.sampled_from(HAZARDS), st.text(max_size=40))


def check_safe(data: bytes) -> ET.Element:
    root = ET.fromstring(data)  # noqa: S314
    for item in root.iter():
        assert item.tag.removeprefix(SVG) in ELEMENTS
        assert set(item.keys()) <= ALLOWED, item.attrib
    return root


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    names=st.lists(wild, min_size=2, max_size=4, unique=True),
    words=st.lists(wild, min_size=6, max_size=6),
)
def test_nothing_from_a_model_becomes_markup(names: list[str], words: list[str]) -> None:
    entities = tuple(
        Entity(
            name,
            (Attribute(words[0], words[1], pk=True, description=words[2], default=words[3]),),
            description=words[4],
        )
        for name in names
    )
    line = Relationship(
        names[0],
        names[1],
        Cardinality(1, 1),
        Cardinality(0, None),
        (words[0],),
        (words[0],),
        True,
        words[5],
    )
    graph = Graph(Model(entities, title=words[4]), (line,))
    data = draw_graph(graph, labels=True, comments=True, title="yes")
    root = check_safe(data)
    shown = read_picture(data)
    assert len(shown.cards) == len({*shown.cards}) == len(groups(root, "entity"))
    assert len(shown.lines) == 1


def test_hazards_reach_every_format() -> None:
    for at, (one, other) in enumerate(pairwise(HAZARDS)):
        graph = Graph(
            Model((Entity(one, (Attribute(other, one),)), Entity(f"{other} {at}"))),
            (
                Relationship(
                    one, f"{other} {at}", Cardinality(1, 1), Cardinality(0, 1), label=other
                ),
            ),
        )
        for format_name in ("png", "pdf", "dot"):
            assert draw_graph(graph, format_name, labels=True)
        check_safe(draw_graph(graph, labels=True))


@pytest.mark.parametrize(
    "word",
    ["a\\b", "a\\\\b", "a\\", "\\", 'a\\"b', "\\n", "\\N\\G", "%d %s", "100%", "é\\é", '"', "\\\\"],
)
def test_png_and_pdf_hold_the_same_text_as_svg(word: str) -> None:
    """Told by Graphviz's own SVG of what it gets for them."""
    entity = Entity(word, (Attribute(word, word, description=word),), group="g")
    model = Model((entity,), groups=(Group("g", title=word),), title=word)
    graph = Graph(model, (Relationship(word, word, Cardinality(), Cardinality(), label=word),))
    options = Options(labels=True, comments=True, title="yes")
    theme = load_theme("light")
    with worker(timeout=30) as ask:
        scene, _ = compose.draw(graph, options, theme, ask)
        (data,), _ = ask([Job(write_xdot(scene, theme, 72), "svg", "nop2")])
    root = ET.fromstring(data)  # noqa: S314
    drawn = "".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))
    wanted = "".join(item.text for item in flat_items(scene.items) if isinstance(item, Text))
    assert drawn.replace("\u00a0", " ").replace(" ", "") == wanted.replace(" ", "")
    assert wanted.count(word) >= 6


def test_the_picture_is_accessible() -> None:
    root = ET.fromstring(draw(SHOP).data)  # noqa: S314
    assert root.get("role") == "img"
    assert root.get("aria-label") == "Shop"
    assert [child.tag.removeprefix(SVG) for child in root[:2]] == ["title", "desc"]
    assert root[1].text == "Entity-relationship diagram of Shop: 5 entities, 5 relationships."
    entity = next(item for item in groups(root, "entity") if item.get("data-name") == "Customer")
    assert entity[0].text == "Who buys"


# --- references, pages, state diagrams -----------------------------------------------------------


def references(data: bytes) -> list[ET.Element]:
    return groups(ET.fromstring(data), "reference")  # noqa: S314


@needs_shared
def test_a_hubs_lines_are_references_and_none_is_lost() -> None:
    graph = corpus_graph("sakila")
    data = draw_graph(graph, hub=4)
    shown = read_picture(data)
    ends = Counter(
        name
        for item in graph.relationships
        for name in {item.left, item.right}
        if item.left != item.right
    )
    hubs = {name for name, count in ends.items() if count > 4}
    assert hubs
    for line in shown.lines:
        assert not {line.left.card, line.right.card} & hubs
    found = references(data)
    counted = sum(int(item.get("data-count", "0")) for item in found)
    assert counted == 2 * (len(graph.relationships) - len(shown.lines))
    pills = [_pill(item) for item in found]
    for at, one in enumerate(pills):
        assert not any(one.overlaps(other) for other in pills[at + 1 :])
        assert not any(one.overlaps(card.area) for card in shown.cards.values())


def _pill(item: ET.Element) -> Area:
    path = next(part for part in item.iter(f"{SVG}path") if part.get("class") == "pill")
    xs, ys = zip(*points_of(path), strict=True)
    return Area(min(xs), min(ys), max(xs), max(ys))


@needs_shared
@pytest.mark.parametrize("how", ["community", "4"])
def test_a_split_has_every_entity_once_and_loses_no_relationship(how: str) -> None:
    graph = corpus_graph("adventureworks")
    pages = render(graph, "svg", Options(split=how, file="erd.svg")).pages
    assert pages[0].name == ""
    assert len({page.name for page in pages}) == len(pages)
    names: list[str] = []
    lines = away = 0
    for page in pages[1:]:
        shown = read_picture(page.data)
        names += shown.cards
        lines += len(shown.lines)
        away += sum(int(item.get("data-count", "0")) for item in references(page.data))
        scale = min(1600 / shown.width, 1000 / shown.height, 1)
        assert 13 * scale >= 6, f"{page.name} cannot be read"
    assert sorted(names) == sorted(entity.name for entity in graph.model.entities)
    assert lines + away / 2 == len(graph.relationships)
    files = {f"erd-{page.name}.svg" for page in pages[1:]}
    for page in pages:
        root = check_safe(page.data)
        links = {item.get("href") for item in root.iter(f"{SVG}a")}
        assert links <= files
    overview = groups(ET.fromstring(pages[0].data), "entity")  # noqa: S314
    assert len(overview) == len(pages) - 1


def test_a_split_by_group_names_its_pages_after_the_groups() -> None:
    graph = read_text(make_model(1, 12, groups=3)).graph
    output = render(graph, "svg", Options(split="group"))
    assert sorted(page.name for page in output.pages) == ["", "group_1", "group_2", "group_3"]
    assert not list(ET.fromstring(output.pages[1].data).iter(f"{SVG}a"))  # noqa: S314 - no file, no links


@needs_shared
@pytest.mark.slow
def test_the_largest_model_is_split_into_legible_pages() -> None:
    output = render(corpus_graph("ofbiz"), "svg", Options(split="community", timeout=60))
    assert not [note for note in output.notes if note.code == "illegible"]
    assert len(output.pages) > 20


STATES = """
entities:
  Order:
    states:
      initial: draft
      final: [done]
      transitions:
        - draft -> paid: pays
        - paid -> done
        - paid -> draft: <refund>
        - paid -> paid
  Plain:
"""


def test_state_diagrams() -> None:
    data = draw(STATES, "states-svg").data
    root = check_safe(data)
    assert {item.get("data-name") for item in groups(root, "state")} == {"draft", "paid", "done"}
    found = [(item.get("data-from"), item.get("data-to")) for item in groups(root, "transition")]
    assert found == [("draft", "paid"), ("paid", "done"), ("paid", "draft"), ("paid", "paid")]
    texts = {item.text for item in root.iter(f"{SVG}text")}
    assert {"Order states", "pays", "<refund>"} <= texts
    kinds = [item.get("class") for item in root.iter(f"{SVG}path")]
    assert kinds.count("initial") == 1
    assert kinds.count("final") == 2
    assert draw(STATES, "states-png").data.startswith(b"\x89PNG")
    assert draw(STATES, "states-pdf").data.startswith(b"%PDF")
    assert b"no entity has states" in draw("entities: {A: }", "states-svg").data


def test_many_state_diagrams_are_packed_to_a_page() -> None:
    machine = "{states: {initial: a, final: [c], transitions: [a -> b, b -> c, c -> a: again]}}"
    model = "entities:\n" + "".join(f"  Entity{number}: {machine}\n" for number in range(12))
    root = check_safe(draw(model, "states-svg").data)
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    assert max(width, height) <= 3 * min(width, height)
    headings = [item for item in root.iter(f"{SVG}text") if (item.text or "").endswith(" states")]
    assert len({(item.get("x"), item.get("y")) for item in headings}) == 12


def test_a_long_name_of_a_state_is_in_its_card() -> None:
    name = "waiting_for_the_approval_of_the_responsible_manager_and_of_the_board"
    model = f"entities: {{A: {{states: {{initial: {name}, transitions: [{name} -> done]}}}}}}"
    root = check_safe(draw(model, "states-svg").data)
    state = next(item for item in groups(root, "state") if item.get("data-name") == name)
    titles = [item for item in state.iter(f"{SVG}text") if "title" in (item.get("class") or "")]
    assert "".join(item.text or "" for item in titles) == name
    outline = next(state.iter(f"{SVG}path")).get("d", "")
    numbers = [float(word) for word in re.findall(r"[\d.]+", outline)]
    left, right = min(numbers[::2]), max(numbers[::2])
    for item in titles:
        middle, half = float(item.get("x", 0)), float(item.get("textLength", 0)) / 2
        assert left <= middle - half < middle + half <= right


def test_svgz_is_the_svg_and_has_no_time_in_it() -> None:
    data = draw(SHOP, "svgz").data
    assert gzip.decompress(data) == draw(SHOP).data
    assert data == draw(SHOP, "svgz").data


# --- what it says --------------------------------------------------------------------------------


def test_a_picture_that_nobody_can_read_says_what_helps() -> None:
    entities = tuple(
        Entity(f"E{n}", tuple(Attribute(f"a{m}") for m in range(60))) for n in range(60)
    )
    graph = Graph(Model(entities))
    (note,) = render(graph, "svg", Options()).notes
    assert (note.code, note.severity) == ("illegible", "warning")
    assert "--detail keys" in note.help
    assert render(graph, "svg", Options(detail="names")).notes == ()


def test_characters_beyond_the_font_are_named() -> None:
    output = draw("entities: {商品: }", "png")
    assert [note.code for note in output.notes] == ["characters-missing"]
    assert "商品" in output.notes[0].message
    assert draw("entities: {商品: }").notes == ()


def test_a_huge_picture_gets_fewer_pixels_unless_more_were_asked_for() -> None:
    for width, height in ((20_000, 20_000), (50_000, 100)):
        huge = Scene(width, height, ())
        dpi, notes = fit_pixels(huge, Options())
        assert [note.code for note in notes] == ["fewer-pixels"]
        assert width * height * (dpi / 96) ** 2 <= 100_000_000
        assert max(width, height) * dpi / 96 <= 32_000
        with pytest.raises(OptionError):
            fit_pixels(huge, Options(dpi=97))
    assert fit_pixels(Scene(1000, 1000, ()), Options(dpi=300)) == (300, ())


def test_enums_and_comments_stand_in_the_picture_when_asked_for() -> None:
    model = """
enums: {Color: [red, green]}
entities:
  Shirt:
    purpose: To wear
    attributes: {color: Color -- of the cloth}
"""
    plain = read_picture(draw(model).data).cards["Shirt"].texts
    assert plain == ("Shirt", "color", "Color")
    full = read_picture(draw(model, enums=True, comments=True).data).cards["Shirt"].texts
    assert full == ("Shirt", "To wear", "color", "Color", "red · green", "of the cloth")


def test_a_type_with_many_values_is_cut_and_stands_whole_in_the_tooltip() -> None:
    values = "'requested','approved, at last','rejected','withdrawn'"
    model = f"""
enums: {{Color: [red, green]}}
entities:
  Claim: {{attributes: {{id: int pk, state: "ENUM({values})?", color: Color}}}}
"""
    svg = draw(model).data
    card = read_picture(svg).cards["Claim"]
    cut = "ENUM('requested','approved, at last',…)?"
    assert card.texts[4:] == ("state", cut, "color", "Color")
    tips = [item.text for item in ET.fromstring(svg).iter(f"{SVG}title")]  # noqa: S314
    assert {f"ENUM({values})", "one of red, green"} <= set(tips)
    asked = " ".join(read_picture(draw(model, enums=True).data).cards["Claim"].texts)
    assert "'withdrawn'" in asked
    # a PNG has no tooltips
    assert [note.code for note in draw(model, "png").notes] == ["types-cut"]
    assert not draw(model, "png", enums=True).notes


@pytest.mark.parametrize(
    "kind", ["TIMESTAMP(6) WITHOUT TIME ZONE", "STRUCT<a: INT64, b: STRUCT<c: TIMESTAMP, d: DATE>>"]
)
def test_a_type_that_is_no_list_of_values_stands_whole(kind: str) -> None:
    model = f'entities: {{Claim: {{attributes: {{at: {{type: "{kind}", required: true}}}}}}}}'
    assert read_picture(draw(model).data).cards["Claim"].texts == ("Claim", "at", kind)


def test_legend_and_title() -> None:
    root = ET.fromstring(draw(SHOP, legend=True, title="yes").data)  # noqa: S314
    texts = [item.text for item in root.iter(f"{SVG}text")]
    assert texts[0] == "Shop"
    assert {"exactly one", "zero or more", "primary key", "identifying"} <= set(texts)


def test_a_key_that_leads_out_of_the_selection_is_still_marked() -> None:
    model = """
entities:
  Order: {attributes: {id: int pk, line: int pk}}
  Item: {attributes: {id: int pk, order_id: int, order_line: int}}
relationships:
  - Order 1:N Item: {via: [order_id, order_line]}
"""
    part = restrict(read_text(model).graph, ["Item"])
    texts = read_picture(draw_graph(part, detail="keys")).cards["Item"].texts
    assert texts == ("Item", "PK", "id", "int", "FK", "order_id", "int", "FK", "order_line", "int")
