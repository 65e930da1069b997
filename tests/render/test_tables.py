"""Attribute tables: what they say, and that Markdown reads them as they are meant."""

from __future__ import annotations

import json
from typing import Any

import pytest

from erdgen.read import read_text
from erdgen.render import render
from erdgen.render.options import Options
from erdgen.render.tables import make_table

MODEL = """
entities:
  Customer:
    purpose: Who buys
    attributes:
      id: uuid pk
      email: text unique index -- must be | unique
      state: State? = 'new' check (state <> 'x|y')
  Order:
    attributes:
      id: uuid pk
      customer_id: uuid -> Customer.id on delete cascade
      boss: uuid? -> Order
    unique: [[customer_id, boss]]
    checks: ["id <> boss"]
enums:
  State: [new, old]
"""


def tables(model: str, **options: object) -> str:
    graph = read_text(model).graph
    return render(graph, "tables", Options(**options)).data.decode()  # type: ignore[arg-type]


def squeezed(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_attributes_and_relationships() -> None:
    lines = squeezed(tables(MODEL))
    assert lines[:3] == ["### Customer", "", "Who buys"]
    assert "| Attribute | Type | Required | Description | Validation Rules |" in lines
    assert "| `id` | `uuid` | Yes | | Primary key |" in lines
    assert "| `email` | `text` | Yes | must be `\\|` unique | Unique; Indexed |" in lines
    state = next(line for line in lines if "`state`" in line)
    assert "| No |" in state
    assert "Default `'new'`; One of `new`, `old`; Check `state <> 'x\\|y'`" in state
    assert "| Order | One-to-Many | via `customer_id` | Delete: CASCADE |" in lines
    assert "| Customer | Many-to-One | via `customer_id` | Delete: CASCADE |" in lines
    assert [line for line in lines if line.startswith("| Order | ") and "`boss`" in line] == [
        "| Order | One-to-Many | via `boss` | |",
        "| Order | Many-to-One | via `boss` | |",
    ]
    assert "- Unique together: `customer_id`, `boss`" in lines
    assert "- Check `id <> boss`" in lines


def test_what_is_kept_of_an_entity_comes_out_again() -> None:
    model = """
entities:
  Order:
    purpose: A purchase
    table: orders
    notes: [first, "1. second"]
    lifecycle: |
      created by the shop
      archived after a year
    rules: ["total >= 0", {on: paid, do: [ship, bill]}]
    access_patterns: {by customer: index on *customer_id*}
    example: {id: "7", total: "1.50"}
    source: spec.md FR-005
    attributes: {id: {type: int, source: legacy}}
    indexes: [id]
"""
    assert squeezed(tables(model)) == [
        "### Order", "",
        "A purchase", "",
        "**Table**: `orders`", "",
        "**Lifecycle**: created by the shop archived after a year", "",
        "**Source**: spec.md FR-005", "",
        "**Access Patterns**:", "", "- by customer: index on \\*customer_id\\*", "",
        "| Attribute | Type | Required | Description | Validation Rules |",
        "| --------- | ----- | -------- | ----------- | ---------------- |",
        "| `id` | `int` | Yes | | Source: legacy |", "",
        "**Constraints**:", "", "- Indexed: `id`", "",
        "**Notes**:", "", "- first", "- 1\\. second", "",
        "**Rules**:", "", "- total >= 0", "- on: paid; do: ship, bill", "",
        "**Example**:", "", "- id: 7", "- total: 1.50",
    ]  # fmt: skip
    assert "Lifecycle" not in tables(model, detail="keys")


def test_detail() -> None:
    assert "`email`" not in tables(MODEL, detail="keys")
    assert "`customer_id`" in tables(MODEL, detail="keys")
    assert "| Attribute" not in tables(MODEL, detail="names")


def test_columns_are_padded_by_display_width() -> None:
    assert make_table(["名前", "x"], [["a", "bc"]]) == [
        "| 名前 | x   |",
        "| ---- | --- |",
        "| a    | bc  |",
    ]


def test_no_line_has_trailing_blanks() -> None:
    text = tables(MODEL)
    assert all(line == line.rstrip() for line in text.split("\n"))
    assert text.endswith(("|\n", "`\n"))


@pytest.mark.parametrize(
    "name",
    ["a|b", "`x`", "``", "a\\b", "*b*", "_i_", "[l](u)", "<b>x</b>", "&amp;", "-->", "```", "# h",
     "- l", "1. l", "> q", "<!-- erdgen:end -->", "$&", "</details>", "~~s~~", "a_b_c"],
)  # fmt: skip
def test_markdown_shows_any_text_as_it_is(name: str) -> None:
    """Held against a Markdown parser: the text that a reader sees is the text of the model."""
    markdown_it: Any = pytest.importorskip("markdown_it")
    said = json.dumps(name)
    model = (
        f"{{entities: {{{said}: {{purpose: {said}, attributes: {{{said}: {{type: {said}, "
        f"description: {said}}}}}}}}}}}"
    )
    tokens = markdown_it.MarkdownIt("commonmark").enable("table").parse(tables(model))
    assert not [token for token in tokens if token.type == "html_block"]
    shown = ["".join(_shown(item) for item in t.children) for t in tokens if t.type == "inline"]
    assert [shown[index] for index in (0, 1, 7, 8, 10)] == [name] * 5
    kinds = [token.type for token in tokens if token.type.endswith("_open")]
    assert kinds[:3] == ["heading_open", "paragraph_open", "table_open"]


def _shown(token: Any) -> str:
    assert token.type in ("text", "code_inline", "softbreak", "text_special"), token
    return str(token.content)


def test_an_empty_model() -> None:
    assert tables("entities: {}") == "(no entities)\n"
