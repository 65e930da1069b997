"""What a drawing by hand has and the model has not."""

from __future__ import annotations

from erdgen.embed.losses import find_losses
from erdgen.read import read_text

MODEL = """
entities:
  Scenario: {attributes: {id: text pk, title: text}}
  Session: {table: sessions, attributes: {id: text pk, scenario_id: text -> Scenario}}
  Tag: {attributes: {id: int pk}}
relationships: [Session 1:N Tag: carries]
"""


def losses(drawing: str, *, mermaid: bool = False) -> list[tuple[str, str, int]]:
    graph = read_text(MODEL).graph
    return [
        (item.kind, item.text, item.line)
        for item in find_losses(drawing.split("\n"), graph, mermaid=mermaid)
    ]


def test_a_drawing_of_the_model_loses_nothing() -> None:
    drawing = """\
┌──────────────┐       ┌──────────────┐
│  scenarios   │       │   sessions   │
├──────────────┤       ├──────────────┤
│ id (PK)      │◄──────│ scenario_id  │
│ title        │  1:N  │ id (PK)      │
└──────────────┘       └──────┬───────┘
                              │ carries
                       ┌──────┴───────┐
                       │     tags     │
                       └──────────────┘"""
    assert losses(drawing) == []


def test_entities_attributes_lines_and_notes() -> None:
    drawing = """\
┌──────────────┐       ┌──────────────┐
│  scenarios   │──1:N──│     Tag      │  (kept for a year)
│ id (PK)      │       └──────────────┘
│ embedding    │
└──────┬───────┘
       │ computed from
┌──────┴───────┐
│   hint_log   │
└──────────────┘"""
    assert losses(drawing) == [
        ("note", "the note '(kept for a year)'", 1),
        ("attribute", "'embedding' of 'scenarios'", 3),
        ("note", "the note 'computed from'", 5),
        ("entity", "the entity 'hint_log'", 7),
    ]


def test_a_line_that_the_model_has_not() -> None:
    drawing = """\
┌──────────┐       ┌─────┐
│ Scenario │──1:1──│ Tag │
└──────────┘       └─────┘"""
    model_without = MODEL.replace("relationships: [Session 1:N Tag: carries]", "")
    graph = read_text(model_without).graph
    found = find_losses(drawing.split("\n"), graph, mermaid=False)
    assert [item.text for item in found] == ["the line between 'Scenario' and 'Tag'"]
    # a junction between the two may have been left out of the drawing
    assert losses(drawing) == []


def test_the_one_line_form() -> None:
    drawing = "User (1) ──── (N) Session\n  │\n  │ ownerId\n  └──── (1) Tag (N)"
    assert losses(drawing) == [
        ("entity", "the entity 'User'", 0),
        ("note", "the note 'ownerId'", 2),
    ]


def test_mermaid() -> None:
    drawing = """\
erDiagram
  %% agreed on in May
  SCENARIOS ||--o{ SESSION : scenario_id
  SESSION ||--o{ "Chat Log" : writes
  SCENARIO {
    text id PK
    text color
  }"""
    assert losses(drawing, mermaid=True) == [
        ("note", "the note 'agreed on in May'", 1),
        ("entity", "the entity 'Chat Log'", 3),
        ("note", "the label 'writes' between 'SESSION' and 'Chat Log'", 3),
        ("attribute", "'color' of 'Scenario'", 6),
    ]


def test_an_ascii_drawing() -> None:
    drawing = """\
+----------+       +--------+
| Scenario |1-----*| Thread |
+----------+       +--------+"""
    assert losses(drawing) == [("entity", "the entity 'Thread'", 1)]
