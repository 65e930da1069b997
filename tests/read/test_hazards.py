"""Bad input: each case is refused, placed, in plain words, and never with a traceback."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from erdgen.errors import FileError, ModelError
from erdgen.read import events, read_file
from tests.read.reading import model, problems, told

# text, where and what of the first problem, a word of its message, a word of its help
SYNTAX: list[tuple[str, tuple[int, int, str], str, str]] = [
    # tabs
    ("entities:\n\tOrder:\n", (2, 1, "tab"), "indentation", "blanks"),
    ("entities:\n  Order:\n\t  attributes:\n", (3, 1, "tab"), "indentation", "blanks"),
    ("entities:\n  -\tx\n", (2, 4, "tab"), "tab", ""),
    # texts that begin with what means something to YAML
    ("a:\n  b: @foo\n", (2, 6, "yaml-indicator"), "begin with @", "'@foo'"),
    ("a: `foo` # why\n", (1, 4, "yaml-indicator"), "begin with `", "'`foo`'"),
    ("a:\n  - %foo\n", (2, 5, "yaml-indicator"), "begin with %", "'%foo'"),
    ("a: * x\n", (1, 4, "yaml-indicator"), "begin with *", "'* x'"),
    ("a: *foo bar\n", (1, 4, "yaml-indicator"), "begin with *", "'*foo bar'"),
    ("a: & x\n", (1, 4, "yaml-indicator"), "begin with &", "'& x'"),
    ("a: {b}c\n", (1, 4, "yaml-indicator"), "begin with {", "'{b}c'"),
    ("a: {} -- text\n", (1, 4, "yaml-indicator"), "begin with {", "'{} -- text'"),
    ("a: [x] unique\n", (1, 4, "yaml-indicator"), "begin with [", "'[x] unique'"),
    ("a: ? b\n", (1, 4, "yaml-indicator"), "begin with ?", "'? b'"),
    ("a: | x\n", (1, 4, "yaml-indicator"), "begin with |", "'| x'"),
    ("checks:\n  - > 0\n", (2, 5, "yaml-indicator"), "begin with >", "'> 0'"),
    ("a: >= 0\n", (1, 4, "yaml-indicator"), "begin with >", "'>= 0'"),
    ("a: ]\n", (1, 4, "yaml-indicator"), "begin with ]", ""),
    ("a: !<x y\n", (1, 4, "unknown-tag"), "begin with !", "'!<x y'"),
    ("a: 'x' | 'y'\n", (1, 10, "yaml-indicator"), "closing quote", "\"'x' | 'y'\""),
    ('a: "x" index\n', (1, 8, "yaml-indicator"), "closing quote", "'\"x\" index'"),
    ("a: 'it's'\n", (1, 8, "yaml-indicator"), "closing quote", '"it\'s"'),
    ("a: b: c\n", (1, 5, "yaml-indicator"), "': '", "'b: c'"),
    ("a:\n  - b: c: d\n", (2, 9, "yaml-indicator"), "': '", "'c: d'"),
    ("a: {b: text[]}\n", (1, 12, "yaml-indicator"), "must be quoted", "'text[]'"),
    ("a: [A ||--o{ B]\n", (1, 12, "yaml-indicator"), "must be quoted", "'A ||--o{ B'"),
    ("a: {c: 'x' | 'y', d: e}\n", (1, 12, "yaml-indicator"), "closing quote", "\"'x' | 'y'\""),
    ("a: [c: 'x' or 'y']\n", (1, 12, "yaml-indicator"), "closing quote", "\"'x' or 'y'\""),
    ("a: {c: enum('x', 'y')}\n", (1, 8, "torn-text"), "apart", "\"enum('x', 'y')\""),
    ("a: {b: text = '{}'}\n", (1, 16, "yaml-indicator"), "holds {", "\"text = '{}'\""),
    ("- {type: }o--o{}\n", (1, 10, "yaml-indicator"), "end of the mapping", "'}o--o{'"),
    ("- {type: }o--||, a: b}\n", (1, 10, "yaml-indicator"), "end of the mapping", "'}o--||'"),
    ("type: }o--||\n", (1, 7, "yaml-indicator"), "begin with }", "'}o--||'"),
    # quotes and brackets
    ("a: 'x\n", (1, 4, "yaml-syntax"), "never closed", ""),
    ('a: "x\n  y: 2\n', (1, 4, "yaml-syntax"), "never closed", ""),
    ("a: {b: c\n", (1, 4, "yaml-syntax"), "not closed", ""),
    ("a: [b,\nc: d\n", (1, 4, "yaml-syntax"), "not closed", ""),
    ('a: "C:\\dir"\n', (1, 7, "yaml-syntax"), "escape", "single quotes"),
    ('a: "\\xg0"\n', (1, 5, "yaml-syntax"), "escape", "backslash"),
    # lines that do not fit together
    ("a:\n  b: 1\n c: 2\n", (3, 2, "indentation"), "fits none", ""),
    ("a:\n  b: 1\n   c: 2\n", (3, 5, "indentation"), "indented below", ""),
    ("a:\n  b\n  c: d\n", (3, 4, "indentation"), "no ':'", ""),
    ("a:\n  b: c\n  - d\n", (3, 3, "indentation"), "list item", ""),
    ("- a\nb: c\n", (2, 1, "indentation"), "list item", ""),
    ("a: - b\n", (1, 4, "yaml-syntax"), "list", "lines of their own"),
    ("a:\n  - b\n  c\n", (3, 3, "yaml-syntax"), "':'", ""),
    (": b\n", (1, 1, "indentation"), "key is missing", ""),
    ("a" * 1030 + ": 1\n", (1, 1, "yaml-syntax"), "1,024", ""),
    # documents
    ("entities: {}\n---\nentities: {}\n", (2, 1, "several-documents"), "second", "include"),
    ("a: 1\n...\nb: 2\n", (3, 1, "yaml-syntax"), "ended", ""),
    ("%YAML 2.0\n---\na: 1\n", (1, 1, "yaml-syntax"), "directive", ""),
    # tags, anchors, keys
    ("entities: !foo {}\n", (1, 11, "unknown-tag"), "!foo", ""),
    ("entities: !!python/object:os.system {}\n", (1, 11, "unknown-tag"), "!!python", ""),
    ("title: !!binary eA==\nentities: {}\n", (1, 8, "unknown-tag"), "!!binary", ""),
    ("entities: !!set {}\n", (1, 11, "unknown-tag"), "!!set", ""),
    ("entities: *foo\n", (1, 11, "unknown-anchor"), "&foo", "'*foo'"),
    ("diagram: {only: [*Order, B]}\n", (1, 18, "unknown-anchor"), "&Order", "'*Order'"),
    ("a: {type: x, default: !no}\n", (1, 23, "unknown-tag"), "begin with !", "'!no'"),
    ("a: [x, @foo]\n", (1, 8, "yaml-indicator"), "begin with @", "'@foo'"),
    ("a:\n  id:uuid\n  name: text\n", (3, 7, "indentation"), "no blank after its ':'", ""),
    ("x-a: &abc {}\nentities: *abd\n", (2, 11, "unknown-anchor"), "&abd", "*abc"),
    ("x-a: &a [1, *a]\nentities: {}\n", (1, 13, "recursive-alias"), "*a", ""),
    ("entities:\n  A:\n  B:\n  A:\n", (4, 3, "duplicate-key"), "'A'", ""),
    ("entities:\n  A: {attributes: {id: a, id: b}}\n", (2, 27, "duplicate-key"), "'id'", ""),
    ("entities: {}\nx-a: {b: 1, c: 2, b: 3}\n", (2, 19, "duplicate-key"), "'b'", ""),
    ("entities:\n  A: {<<: {}, <<: {}}\n", (2, 15, "duplicate-key"), "'<<'", "[*a, *b]"),
    ("entities:\n  A: {<<: [x]}\n", (2, 7, "bad-merge"), "mappings", ""),
    ("entities:\n  ? [a, b]\n  : x\n", (2, 5, "bad-key"), "list", "quoted"),
    ("entities:\n  A: {{ x }}\n", (2, 7, "bad-key"), "mapping", "quoted"),
    ("entities: {}\ntitel: x\n", (2, 1, "unknown-key"), "'titel'", "'title'"),
    ("entities:\n  A:\n    id: uuid\n", (3, 5, "unknown-key"), "'id'", "attributes:"),
    ("entities:\n  A: [id, id]\n", (2, 11, "duplicate-key"), "'id'", ""),
    # torn apart, swallowed
    ("entities: {A: {attributes: {p: numeric(10,2)}}}\n", (1, 32, "torn-text"),
     "numeric(10,2)", "'numeric(10,2)'"),
    ("entities: {A: {attributes: {p: Record<string, any>}}}\n", (1, 32, "torn-text"),
     "Record", "'Record<string, any>'"),
    ("entities: {A: [p: numeric(10,2), b]}\n", (1, 19, "torn-text"), "numeric", "quotes"),
    ("entities: {A: {checks: [a in (1, 2)]}}\n", (1, 25, "torn-text"), "a in (1, 2)", "quotes"),
    ("entities: {A: {attributes: {id:uuid}}}\n", (1, 29, "missing-blank"), "id:uuid", "id: uuid"),
    # not a model
    ("entities: [A, B]\n", (1, 11, "not-a-mapping"), "mapping", ""),
    ("entities:\n  A: foo\n", (2, 6, "not-a-mapping"), "mapping", ""),
    ("entities:\n  A:\n    attributes:\n      id:uuid\n", (4, 7, "not-a-mapping"), "text", "blank"),
    ("entities:\n  A:\n    attributes:\n      a: [b]\n", (4, 10, "not-a-text"), "'a'", "'[b]'"),
    ("entities:\n  A:\n    table: {}\n", (3, 12, "not-a-text"), "table", "'{}'"),
    ("entities:\n  A:\n    attributes: [[a]]\n", (3, 18, "not-a-text"), "attribute", ""),
    ("entities:\n  A: [{type: x, pk: yes}]\n", (2, 7, "bad-attribute"), "name", ""),
    ("entities:\n  A: {description: [a]}\n", (2, 20, "not-a-text"), "text", ""),
    ("entities:\n  A: {unique: [[b]]}\n", (2, 17, "unknown-attribute"), "'b'", ""),
    ("entities:\n  A: {attributes: [id, total], unique: [[b]]}\n", (2, 42, "unknown-attribute"),
     "'b'", "known are: id, total"),
    ("entities: {}\nrelationships: foo\n", (2, 16, "not-a-list"), "list", ""),
    ("entities: {}\ninclude: {a: b}\n", (2, 10, "not-a-list"), "list", ""),
    ("- a\n", (1, 1, "not-a-mapping"), "list", "entities"),
    ("entities\n", (1, 1, "not-a-mapping"), "text", "entities"),
    ("title: x\n", (1, 1, "missing-key"), "entities", "entities: {}"),
    ("", (0, 0, "empty-file"), "no model", "entities"),
    ("# only words\n", (0, 0, "empty-file"), "no model", "entities"),
    ("---\n", (0, 0, "empty-file"), "no model", "entities"),
    # characters
    ("entities: {A\0: }\n", (1, 13, "control-character"), "U+0000", ""),
    ("entities:\n  A: \x1b[31m\n", (2, 6, "control-character"), "U+001B", ""),
    ("entities: {} # \ufeff\n", (1, 16, "control-character"), "byte order mark", ""),
]  # fmt: skip


@pytest.mark.parametrize("pure", [False, True], ids=["C", "Python"])
@pytest.mark.parametrize("case", SYNTAX)
def test_refused(
    case: tuple[str, tuple[int, int, str], str, str],
    pure: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text, where, message, advice = case
    if pure:
        monkeypatch.setattr(events, "make_parser", lambda _, text: events.pure_parser(text))
    found = problems(text)
    assert where in told(found)
    item = found[told(found).index(where)]
    assert message in item.message
    assert advice in item.help
    assert item.place
    assert item.place.file == "model.yaml"
    if item.place.line and item.place.source:
        line = text.split("\n")[item.place.line - 1]
        assert item.place.source == line.rstrip("\r")
        assert item.place.column - 1 + item.place.length <= max(len(line), item.place.column)


def test_all_problems_are_told_in_the_order_of_their_places() -> None:
    text = """\
titel: x
entities:
  A:
    attributes:
      a: uuid -> Nowhere
      b: int uniqe pk uniqe
      c: numeric(10
    unique: [d]
    states: {initial: x, transitions: [y -> z]}
  B: [[c]]
relationships:
  - A 1:N C
  - A foo B
enums: {E: x}
groups: {g: {entities: [D]}}
"""
    found = problems(text)
    assert [item.place.line for item in found if item.place] == [
        1, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15,
    ]  # fmt: skip
    assert len(found) == 11


def test_a_duplicate_key_names_both_places() -> None:
    (found,) = problems("entities:\n  A:\n  B:\n  A:\n")
    ((words, place),) = found.related
    assert words == "first here"
    assert (place.line, place.column, place.source) == (2, 3, "  A:")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ("entities: {}".encode("utf-16"), "UTF-16"),
        ("entities: {}".encode("utf-32"), "UTF-32"),
        ("entities:\n  Caf\u00e9:\n".encode("latin-1"), "not UTF-8"),
    ],
)
def test_another_encoding_is_refused(data: bytes, word: str) -> None:
    (found,) = problems(data)
    assert found.code == "not-utf8"
    assert word in found.message
    assert found.help == "save it as UTF-8"
    if word == "not UTF-8":
        assert found.place
        assert (found.place.line, found.place.column) == (2, 6)


def test_a_byte_order_mark_is_accepted() -> None:
    text = "\ufeffentities:\n  A:\n    colour: x\n"
    (found,) = problems(text)
    assert found.place
    assert (found.place.line, found.place.column) == (3, 5)
    assert model("\ufeffentities: {A: }").entities[0].name == "A"


@pytest.mark.parametrize(
    "name",
    ['"A\\nB"', '"  "', '""', '"a\\u202eb"', '"a\\tb"', '"\\u200b"', '"\\u0007"', '"\\u2028x"',
     '"a\\uFFFEb"', '"\\u200fx"', "'\u202dx'", '"\\x85"', '" \\u3000 "'],
)  # fmt: skip
@pytest.mark.parametrize("where", ["entity", "attribute", "list", "enum", "group", "state"])
def test_names_that_cannot_be_drawn_are_refused(name: str, where: str) -> None:
    text = {
        "entity": f"entities:\n  {name}:\n",
        "attribute": f"entities:\n  A:\n    attributes:\n      {name}: int\n",
        "list": f"entities:\n  A: [b, {name}]\n",
        "enum": f"enums: {{E: [{name}]}}\nentities: {{}}\n",
        "group": f"groups:\n  {name}:\nentities: {{}}\n",
        "state": f"entities:\n  A:\n    states: {{initial: {name}}}\n",
    }[where]
    (found,) = problems(text)
    assert found.code == "bad-name"
    assert found.place
    assert found.message.isprintable()
    assert found.place.source[found.place.column - 1 :].startswith(("'", '"', "\u202d"))


@pytest.mark.parametrize(
    "name",
    ["<script>", 'a"b', "a\\b", "a&b", "|", "{", "}", "`", "אבג", "😀", "👩‍👩‍👧", "x" * 500, "日本",
     "a b", " a", "#", "%", "--", "pk", "null", "-", "e\u0301", "&lt;", "$(x)", "A: B", "a,b"],
)  # fmt: skip
def test_other_names_are_kept(name: str) -> None:
    quoted = "'" + name.replace("'", "''") + "'"
    text = f"entities:\n  {quoted}:\n    attributes:\n      {quoted}: int\n    table: {quoted}\n"
    (found,) = model(text).entities
    assert found.name == name
    assert found.attributes[0].name == name


def test_texts_are_refused_only_for_what_harms() -> None:
    text = (
        'entities:\n  A:\n    purpose: "two\\nlines\\tand a tab"\n    attributes:\n'
        '      a: "te\\u202ext"\n      b: {description: "x\\u0007"}\n'
        '    notes: ["\\u2066"]\n'
    )
    assert told(problems(text)) == [(5, 10, "bad-text"), (6, 24, "bad-text"), (7, 13, "bad-text")]


def test_a_message_cannot_hold_what_a_terminal_obeys() -> None:
    found = problems('entities:\n  A: {"\\x1b[31m\\n": x}\n"a\\rb": 1\n')
    assert all(item.message.isprintable() for item in found)
    assert len(found) == 2
    (found_long,) = problems("entities: {}\n" + "k" * 1000 + ": x\n")
    assert len(found_long.message) < 1000


# --- files --------------------------------------------------------------------------------------


def test_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "model.yaml").write_text("entities: {}")
    with pytest.raises(FileError) as caught:
        read_file(str(tmp_path / "modle.yaml"))
    (found,) = caught.value.diagnostics
    assert found.code == "no-such-file"
    assert found.help == "did you mean 'model.yaml'?"
    with pytest.raises(FileError) as caught:
        read_file(str(tmp_path / "other.txt"))
    assert not caught.value.diagnostics[0].help


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, ""])
def test_no_file_has_such_a_name(name: str) -> None:
    with pytest.raises(FileError):
        read_file(name)


def test_a_directory(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        read_file(str(tmp_path))
    assert caught.value.diagnostics[0].code == "is-a-directory"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model.yaml"
    path.write_text("entities: {}")
    path.chmod(0)
    if path.stat().st_mode & stat.S_IRUSR == 0 and sys.platform != "win32":
        # root may read everything, so the refusal is made up here

        def refuse(*_: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(FileError) as caught:
        read_file(str(path))
    assert caught.value.diagnostics[0].code == "unreadable"


def test_the_name_for_messages(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text("entities: {}\ntitel: x\n")
    with pytest.raises(ModelError) as caught:
        read_file(str(path), display_name="docs/shop.yaml")
    place = caught.value.diagnostics[0].place
    assert place
    assert place.file == "docs/shop.yaml"
    path.write_text("entities: {}\n")
    found = read_file(str(path), display_name="docs/shop.yaml")
    assert found.graph.model.name == "shop"
    # the files can be opened, whatever messages call them
    assert found.files == (str(path),)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"entities: {A: }\n")))
    found = read_file("-")
    assert found.graph.model.name == "model"
    assert found.files == ("<stdin>",)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a: {\n")))
    with pytest.raises(ModelError) as caught:
        read_file("-")
    place = caught.value.diagnostics[0].place
    assert place
    assert place.file == "<stdin>"


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        ("c: text = 'a # b'", "comment; put the whole text in quotes: \"text = 'a # b'\""),
        ("{c: text = 'a,b', d: int}", "at this ,; put the whole text in quotes: \"text = 'a,b'\""),
        ("{c: (a, d: int}", ""),
        ("c: (a", ""),
    ],
)
def test_a_text_that_yaml_has_ended_early(text: str, help_: str) -> None:
    found = problems(f"entities:\n  A:\n    attributes:\n      {text}\n")[0]
    assert found.code == "unbalanced"
    assert found.help.endswith(help_)
    assert bool(found.help) == bool(help_)
