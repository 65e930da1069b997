"""From a graph to boxes and lines: what is printed where, and what the layout is asked for."""

from __future__ import annotations

from typing import Any

from erdgen.model.graph import Graph
from erdgen.read import read_text
from erdgen.render.listing import relationship_row
from erdgen.render.text.boxes import RULE, Look, Plan, make_plan

MODEL = """
entities:
  Order:
    attributes: {id: uuid pk, total: "decimal(10, 2)", note: text?}
  OrderLine:
    attributes: {order_id: uuid pk -> Order.id, line_no: int pk, note: text}
  Delivery:
    attributes: {id: uuid pk, order_id: uuid, line_no: int}
  Tag:
relationships:
  - OrderLine one-to-many Delivery: {via: [order_id, line_no]}
  - Order many-to-many Tag: wears
"""


def graph(model: str = MODEL) -> Graph:
    return read_text(model).graph


def plan(detail: str = "full", model: str = MODEL, **changes: Any) -> Plan:
    look = Look(detail, False, "template", False, False, 1000)._replace(**changes)
    return make_plan(graph(model), look)


def rows(found: Plan, box: int) -> list[str | None]:
    return list(found.faces[box].rows)


def test_a_box_with_attributes_has_name_rule_and_rows_with_their_keys() -> None:
    assert rows(plan(), 1) == [
        "   OrderLine",
        RULE,
        " order_id (PK, FK)",
        " line_no (PK)",
        " note",
    ]
    assert plan().diagram.boxes[1].width == len("│ order_id (PK, FK) │")


def test_rows_of_one_composite_key_share_a_number() -> None:
    assert rows(plan(), 2)[2:] == [" id (PK)", " order_id (FK1)", " line_no (FK1)"]


def test_types_stand_in_a_column_and_optional_ones_are_marked() -> None:
    assert rows(plan(types=True), 0)[2:] == [
        " id (PK)  uuid",
        " total    decimal(10, 2)",
        " note     text?",
    ]


def test_keys_shows_only_attributes_at_which_something_ends() -> None:
    assert rows(plan("keys"), 0)[2:] == [" id (PK)"]
    assert rows(plan("keys"), 2)[2:] == [" id (PK)", " order_id (FK1)", " line_no (FK1)"]


def test_names_are_bare_boxes_three_rows_high() -> None:
    found = plan("names")
    assert [face.rows for face in found.faces] == [
        ("Order",),
        ("OrderLine",),
        ("Delivery",),
        ("Tag",),
    ]
    assert all(box.stretch and box.height == 3 for box in found.diagram.boxes)
    assert found.diagram.boxes[0].width == len("│   Order   │")


def test_a_key_leaves_at_its_first_row_and_enters_at_the_row_it_refers_to() -> None:
    found = plan()
    ends = [
        (line.source.box, line.source.row, line.target.box, line.target.row)
        for line in found.diagram.lines
    ]
    assert ends[:2] == [(0, 3, 1, 3), (1, 3, 2, 4)]


def test_a_relationship_without_a_key_ends_at_the_name_or_anywhere_at_a_bare_box() -> None:
    line = plan().diagram.lines[2]
    assert (line.source.row, line.target.row) == (1, None)


def test_a_trunk_needs_a_one_end_at_one_row_with_one_label() -> None:
    model = """
entities: {A: , B: , C: , D: }
relationships: [A 1:N B, A 1:N C, A 1:1 D, B N:M D, C N:1 D]
"""
    trunks = [line.trunk for line in plan("names", model).diagram.lines]
    assert trunks[0] == trunks[1] >= 0
    assert trunks[2] not in (trunks[0], -1)
    assert trunks[3:] == [-1, -1]


def test_where_both_ends_look_alike_no_trunk_is_shared() -> None:
    model = "entities: {A: , B: , C: }\nrelationships: [A 1:1 B, A 1:1 C]"
    for notation in ("uml", "crowsfoot"):
        assert [line.trunk for line in plan("names", model, notation=notation).diagram.lines] == [
            -1,
            -1,
        ]


def test_reference_rows_stand_below_the_attributes() -> None:
    look = Look("names", False, "template", False, False, 1000)
    found = make_plan(graph(), look, {0}, {"Order": ["OrderLine.order_id"]})
    assert rows(found, 0) == ["   Order", RULE, " ↳ OrderLine.order_id"]
    assert len(found.diagram.lines) == 2
    plain = make_plan(graph(), look._replace(ascii_only=True), {0}, {"Order": ["OrderLine"]})
    assert rows(plain, 0)[2] == " -> OrderLine"


def test_long_rows_are_wrapped_and_the_key_keeps_its_row() -> None:
    model = """
entities:
  A: {attributes: {id: int pk}}
  B: {attributes: {an_attribute_with_a_long_name: text, a_id: int -> A.id}}
"""
    found = plan("full", model, most=18)
    assert rows(found, 1)[2:4] == [" an_attribute_", "   with_a_long_"]
    row = found.diagram.lines[0].target.row
    assert row is not None
    assert rows(found, 1)[row - 1] == " a_id (FK)"


def test_numbers_at_ends_get_a_blank_row_between_two_lines() -> None:
    model = """
entities:
  A: {attributes: {id: int pk}}
  B: {attributes: {a_id: int -> A.id, b_id: int -> A.id, note: text}}
"""
    assert rows(plan("full", model, notation="uml"), 1)[2:] == [
        " a_id (FK)",
        "",
        " b_id (FK)",
        " note",
    ]


def test_verbs_at_one_row_stand_at_the_keys_so_that_the_trunk_is_shared() -> None:
    model = """
entities:
  A: {attributes: {id: int pk}}
  B: {attributes: {a_id: int -> A.id}}
  C: {attributes: {a_id: int -> A.id}}
  D: {attributes: {a_id: int -> A.id}}
relationships: [A 1:N B: eats, A 1:N C: drinks, A 1:N D: sleeps in]
"""
    for notation in ("template", "crowsfoot", "uml"):
        found = plan("full", model, labels=True, notation=notation)
        assert len({line.trunk for line in found.diagram.lines}) == 1
        verbs = [stroke.verb for stroke in found.strokes]
        assert verbs == ["eats", "drinks", "sleeps in"]
    bare = plan("names", model, labels=True)
    assert [stroke.label for stroke in bare.strokes] == [
        "1:many eats",
        "1:many drinks",
        "1:many sleeps in",
    ]


def test_at_a_row_with_too_many_lines_the_labels_stand_at_the_keys() -> None:
    model = """
entities:
  A: {attributes: {id: int pk}}
  B: {attributes: {id: int pk -> A.id}}
  C: {attributes: {id: int pk -> B.id}}
  D: {attributes: {b_id: int -> B.id}}
"""
    found = plan("full", model)
    assert [(stroke.label, stroke.verb) for stroke in found.strokes] == [
        ("One-to-One", ""),
        ("", "One-to-One"),
        ("", "One-to-Many"),
    ]
    assert found.diagram.lines[1].trunk == found.diagram.lines[2].trunk


def test_the_role_tells_parallel_keys_of_bare_boxes_apart() -> None:
    model = """
entities:
  Team: {attributes: {id: int pk}}
  Match: {attributes: {id: int pk, home_id: int -> Team.id, away_id: int -> Team.id}}
"""
    labels = [stroke.label for stroke in plan("names", model, labels=True).strokes]
    assert labels == ["1:many home_id", "1:many away_id"]
    assert [stroke.label for stroke in plan("full", model, labels=True).strokes] == [
        "One-to-Many",
        "One-to-Many",
    ]


def test_a_list_row_says_ends_keys_and_verbs() -> None:
    found = graph()
    assert [relationship_row(tie, ascii_only=False) for tie in found.relationships] == [
        "Order (1) ←→ (many) OrderLine via order_id",
        "OrderLine (1) ←→ (many) Delivery via order_id, line_no",
        "Order (many) ←→ (many) Tag: wears",
    ]
    assert relationship_row(found.relationships[2], ascii_only=True) == (
        "Order (many) <-> (many) Tag: wears"
    )
