"""The short form of an attribute: every row of the grammar."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erdgen.model.entities import Attribute, Reference
from erdgen.read.shortforms import (
    ShortFormError,
    parse_action,
    parse_definition,
    parse_target,
)
from tests.read.reading import attribute, problems

TYPES = [
    "uuid",
    "decimal(10, 2)",
    "timestamp with time zone",
    "double precision",
    "Record<string, any>",
    "Map<string, List<int>>",
    "text[]",
    "'a' | 'b'",
    "\"a, b\" | 'c'",
    "character varying (20)",
    "enum('a', 'it''s -- b', '->')",
    "numeric(10,2)[]",
    "{a: int, b: [string]}",
    "(string | number)[]",
    "Promise<Array<{a: string}>>",
    "int unsigned",
    "geometry(Point, 4326)",
    "1:1",
    "z-index",
    "pkey",
    "nullable_text",
    "default_type",
    "on",
    "not",
    "check",
    "a/b%c",
    "日本語",
]


@pytest.mark.parametrize("kind", TYPES)
def test_a_type_stands_as_it_was_written(kind: str) -> None:
    found = attribute(kind, quote=True)
    assert found == Attribute("it", kind)
    assert attribute(f"{kind}? unique", quote=True) == Attribute(
        "it", kind, required=False, unique=True
    )
    assert attribute(f"{kind} pk -- why", quote=True) == Attribute(
        "it", kind, pk=True, description="why"
    )


FLAGS: list[tuple[str, Attribute]] = [
    ("", Attribute("it")),
    ("uuid pk", Attribute("it", "uuid", pk=True)),
    ("uuid PRIMARY KEY", Attribute("it", "uuid", pk=True)),
    ("uuid primary   key", Attribute("it", "uuid", pk=True)),
    ("pk", Attribute("it", pk=True)),
    ("uuid Unique", Attribute("it", "uuid", unique=True)),
    ("uuid index", Attribute("it", "uuid", index=True)),
    ("uuid generated", Attribute("it", "uuid", generated=True)),
    ("uuid?", Attribute("it", "uuid", required=False)),
    ("uuid ?", Attribute("it", "uuid", required=False)),
    ("uuid null", Attribute("it", "uuid", required=False)),
    ("uuid NULLABLE", Attribute("it", "uuid", required=False)),
    ("uuid optional", Attribute("it", "uuid", required=False)),
    ("timestamp with time zone?", Attribute("it", "timestamp with time zone", required=False)),
    ("string | null", Attribute("it", "string", required=False)),
    ("uuid not null", Attribute("it", "uuid")),
    ("uuid NOT NULL", Attribute("it", "uuid")),
    ("uuid required", Attribute("it", "uuid")),
    # a pk is always required
    ("uuid? pk", Attribute("it", "uuid", pk=True)),
    ("int = 0", Attribute("it", "int", default="0")),
    ("int =0", Attribute("it", "int", default="0")),
    ("int=0", Attribute("it", "int", default="0")),
    ("int?=0", Attribute("it", "int", required=False, default="0")),
    ("int default 0", Attribute("it", "int", default="0")),
    ("int DEFAULT 0 index", Attribute("it", "int", default="0", index=True)),
    ("timestamp default(now())", Attribute("it", "timestamp", default="(now())")),
    ("uuid pk = gen_random_uuid()", Attribute("it", "uuid", pk=True, default="gen_random_uuid()")),
    ("text? = null", Attribute("it", "text", required=False, default="null")),
    ("text default null unique", Attribute("it", "text", default="null", unique=True)),
    ("text = 'a -- b' index", Attribute("it", "text", default="'a -- b'", index=True)),
    (
        "date = now() + interval '1 day'",
        Attribute("it", "date", default="now() + interval '1 day'"),
    ),
    ("int = -1 -- less", Attribute("it", "int", default="-1", description="less")),
    ("json = '{\"a\": 1}'::jsonb", Attribute("it", "json", default="'{\"a\": 1}'::jsonb")),
    ("int check (it >= 0)", Attribute("it", "int", check="it >= 0")),
    ("int check(it < 5 and it > (1 + 2))", Attribute("it", "int", check="it < 5 and it > (1 + 2)")),
    ("int CHECK ( it in ('a)', 'b') )", Attribute("it", "int", check="it in ('a)', 'b')")),
    ("-- only words", Attribute("it", description="only words")),
    ("int -- it's ( not [ closed", Attribute("it", "int", description="it's ( not [ closed")),
    ("int -- a -- b", Attribute("it", "int", description="a -- b")),
    (
        "OrderStatus = 'draft' index",
        Attribute("it", "OrderStatus", default="'draft'", index=True, enum="OrderStatus"),
    ),
    ("OrderStatus[]?", Attribute("it", "OrderStatus[]", required=False, enum="OrderStatus")),
]


@pytest.mark.parametrize(("definition", "expected"), FLAGS, ids=[text for text, _ in FLAGS])
def test_flags(definition: str, expected: Attribute) -> None:
    assert attribute(definition, quote=True) == expected


REFERENCES: list[tuple[str, Reference]] = [
    ("-> Customer.id", Reference("Customer", "id")),
    ("->Customer.id", Reference("Customer", "id")),
    ("-> Customer", Reference("Customer")),
    ("fk Customer.email", Reference("Customer", "email")),
    ("FK Customer", Reference("Customer")),
    ("references Customer(id)", Reference("Customer", "id")),
    ("REFERENCES Customer (id)", Reference("Customer", "id")),
    ("references Customer", Reference("Customer")),
    ("references Customer.id", Reference("Customer", "id")),
    ("-> Fact.Sale", Reference("Fact.Sale")),
    ("-> Fact.Sale.day", Reference("Fact.Sale", "day")),
    ("-> Fact.id", Reference("Fact", "id")),
    ("references Fact.Sale(day)", Reference("Fact.Sale", "day")),
    ('-> "Order Details".line', Reference("Order Details", "line")),
    ('-> "Order Details"', Reference("Order Details")),
    ('references "Order Details"(id)', Reference("Order Details", "id")),
    ("-> `Order Details`.`line`", Reference("Order Details", "line")),
    ("-> Customer.id on delete cascade", Reference("Customer", "id", "cascade")),
    ("-> Customer ON DELETE SET NULL", Reference("Customer", None, "set null")),
    (
        "-> Customer.id on update set  default on delete no action",
        Reference("Customer", "id", "no action", "set default"),
    ),
    ("-> Customer on update restrict", Reference("Customer", None, "", "restrict")),
]


@pytest.mark.parametrize(("words", "expected"), REFERENCES, ids=[text for text, _ in REFERENCES])
def test_references(words: str, expected: Reference) -> None:
    assert attribute(f"uuid {words}", quote=True) == Attribute("it", "uuid", reference=expected)
    assert attribute(f"uuid? {words} unique -- so", quote=True) == Attribute(
        "it", "uuid", unique=True, required=False, description="so", reference=expected
    )
    assert attribute(f"uuid pk {words}", quote=True) == Attribute(
        "it", "uuid", pk=True, reference=expected
    )


def test_words_after_the_type_stand_in_any_order() -> None:
    import itertools

    words = ["not null", "unique", "= 0", "-> Customer.id", "check (it > 0)"]
    found = {
        attribute(" ".join(["int", *order]), quote=True) for order in itertools.permutations(words)
    }
    assert found == {
        Attribute(
            "it",
            "int",
            unique=True,
            default="0",
            check="it > 0",
            reference=Reference("Customer", "id"),
        )
    }


WRONG = [
    ("uuid pk uniqe", "unknown-flag", "uniqe", "'unique'"),
    ("uuid pk text", "unknown-flag", "text", "the type comes first"),
    ("uuid -> Customer on delete cascde", "unknown-action", "cascde", "'cascade'"),
    ("uuid -> Customer on delete", "unknown-action", "", "cascade, restrict"),
    ("int on delete cascade", "bad-definition", "on delete", "-> Entity"),
    ("decimal(10, 2", "unbalanced", "(10, 2", ""),
    ("decimal 10)", "unbalanced", ")", ""),
    ("decimal(10]", "unbalanced", "]", ""),
    ("'abc", "unbalanced", "'abc", ""),
    ("int default", "bad-definition", "default", ""),
    ("int =", "bad-definition", "=", ""),
    ("int = -- why", "bad-definition", "=", ""),
    ("int null not null", "contradiction", "not null", ""),
    ("int? required", "contradiction", "required", ""),
    ("int ->", "bad-reference", "->", "-> Entity"),
    ("int fk", "bad-reference", "fk", "-> Entity"),
    ("int -> Customer -> Customer", "bad-definition", "->", ""),
    ("int = 1 default 2", "bad-definition", "default", ""),
    ("int check (a) check (b)", "bad-definition", "check", ""),
    ("uuid -> Order Details.id", "unknown-flag", "Details.id", "quoted"),
    ("uuid -> Custmer.id", "unknown-entity", "Custmer.id", "'Customer'"),
    ("uuid -> Customer.idd", "unknown-attribute", "Customer.idd", "'id'"),
    ("uuid -> Fact.Sale.dy", "unknown-attribute", "Fact.Sale.dy", "'day'"),
]


@pytest.mark.parametrize(("definition", "code", "part", "advice"), WRONG)
def test_what_is_wrong_is_told_at_its_place(
    definition: str, code: str, part: str, advice: str
) -> None:
    text = f"""
entities:
  Holder:
    attributes:
      it: "{definition}"
  Customer: {{attributes: {{id: uuid pk}}}}
  Fact.Sale: {{attributes: {{id: uuid pk, day: date}}}}
"""
    (found,) = problems(text)
    assert found.place
    start = found.place.column - 1
    assert found.code == code
    assert found.place.line == 5
    assert found.place.source == f'      it: "{definition}"'
    assert found.place.source[start : start + found.place.length].startswith(part or '"')
    assert advice in found.help


def test_the_cascade_of_a_default_is_not_a_flag_of_its_own() -> None:
    # the first word behind `default` is its value, whatever it is
    assert parse_definition("text default index index").default == "index"
    assert parse_definition("text default index index").index


def test_targets_and_actions() -> None:
    assert parse_target("a.b.c").parts == ("a", "b", "c")
    assert parse_target('"a.b".c').parts == ("a.b", "c")
    assert parse_action("Set Null") == "set null"
    for bad in ("", "(id)", "a..b", ".a", "a.", '"a" b"'):
        with pytest.raises(ShortFormError):
            parse_target(bad)
    with pytest.raises(ShortFormError):
        parse_action("explode")


# --- property: what is written is what is read --------------------------------------------------

# with the flag that follows, `not` and `on` would make another flag
_types = st.sampled_from([kind for kind in [*TYPES, ""] if kind not in {"not", "on"}])
_defaults = st.none() | st.sampled_from(["0", "'x y'", "now()", "null", "-1", "a + b", "'it''s'"])
_checks = st.sampled_from(["", "a > 0", "(a) or (b)", "a in ('x', ')')"])
_actions = st.sampled_from(["", "cascade", "restrict", "set null", "set default", "no action"])
_descriptions = st.sampled_from(["", "words", "it's (odd", "-> Customer", "pk = 1"])
_targets = st.none() | st.sampled_from(
    [("Customer", None), ("Customer", "id"), ("Fact.Sale", "day"), ("Order Details", "line")]
)


@given(data=st.data())
def test_a_definition_reads_back(data: st.DataObject) -> None:
    draw = data.draw
    kind, default, check = draw(_types), draw(_defaults), draw(_checks)
    target, delete, update = draw(_targets), draw(_actions), draw(_actions)
    pk, unique, index, generated, optional = (draw(st.booleans()) for _ in range(5))
    description = draw(_descriptions)
    words = []
    if pk:
        words.append(draw(st.sampled_from(["pk", "primary key", "PK"])))
    if unique:
        words.append("unique")
    if index:
        words.append("INDEX")
    if generated:
        words.append("generated")
    if optional:
        words.append(draw(st.sampled_from(["?", "null", "nullable", "optional"])))
    if default is not None:
        words.append(draw(st.sampled_from(["= ", "default "])) + default)
    if check:
        words.append(f"check ({check})")
    if target:
        entity, name = target
        shown = f'"{entity}"' if " " in entity else entity
        words.append(draw(st.sampled_from(["-> ", "fk ", "references "])) + shown)
        words[-1] += f".{name}" if name else ""
        words += [f"on delete {delete}"] if delete else []
        words += [f"on update {update}"] if update else []
    words = draw(st.permutations(words))
    text = " ".join([kind, *words] + ([f"-- {description}"] if description else [])).strip()
    found = parse_definition(text)
    assert found.type == kind
    assert (found.pk, found.unique, found.index, found.generated) == (pk, unique, index, generated)
    assert found.required == (False if optional else None)
    assert found.default == default
    assert found.check == check
    assert found.description == description
    if target:
        assert found.target is not None
        assert found.target.parts == (
            (*target[0].split("."), target[1]) if target[1] else tuple(target[0].split("."))
        )
        assert (found.on_delete, found.on_update) == (delete, update)
    else:
        assert found.target is None


@given(st.text(max_size=60) | st.text("ab ()[]<>{}'\"`=-?>.,|pkdefaultonchk", max_size=40))
def test_no_definition_breaks_the_reader(text: str) -> None:
    error = None
    try:
        parse_definition(text)
    except ShortFormError as raised:
        error = raised
    if error is not None:
        assert 0 <= error.offset <= len(text)
        assert error.message
