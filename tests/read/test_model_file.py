"""The model file's keys and forms, beside definitions and relationships."""

from __future__ import annotations

import pytest

from erdgen.errors import ModelError
from erdgen.model.entities import (
    Attribute,
    EnumType,
    Group,
    Reference,
    States,
    Transition,
)
from erdgen.read import events, read_text
from tests.read.reading import entity, model, problems, reading, told
from tests.read.test_notations import ALL

EXAMPLE = """\
entities:
  Customer: {attributes: {id: uuid pk}}
  Coupon: {attributes: {id: uuid pk}}
  Order:
    purpose: A customer's purchase        # or description
    table: orders                         # physical name, where it differs
    group: sales
    attributes:
      id: uuid pk = gen_random_uuid()
      customer_id: uuid -> Customer.id on delete cascade
      coupon_id: uuid? -> Coupon          # ? = may be absent
      placed_at: timestamp
      status: OrderStatus = 'draft' index
      total: decimal(10, 2) check (total >= 0) -- in the shop's currency
    unique:  [[customer_id, placed_at]]
    indexes: [status, [customer_id, placed_at]]
    checks:  ["total >= 0"]
    states:
      initial: draft
      final: [archived]
      transitions:
        - draft -> paid: payment received
        - paid -> archived
    lifecycle: Made when the cart is paid.
    rules:
      - A total is never negative.
      - {id: R2, text: no}
    access_patterns: [by customer, by day]
    example: {id: 1, nested: {total: 1_000}}
    source: the shop
    notes: |
      Several
      lines
    x-anything: {goes: here}
enums:
  OrderStatus: [draft, paid, archived]
"""


def test_the_example_of_the_contract() -> None:
    found = entity(EXAMPLE, "Order")
    assert found.name == "Order"
    assert found.description == "A customer's purchase"
    assert (found.table, found.group) == ("orders", "sales")
    assert found.attributes == (
        Attribute("id", "uuid", pk=True, default="gen_random_uuid()"),
        Attribute("customer_id", "uuid", reference=Reference("Customer", "id", "cascade")),
        Attribute("coupon_id", "uuid", required=False, reference=Reference("Coupon")),
        Attribute("placed_at", "timestamp"),
        Attribute("status", "OrderStatus", index=True, default="'draft'", enum="OrderStatus"),
        Attribute(
            "total", "decimal(10, 2)", check="total >= 0", description="in the shop's currency"
        ),
    )
    assert found.unique == (("customer_id", "placed_at"),)
    assert found.indexes == (("status",), ("customer_id", "placed_at"))
    assert found.checks == ("total >= 0",)
    assert found.states == States(
        ("draft", "archived", "paid"),
        "draft",
        ("archived",),
        (Transition("draft", "paid", "payment received"), Transition("paid", "archived")),
    )
    assert dict(found.documentation) == {
        "lifecycle": "Made when the cart is paid.",
        "rules": ("A total is never negative.", {"id": "R2", "text": "no"}),
        "access_patterns": ("by customer", "by day"),
        "example": {"id": "1", "nested": {"total": "1_000"}},
        "source": "the shop",
        "notes": "Several\nlines",
    }
    assert found.place
    assert (found.place.line, found.place.column, found.place.length) == (4, 3, 5)
    assert found.place.source == "  Order:"
    assert model(EXAMPLE).groups == (Group("sales"),)


def test_every_scalar_is_the_text_in_the_file() -> None:
    text = """
title: 2020-01-01
entities:
  no:
    attributes:
      on: yes
      1: 0x1
      1e3: 1_000
      2020-01-01: 1:1
      y: 1:10
      off: ~
      tru: .inf
      '~': 012
      null: "null"
    checks: [no, null, ~]
  1:1:
enums:
  E: [no, on, yes, 'null', ~, 0x1, 1:1, 1_000, 1.10]
"""
    found = model(text)
    assert found.title == "2020-01-01"
    assert [item.name for item in found.entities] == ["no", "1:1"]
    assert [(item.name, item.type) for item in found.entities[0].attributes] == [
        ("on", "yes"),
        ("1", "0x1"),
        ("1e3", "1_000"),
        ("2020-01-01", "1:1"),
        ("y", "1:10"),
        ("off", "~"),
        ("tru", ".inf"),
        ("~", "012"),
        ("null", ""),
    ]
    assert found.entities[0].checks == ("no", "null", "~")
    # `null` alone is the flag
    assert not found.entities[0].attributes[-1].required


def test_enum_values_are_texts() -> None:
    text = "enums:\n  E: [no, on, null, ~, 0x1, 1:1, 1_000, 1.10, 2020-01-01]\nentities: {}\n"
    assert model(text).enums[0].values == (
        "no", "on", "null", "~", "0x1", "1:1", "1_000", "1.10", "2020-01-01",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["entities: {}", "entities:\n", "entities: ~", "---\nentities: {}\n...\n", "\ufeffentities:"],
)
def test_a_model_may_be_empty(text: str) -> None:
    assert model(text).entities == ()


def test_a_bare_box() -> None:
    text = "entities:\n  A:\n  B: {}\n  C: null\n  D: ~\n  E: {attributes: }\n  F: []\n"
    assert [(item.name, item.attributes) for item in model(text).entities] == [
        (name, ()) for name in "ABCDEF"
    ]


ID = Attribute("id", "uuid", pk=True)
NAME = Attribute("name", "text")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{attributes: {id: uuid pk, name: text}}", (ID, NAME)),
        ("{attributes: [id: uuid pk, name: text]}", (ID, NAME)),
        ("{attributes: [{id: uuid pk}, {name: text}]}", (ID, NAME)),
        ("{attributes: [id, name]}", (Attribute("id"), Attribute("name"))),
        ("[id, name]", (Attribute("id"), Attribute("name"))),
        ("[id: uuid pk, name: text]", (ID, NAME)),
        ("[{name: id, type: uuid, pk: yes}, {name: name, type: text}]", (ID, NAME)),
        # the only key of an item is `name`, but other items show that it names the attribute
        ("[{name: id, type: uuid, pk: yes}, {name: name}]", (ID, Attribute("name"))),
        ("[{name: id}, {name: name}]", (Attribute("id"), Attribute("name"))),
        # here it is an attribute called name
        ("[name: text]", (NAME,)),
        ("[id: {type: uuid, pk: yes}, name: text]", (ID, NAME)),
        ("{attributes: {id: {type: uuid, pk: yes}, name: {type: text}}}", (ID, NAME)),
        ("{attributes: {id: , name: {}}}", (Attribute("id"), Attribute("name"))),
        (
            "[id, {name: name, type: text}, total: int]",
            (Attribute("id"), NAME, Attribute("total", "int")),
        ),
    ],
)
def test_forms_of_attributes(body: str, expected: tuple[Attribute, ...]) -> None:
    assert entity(f"entities:\n  A: {body}\n").attributes == expected


def test_the_long_form() -> None:
    text = """
enums: {Status: [a, b]}
entities:
  C: {attributes: {id: uuid pk}}
  A:
    attributes:
      id: {type: uuid, pk: yes, default: gen_random_uuid(), generated: true}
      email:
        type: varchar(100)
        unique: on
        index: Y
        nullable: yes
        check: email like '%@%'
        description: |
          where to write
          to them
        validation: [an address, verified]
        source: sign-up form
        sensitive: PII
        x-free: 1
      code: {type: text, required: no, default: '', sensitive: yes}
      name: {required: true, nullable: false, default: null, sensitive: no}
      status: {type: text, enum: Status}
      state: {type: Status}
      size: {enum: [S, M, L]}
      c: {type: uuid, references: C.id, on_delete: set null, on_update: SET_DEFAULT}
      d: {references: C(id), nullable: 1, default: }
"""
    assert entity(text, "A").attributes == (
        Attribute("id", "uuid", pk=True, default="gen_random_uuid()", generated=True),
        Attribute(
            "email",
            "varchar(100)",
            unique=True,
            index=True,
            required=False,
            check="email like '%@%'",
            description="where to write\nto them",
            validation="an address; verified",
            source="sign-up form",
            sensitive="PII",
        ),
        Attribute("code", "text", required=False, default="", sensitive="yes"),
        Attribute("name", default="null"),
        Attribute("status", "text", enum="Status"),
        Attribute("state", "Status", enum="Status"),
        Attribute("size", values=("S", "M", "L")),
        Attribute("c", "uuid", reference=Reference("C", "id", "set null", "set default")),
        Attribute("d", required=False, reference=Reference("C", "id")),
    )


def test_the_long_form_needs_what_makes_sense() -> None:
    text = """\
entities:
  C: {attributes: {id: uuid pk}}
  A:
    attributes:
      a: {type: uuid, pk: maybe, nulable: yes, references: C.idx, on_delete: foo}
      b: {nullable: yes, required: yes, enum: Foo, on_update: cascade}
      c: {type: [a], default: {a: b}}
      d: {references: D.id}
      e: {references: ')'}
"""
    assert told(problems(text)) == [
        (5, 27, "not-a-flag"),
        (5, 34, "unknown-key"),
        (5, 60, "unknown-attribute"),
        (5, 78, "unknown-action"),
        (6, 26, "contradiction"),
        (6, 47, "unknown-enum"),
        (6, 52, "bad-definition"),
        (7, 17, "not-a-text"),
        (7, 31, "not-a-text"),
        (8, 23, "unknown-entity"),
        (9, 24, "unknown-entity"),
    ]


def test_enums_and_groups() -> None:
    text = """
enums:
  Status: [draft, paid]
  Size: {values: [S, M], description: of a shirt}
  Open: {description: not known yet}
groups:
  sales: {title: Sales, description: where the money is made, color: '#fee', entities: [Order]}
  empty:
entities:
  Order:
  Line: {group: sales}
  Part: {group: stock}
"""
    found = model(text)
    assert found.enums == (
        EnumType("Status", ("draft", "paid")),
        EnumType("Size", ("S", "M"), "of a shirt"),
        EnumType("Open", (), "not known yet"),
    )
    assert found.groups == (
        Group("sales", "Sales", "where the money is made", "#fee"),
        Group("empty"),
        Group("stock"),
    )
    assert [item.group for item in found.entities] == ["sales", "sales", "stock"]


def test_what_is_wrong_with_enums_and_groups() -> None:
    text = """\
enums:
  A: [x, y, x]
  B: {values: [1], descripton: x}
  C: foo
groups:
  g: {title: G, entities: [A, B, Zed]}
  h: {color: red, entities: [A]}
entities:
  A:
  B: {group: h}
"""
    assert told(problems(text)) == [
        (2, 13, "duplicate-value"),
        (3, 20, "unknown-key"),
        (4, 6, "not-a-list"),
        (6, 31, "two-groups"),
        (6, 34, "unknown-entity"),
        (7, 30, "two-groups"),
    ]


def test_drawing_defaults_are_kept_as_said() -> None:
    text = """\
diagram:
  direction: right
  only: [Order*, Customer]
  types: yes
  width: 1:20
  foo: bar
  x-mine: {a: b}
entities: {}
"""
    found = model(text).diagram
    assert [(name, value) for name, value, _ in found] == [
        ("direction", "right"),
        ("only", "Order*,Customer"),
        ("types", "yes"),
        ("width", "1:20"),
        ("foo", "bar"),
    ]
    assert [(place.line, place.column) for _, _, place in found] == [
        (2, 3), (3, 3), (4, 3), (5, 3), (6, 3),
    ]  # fmt: skip


def test_states() -> None:
    text = """
entities:
  A:
    states:
      transitions:
        - new -> old: "time: passes"
        - old → gone
        - a b -> c-d -> e
        - {a b -> new: x}
      final: gone
      initial: new
"""
    assert entity(text).states == States(
        ("new", "old", "gone", "a b", "c-d", "e"),
        "new",
        ("gone",),
        (
            Transition("new", "old", "time: passes"),
            Transition("old", "gone"),
            Transition("a b", "c-d"),
            Transition("c-d", "e"),
            Transition("a b", "new", "x"),
        ),
    )


def test_what_is_wrong_with_states() -> None:
    text = """\
entities:
  A:
    states:
      initial: [drft, paid]
      final: [archived, nowhere]
      transitions:
        - draft -> paid: x
        - paid
        - paid -> archived
        - a -> b: c
          d -> e: f
        - -> x
        - [a]
      begin: x
  B: {states: foo}
"""
    found = problems(text)
    assert told(found) == [
        (4, 17, "unknown-state"),
        (4, 23, "bad-states"),
        (5, 25, "unknown-state"),
        (8, 11, "bad-transition"),
        (10, 11, "bad-transition"),
        (12, 11, "bad-transition"),
        (13, 11, "not-a-text"),
        (14, 7, "unknown-key"),
        (15, 15, "not-a-mapping"),
    ]
    assert found[0].help == "did you mean 'draft'?"


def test_anchors_aliases_and_merge_keys() -> None:
    text = """
x-stamps: &stamps {created_at: timestamp, updated_at: timestamp?}
x-who: &who
  created_by: uuid
  updated_at: date
x-type: &money decimal(10, 2)
entities:
  A: &a
    attributes:
      id: uuid pk
      <<: *stamps
      total: *money
      created_at: date
  B:
    attributes:
      <<: [*stamps, *who, {extra: int}]
      id: int
  C: *a
  D:
    <<: *a
    purpose: like A
  E:
    attributes: *stamps
"""
    found = {item.name: item for item in model(text).entities}

    def said(name: str) -> list[tuple[str, str]]:
        return [(item.name, item.type) for item in found[name].attributes]

    # merged attributes stand where `<<` stands; an entity's own win
    assert said("A") == [
        ("id", "uuid"),
        ("updated_at", "timestamp"),
        ("total", "decimal(10, 2)"),
        ("created_at", "date"),
    ]
    # the first of several wins
    assert said("B") == [
        ("created_at", "timestamp"),
        ("updated_at", "timestamp"),
        ("created_by", "uuid"),
        ("extra", "int"),
        ("id", "int"),
    ]
    assert said("C") == said("A") == said("D")
    assert found["D"].description == "like A"
    assert said("E") == [("created_at", "timestamp"), ("updated_at", "timestamp")]


def test_a_mistake_in_an_anchor_is_told_once() -> None:
    text = """\
x-stamps: &stamps {created_at: timestamp uniqe pk uniqe}
entities:
  A: {attributes: *stamps}
  B: {attributes: *stamps}
  C: {attributes: {<<: *stamps}}
"""
    assert told(problems(text)) == [(1, 51, "unknown-flag")]


def test_json_is_yaml() -> None:
    text = """{
  "title": "from JSON",
\t"entities": {
    "A": {"attributes": {"id": "uuid pk", "n": {"type": "int", "pk": false, "default": null}}},
    "B": null
  }
}"""
    # the tab is no indentation: it stands inside of brackets
    found = model(text)
    assert found.title == "from JSON"
    assert [item.name for item in found.entities] == ["A", "B"]
    assert found.entities[0].attributes[1] == Attribute("n", "int", default="null")


def test_flow_style_and_quotes() -> None:
    text = """entities: {A: {attributes: {id: uuid?, price: "numeric(10,2)", 'c': 'a''b'''}}}"""
    assert [(item.name, item.type) for item in entity(text).attributes] == [
        ("id", "uuid"),
        ("price", "numeric(10,2)"),
        ("c", "a'b'"),
    ]


def test_line_ends_do_not_matter() -> None:
    lines = EXAMPLE.split("\n")
    assert model("\r\n".join(lines)) == model(EXAMPLE)
    broken = "entities:\r\n  A:\r\n    colour: red\r\n"
    (found,) = problems(broken)
    assert found.place
    assert (found.place.line, found.place.column) == (3, 5)
    assert found.place.source == "    colour: red"
    (found,) = problems(broken.replace("\r\n", "\r"))
    assert found.place
    assert (found.place.line, found.place.column) == (3, 5)
    assert found.place.source == "    colour: red"


def test_a_name_that_reads_like_a_definition_is_warned_of() -> None:
    found = reading("entities:\n  A: [id uuid pk, full name]\n")
    assert told(found.warnings) == [(2, 7, "definition-as-name")]
    assert found.warnings[0].help == "if it is a definition, write `id: uuid pk`"
    assert [item.name for item in found.graph.model.entities[0].attributes] == [
        "id uuid pk",
        "full name",
    ]


@pytest.mark.parametrize("text", [EXAMPLE, ALL], ids=["example", "relationships"])
def test_without_the_c_parser_the_same_is_read(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = reading(text)
    monkeypatch.setattr(events, "make_parser", lambda _, text: events.pure_parser(text))
    assert reading(text) == found
    # also where a node begins is the same: errors and entities have the same places
    assert [item.place for item in reading(text).graph.model.entities] == [
        item.place for item in found.graph.model.entities
    ]


def test_what_looks_like_a_slip_is_warned_of() -> None:
    text = """\
groups: {sales: }
entities:
  A: {group: salse}
  B: {group: other, checks: [&x y]}
"""
    assert told(reading(text).warnings) == [(3, 3, "unknown-group"), (4, 30, "unused-anchor")]


def test_other_spaces_belong_to_a_name() -> None:
    model = """\
entities:
  顧客\u3000注文:
    attributes: {id: int pk, kind: 種\u3000類}
    states: {initial: 下\u3000書, transitions: [下\u3000書 -> end]}
  B:
    attributes:
      a: int -> "顧客\u3000注文".id
      b: {type: int, references: 顧客\u3000注文.id, enum: 種\u3000類}
enums: {種\u3000類: [a, b]}
relationships:
  - {from: 顧客\u3000注文, to: B, type: one-to-many, via: a}
"""
    graph = read_text(model).graph
    assert [item.left for item in graph.relationships] == ["顧客\u3000注文"] * 2
    states = graph.model.entities[0].states
    assert states is not None
    assert states.names == ("下\u3000書", "end")


@pytest.mark.parametrize("char", ["\\U0010ffff", "\\ufdd0", "\\ufffe"])
def test_what_is_no_character_is_refused(char: str) -> None:
    with pytest.raises(ModelError) as caught:
        read_text(f'entities: {{"a{char}": }}\n')
    assert caught.value.diagnostics[0].code == "bad-name"
