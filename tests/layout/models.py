"""Diagrams to lay out: from the corpus, as the text renderer would ask for them, and by a seed."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import yaml

from erdgen.layout.drawing import Box, Diagram, End, Line

CORPUS = Path(__file__).parents[2] / "../shared/corpus"

Table = tuple[str, list[tuple[str, bool, str]]]
"""An entity's name, and its attributes: name, whether it is a primary key, what it refers to."""


def read_corpus(name: str) -> list[Table]:
    """The entities of a corpus model, read without erdgen."""
    model: dict[str, Any] = yaml.safe_load((CORPUS / f"{name}.yaml").read_text("utf-8"))
    tables: list[Table] = []
    for entity, said in model["entities"].items():
        rows: list[tuple[str, bool, str]] = []
        for attribute, text in ((said or {}).get("attributes") or {}).items():
            words = str(text).split()
            refers = words[words.index("->") + 1].strip("?") if "->" in words else ""
            rows.append((str(attribute), "pk" in words, refers))
        tables.append((str(entity), rows))
    return tables


def random_tables(count: int, keys: int, seed: int = 1) -> list[Table]:
    """Entities with foreign keys that mostly point to early ones, so that there are hubs."""
    source = random.Random(seed)  # noqa: S311 - a diagram, no secret
    refers: list[list[int]] = [[] for _ in range(count)]
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < keys:
        b = source.randrange(1, count)
        a = int(b * source.random() ** 1.6) if source.random() < 0.9 else source.randrange(count)
        if (a, b) not in pairs:
            pairs.add((a, b))
            refers[b].append(a)
    return [
        (
            f"entity_{index}",
            [("id", True, ""), ("name", False, "")]
            + [(f"e{a}_id", False, f"entity_{a}") for a in refers[index]],
        )
        for index in range(count)
    ]


def names_only(tables: list[Table], label: int = 6) -> Diagram:
    """Bare boxes; each line runs from the entity that is referred to, with a label and an arrow."""
    index = {name: number for number, (name, _) in enumerate(tables)}
    return Diagram(
        tuple(Box(len(name) + 8, 3, stretch=True) for name, _ in tables),
        tuple(
            Line(End(index[entity]), End(number, mark=1), label, index[entity])
            for number, (_, rows) in enumerate(tables)
            for _, _, refers in rows
            if (entity := refers if refers in index else refers.rpartition(".")[0]) in index
        ),
    )


def with_attributes(tables: list[Table], label: int = 11) -> Diagram:
    """Boxes with all attributes; each line runs from the row that is referred to to the key."""
    index = {name: number for number, (name, _) in enumerate(tables)}
    place: list[dict[str, int]] = []
    boxes: list[Box] = []
    for name, rows in tables:
        place.append({attribute: row for row, (attribute, _, _) in enumerate(rows, start=3)})
        keys = [attribute for attribute, primary, _ in rows if primary]
        place[-1][""] = place[-1][keys[0]] if keys else 1
        texts = [
            attribute + " (PK)" * primary + " (FK)" * bool(refers)
            for attribute, primary, refers in rows
        ]
        width = max([len(text) for text in texts] + [len(name) + 4])
        boxes.append(Box(width + 4, len(rows) + 4 if rows else 3))
    lines: list[Line] = []
    trunks: dict[tuple[int, int], int] = {}
    for number, (_, rows) in enumerate(tables):
        for attribute, _, refers in rows:
            entity, target = (refers, "") if refers in index else refers.rpartition(".")[::2]
            if entity in index:
                one = index[entity]
                row = place[one].get(target, place[one][""])
                trunk = trunks.setdefault((one, row), len(trunks))
                end = End(number, place[number][attribute])
                lines.append(Line(End(one, row, mark=1), end, label, trunk))
    return Diagram(tuple(boxes), tuple(lines))
