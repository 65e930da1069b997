"""The oracle itself: it must read good drawings right and see every kind of fault."""

from __future__ import annotations

import random
import re
from textwrap import dedent

import pytest

from tests.oracle import Reading, judge, read_drawing, read_truth
from tests.support.paths import TEMPLATES, needs_shared

NAMES = """\
┌─────────────┐         ┌─────────────┐         ┌─────────────┐
│   Entity1   │────────>│   Entity2   │────────>│   Entity3   │
│             │ 1:many  │             │ 1:1     │             │
└─────────────┘         └─────────────┘         └─────────────┘
       │                       │
       │ 1:many                │ 1:many
       ▼                       ▼
┌─────────────┐         ┌─────────────┐
│   Entity4   │         │   Entity5   │
└─────────────┘         └─────────────┘
"""

ROWS = """\
┌─────────────────┐
│   Entity1       │
│─────────────────│
│ id (PK)         │◄──────┐
│ attribute1      │       │
└─────────────────┘       │
                          │ One-to-Many
┌─────────────────┐       │
│   Entity2       │       │
│─────────────────│       │
│ id (PK)         │       │
│ entity1_id (FK) │───────┘
└─────────────────┘
"""

TRUNK = """\
         ┌─────┐
         │  A  │
         └─────┘
            │ 1:many
  ┌─────────┼────────┐
  │         │        │
  │      ┌──┴───┐    │
  ▼      ▼      ▼    │
┌───┐  ┌───┐  ┌───┐  │
│ B │  │ C │  │ D │  │
└───┘  └───┘  └───┘  │
  ▲                  │ 1:many
  └──────────────────┘
"""

BUS = """\
         ┌─────┐
         │  A  │
         └─────┘
            │ 1:many
  ┌──────┬──┴───┐
  ▼      ▼      ▼
┌───┐  ┌───┐  ┌───┐
│ B │  │ C │  │ D │
└───┘  └───┘  └───┘
"""

CROSSING = """\
┌───┐       ┌───┐
│ A │       │ B │
└───┘       └───┘
  │ 1:many    │ 1:many
  └───────┐   │
          │   │
  ┌───────┼───┘
  ▼       ▼
┌───┐   ┌───┐
│ C │   │ D │
└───┘   └───┘
"""

ASCII = """\
+---+       +---+
| A |       | B |
+---+       +---+
  | 1:many    | 1:many
  +-------+   |
          |   |
  +-------+---+
  v       v
+---+   +---+
| C |   | D |
+---+   +---+
"""


def pairs(reading: Reading) -> list[tuple[str, str]]:
    """Return the names tied, sorted in each pair and over all."""
    names = [
        tuple(sorted(reading.boxes[end.box].name for end in (tie.one, tie.many)))
        for tie in reading.ties
    ]
    return sorted((one, other) for one, other in names)


def summary(text: str) -> tuple[object, ...]:
    """Return all that a reader takes from a drawing, for comparison."""
    reading = read_drawing(text)
    ties = sorted(
        (
            *(
                (reading.boxes[end.box].name, end.row, end.mark, end.number)
                for end in (tie.one, tie.many)
            ),
            reading.lines[tie.line].style,
        )
        for tie in reading.ties
    )
    boxes = sorted((box.name, box.rows) for box in reading.boxes)
    return ties, boxes, sorted(label.text for label in reading.labels)


# --- good drawings ------------------------------------------------------------------------------


def test_boxes_of_names_and_their_lines_are_read() -> None:
    reading = read_drawing(NAMES)
    assert not reading.faults
    assert [box.name for box in reading.boxes] == [f"Entity{n}" for n in (1, 2, 3, 4, 5)]
    assert pairs(reading) == [
        ("Entity1", "Entity2"),
        ("Entity1", "Entity4"),
        ("Entity2", "Entity3"),
        ("Entity2", "Entity5"),
    ]
    assert [line.labels for line in reading.lines] == [
        ("1:many",),
        ("1:1",),
        ("1:many",),
        ("1:many",),
    ]
    assert [tie.many.mark for tie in reading.ties] == [">", ">", "▼", "▼"]


def test_lines_between_rows_are_read_with_their_rows() -> None:
    reading = read_drawing(ROWS)
    assert not reading.faults
    (tie,) = reading.ties
    ends = {(reading.boxes[end.box].name, end.row, end.mark) for end in (tie.one, tie.many)}
    assert ends == {("Entity1", "id (PK)", "◄"), ("Entity2", "entity1_id (FK)", "")}
    assert reading.boxes[0].body == ("id (PK)", "attribute1")
    assert reading.lines[0].bends == 2


def test_a_trunk_ties_its_one_end_with_each_other_end_only() -> None:
    reading = read_drawing(BUS)
    assert not reading.faults
    assert pairs(reading) == [("A", "B"), ("A", "C"), ("A", "D")]
    assert {reading.boxes[tie.one.box].name for tie in reading.ties} == {"A"}


def test_a_crossing_is_straight_through() -> None:
    reading = read_drawing(CROSSING)
    assert not reading.faults
    assert pairs(reading) == [("A", "D"), ("B", "C")]
    assert reading.crossings == 1


def test_a_crossing_is_no_junction_of_the_trunk_it_lies_on() -> None:
    # the upper line runs straight through the trunk of A, which leads to C and D alone
    reading = read_drawing(TRUNK)
    assert not reading.faults
    assert pairs(reading) == [("A", "C"), ("A", "D"), ("B", "B")]


def test_ascii_is_read_like_unicode() -> None:
    reading = read_drawing(ASCII)
    assert not reading.faults
    assert pairs(reading) == [("A", "D"), ("B", "C")]
    assert reading.crossings == 1


def test_ascii_words_with_hyphens_are_no_lines() -> None:
    text = dedent("""\
        +-----+
        |  A  |
        +-----+
           |
           | One-to-Many
           v
        +-----+
        |  B  |
        +-----+
        """)
    reading = read_drawing(text)
    assert not reading.faults
    assert reading.lines[0].labels == ("One-to-Many",)


def test_a_hyphen_of_a_label_between_box_and_line_is_no_mark() -> None:
    text = dedent("""\
        +-----+
        |  A  |
        +-----+
        One-to-Many
        ---+
           |
        """)
    assert not read_drawing(text).ties
    assert "label-touches" not in read_drawing(text).kinds()


def test_wide_characters_take_two_cells() -> None:
    text = dedent("""\
        ┌──────────────┐        ┌───────┐
        │   商品タグ   │───────>│  👩‍👩‍👧   │
        └──────────────┘        └───────┘
        """)
    reading = read_drawing(text)
    assert not reading.faults
    assert pairs(reading) == [("商品タグ", "👩‍👩‍👧")]


def test_frames_are_no_lines_and_give_way_to_them() -> None:
    text = dedent("""\
        ╭╌ Sales ╌╌╌╮
        ╎  ┌─────┐  ╎   ┌─────┐
        ╎  │  A  │─────>│  B  │
        ╎  └─────┘  ╎   └─────┘
        ╰╌╌╌╌╌╌╌╌╌╌╌╯
        """)
    reading = read_drawing(text)
    assert not reading.faults
    assert [frame.name for frame in reading.frames] == ["Sales"]
    assert pairs(reading) == [("A", "B")]


def test_ascii_frames_leave_out_every_other_cell() -> None:
    text = dedent("""\
        + - Sales - +
           +-----+      +-----+
        |  |  A  |----->|  B  |
           +-----+      +-----+
        + - - - - - +
        """)
    reading = read_drawing(text)
    assert not reading.faults
    assert [frame.name for frame in reading.frames] == ["Sales"]
    assert pairs(reading) == [("A", "B")]


def test_double_lines_and_crows_feet_are_read() -> None:
    text = dedent("""\
        ┌─────┐     ┌─────┐
        │  A  │════>│  B  │
        └─────┘     └─────┘
        ┌─────┐       ┌─────┐
        │  C  │||───o<│  D  │
        └─────┘       └─────┘
        """)
    reading = read_drawing(text)
    assert not reading.faults
    assert [line.style for line in reading.lines] == ["double", "light"]
    marks = [(tie.one.mark, tie.many.mark) for tie in reading.ties]
    assert marks == [("", ">"), ("||", "<o")]


def test_numbers_belong_to_the_end_they_stand_at() -> None:
    text = dedent("""\
        ┌─────┐            ┌─────┐
        │  A  │────────────│  B  │
        │     │ 1     0..* │     │
        └─────┘            └─────┘
        """)
    (tie,) = read_drawing(text).ties
    assert (tie.one.number, tie.many.number) == ("1", "0..*")


def test_a_name_that_looks_like_a_drawing_is_a_name() -> None:
    text = dedent("""\
        ┌───────────┐     ┌───────┐
        │   ┌─┼─┐   │────>│  │>│  │
        └───────────┘     └───────┘
        """)
    reading = read_drawing(text)
    assert not reading.faults
    assert pairs(reading) == [("│>│", "┌─┼─┐")]


def test_references_and_lists_are_read() -> None:
    text = dedent("""\
        Shop

        ┌─────────────────────────┐
        │   Customer              │
        │─────────────────────────│
        │ id (PK)                 │
        │ ↳ Order.customer_id     │
        │ ↳ A long name of some   │
        │   entity.customer_id    │
        └─────────────────────────┘

        Not drawn:
          Customer (1) ←→ (many) Address via
            customer_id: lives at
        """)
    reading = read_drawing(text)
    assert not reading.faults
    assert reading.heading == ("Shop",)
    assert [name for _, name in reading.references] == [
        "Order.customer_id",
        "A long name of some entity.customer_id",
    ]
    assert reading.notes[1] == "Customer (1) ←→ (many) Address via customer_id: lives at"


# --- the templates ------------------------------------------------------------------------------


@needs_shared
def test_the_templates_drawings_are_read() -> None:
    fences = {
        name: [
            fence
            for fence in re.findall(
                r"```\w*\n(.*?)```", (TEMPLATES / f"{name}.md").read_text("utf-8"), re.DOTALL
            )
            if "┌" in fence
        ]
        for name in ("implementation-data-model", "plan-data-model")
    }
    names = read_drawing(fences["implementation-data-model"][0])
    assert len(names.boxes) == 5
    assert pairs(names) == [
        ("Entity1", "Entity2"),
        ("Entity1", "Entity4"),
        ("Entity2", "Entity3"),
        ("Entity2", "Entity5"),
    ]
    rows, states = (read_drawing(fence) for fence in fences["plan-data-model"])
    assert [box.name for box in rows.boxes] == ["Entity1", "Entity2"]
    assert pairs(rows) == [("Entity1", "Entity2")]
    assert pairs(states) == [
        ("archived", "draft"),
        ("archived", "published"),
        ("draft", "published"),
    ]


# --- broken drawings ----------------------------------------------------------------------------


def replaced(text: str, old: str, new: str) -> str:
    """Return the drawing with one thing changed, which must be there once."""
    assert text.count(old) == 1, text.count(old)
    return text.replace(old, new)


FAULTS = [
    ("line-ends-nowhere", replaced(NAMES, "Entity1   │────────>", "Entity1   │─── ────>")),
    (
        "line-ends-nowhere",
        NAMES.replace("       │ 1:many                │", "         1:many                │"),
    ),
    ("line-into-text", replaced(NAMES, "Entity1   │────────>", "Entity1   │─1:many─>")),
    ("line-broken", replaced(NAMES, "Entity1   │────────>", "Entity1   │──│─────>")),
    ("border-broken", replaced(NAMES, "│   Entity1   │──", "│   Entity1   ├──")),
    ("border-broken", replaced(ROWS, "│ attribute1      │ ", "──attribute1──────")),
    ("crooked", replaced(ROWS, "│ attribute1      │ ", "│ attribute1     │  ")),
    ("crooked", replaced(ROWS, "│ attribute1      │ ", "│ attribute商      │")),
    ("broken-crossing", replaced(CROSSING, "───┼", "── ┼")),
    ("broken-crossing", replaced(BUS, "┴", "┼")),
    ("ambiguous-junction", replaced(BUS, "▼      ▼      ▼", "│      │      │")),
    ("ambiguous-junction", "┌───┐\n│ A │─┬┐\n└───┘ ├┘\n┌───┐ │\n│ B │─┘\n└───┘\n"),
    (
        "ambiguous-junction",
        "+---+\n| A |--++--+\n+---+  ||  |\n+---+  ||  |\n| B |--+|  |\n| C |---+--+\n+---+\n",
    ),
    (
        "label-touches",
        replaced(
            NAMES,
            "Entity2   │────────>│   Entity3   │\n│             │ 1:many  ",
            "Entity2   │────────>│   Entity3   │\n│             │1:many   ",
        ),
    ),
    ("line-at-corner", "┌───┐──>┌───┐\n│ A │   │ B │\n└───┘   └───┘\n"),
    ("stray-line", "┌───┐  ┌┐\n│ A │  └┘\n└───┘\n"),
    ("stray-head", replaced(NAMES, "│────────>│   Entity2", "│    ►    │   Entity2")),
    ("style-break", replaced(NAMES, "Entity1   │────────>", "Entity1   │───═════>")),
    ("trailing-blanks", NAMES.replace("1:1     │             │\n", "1:1     │             │ \n")),
    ("tab", NAMES + "\n\tmore\n"),
    ("control-character", NAMES + "\nmo\x1bre\n"),
    ("control-character", NAMES + "\nmo\u202ere\n"),
    ("no-final-newline", NAMES.rstrip("\n")),
    ("blank-end", NAMES + "\n"),
]


@pytest.mark.parametrize(
    ("kind", "text"), FAULTS, ids=[f"{n}-{kind}" for n, (kind, _) in enumerate(FAULTS)]
)
def test_every_kind_of_fault_is_seen(kind: str, text: str) -> None:
    assert kind in read_drawing(text).kinds()


def test_a_line_that_is_too_long_is_seen() -> None:
    assert "too-wide" in read_drawing(NAMES, width=62).kinds()
    assert "too-wide" not in read_drawing(NAMES, width=63).kinds()


GOOD = {
    "names": NAMES,
    "rows": ROWS,
    "trunk": TRUNK,
    "bus": BUS,
    "crossing": CROSSING,
    "ascii": ASCII,
}
LINE_CHARACTERS = "─│┌┐└┘├┤┬┴┼▼▲►◄>+-|v "


@pytest.mark.parametrize("name", GOOD)
def test_no_change_of_a_line_goes_unnoticed(name: str) -> None:
    """Delete or alter line characters of a good drawing: a fault, or something else is read."""
    text = GOOD[name]
    before = summary(text)
    dice = random.Random(name)  # noqa: S311 - a fixed seed, no secret
    allowed = "+-|v> " if name == "ascii" else LINE_CHARACTERS
    places = [
        index
        for index, char in enumerate(text)
        if char in LINE_CHARACTERS.strip()
        and not text[index - 1 : index + 2].strip(" 1:many").isalnum()
    ]
    for place in places:
        for char in [" ", *dice.sample(allowed, 2)]:
            if char == text[place]:
                continue
            changed = text[:place] + char + text[place + 1 :]
            changed = "\n".join(line.rstrip() for line in changed.split("\n"))
            reading = read_drawing(changed)
            assert reading.faults or summary(changed) != before, f"{char!r} at {place}:\n{changed}"


# --- the judge ----------------------------------------------------------------------------------

MODEL = """
entities:
  Entity1:
    attributes: {id: uuid pk, attribute1: text}
  Entity2:
    attributes: {id: uuid pk, entity1_id: uuid -> Entity1}
"""


def test_a_drawing_that_shows_the_model_is_fine() -> None:
    verdict = judge(read_drawing(ROWS), read_truth(MODEL), detail="full", notation="template")
    assert verdict.fine, verdict.report()
    assert verdict.drawn == 1


def test_a_line_at_another_row_is_wrong_and_its_key_missing() -> None:
    moved = replaced(
        replaced(ROWS, "│ id (PK)         │       │\n", "│ id (PK)         │───────┘\n"),
        "│ entity1_id (FK) │───────┘\n",
        "│ entity1_id (FK) │\n",
    )
    verdict = judge(read_drawing(moved), read_truth(MODEL), detail="full")
    assert len(verdict.wrong) == len(verdict.missing) == 1


def test_a_missing_row_box_or_line_is_told() -> None:
    reading = read_drawing(replaced(ROWS, "attribute1", "attribute2"))
    assert judge(reading, read_truth(MODEL), detail="full").lost == (
        "Entity1 has not the rows ['attribute1']",
    )
    truth = read_truth(MODEL + "  Entity3:\n")
    assert judge(read_drawing(ROWS), truth, detail="full").lost == ("Entity3 has 0 boxes",)
    truth = read_truth(
        MODEL.replace("id: uuid pk, entity1_id", "id: uuid pk -> Entity1, entity1_id")
    )
    assert len(judge(read_drawing(ROWS), truth, detail="full").missing) == 1


def test_marks_and_labels_are_checked_against_the_notation() -> None:
    turned = replaced(ROWS, "One-to-Many", "Many-to-One")
    assert judge(read_drawing(turned), read_truth(MODEL), notation="template").mislabelled
    headless = replaced(ROWS, "◄", "─")
    assert judge(read_drawing(headless), read_truth(MODEL), notation="template").mislabelled


def test_a_listed_relationship_is_not_missing() -> None:
    alone = "".join(line[:19].rstrip() + "\n" for line in ROWS.splitlines())
    verdict = judge(read_drawing(alone), read_truth(MODEL), detail="full")
    assert len(verdict.missing) == 1
    listed = alone + "\nNot drawn:\n  Entity1 (1) ←→ (many) Entity2 via entity1_id\n"
    verdict = judge(read_drawing(listed), read_truth(MODEL), detail="full")
    assert verdict.fine, verdict.report()
    assert verdict.named == 1
