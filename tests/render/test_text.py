"""The text drawing as a whole: looks, the width ladder, lists, pages, and names of all kinds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from erdgen.errors import Diagnostic
from erdgen.model.entities import Entity, Model
from erdgen.model.graph import Graph
from erdgen.model.relationships import EXACTLY_ONE, ZERO_OR_MORE, Relationship
from erdgen.read import read_text
from erdgen.render import Output, render
from erdgen.render.options import BY_NAME, Options, Value, make_options, parse_value
from erdgen.render.width import display_width
from tests.oracle import read_drawing
from tests.support.goldens import check_golden
from tests.support.models import make_model
from tests.support.paths import SAMPLES, corpus_model, needs_shared

GOLDENS = Path(__file__).parent / "goldens"


def output(model: str, format_name: str = "text", **options: Any) -> Output:
    return render(read_text(model).graph, format_name, Options(**options))


def draw(model: str, format_name: str = "text", **options: Any) -> str:
    return output(model, format_name, **options).data.decode()


def notes(found: Output) -> list[str]:
    return [note.code for note in found.notes]


def golden_cases() -> list[tuple[Path, str, dict[str, str]]]:
    """Return model, golden file and options of every case: a folder with `model.yaml`.

    `cases.json` says for each golden file which options (by their names) make it.
    """
    return [
        (folder / "model.yaml", name, options)
        for folder in sorted(GOLDENS.iterdir())
        for name, options in json.loads((folder / "cases.json").read_text("utf-8")).items()
    ]


@pytest.mark.parametrize(
    ("model", "name", "said"),
    golden_cases(),
    ids=[f"{model.parent.name}-{name}" for model, name, _ in golden_cases()],
)
def test_golden(model: Path, name: str, said: dict[str, str], *, update_goldens: bool) -> None:
    options: dict[str, Value] = {
        key: parse_value(BY_NAME[key], value) for key, value in said.items() if key != "format"
    }
    found = render(
        read_text(model.read_text("utf-8")).graph,
        said.get("format", "text"),
        make_options(options),
    )
    text = "\n".join(page.data.decode() for page in found.pages)
    check_golden(model.parent / name, text, update=update_goldens)


# --- what a user gets in corner cases ---------------------------------------------------------


def test_an_empty_model_says_so() -> None:
    assert draw("entities: {}") == "(no entities)\n"
    assert draw("entities: {}", "list") == "(no entities)\n"
    assert draw("entities: {}", "states") == "(no entity has states)\n"


def test_one_entity_is_a_box() -> None:
    assert draw("entities: {Order: }") == "┌───────────┐\n│   Order   │\n└───────────┘\n"


def test_unrelated_entities_are_all_shown() -> None:
    text = draw("entities: {A: , B: , C: , D: }")
    assert [box.name for box in read_drawing(text).boxes] == ["A", "B", "C", "D"]


def test_parallel_keys_and_self_references_have_lines_of_their_own() -> None:
    text = draw(
        """
entities:
  Team: {attributes: {id: int pk, parent_id: int? -> Team.id}}
  Match: {attributes: {id: int pk, home_id: int -> Team.id, away_id: int -> Team.id}}
"""
    )
    reading = read_drawing(text)
    tied = {(tie.one.row, tie.many.row) for tie in reading.ties}
    assert not reading.faults
    assert tied == {
        ("id (PK)", "parent_id (FK)"),
        ("id (PK)", "home_id (FK)"),
        ("id (PK)", "away_id (FK)"),
    }


@pytest.mark.parametrize(
    "name",
    [
        "a|b",
        'say "x"',
        "<script>alert(1)</script>",
        "`tick`",
        "back\\slash",
        "a{b}c",
        "商品タグ",
        "👩‍👩‍👧 family",
        "🇫🇷",
        "e\u0301tude",
        "שלום",
        "طلب",
        "கோபி",
        "\u0301x",
        "x\u200d",
        "x" * 500,
        "many words " * 45 + "end",
        "日本語" * 100,
        " ",
    ],
)
@pytest.mark.parametrize("ascii_only", [False, True])
def test_names_of_all_kinds_keep_borders_straight_and_lines_whole(
    name: str, *, ascii_only: bool
) -> None:
    graph = Graph(
        Model((Entity(name), Entity("Other"))),
        (Relationship(name, "Other", EXACTLY_ONE, ZERO_OR_MORE),),
    )
    text = render(graph, "text", Options(width=80, ascii=ascii_only)).data.decode()
    reading = read_drawing(text, width=80, ascii_only=ascii_only)
    assert not reading.faults
    assert len(reading.boxes) == 2
    assert len(reading.ties) == 1


@pytest.mark.parametrize("character", ["\n", "\r", "\t", "\0", "\x1b", "\u202e", "\u2066", "\x85"])
def test_no_control_character_reaches_a_terminal(character: str) -> None:
    name = f"a{character}b"
    graph = Graph(
        Model((Entity(name), Entity("Other"))),
        (Relationship(name, "Other", EXACTLY_ONE, ZERO_OR_MORE, label=name),),
    )
    for format_name in ("text", "list"):
        text = render(graph, format_name, Options(labels=True, title=name)).data.decode()
        assert character not in text.replace("\n", "" if character == "\n" else "\n")
        assert "a\\" in text


@pytest.mark.parametrize("notation", ["template", "crowsfoot", "uml", "lines"])
@pytest.mark.parametrize("format_name", ["text", "list", "states"])
def test_an_ascii_drawing_has_no_other_characters(notation: str, format_name: str) -> None:
    text = output(
        (SAMPLES / "webshop.yaml").read_text("utf-8"),
        format_name,
        ascii=True,
        legend=True,
        labels=True,
        title="yes",
        notation=notation,
        width=40,
        height=30,
    ).data.decode()
    assert text.isascii()


# --- the width ladder -------------------------------------------------------------------------

WIDE = """
entities:
  Customer:
    attributes: {id: uuid pk, a_rather_long_attribute_of_a_customer: text, name: text}
  Order:
    attributes:
      id: uuid pk
      customer_id: uuid -> Customer.id
      another_rather_long_attribute_of_an_order: text
  OrderLine:
    attributes: {id: uuid pk, order_id: uuid -> Order.id, quantity_in_units_of_the_product: int}
  Shipment:
    attributes: {id: uuid pk, order_id: uuid -> Order.id, carrier_that_brings_it: text}
"""


@pytest.mark.parametrize("width", [24, 30, 40, 50, 60, 80, 120])
@pytest.mark.parametrize("detail", [None, "full", "keys", "names"])
def test_no_line_is_longer_than_the_width_and_nothing_is_lost(
    width: int, detail: str | None
) -> None:
    text = draw(WIDE, width=width, detail=detail)
    reading = read_drawing(text, width=width)
    assert not reading.faults
    assert len(reading.boxes) == 4
    listed = sum("←→" in note for note in reading.notes)
    assert len(reading.ties) + len(reading.references) + listed == 3


def test_detail_goes_only_where_the_width_asks_for_it() -> None:
    assert notes(output(WIDE)) == []
    narrow = output(WIDE, width=24)
    assert "less-detail" in notes(narrow)
    message = next(note for note in narrow.notes if note.code == "less-detail")
    assert isinstance(message, Diagnostic)
    assert message.severity == "note"
    assert "24 columns" in message.message


def test_a_detail_that_was_asked_for_is_kept() -> None:
    for width in (24, 40):
        found = output(WIDE, width=width, detail="full")
        assert "less-detail" not in notes(found)
        assert "quantity_" in found.data.decode()


def test_types_go_first() -> None:
    full = max(display_width(row) for row in draw(WIDE, types=True, width=None).splitlines())
    found = output(WIDE, types=True, width=44)
    assert full > 44
    assert "types-left-out" in notes(found)
    assert "uuid" not in found.data.decode()


def star(size: int) -> str:
    rows = ["entities:", "  Hub: {attributes: {id: int pk}}"]
    rows += [
        f"  Table{n:02}: {{attributes: {{id: int pk, hub_id: int -> Hub.id}}}}" for n in range(size)
    ]
    return "\n".join(rows)


def test_every_line_of_a_hub_is_drawn_or_named_at_any_width() -> None:
    for width in (24, 40, 60):
        text = draw(star(30), width=width)
        reading = read_drawing(text, width=width)
        assert not reading.faults
        named = sum("←→" in note for note in reading.notes) + len(reading.references)
        assert len(reading.ties) + named == 30


# --- pages and parts --------------------------------------------------------------------------


def test_pages_hold_all_rows_in_order_with_a_mark_after_each() -> None:
    whole = draw(star(12), width=60).splitlines()
    paged = draw(star(12), width=60, height=15).splitlines()
    marks = [index for index, row in enumerate(paged) if row.startswith("┄┄┄ page")]
    assert [row for row in paged if not row.startswith("┄┄┄ page")] == whole
    assert len(marks) > 1
    assert max(b - a for a, b in zip([-1, *marks], marks, strict=False)) <= 15


def test_pages_hold_the_title_the_list_and_the_legend_too() -> None:
    looks: dict[str, Any] = {"width": 20, "detail": "full", "title": "Wide", "legend": True}
    whole = draw(WIDE, **looks).splitlines()
    assert "Not drawn:" in whole
    for height in (2, 3, 7, 15):
        paged = draw(WIDE, **looks, height=height).splitlines()
        marks = [index for index, row in enumerate(paged) if row.startswith("┄┄┄ page")]
        assert [row for row in paged if not row.startswith("┄┄┄ page")] == whole
        assert marks[-1] == len(paged) - 1
        assert max(b - a for a, b in zip([-1, *marks], marks, strict=False)) <= height


def test_a_split_has_every_entity_once_and_names_what_leads_away() -> None:
    found = output((SAMPLES / "webshop.yaml").read_text("utf-8"), split="group")
    assert [page.name for page in found.pages] == ["catalogue", "sales"]
    readings = [read_drawing(page.data.decode()) for page in found.pages]
    names = [box.name for reading in readings for box in reading.boxes]
    assert len(names) == len(set(names)) == 9
    first, second = readings
    assert [(first.boxes[box].name, text) for box, text in first.references] == [
        ("Product", "OrderLine")
    ]
    assert [(second.boxes[box].name, text) for box, text in second.references] == [
        ("OrderLine", "Product")
    ]


@pytest.mark.parametrize("how", ["component", "community", "2", "3"])
def test_every_split_keeps_all_entities(how: str) -> None:
    found = output((SAMPLES / "webshop.yaml").read_text("utf-8"), split=how)
    names = [box.name for page in found.pages for box in read_drawing(page.data.decode()).boxes]
    assert sorted(names) == sorted(set(names))
    assert len(names) == 9
    if how.isdigit():
        assert len(found.pages) == int(how)


def test_a_part_name_is_safe_as_a_file_name() -> None:
    found = output(
        'entities: {"../up": {group: "../../etc"}, B: {group: "a/b"}}\n'
        'groups: {"../../etc": {}, "a/b": {}}',
        split="group",
    )
    assert all("/" not in page.name and not page.name.startswith(".") for page in found.pages)


# --- legend -----------------------------------------------------------------------------------


def test_a_legend_explains_what_is_used_and_nothing_else() -> None:
    text = draw(WIDE, legend=True)
    legend = text[text.index("Legend:") :]
    assert "(PK)" in legend
    assert "(FK)" in legend
    assert "(FK1)" not in legend
    assert "many to many" not in legend
    names = draw(WIDE, legend=True, detail="names", notation="crowsfoot")
    assert [row.split("  ")[-1] for row in names[names.index("Legend:") :].splitlines()[1:]] == [
        "exactly one",
        "zero or more",
    ]


@needs_shared
def test_the_same_drawing_twice() -> None:
    model = corpus_model("northwind").read_text("utf-8")
    assert draw(model, width=100) == draw(model, width=100)


def test_frames_can_be_turned_off() -> None:
    model = (SAMPLES / "webshop.yaml").read_text("utf-8")
    for detail in ("names", "keys", "full"):
        framed = read_drawing(draw(model, detail=detail, width=100))
        assert sorted(frame.name for frame in framed.frames) == ["Catalogue", "Sales"]
        assert read_drawing(draw(model, detail=detail, width=100, frames=False)).frames == ()


def test_a_note_says_that_groups_have_no_frame() -> None:
    tangled = make_model(5, 40, groups=4)
    assert notes(output(tangled, detail="names")) == ["frames-left-out"]
    assert notes(output(tangled, detail="names", frames=False)) == []
    assert notes(output((SAMPLES / "webshop.yaml").read_text("utf-8"), detail="names")) == []


@pytest.mark.parametrize("ascii_only", [False, True])
def test_frames_are_drawn_around_wide_names_single_entities_and_untied_ones(
    *, ascii_only: bool
) -> None:
    names = ["注文", "注文明細", "Customer", "Alone", "Nobody"]
    model = "groups: {a: {title: 販売管理}, b: {title: People}, c: {title: x}}\nentities:\n"
    for name, group in zip(names, "aabbc", strict=False):
        model += f"  {name}: {{group: {group}}}\n"
    model += "  Outside: {}\nrelationships:\n"
    for one, many in (("注文", "注文明細"), ("Customer", "注文"), ("Outside", "Customer")):
        model += f"  - {one} 1--* {many}\n"
    for width in (80, None):
        reading = read_drawing(draw(model, width=width, ascii=ascii_only), ascii_only=ascii_only)
        assert sorted(frame.name for frame in reading.frames) == ["People", "x", "販売管理"]
        assert reading.faults == ()
