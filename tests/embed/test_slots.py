"""Where a diagram goes: in the templates, in real documents, and where none must go."""

# ruff: noqa: E501 - drawings stand on one line here

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from erdgen.embed.drawings import classify, find_boxes
from erdgen.embed.insert import Embedding, embed
from erdgen.embed.markers import find_regions
from erdgen.embed.marking import Wanted, find_same
from erdgen.embed.scan import scan, split_lines
from erdgen.embed.slots import find_new_place, find_slots, normalize
from erdgen.errors import Diagnostic, DocumentError
from tests.embed.conftest import BEGIN, END

SHARED = Path(__file__).parents[2] / ".." / "shared"
TEMPLATES = sorted((SHARED / "templates").glob("*.md"))
INDEX = SHARED / "docs" / "index.json"
DOCUMENTS: list[dict[str, Any]] = json.loads(INDEX.read_text()) if INDEX.exists() else []
WANTED = Wanted("model.yaml")


def put(text: str | bytes, name: str = "doc.md", **more: Any) -> Embedding:
    data = text.encode() if isinstance(text, str) else text
    return embed(data, name, Wanted("model.yaml", **more))


def refusal(text: str | bytes, **more: Any) -> Diagnostic:
    with pytest.raises(DocumentError) as caught:
        put(text, **more)
    return caught.value.diagnostics[0]


def try_to_put(text: str | bytes, **more: Any) -> Embedding | None:
    """Return the document with the diagram, or None where it is refused with a word of help."""
    try:
        return put(text, **more)
    except DocumentError as error:
        problem = error.diagnostics[0]
    assert problem.code == "no-slot"
    assert problem.help
    return None


def removed_and_added(old: bytes, new: bytes) -> tuple[list[str], list[str]]:
    """Return the lines that went and the lines that came, in the one place where they differ."""
    before, after = old.decode().splitlines(), new.decode().splitlines()
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return before[start : len(before) - end], after[start : len(after) - end]


@pytest.mark.parametrize(
    ("template", "line", "gone", "marker"),
    [
        ("data-model-design.md", 31, 0, "model.yaml"),
        ("feature-data-model.md", 53, 7, "model.yaml"),
        ("implementation-data-model.md", 28, 12, "model.yaml notation=lines"),
        ("plan-data-model.md", 81, 23, "model.yaml"),
        ("sev-data-model.md", 16, 3, "model.yaml"),
    ],
)
def test_templates(template: str, line: int, gone: int, marker: str) -> None:
    path = SHARED / "templates" / template
    if not path.exists():
        pytest.skip("the templates are not here")
    data = path.read_bytes()
    found = embed(data, template, WANTED)
    assert found.gone is None
    assert found.line == line
    assert found.data.decode().splitlines()[line - 1] == f"<!-- erdgen:begin {marker} -->"
    went, _ = removed_and_added(data, found.data)
    assert len([text for text in went if text]) in (gone, gone - 1, gone - 2)
    assert "[Create ASCII diagram" not in found.data.decode()
    assert "Entity1   │" not in found.data.decode()
    # nothing that stood outside of the placeholder went
    rest = data.decode().replace("\n".join(went), "", 1) if gone else data.decode()
    for text in rest.splitlines():
        assert text in found.data.decode()


@pytest.mark.parametrize("path", TEMPLATES, ids=[path.name for path in TEMPLATES])
def test_embedding_twice_is_embedding_once(path: Path) -> None:
    once = embed(path.read_bytes(), path.name, WANTED)
    assert find_same(once.data, path.name, WANTED) == once.line
    other = Wanted("model.yaml", values={"detail": "keys"})
    assert find_same(once.data, path.name, other) == 0


def test_a_legend_that_would_be_wrong_goes() -> None:
    path = SHARED / "templates" / "implementation-data-model.md"
    if not path.exists():
        pytest.skip("the templates are not here")
    data = path.read_bytes()
    found = embed(data, "doc.md", Wanted("model.yaml", values={"notation": "crowsfoot"})).data
    assert b"notation=crowsfoot legend=yes" in found
    assert b"**Legend**" not in found
    kept = embed(data, "doc.md", Wanted("model.yaml")).data
    assert b"- `<-->` : Many-to-many relationship" in kept
    mermaid = embed(data, "doc.md", Wanted("model.yaml", format="mermaid")).data
    assert b"legend" not in mermaid
    assert b"**Legend**" not in mermaid


@pytest.mark.parametrize("entry", DOCUMENTS, ids=[str(item["file"])[:3] for item in DOCUMENTS])
def test_real_documents(entry: dict[str, Any]) -> None:
    data = (SHARED / "docs" / entry["file"]).read_bytes()
    lines = split_lines(data)
    blocks = scan(lines, outline=True)
    slots = find_slots(lines, blocks, [])
    drawn = entry["has_ascii_erd"] or entry["has_mermaid"]
    if not drawn:
        assert slots == []
        found = try_to_put(data)
        if found is None:
            return
        went, came = removed_and_added(data, found.data)
        assert not any(went)
        assert "## Entity Relationship Diagram" in came
        return
    headings = [slot.heading.text for slot in slots if slot.heading]
    assert set(entry["erd_heading"]) <= set(headings)
    assert refusal(data).code in ("hand-made-drawing", "ambiguous-slot")
    if len(slots) > 1:
        found = put(data, after=entry["erd_heading"][0], replace=True)
    else:
        found = put(data, replace=True)
    assert found.gone is not None
    went, _ = removed_and_added(data, found.data)
    fence = data.decode().splitlines()[found.gone[0] - 2 : found.gone[0] + len(found.gone[1])]
    assert set(went) <= {*fence, ""}
    ends = {line.endswith(b"\r\n") for line in split_lines(found.data)}
    assert ends == {bool(entry["crlf"])} or not entry["crlf"]


@pytest.mark.parametrize(
    "heading",
    [
        "Entity Relationship Diagram (Text-Based)", "Entity-Relationship Diagram", "ER Diagram",
        "2. Entity Relationships", "3.1 📊 Core Entities", "ERD", "**Relationships**", "E-R Diagram",
        "Entity Overview", "Relationship Diagram", "Entity–Relationship Overview", "エンティティ関係図",
        "ER図", "实体关系图", "엔티티 관계 다이어그램", "Entity-Relationship-Diagramm", "ER-Diagramm",
        "Diagramme entité-association", "Diagrama entidad-relación", "Diagrama entidade-relacionamento",
        "Diagramma ER", "ER-диаграмма", "Relationship map", "ENTITY RELATIONSHIP MODEL",
        "IV. Relationships", "A) ER diagram: orders", "Data Model Diagram", "关系图",
    ],
)  # fmt: skip
def test_headings_that_announce_a_diagram(heading: str) -> None:
    found = put(f"# Doc\n\n## {heading}\n\n```\n[ASCII ERD]\n```\n\n## Next\n")
    assert found.data.decode() == (f"# Doc\n\n## {heading}\n\n{BEGIN}\n\n{END}\n\n## Next\n")


@pytest.mark.parametrize(
    "heading",
    ["State Transitions", "Create Flow", "Entity Lifecycle", "File Structure", "API", "Relationship Lifecycle"],
)  # fmt: skip
@pytest.mark.parametrize(
    "content", ["[ASCII ERD]", "┌───┐\n│ A │ 1:N\n└───┘", "[Create ASCII diagram]"]
)
def test_headings_that_do_not(heading: str, content: str) -> None:
    text = f"# Doc\n\n## {heading}\n\n```\n{content}\n```\n"
    went, came = removed_and_added(text.encode(), put(text).data)
    assert not any(went)
    assert "## Entity Relationship Diagram" in came


@pytest.mark.parametrize(
    ("info", "content"),
    [
        ("", "draft ──► published ──► archived"),
        ("", "[Draft] --submit--> [Published] --archive--> [Archived]"),
        ("", "pending → approved  (admin action)\npending → rejected  (admin action)"),
        ("", "src/\n├── models/\n│   └── user.py\n└── main.py"),
        ("", "Client → Validation → Database\n  ↓          ↓          ↓\n a → b → c"),
        ("sql", "CREATE TABLE a (id INT PRIMARY KEY);"),
        ("", "CREATE TABLE a (\n  id INT PRIMARY KEY,\n  b INT REFERENCES b(id)\n);"),
        ("typescript", "interface A { id: string }"),
        ("", "interface A {\n  id: string;\n  b: B;\n}"),
        ("mermaid", "stateDiagram-v2\n  [*] --> A"),
        ("mermaid", "flowchart LR\n  A --> B"),
        ("json", "[]"),
        ("", "┌─────────┐     ┌───────────┐\n│  draft  │────►│ published │\n└─────────┘     └───────────┘"),
        ("", "┌────┐\n│ UI │\n└─┬──┘\n  │ calls\n  ▼\n┌─────┐\n│ API │ 1:1\n└──┬──┘\n   │\n   ▼\n  DB"),
    ],
)  # fmt: skip
def test_what_is_never_replaced(info: str, content: str) -> None:
    lines = content.split("\n")
    kind, reason = classify(info, lines)
    assert kind == "other"
    assert reason
    text = f"# Doc\n\n## ER Diagram\n\n```{info}\n{content}\n```\n\n## Entities\n\ntext\n"
    for more in ({}, {"replace": True}, {"after": "ER Diagram", "replace": True}):
        found = try_to_put(text, **more)
        if found is not None:
            assert f"```{info}\n{content}\n```\n" in found.data.decode()
    assert refusal(text, line=6, replace=True).code == "no-slot"


@pytest.mark.parametrize(
    ("info", "content", "kind"),
    [
        ("", "", "placeholder"),
        ("text", "[ASCII ERD or description of main entities]", "placeholder"),
        ("", "[Create ASCII diagram showing\nrelationships]", "placeholder"),
        ("", "TODO: draw", "placeholder"),
        ("", "EntityName (1) ←→ (many) SecondEntity\n    ↓\n  status: EntityStatus", "placeholder"),
        ("", "┌─────────┐ 1:N ┌─────────┐\n│ Entity1 │────>│ Entity2 │\n└─────────┘     └─────────┘", "placeholder"),
        ("", "┌──────┐ 1:N ┌─────────┐\n│ User │────>│ Entity2 │\n└──────┘     └─────────┘", "drawing"),
        ("", "User (1) ──── (N) Order", "drawing"),
        ("ascii", "+------+      +-------+\n| User |1----*| Order |\n+------+ 1:N  +-------+", "drawing"),
        ("", "Order 1:N Line   -- has many", "other"),
        ("mermaid", "%%{init: {}}%%\nerDiagram\n  A ||--o{ B : has", "mermaid"),
        ("mermaid", "---\ntitle: x\n---\nerDiagram\n  A ||--o{ B : has", "mermaid"),
        ("", "erDiagram\n  A ||--o{ B : has", "mermaid"),
    ],
)  # fmt: skip
def test_classes(info: str, content: str, kind: str) -> None:
    assert classify(info, content.split("\n"))[0] == kind


def test_two_places_are_told() -> None:
    text = "# D\n\n## ER Diagram\n\n```\n[a]\n```\n\n## Relationship Diagram\n\n```\n[b]\n```\n"
    problem = refusal(text)
    assert problem.code == "ambiguous-slot"
    assert [place.line for _, place in problem.related] == [5, 11]
    found = put(text, after="relationship diagram").data.decode()
    assert "[a]" in found
    assert "[b]" not in found
    found = put(text, line=6).data.decode()
    assert "[a]" not in found
    assert "[b]" in found


def test_a_sure_place_is_better_than_a_perhaps() -> None:
    text = "# D\n\n## Relationships\n\n```\n[a]\n```\n\n## ER Diagram\n\n```\n[b]\n```\n"
    assert "[a]" in put(text).data.decode()


def test_a_line_of_placeholder_without_a_fence() -> None:
    text = "# D\n\n## ER Diagram\n\n[Insert diagram here]\n\n## Next\n"
    assert put(text).data.decode() == f"# D\n\n## ER Diagram\n\n{BEGIN}\n\n{END}\n\n## Next\n"
    text = "# D\n\n## ER Diagram\n\n[a diagram](link.md)\n\n## Next\n"
    assert "[a diagram](link.md)" in put(text).data.decode()


def test_below_a_heading() -> None:
    text = "# D\n\n## Storage\nSome text.\n\n## Next\n"
    assert put(text, after="Storage").data.decode() == (
        f"# D\n\n## Storage\n\n{BEGIN}\n\n{END}\n\nSome text.\n\n## Next\n"
    )
    assert refusal(text, after="Storge").help == "did you mean 'Storage'?"
    twice = text + "\n## Storage\n"
    assert refusal(twice, after="Storage").code == "ambiguous-heading"


def test_setext_headings() -> None:
    text = "Doc\n===\n\nER Diagram\n----------\n\n```\n[x]\n```\n"
    assert put(text).data.decode() == f"Doc\n===\n\nER Diagram\n----------\n\n{BEGIN}\n\n{END}\n"
    assert (
        f"----------\n\n{BEGIN}"
        in put(text.replace("```\n[x]\n```\n", ""), after="er diagram").data.decode()
    )


@pytest.mark.parametrize(
    ("text", "line", "good"),
    [
        ("a\n\nb\n", 2, True),
        ("a\n\nb\n", 3, True),
        ("a\nb\n", 2, False),
        ("a\n\nb\n", 4, True),
        ("a\n\nb\n", 5, False),
        ("---\nt: 1\n---\na\n", 2, False),
        ("---\nt: 1\n---\na\n", 4, True),
        ("- a\n\n  b\n", 3, False),
        ("<!--\n\nx\n-->\n", 2, False),
        (f"{BEGIN}\n\n{END}\n", 2, False),
        ("```\na\n", 2, False),
        ("# H\ntext\n", 2, True),
    ],
)
def test_before_a_line(text: str, line: int, good: bool) -> None:
    if good:
        found = put(text, line=line)
        went, came = removed_and_added(text.encode(), found.data)
        assert not any(went)
        assert BEGIN in came
        regions, problems = find_regions(split_lines(found.data), "doc.md")
        assert (len(regions), problems) == (1, [])
    else:
        assert refusal(text, line=line).code in ("no-slot", "no-line")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", ["", "{e}", "{e}{e}"])
@pytest.mark.parametrize("head", ["", "\ufeff"])
def test_at_the_end_of_a_document_without_sections(head: str, last: str, end: str) -> None:
    text = f"{head}Just text.{last.replace('{e}', end)}"
    found = put(text).data.decode()
    assert found.startswith(text)
    assert found.endswith(END + (end if last else ""))
    if last:
        assert f"{end}{end}## Entity Relationship Diagram{end}{end}{BEGIN}{end}" in found


def test_an_empty_document() -> None:
    assert put("").data.decode().startswith("## Entity Relationship Diagram\n\n<!--")


def test_rules_between_sections_are_kept_up() -> None:
    text = "# D\n\n## Overview\n\nx\n\n---\n\n## Entities\n\ny\n"
    assert put(text).data.decode() == (
        "# D\n\n## Overview\n\nx\n\n---\n\n## Entity Relationship Diagram\n\n"
        f"{BEGIN}\n\n{END}\n\n---\n\n## Entities\n\ny\n"
    )


def test_places_for_a_new_section() -> None:
    def place(text: str) -> tuple[int, int]:
        lines = split_lines(text.encode())
        return find_new_place(lines, scan(lines))

    assert place("# D\n\n## Intro\n\n## Security\n\n## Data Models\n") == (6, 2)
    assert place("# D\n\n## Overview\n\n## Security\n") == (4, 2)
    assert place("# D\n\ntext\n") == (3, 2)
    assert place("## A\n\n## Table: x\n") == (2, 2)
    assert place("# Overview\n\n# Entities\n") == (2, 1)


def test_a_second_diagram_asks_for_its_place() -> None:
    once = put("# D\n\n## ER Diagram\n\n```\n[x]\n```\n").data
    assert find_same(once, "doc.md", WANTED) == 5
    assert find_same(once, "doc.md", Wanted("./model.yaml")) == 5
    assert find_same(once, "doc.md", Wanted("other.yaml")) == 0
    problem = refusal(once)
    assert problem.code == "no-slot"
    assert "refresh" in problem.help


def test_a_fence_in_a_region_is_no_slot() -> None:
    text = f"# D\n\n## ER Diagram\n\n{BEGIN}\n\n```text\n[x]\n```\n\n{END}\n"
    assert refusal(text).code == "no-slot"


def test_markers_say_what_was_asked_for() -> None:
    wanted = Wanted(
        "my model.yaml",
        "svg",
        {"only": ("A", "B c"), "labels": True, "width": None},
        {"file": "x.svg", "alt": 'say "hi"'},
    )
    line = embed(b"# D\n", "doc.md", wanted).data.decode().splitlines()[4]
    assert line == (
        '<!-- erdgen:begin "my model.yaml" format=svg entities="A,B c" labels=yes width=none '
        "file=x.svg alt='say \"hi\"' -->"
    )
    assert "{/* erdgen:begin" in put("# D\n", name="doc.mdx").data.decode()


def test_a_mermaid_drawing_stays_mermaid() -> None:
    text = "# D\n\n## ER Diagram\n\n```mermaid\nerDiagram\n  A ||--o{ B : has\n```\n"
    assert refusal(text).code == "hand-made-drawing"
    found = put(text, replace=True)
    assert found.mermaid
    assert "<!-- erdgen:begin model.yaml format=mermaid -->" in found.data.decode()


def test_normalized_headings() -> None:
    assert normalize("1. Relationships") == "relationships"
    assert normalize("[ER Diagram](#x)") == "er diagram" or normalize("[ER Diagram](#x)")
    assert normalize("ＥＲ図（全体）") == "er図"
    assert normalize("(All)") == "all"


def test_boxes_of_a_misaligned_drawing() -> None:
    drawing = (
        "┌──────────┐       ┌──────────────┐\n"
        "│  events   │──1:N──│ ticket_types │\n"
        "│ id (PK)   │       └──────────────┘\n"
        "└──────────┘\n"
        "   ┌─────┴────┐\n"
        "   │  名前      │\n"
        "   ├──────────┤\n"
        "   │ a        │\n"
        "   └──────────┘"
    )
    boxes = find_boxes(drawing.split("\n"))
    assert [box.title for box in boxes] == ["events", "ticket_types", "名前"]
    assert [text for _, text in boxes[0].rows] == ["id (PK)"]
    assert [text for _, text in boxes[2].rows] == ["a"]


@pytest.mark.parametrize("rest", ["", "\nTo be drawn.\n", "\n## Other\n\n```sql\nSELECT 1\n```\n"])
def test_a_section_called_so_that_has_no_diagram_gets_it(rest: str) -> None:
    text = f"# T\n\n## 3. Entity-Relationship Diagram\n{rest}"
    embedding = embed(text.encode(), "doc.md", Wanted("m.yaml"))
    found = embedding.data.decode()
    assert embedding.what == "below '3. Entity-Relationship Diagram'"
    assert found.count("Diagram") == 1
    assert found.startswith(
        "# T\n\n## 3. Entity-Relationship Diagram\n\n<!-- erdgen:begin m.yaml -->"
    )
    assert found.endswith(rest.lstrip("\n") or "erdgen:end -->\n")


def test_what_is_wrong_with_the_options_is_told_as_such() -> None:
    with pytest.raises(DocumentError) as caught:
        embed(b"## ERD\n", "doc.md", Wanted("m.yaml", extra={"dark": "yes"}))
    assert [item.code for item in caught.value.diagnostics] == ["option-does-not-fit"]


def test_no_limit_is_written_as_none() -> None:
    embedding = embed(b"## ERD\n", "doc.md", Wanted("m.yaml", values={"width": 0}))
    assert b"erdgen:begin m.yaml width=none -->" in embedding.data
