"""The resolved model as JSON: whole, stable, and readable without erdgen."""

from __future__ import annotations

import json
from typing import Any

import pytest

from erdgen.model.graph import Graph
from erdgen.model.selection import select
from erdgen.read import read_file, read_text
from erdgen.render import render
from erdgen.render.json import to_object, write
from erdgen.render.options import Options
from tests.support.paths import corpus_model

MODEL = """\
title: Shop
description: What is sold
entities:
  Customer:
    attributes:
      id: uuid pk = gen_random_uuid()
  Order:
    purpose: A "purchase" \\ <b>
    table: orders
    group: sales
    attributes:
      id: uuid pk
      customer_id: uuid? -> Customer.id on delete set null index
      status: Status = 'draft' unique -- größer 😀
      code: {type: text, default: '', check: code <> '', validation: short, source: till,
             sensitive: PII, generated: yes, enum: [A, B]}
    unique: [[customer_id, status]]
    indexes: [status]
    checks: [total >= 0]
    states: {initial: draft, final: [gone], transitions: [draft -> gone: by hand]}
    rules: [one, {two: 2}]
  Bare:
  Order Bare:
    attributes:
      order_id: uuid pk -> Order
      bare: uuid pk -> Customer
relationships:
  - Customer 0..1 -- 1..* Order: {label: places, label_back: placed by, description: words}
  - Order many-to-many Bare: {through: Order Bare}
enums:
  Status: {values: [draft, gone], description: of an order}
groups:
  sales: {title: Sales, color: red, description: money}
diagram: {direction: right}
"""


def document(graph: Graph) -> dict[str, Any]:
    output = write(graph, Options())
    assert len(output.pages) == 1
    assert output.notes == ()
    found = json.loads(output.data.decode("utf-8"))
    assert isinstance(found, dict)
    return found


def test_all_of_the_model() -> None:
    found = document(read_text(MODEL).graph)
    assert found == {
        "erdgen": 1,
        "title": "Shop",
        "description": "What is sold",
        "entities": [
            {
                "name": "Customer",
                "attributes": [
                    {
                        "name": "id",
                        "type": "uuid",
                        "pk": True,
                        "required": True,
                        "default": "gen_random_uuid()",
                    }
                ],
            },
            {
                "name": "Order",
                "description": 'A "purchase" \\ <b>',
                "table": "orders",
                "group": "sales",
                "attributes": [
                    {"name": "id", "type": "uuid", "pk": True, "required": True},
                    {
                        "name": "customer_id",
                        "type": "uuid",
                        "index": True,
                        "required": False,
                        "references": {
                            "entity": "Customer",
                            "attribute": "id",
                            "on_delete": "set null",
                        },
                    },
                    {
                        "name": "status",
                        "type": "Status",
                        "unique": True,
                        "required": True,
                        "default": "'draft'",
                        "enum": "Status",
                        "description": "größer 😀",
                    },
                    {
                        "name": "code",
                        "type": "text",
                        "required": True,
                        "generated": True,
                        "default": "",
                        "check": "code <> ''",
                        "values": ["A", "B"],
                        "validation": "short",
                        "source": "till",
                        "sensitive": "PII",
                    },
                ],
                "unique": [["customer_id", "status"]],
                "indexes": [["status"]],
                "checks": ["total >= 0"],
                "states": {
                    "names": ["draft", "gone"],
                    "initial": "draft",
                    "final": ["gone"],
                    "transitions": [{"from": "draft", "to": "gone", "trigger": "by hand"}],
                },
                "documentation": {"rules": ["one", {"two": "2"}]},
            },
            {"name": "Bare", "attributes": []},
            {
                "name": "Order Bare",
                "attributes": [
                    {
                        "name": "order_id",
                        "type": "uuid",
                        "pk": True,
                        "required": True,
                        "references": {"entity": "Order"},
                    },
                    {
                        "name": "bare",
                        "type": "uuid",
                        "pk": True,
                        "required": True,
                        "references": {"entity": "Customer"},
                    },
                ],
            },
        ],
        "relationships": [
            {
                "left": {
                    "entity": "Customer",
                    "minimum": 0,
                    "maximum": 1,
                    "attributes": ["id"],
                },
                "right": {
                    "entity": "Order",
                    "minimum": 1,
                    "maximum": None,
                    "attributes": ["customer_id"],
                },
                "key": True,
                "identifying": False,
                "label": "places",
                "label_back": "placed by",
                "on_delete": "set null",
                "description": "words",
            },
            {
                "left": {"entity": "Order", "minimum": 1, "maximum": 1, "attributes": ["id"]},
                "right": {
                    "entity": "Order Bare",
                    "minimum": 0,
                    "maximum": None,
                    "attributes": ["order_id"],
                },
                "key": True,
                "identifying": True,
            },
            {
                "left": {"entity": "Customer", "minimum": 1, "maximum": 1, "attributes": ["id"]},
                "right": {
                    "entity": "Order Bare",
                    "minimum": 0,
                    "maximum": None,
                    "attributes": ["bare"],
                },
                "key": True,
                "identifying": True,
            },
            {
                "left": {"entity": "Order", "minimum": 0, "maximum": None},
                "right": {"entity": "Bare", "minimum": 0, "maximum": None},
                "key": False,
                "identifying": False,
                "through": "Order Bare",
            },
        ],
        "junctions": ["Order Bare"],
        "enums": [{"name": "Status", "values": ["draft", "gone"], "description": "of an order"}],
        "groups": [{"name": "sales", "title": "Sales", "description": "money", "color": "red"}],
        "diagram": {"direction": "right"},
    }


def test_a_part_says_what_leads_out_of_it() -> None:
    graph = read_text(MODEL).graph
    found = document(select(graph, only=["Order"]))
    assert [item["name"] for item in found["entities"]] == ["Order"]
    assert found["relationships"] == []
    assert [item["right"]["entity"] for item in found["outside"]] == [
        "Order",
        "Order Bare",
        "Bare",
    ]


def test_folded_junctions_are_named() -> None:
    model = """
entities:
  A: {attributes: {id: int pk}}
  B: {attributes: {id: int pk}}
  AB: {attributes: {a: int pk -> A, b: int pk -> B}}
"""
    found = document(select(read_text(model).graph, fold_junctions=True))
    assert found["folded"] == ["AB"]
    assert [item["through"] for item in found["relationships"]] == ["AB"]


def test_an_empty_model() -> None:
    assert document(read_text("entities: {}").graph) == {
        "erdgen": 1,
        "title": "",
        "entities": [],
        "relationships": [],
    }


@pytest.mark.parametrize("name", ["chinook", "adventureworks", "chado"])
def test_the_bytes_are_stable(name: str) -> None:
    graph = read_file(str(corpus_model(name))).graph
    data = write(graph, Options()).data
    assert data == render(graph, "json", Options()).data
    assert data.endswith(b"}\n")
    assert b"\r" not in data
    found = json.loads(data)
    assert [item["name"] for item in found["entities"]] == [
        entity.name for entity in graph.model.entities
    ]
    assert len(found["relationships"]) == len(graph.relationships)
    # written again from what was read, it is the same: keys keep their order
    again = json.dumps(found, ensure_ascii=False, indent=2).encode() + b"\n"
    assert again == data


def test_a_bare_entity_has_an_empty_list_of_attributes() -> None:
    graph = read_text("entities: {Tag: }").graph
    assert to_object(graph)["entities"] == [{"name": "Tag", "attributes": []}]
