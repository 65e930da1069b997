"""What people write for want of a quote, a blank or a look at the contract: read, or told well."""

from __future__ import annotations

import json

import pytest

from erdgen.errors import ModelError
from erdgen.model.entities import Attribute
from erdgen.read import events, read_text
from tests.read.reading import attribute, entity, model, problems, reading, told


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


@pytest.mark.parametrize("words", ["one to many", "One to Many", "one_to_many", "one-to-mny"])
def test_words_that_are_not_joined(words: str) -> None:
    (found,) = problems(f"entities: {{A: , B: }}\nrelationships: [A {words} B]\n")
    assert found.help == "did you mean 'one-to-many'?"


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


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ("text unique?", Attribute("it", "text", unique=True, required=False)),
        ("uuid? index", Attribute("it", "uuid", index=True, required=False)),
        ("index?", Attribute("it", index=True, required=False)),
        ("text = not found", Attribute("it", "text", default="not found")),
        ("{type: uuid?}", Attribute("it", "uuid", required=False)),
        ("{type: uuid?, required: yes}", Attribute("it", "uuid")),
        ("{type: 'uuid ?', pk: yes}", Attribute("it", "uuid", pk=True)),
        ("{type: string | null}", Attribute("it", "string | null")),
        ("{type: no}", Attribute("it", "no")),
        ("{type: null}", Attribute("it", "null")),
    ],
)
def test_marks_where_people_put_them(definition: str, expected: Attribute) -> None:
    assert attribute(definition) == expected


@pytest.mark.parametrize(
    ("definition", "part", "advice"),
    [
        ("text = not null", "=", ""),
        ("text default NOT NULL", "default", ""),
        ("int check a > 0", "check", "`check (total >= 0)`"),
        ("int pk check a > 0", "check", "`check (total >= 0)`"),
        ("uuid -> Order Details.id", "Details.id", '`-> "Order Details".id`'),
        ("uuid -> Order Details", "Details", '`-> "Order Details"`'),
        ("uuid -> Customer.the id", "id", '`-> Customer."the id"`'),
        ("uuid -> Customer uniqe", "uniqe", "'unique'"),
        ("text required?", "?", ""),
    ],
)
def test_slips_in_definitions(definition: str, part: str, advice: str) -> None:
    line = f"  A: {{attributes: [it: '{definition}']}}"
    (found,) = problems(f"entities:\n{line}\n  Customer:\n")
    assert found.place is not None
    start = found.place.column - 1
    assert line[start : start + found.place.length] == part
    assert advice in found.help


@pytest.mark.parametrize("kind", ["uuid pk", "uuid -> Customer", "int = 3", "text -- why"])
def test_flags_in_the_type_of_the_long_form_are_warned_of(kind: str) -> None:
    found = reading(f"entities: {{A: {{attributes: {{it: {{type: {kind}}}}}}}}}\n")
    assert found.graph.model.entities[0].attributes == (Attribute("it", kind),)
    assert [item.code for item in found.warnings] == ["flags-in-type"]


def test_a_mapping_with_values_is_no_text_without_quotes() -> None:
    found = problems("entities: {A: {attributes: {a: {fk: B}, b: {x, y}}}}\n")
    assert found[0].help.startswith("known are: type, pk")
    assert "must be quoted" in found[1].help


@pytest.mark.parametrize("pure", [False, True], ids=["C", "Python"])
def test_the_pairs_of_escapes_of_json(pure: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if pure:
        monkeypatch.setattr(events, "make_parser", lambda _, text: events.pure_parser(text))
    data = json.dumps({"title": "😀 \\ud83d 🎉🎈 'x'", "entities": {"A😀": None, "it's": {}}})
    assert "\\ud83d\\ude00" in data
    found = model(data)
    assert found.title == "😀 \\ud83d 🎉🎈 'x'"
    assert [item.name for item in found.entities] == ["A😀", "it's"]
    # in single quotes they are a text like any other
    assert model("title: '\\ud83d\\ude00'\nentities: {}\n").title == "\\ud83d\\ude00"


def test_half_a_pair_is_refused() -> None:
    found = problems('entities:\n  A: {purpose: "x"}\n  "\\ud83d": \n')
    assert {item.place.line for item in found if item.place} == {3}


def test_a_group_that_is_a_list_of_entities() -> None:
    (found,) = problems("entities: {A: }\ngroups: {g: [A]}\n")
    assert found.code == "not-a-mapping"
    assert found.help == "write `g: {entities: [...]}`"


@pytest.mark.parametrize("char", "*&!%@`{[|>?")
def test_whatever_breaks_behind_an_indicator_gets_the_hint_to_quote_it(char: str) -> None:
    for before, text, after in (
        ("entities:\n  A:\n    attributes:\n      x: ", f"{char}foo bar", "\n"),
        ("entities: {A: , B: }\nrelationships:\n  - ", f"{char}foo 1:N B", "\n"),
        ("entities: {A: }\nenums:\n  E:\n    - ", char, "\n    - b\n"),
    ):
        if text in ("&foo bar", "?foo bar", "?foo 1:N B"):
            continue  # an anchor on the type `bar`, and texts: they do not break
        found = problems(before + text + after)
        assert any(f"'{text}'" in item.help for item in found), found


def test_an_open_bracket_that_begins_a_mapping_is_no_text() -> None:
    found = problems("entities:\n  A: {attributes: {id: int pk, name: text}\n")
    assert "quotes" not in found[0].help


def test_a_list_of_entities_is_told_how_to_write_a_mapping() -> None:
    (found,) = problems("entities:\n  - name: A\n")
    assert found.help == "write `name: ...` on lines of their own, without `- ` before them"


@pytest.mark.parametrize("name", ["doc.md", "doc.MDX", "schema.sql", "erd.mmd"])
def test_what_is_no_yaml_is_told_once(name: str) -> None:
    with pytest.raises(ModelError) as caught:
        read_text("# Data model\n\n| a | b |\n", name)
    (found,) = caught.value.diagnostics
    assert found.code == "no-model-format"
    assert "YAML" in found.message


def test_keys_inside_of_the_quotes_of_an_item_are_warned_of() -> None:
    found = reading(
        "entities: {A: , B: {attributes: {a: int}}}\nrelationships: ['A 1:N B: {via: a}']"
    )
    assert [item.code for item in found.warnings] == ["keys-in-quotes"]
    assert not reading("entities: {A: , B: }\nrelationships: ['A 1:N B: has']").warnings


@pytest.mark.parametrize("color", ["#1d4ed8", "crimsn", "'url(x)'"])
def test_a_colour_that_no_picture_will_show_is_warned_of(color: str) -> None:
    text = f"entities: {{A: {{group: g}}}}\ngroups:\n  g:\n    color: {color}\n"
    assert [item.code for item in reading(text).warnings] == ["unknown-color"]
    for good in ("teal", '"#1d4ed8"', "'#FFF'"):
        assert not reading(text.replace(color, good)).warnings
