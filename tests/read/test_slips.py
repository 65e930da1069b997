"""What people write for want of a quote, a blank or a look at the contract: read, or told well."""

from __future__ import annotations

from tests.read.reading import entity, model, problems, told


def attributes(text: str) -> list[tuple[str, str]]:
    return [(item.name, item.type) for item in entity(text).attributes]


def test_an_item_that_is_quoted_as_a_whole() -> None:
    text = """\
entities:
  A: ["id: uuid pk", 'tags: text[] index', "plain"]
  B: {states: {transitions: ["draft -> paid: payment received", 'a -> b']}}
relationships:
  - "A ||--o{ B : has: many"
  - '"A" 1:N "B": lists'
  - 'A 1:N B'
"""
    assert attributes(text) == [("id", "uuid"), ("tags", "text[]"), ("plain", "")]
    states = entity(text, "B").states
    assert states is not None
    assert [change.trigger for change in states.transitions] == ["payment received", ""]
    assert states.names == ("draft", "paid", "a", "b")
    said = model(text).declared
    assert [(item.left, item.right, item.label) for item in said] == [
        ("A", "B", "has: many"),
        ("A", "B", "lists"),
        ("A", "B", ""),
    ]


def test_what_is_wrong_in_a_quoted_item_is_told_at_its_place() -> None:
    text = """\
entities:
  A: ["id: uuid -> Nope", 'b: text )']
relationships:
  - "A 1:N Bx: lists"
"""
    assert told(problems(text)) == [
        (2, 20, "unknown-entity"),
        (2, 36, "unbalanced"),
        (4, 12, "unknown-entity"),
    ]


def test_a_list_takes_in_a_set_of_attributes() -> None:
    text = """\
x-stamps: &stamps {created: timestamp, updated: timestamp?}
x-key: &key {type: uuid, pk: yes}
entities:
  A:
    attributes:
      - id: uuid pk
      - updated: date
      - <<: *stamps
      - created: day
      - {<<: *key, name: other}
"""
    assert attributes(text) == [
        ("id", "uuid"),
        ("updated", "date"),
        ("created", "day"),
        ("other", "uuid"),
    ]
    twice = text + "      - created: now\n"
    assert told(problems(twice)) == [(11, 9, "duplicate-key")]


def test_a_set_that_is_an_item_by_itself_is_refused_with_the_way() -> None:
    (found,) = problems("x-s: &s {a: int, b: int}\nentities: {A: [id: uuid, *s]}\n")
    assert found.code == "bad-attribute"
    assert "`- <<: *name`" in found.help


def test_an_alias_of_nothing_is_told_once() -> None:
    text = """\
entities:
  A: [*no, {name: b, pk: *no}]
relationships: [*no]
"""
    assert told(problems(text)) == [
        (2, 7, "unknown-anchor"),
        (2, 26, "unknown-anchor"),
        (3, 17, "unknown-anchor"),
    ]


def test_slips_in_relationships() -> None:
    text = """\
entities: {A: , B: }
relationships:
  - A 1:N B:lists
  - {A 1:N B: x, B 1:N A: y}
"""
    found = problems(text)
    assert told(found) == [(3, 11, "unknown-entity"), (4, 5, "bad-relationship")]
    assert found[0].help == "a blank must follow the ':' before a label"
    assert "one relationship" in found[1].message
    (found_,) = problems("entities: {A: , B: }\nrelationships: {A 1:N B: x}\n")
    assert found_.code == "not-a-list"
    assert "`- ` before each item" in found_.help
