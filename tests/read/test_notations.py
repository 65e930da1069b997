"""Every notation of a relationship, and the forms of an item of `relationships:`."""

from __future__ import annotations

import itertools

import pytest

from erdgen.model.relationships import (
    EXACTLY_ONE,
    ONE_OR_MORE,
    ZERO_OR_MORE,
    ZERO_OR_ONE,
    Cardinality,
    DeclaredRelationship,
)
from erdgen.read.notations import parse_notation, parse_relationship
from erdgen.read.shortforms import ShortFormError
from tests.read.reading import model, problems, told

ONE, MANY = EXACTLY_ONE, ZERO_OR_MORE
ENDS = {
    "1": ONE,
    "0..1": ZERO_OR_ONE,
    "0..*": ZERO_OR_MORE,
    "*": ZERO_OR_MORE,
    "1..*": ONE_OR_MORE,
    "N": ZERO_OR_MORE,
    "M": ZERO_OR_MORE,
    "n": ZERO_OR_MORE,
    "m": ZERO_OR_MORE,
    "2..5": Cardinality(2, 5),
    "0..10": Cardinality(0, 10),
    "3..*": Cardinality(3, None),
    "0..n": ZERO_OR_MORE,
    "1..N": ONE_OR_MORE,
    "1..1": EXACTLY_ONE,
    "3": Cardinality(3, 3),
}
TABLE = {
    "one-to-one": (ONE, ONE),
    "1:1": (ONE, ONE),
    "1 -- 1": (ONE, ONE),
    "one-to-many": (ONE, MANY),
    "1:N": (ONE, MANY),
    "1:M": (ONE, MANY),
    "1:*": (ONE, MANY),
    "1:many": (ONE, MANY),
    "1 -- 0..*": (ONE, MANY),
    "1 -- *": (ONE, MANY),
    "many-to-one": (MANY, ONE),
    "N:1": (MANY, ONE),
    "many:1": (MANY, ONE),
    "0..* -- 1": (MANY, ONE),
    "many-to-many": (MANY, MANY),
    "N:M": (MANY, MANY),
    "M:N": (MANY, MANY),
    "*:*": (MANY, MANY),
    "many:many": (MANY, MANY),
    "* -- *": (MANY, MANY),
}
LEFT = {"||": ONE, "|o": ZERO_OR_ONE, "}o": ZERO_OR_MORE, "}|": ONE_OR_MORE}
RIGHT = {"||": ONE, "o|": ZERO_OR_ONE, "o{": ZERO_OR_MORE, "|{": ONE_OR_MORE}


def both_forms(notation: str) -> list[DeclaredRelationship]:
    text = f"""
entities: {{A: , B: }}
relationships:
- "A {notation} B"
- "A {notation} B": says
- {{from: A, to: B, type: "{notation}"}}
- {{from: A, to: B, cardinality: "{notation}"}}
"""
    return list(model(text).declared)


@pytest.mark.parametrize("notation", TABLE)
def test_the_table_of_notations(notation: str) -> None:
    for written in (notation, notation.upper(), notation.title()):
        for found in both_forms(written):
            assert (found.left, found.right) == ("A", "B")
            assert (found.left_end, found.right_end) == TABLE[notation]
            assert found.identifying is None


@pytest.mark.parametrize(("left", "right"), list(itertools.product(LEFT, RIGHT)))
@pytest.mark.parametrize("line", ["--", ".."])
def test_all_sixteen_crows_feet(left: str, right: str, line: str) -> None:
    for found in both_forms(f"{left}{line}{right}"):
        assert (found.left_end, found.right_end) == (LEFT[left], RIGHT[right])
        assert found.identifying is (line == "--")


@pytest.mark.parametrize(("left", "right"), list(itertools.product(ENDS, repeat=2)))
def test_any_end_may_stand_at_either_side(left: str, right: str) -> None:
    expected = (ENDS[left], ENDS[right], None)
    for text in (f"{left} -- {right}", f"{left}--{right}", f"{left}:{right}"):
        assert parse_notation(text) == expected
        assert parse_relationship(f"A {text} B")[:3] == ("A", "B", expected)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('"Order line" 1:N Product', ("Order line", "Product")),
        ("'a 1:N b' one-to-one \"c -- d\"", ("a 1:N b", "c -- d")),
        ("Sales.Order 1:N Sales.Line", ("Sales.Order", "Sales.Line")),
        ("A||--o{B", ("A", "B")),
        ("1 1:N 2", ("1", "2")),
        ("  A   0..1 -- 1..*   B  ", ("A", "B")),
        ("Kunde one-to-many Bücher", ("Kunde", "Bücher")),
    ],
)
def test_names(text: str, names: tuple[str, str]) -> None:
    found = parse_relationship(text)
    assert found[:2] == names
    # the places are those of the names, with their quotes
    for name, at in zip(names, found[3:], strict=True):
        assert text[at:].lstrip("\"'").startswith(name)


@pytest.mark.parametrize(
    "text",
    ["", "A", "A B", "A 1:N", "1:N B", "A one-to-mny B", "A 5..2 -- 1 B", "A 0 -- 1 B", "A |- B"],
)
def test_no_relationship(text: str) -> None:
    with pytest.raises(ShortFormError):
        parse_relationship(text)
    with pytest.raises(ShortFormError):
        parse_notation(text)


ALL = """
entities:
  Customer:
  Order:
  Product: {attributes: {id: int pk}}
  Tag: {attributes: {id: int pk}}
  ProductTag:
  Employee: {attributes: {id: int pk, manager_id: int}}
  Order line:
  Invoice:
relationships:
  - Customer one-to-many Order: places
  - Order 1:N "Order line"
  - '"Order line" N:1 Product': {label: is of, label_back: stands in}
  - Product many-to-many Tag: {through: ProductTag}
  - Employee 0..1 -- 0..* Employee: {label: manages, via: manager_id}
  - {from: Order, to: Invoice, type: one-to-one, label: billed by, on_delete: restrict}
  - from: Customer
    to: Invoice
    cardinality: 1 -- 0..*
    label: pays
    label_back: paid by
    identifying: yes
    on_delete: SET NULL
    on_update: cascade
    description: in words
    x-free: anything
  - Customer ||--o{ Invoice : gets
"""


def test_the_forms_of_an_item() -> None:
    found = model(ALL).declared
    assert [(item.left, item.right, item.label) for item in found] == [
        ("Customer", "Order", "places"),
        ("Order", "Order line", ""),
        ("Order line", "Product", "is of"),
        ("Product", "Tag", ""),
        ("Employee", "Employee", "manages"),
        ("Order", "Invoice", "billed by"),
        ("Customer", "Invoice", "pays"),
        ("Customer", "Invoice", "gets"),
    ]
    assert found[2].label_back == "stands in"
    assert found[3].through == "ProductTag"
    assert found[4].via == ("manager_id",)
    assert found[5].on_delete == "restrict"
    long = found[6]
    assert (long.label_back, long.identifying) == ("paid by", True)
    assert (long.on_delete, long.on_update) == ("set null", "cascade")
    assert long.description == "in words"
    assert found[7].identifying is True


def test_identifying_may_be_said_against_the_crows_foot() -> None:
    text = "entities: {A: , B: }\nrelationships:\n- 'A ||--o{ B': {identifying: no}\n"
    assert model(text).declared[0].identifying is False


def test_what_is_wrong_with_relationships() -> None:
    text = """\
entities:
  Customer:
  Line:
relationships:
  - Custmer one-to-many Lin: places
  - Customer one-to-mny Line
  - {from: Customer, type: '1:N'}
  - {from: Customer, to: Line}
  - {from: Customer, to: Line, type: foo}
  - {from: Customer, to: Line, type: 5..2 -- 1}
  - Customer 1:N Line: {lable: z, on_delete: explode}
  - Customer 1:N
  - [a, b]
  - Customer *:* Line: {through: Foo}
  - {from: Customer, to: Line, type: '1:1', cardinality: '1:1'}
"""
    found = problems(text)
    assert told(found) == [
        (5, 5, "unknown-entity"),
        (5, 25, "unknown-entity"),
        (6, 5, "bad-relationship"),
        (7, 5, "missing-key"),
        (8, 5, "missing-key"),
        (9, 38, "unknown-cardinality"),
        (10, 38, "unknown-cardinality"),
        (11, 25, "unknown-key"),
        (11, 46, "unknown-action"),
        (12, 16, "bad-relationship"),
        (13, 5, "not-a-text"),
        (14, 34, "unknown-entity"),
        (15, 45, "duplicate-key"),
    ]
    assert [item.help for item in found][:3] == [
        "did you mean 'Customer'?",
        "did you mean 'Line'?",
        "did you mean 'one-to-many'?",
    ]
