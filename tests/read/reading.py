"""What the tests of the reader share: a model's text in, its parts or its problems out."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from erdgen.errors import Diagnostic, ErdgenError
from erdgen.model.entities import Attribute, Entity, Model
from erdgen.model.graph import Graph
from erdgen.model.relationships import Relationship
from erdgen.read import Reading, read_text


def reading(text: str | bytes) -> Reading:
    return read_text(text, "model.yaml")


def graph(text: str) -> Graph:
    return reading(text).graph


def model(text: str) -> Model:
    return graph(text).model


def entity(text: str, name: str | None = None) -> Entity:
    entities = model(text).entities
    return next(item for item in entities if name in (None, item.name))


def attribute(definition: str, *, quote: bool = False) -> Attribute:
    """Read one definition beside entities that it may point at."""
    if quote:
        definition = "'" + definition.replace("'", "''") + "'"
    text = f"""
entities:
  Holder:
    attributes:
      it: {definition}
  Customer: {{attributes: {{id: uuid pk, email: text}}}}
  Order Details: {{attributes: {{id: uuid pk, line: int}}}}
  Fact: {{attributes: {{id: uuid pk}}}}
  Fact.Sale: {{attributes: {{id: uuid pk, day: date}}}}
  Pair: {{attributes: {{a: int pk, b: int pk}}}}
enums:
  OrderStatus: [draft, paid]
"""
    return entity(text, "Holder").attributes[0]


def relationships(text: str) -> tuple[Relationship, ...]:
    return graph(text).relationships


def problems(text: str | bytes) -> tuple[Diagnostic, ...]:
    """Return the problems of a model, which must have some."""
    with pytest.raises(ErdgenError) as caught:
        reading(text)
    return caught.value.diagnostics


def told(found: Iterable[Diagnostic]) -> list[tuple[int, int, str]]:
    """Return line, column and code of each problem."""
    return [
        (item.place.line, item.place.column, item.code) if item.place else (0, 0, item.code)
        for item in found
    ]
