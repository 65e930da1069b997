"""Models in several files."""

from __future__ import annotations

from pathlib import Path

import pytest

from erdgen.errors import Diagnostic, ModelError
from erdgen.read import read_file, read_text


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        path = folder / (name.replace("__", "/") + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def failing(path: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(ModelError) as caught:
        read_file(path)
    return caught.value.diagnostics


def test_files_are_merged(files: Path) -> None:
    write(
        files,
        main="title: all\ninclude: [parts/sales.yaml, people.yaml]\n"
        "entities: {Invoice: {attributes: {order_id: uuid -> Order}}}\n"
        "diagram: {direction: right}\n",
        parts__sales="include: stock/items.yaml\ntitle: sales\n"
        "entities: {Order: {attributes: {id: uuid pk, item: uuid -> Item.id, s: Status}}}\n"
        "relationships: [Order 1:N Person]\ndiagram: {direction: down, theme: dark}\n",
        parts__stock__items="entities: {Item: {attributes: {id: uuid pk}}}\nenums: {Status: [a]}\n",
        people="entities: {Person: }\ngroups: {all: {entities: [Person, Item]}}\n",
    )
    found = read_file("main.yaml")
    model = found.graph.model
    assert [item.name for item in model.entities] == ["Invoice", "Order", "Item", "Person"]
    assert model.title == "all"
    assert model.name == "main"
    assert [(name, value) for name, value, _ in model.diagram] == [
        ("direction", "right"),
        ("theme", "dark"),
    ]
    assert model.entities[1].attributes[2].enum == "Status"
    assert [item.group for item in model.entities] == ["", "", "all", "all"]
    assert [(item.left, item.right) for item in found.graph.relationships] == [
        ("Order", "Invoice"),
        ("Item", "Order"),
        ("Order", "Person"),
    ]
    assert found.files == (
        "main.yaml",
        "parts/sales.yaml",
        "parts/stock/items.yaml",
        "people.yaml",
    )


def test_a_file_included_by_two_ways_is_read_once(files: Path) -> None:
    write(
        files,
        a="include: [b.yaml, c.yaml]\nentities: {A: }\n",
        b="include: [d.yaml]\nentities: {B: }\n",
        c="include: [./x/../d.yaml]\nentities: {C: }\n",
        d="entities: {D: }\n",
    )
    (files / "x").mkdir()
    found = read_file("a.yaml")
    assert [item.name for item in found.graph.model.entities] == ["A", "B", "D", "C"]


@pytest.mark.parametrize("name", ["entities", "enums", "groups"])
def test_a_clash_names_both_places(files: Path, name: str) -> None:
    body = {"entities": "{Twice: }", "enums": "{Twice: [a]}", "groups": "{Twice: }"}[name]
    write(
        files,
        a=f"include: [b.yaml]\n{name}: {body}\n",
        b=f"include: [c.yaml]\n{name}: {body}\n",
        c="x-entities: {}\n" if name == "entities" else "entities: {}\n",
    )
    (found,) = failing("a.yaml")
    assert found.code == "duplicate-name"
    assert found.place
    assert (found.place.file, found.place.line) == ("b.yaml", 2)
    ((_, first),) = found.related
    assert first.file == "a.yaml"
    assert first.line == 2


def test_cycles(files: Path) -> None:
    write(
        files,
        a="include: [b.yaml]\nentities: {}\n",
        b="include: [c.yaml]\n",
        c="include:\n  - a.yaml\n  - c.yaml\n",
    )
    found = failing("a.yaml")
    assert [item.code for item in found] == ["include-cycle", "include-cycle"]
    assert found[0].message.endswith("a.yaml → b.yaml → c.yaml → a.yaml")
    assert found[0].place
    assert (found[0].place.file, found[0].place.line, found[0].place.column) == ("c.yaml", 2, 5)


def test_problems_of_all_files_are_told(files: Path) -> None:
    write(
        files,
        a="include: [b.yaml, missing.yaml, c.yaml, d, e.yaml]\nentities: {A: {foo: 1}}\ntitel: x\n",
        b="entities: {B: [a: uuid -> Nowhere]}\n",
        c="entities: {C: {\n",
        e="",
    )
    (files / "d").mkdir()
    found = failing("a.yaml")
    assert [(item.place.file, item.place.line, item.code) for item in found if item.place] == [
        ("a.yaml", 1, "no-such-file"),
        ("a.yaml", 1, "is-a-directory"),
        ("a.yaml", 2, "unknown-key"),
        ("a.yaml", 3, "unknown-key"),
        ("b.yaml", 1, "unknown-entity"),
        ("c.yaml", 1, "yaml-syntax"),
        ("e.yaml", 0, "empty-file"),
    ]


def test_the_folder_of_a_text(files: Path) -> None:
    write(files, sub__b="entities: {B: }\n")
    found = read_text("include: [b.yaml]\nentities: {A: }\n", "model.yaml", "sub")
    assert [item.name for item in found.graph.model.entities] == ["A", "B"]
    assert found.files == ("sub/model.yaml", "sub/b.yaml")


def test_a_dash_is_a_file_like_any_other(files: Path) -> None:
    write(files, a='include: ["-"]\nentities: {}\n')
    (found,) = failing("a.yaml")
    assert found.code == "no-such-file"


def test_limits_count_all_files(files: Path) -> None:
    half = "entities:\n" + "".join(f"  E{{}}{i}:\n" for i in range(10_001))
    write(files, a="include: [b.yaml]\n" + half.replace("{}", "a"), b=half.replace("{}", "b"))
    (found,) = failing("a.yaml")
    assert found.code == "limit"
    assert "20,000 entities" in found.message
    big = "x-a: '" + "y" * (9 * 2**20) + "'\n"
    write(files, a="include: [b.yaml]\nentities: {}\n" + big, b=big)
    (found,) = failing("a.yaml")
    assert "16 MB" in found.message


def test_a_long_chain_of_includes_is_refused(files: Path) -> None:
    for number in range(100):
        write(files, **{f"m{number}": f"include: [m{number + 1}.yaml]\nentities: {{}}\n"})
    write(files, m100="entities: {}\n")
    (found,) = failing("m0.yaml")
    assert found.code == "limit"
