"""Mermaid text: what the grammar takes, also for names that it does not."""

from __future__ import annotations

import re

import pytest

from erdgen.read import read_text
from erdgen.render import render
from erdgen.render.options import Options

_ATTRIBUTE = re.compile(
    r"        [A-Za-z_\u00c0-\uffff][\w\[\]()\u00c0-\uffff-]* "
    r"[A-Za-z_\u00c0-\uffff][\w\[\]()\u00c0-\uffff-]*"
    r'(?: (?:PK|FK|UK)(?:, (?:PK|FK|UK))*)?(?: "[^"\n]*")?'
)
_NAME = r'(?:[A-Za-z_][A-Za-z0-9_]*|"[^"%\n\r\v\b\\]+")'
_ENTITY = re.compile(rf"    {_NAME}(?: {{)?")
_LINE = re.compile(
    rf'    {_NAME} (?:\|o|\|\||}}o|}}\|)(?:--|\.\.)(?:o\||\|\||o{{|\|{{) {_NAME} : "[^"%\n\\]*"'
)


def mermaid(model: str, **options: object) -> list[str]:
    graph = read_text(model).graph
    data = render(graph, "mermaid", Options(**options)).data  # type: ignore[arg-type]
    return data.decode().split("\n")


def check_grammar(lines: list[str]) -> None:
    assert lines[0] == "erDiagram"
    assert lines[-1] == ""
    for line in lines[1:-1]:
        shown = line == "    }" or any(
            pattern.fullmatch(line) for pattern in (_ATTRIBUTE, _ENTITY, _LINE)
        )
        assert shown, line


SHOP = """
entities:
  Customer: {attributes: {id: int pk, email: text unique}}
  Order: {attributes: {id: int pk, customer_id: int -> Customer}}
  Line: {attributes: {order_id: int pk -> Order, no: int pk}}
relationships:
  - Customer 1:N Order: {label: places, via: customer_id}
"""


def test_entities_attributes_and_relationships() -> None:
    assert mermaid(SHOP) == [
        "erDiagram",
        "    Customer {",
        "        int id PK",
        "        text email UK",
        "    }",
        "    Order {",
        "        int id PK",
        "        int customer_id FK",
        "    }",
        "    Line {",
        "        int order_id PK, FK",
        "        int no PK",
        "    }",
        '    Customer ||..o{ Order : "places"',
        '    Order ||--o{ Line : "order_id"',
        "",
    ]


def test_detail() -> None:
    keys = mermaid(SHOP, detail="keys")
    assert "        int customer_id FK" in keys
    assert "        text email UK" not in keys
    assert not any("id" in line for line in mermaid(SHOP, detail="names")[:4])


@pytest.mark.parametrize(
    ("ends", "line"),
    [
        ("1 -- 1", "||..||"),
        ("0..1 -- 1..*", "|o..|{"),
        ("0..* -- 0..1", "}o..o|"),
        ("1..* -- *", "}|..o{"),
        ("||--|{", "||--|{"),
    ],
)
def test_ends(ends: str, line: str) -> None:
    model = f"entities: {{A: , B: }}\nrelationships: ['A {ends} B']"
    assert mermaid(model)[-2] == f'    A {line} B : ""'


def test_a_number_of_its_own_is_said_beside_the_line() -> None:
    model = "entities: {A: , B: }\nrelationships: ['A 1 -- 2..5 B']"
    assert mermaid(model)[-2] == '    A ||..|{ B : "(2..5)"'


@pytest.mark.parametrize(
    "name",
    [
        "Order Details", "only", "class", "ONE", "u", "a-b--c", 'x%y\\z"q`r', "<script>", "-->",
        "```", "<!-- erdgen:end -->", "商品タグ", "😀", "ü", "1st", "erDiagram",
        "x" * 500,
    ],
)  # fmt: skip
def test_any_name_fits_the_grammar(name: str) -> None:
    import json

    said = json.dumps(name, ensure_ascii=False)
    model = (
        f"{{entities: {{{said}: {{attributes: {{{said}: {{type: {said}, pk: true, description: "
        f"{said}}}, pk: int, 'fk-1': int, '(x)': int}}}}, B: }}, relationships: "
        f"[{{from: B, to: {said}, type: '1:N', label: {said}}}]}}"
    )
    check_grammar(mermaid(model))


def test_what_does_not_fit_a_word_is_kept_as_comment() -> None:
    model = "entities: {A: {attributes: {'unit price': 'decimal(10, 2)? -- in \"EUR\"'}}}"
    wanted = "        decimal(10_2) unit_price \"unit price; decimal(10, 2); optional; in 'EUR'\""
    assert mermaid(model)[2] == wanted


def test_nothing_looks_like_a_tag() -> None:
    """Mermaid changes quotes up to the next `>`, also in the names of other entities."""
    model = "entities: {A: {attributes: {'<o': 'Map<string, int>'}}, '==': , '>': }"
    text = "\n".join(mermaid(model))
    assert "<" not in text
    assert '"#lt;o; Map#lt;string, int>"' in text


def test_an_empty_model() -> None:
    assert mermaid("entities: {}") == ["erDiagram", ""]


def test_a_line_through_a_junction_names_it() -> None:
    model = """
entities:
  A: {attributes: {id: int pk}}
  B: {attributes: {id: int pk}}
  A_B: {attributes: {a: int pk -> A, b: int pk -> B}}
relationships:
  - A N:M B: {through: A_B}
"""
    lines = mermaid(model)
    check_grammar(lines)
    assert '    A }o..o{ B : "through A_B"' in lines
