"""Text drawings are read back by the oracle: complete, nothing wrong, nothing at fault.

The oracle knows characters alone, and what a model says it reads by itself; see tests/oracle. The
default run is a covering subset, the large rest is marked slow.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest

from erdgen.render import render
from erdgen.render.options import Options
from tests.oracle import judge, read_drawing, read_truth
from tests.oracle.judge import says
from tests.support.drawings import draw, load
from tests.support.models import make_model
from tests.support.paths import CORPUS, ROOT, corpus_model, needs_shared, sample_models

SMALL = ("chinook", "northwind", "pubs", "sakila", "pagila", "guacamole", "shop30")
MIDDLE = ("adventureworks", "adventureworks_dw", "omop_cdm", "wideworldimporters")
LARGE = ("chado", "openmrs")
DETAILS = ("names", "keys", "full")
WIDTHS = (None, 80, 100, 120)

Case = tuple[str, int | None, bool]


def check(model: Path | str, **options: Any) -> None:
    """Draw a model and fail unless the drawing reads back as the model."""
    text = draw(model, **options)
    width, ascii_only = options.get("width"), bool(options.get("ascii"))
    verdict = judge(
        read_drawing(text, width=width, ascii_only=ascii_only),
        read_truth(model),
        detail=options.get("detail"),
        notation=options.get("notation") or "template",
        # within a width they may be left out, with a note
        verbs=None if options.get("labels") and width else bool(options.get("labels")),
        types=bool(options.get("types")),
    )
    if not verdict.fine:
        pytest.fail(f"{verdict.report()}\n{text}", pytrace=False)


def all_cases() -> list[Case]:
    """Return every detail, width and alphabet."""
    return [
        (detail, width, ascii_only)
        for detail in DETAILS
        for width in WIDTHS
        for ascii_only in (False, True)
    ]


def covering(count: int, start: int) -> list[Case]:
    """Return some of the cases, from a place on; neighbours differ in detail, width, alphabet."""
    cases = sorted(all_cases(), key=lambda case: (WIDTHS.index(case[1]), case[2], case[0]))
    stepped = [cases[(index * 5) % len(cases)] for index in range(len(cases))]
    return list(islice(cycle(stepped), start, start + count))


def named(prefix: str, case: Case) -> str:
    detail, width, ascii_only = case
    return f"{prefix}-{detail}-{width or 'any'}-{'ascii' if ascii_only else 'unicode'}"


def corpus_cases() -> list[Any]:
    """Return the cases of the corpus; those beyond a covering subset are slow."""
    found = []
    for names, count in ((SMALL, 8), (MIDDLE, 2), (LARGE, 0)):
        for number, name in enumerate(names):
            quick = covering(count, 3 * number)
            for case in all_cases():
                marks = [] if case in quick else [pytest.mark.slow]
                found.append(pytest.param(name, case, id=named(name, case), marks=marks))
    return found


@needs_shared
@pytest.mark.parametrize(("name", "case"), corpus_cases())
def test_corpus_models_read_back(name: str, case: Case) -> None:
    detail, width, ascii_only = case
    check(corpus_model(name), detail=detail, width=width, ascii=ascii_only)


@pytest.mark.parametrize("path", sample_models(), ids=lambda path: path.stem)
@pytest.mark.parametrize("case", all_cases(), ids=lambda case: named("sample", case))
def test_samples_read_back(path: Path, case: Case) -> None:
    detail, width, ascii_only = case
    check(path, detail=detail, width=width, ascii=ascii_only)


def generated_cases() -> list[Any]:
    """Return random models of 3 to 300 entities; the large ones are slow."""
    sizes = (3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 50, 60, 90, 150, 300)
    looks: tuple[dict[str, Any], ...] = (
        {},
        {"nasty": True},
        {"groups": 3},
        {"shape": "hub"},
        {"shape": "chain"},
        {"keys": 2.0},
        {"shape": "star"},
        {"shape": "tree"},
    )
    found = []
    for number, size in enumerate(sizes):
        for index, look in enumerate(looks):
            for case in covering(3, 7 * number + index):
                first = case == covering(3, 7 * number + index)[0]
                quick = size <= 60 and (size <= 22 or first) and (size <= 12 or index < 4)
                label = "-".join(f"{key}={value}" for key, value in look.items()) or "mixed"
                found.append(
                    pytest.param(
                        number,
                        size,
                        look,
                        case,
                        id=named(f"{size}-{label}", case),
                        marks=[] if quick else [pytest.mark.slow],
                    )
                )
    return found


@pytest.mark.parametrize(("seed", "size", "look", "case"), generated_cases())
def test_random_models_read_back(seed: int, size: int, look: dict[str, Any], case: Case) -> None:
    detail, width, ascii_only = case
    check(make_model(seed, size, **look), detail=detail, width=width, ascii=ascii_only)


@needs_shared
@pytest.mark.parametrize("notation", ["crowsfoot", "uml", "lines"])
@pytest.mark.parametrize("detail", ["names", "full"])
@pytest.mark.parametrize("name", ["chinook", "northwind", "sakila", "shop30"])
def test_every_notation_reads_back(name: str, detail: str, notation: str) -> None:
    for width, ascii_only in ((None, False), (100, True)):
        check(corpus_model(name), detail=detail, notation=notation, width=width, ascii=ascii_only)


@needs_shared
@pytest.mark.parametrize("direction", ["right", "down"])
@pytest.mark.parametrize("detail", DETAILS)
def test_both_directions_read_back(detail: str, direction: str) -> None:
    for name in ("chinook", "shop30"):
        check(corpus_model(name), detail=detail, direction=direction, width=120)


@needs_shared
@pytest.mark.parametrize("width", [None, 120, 60, 40, 30])
def test_without_a_given_detail_the_drawing_is_complete_at_any_width(width: int | None) -> None:
    for name in ("chinook", "shop30"):
        check(corpus_model(name), width=width)


@needs_shared
@pytest.mark.parametrize("name", SMALL)
def test_every_line_is_drawn_where_there_is_no_limit(name: str) -> None:
    """Without a width nothing is left to a list."""
    path = corpus_model(name)
    for detail in DETAILS:
        text = draw(path, detail=detail)
        verdict = judge(read_drawing(text), read_truth(path), detail=detail)
        assert verdict.named == 0, f"{detail}: {verdict.report()}\n{text}"


@needs_shared
@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("notation", ["template", "crowsfoot", "uml", "lines"])
def test_a_title_and_a_legend_are_no_part_of_the_drawing(notation: str, ascii_only: bool) -> None:
    for detail in ("names", "full"):
        check(
            corpus_model("chinook"),
            detail=detail,
            notation=notation,
            ascii=ascii_only,
            width=100,
            title="A title",
            legend=True,
        )


@needs_shared
@pytest.mark.parametrize("name", SMALL)
def test_the_list_says_every_relationship_once(name: str) -> None:
    path = corpus_model(name)
    for ascii_only in (False, True):
        options = Options(ascii=ascii_only)
        lines = render(load(path).graph, "list", options).data.decode().splitlines()
        for rel in read_truth(path).relationships:
            said = [line for line in lines if says(line, rel)]
            assert said, rel
            lines.remove(said[0])
        assert not [line for line in lines if "←→" in line or "<->" in line]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("detail", ["names", "full"])
def test_verbs_stand_whole_beside_their_lines(detail: str, seed: int) -> None:
    model = make_model(seed, 8 + 2 * seed, keys=2.0)
    check(model, detail=detail, labels=True, ascii=seed % 3 == 0)


@needs_shared
def test_labels_are_whole_and_beside_their_lines() -> None:
    model = """
        entities:
          Customer: {attributes: {id: uuid pk}}
          Order: {attributes: {id: uuid pk, customer_id: uuid -> Customer}}
        relationships:
          - Customer one-to-many Order: places, again and again
        """
    for detail in ("names", "full"):
        text = draw(model, detail=detail, labels=True)
        words = [label.text for label in read_drawing(text).labels]
        assert [word for word in words if word.endswith("places, again and again")], text


@needs_shared
def test_the_hash_seed_changes_nothing() -> None:
    program = (
        "import sys\n"
        "from tests.support.drawings import draw\n"
        "from pathlib import Path\n"
        "for detail in ('names', 'full'):\n"
        "    sys.stdout.write(draw(Path(sys.argv[1]), detail=detail, width=100))\n"
    )
    drawings = set()
    for seed in ("0", "1", "77"):
        done = subprocess.run(
            [sys.executable, "-c", program, str(CORPUS / "shop30.yaml")],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            capture_output=True,
            check=True,
            timeout=120,
        )
        drawings.add(done.stdout)
    assert len(drawings) == 1


@needs_shared
@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_oracle_and_the_reader_agree_on_every_key(path: Path) -> None:
    """What the oracle wants drawn is what the model says: read twice, by two programs."""
    truth, graph = read_truth(path), load(path).graph
    assert list(truth.entities) == [entity.name for entity in graph.model.entities]
    ours = sorted(
        (rel.left, rel.right, sorted(rel.right_attrs), str(rel.left_end), str(rel.right_end))
        for rel in truth.relationships
    )
    theirs = sorted(
        (
            tie.left,
            tie.right,
            sorted(tie.right_attributes),
            str((tie.left_end.minimum, tie.left_end.maximum)),
            str((tie.right_end.minimum, tie.right_end.maximum)),
        )
        for tie in graph.relationships
    )
    assert ours == theirs


CROWDED = """
entities:
  User: {attributes: {id: uuid pk, name: text}}
  Profile: {attributes: {user_id: uuid pk -> User, bio: text}}
  Settings: {attributes: {id: uuid pk, user_id: uuid unique -> User}}
  Avatar: {attributes: {id: uuid pk, user_id: "uuid? unique -> User"}}
  Post: {attributes: {id: uuid pk, author_id: uuid -> User, editor_id: "uuid? -> User"}}
  Tag:
  Badge:
relationships:
  - Tag many-to-many User
  - Badge many-to-many User
  - User many-to-many User: follows
"""


@pytest.mark.parametrize("notation", ["template", "crowsfoot", "uml", "lines"])
@pytest.mark.parametrize("detail", ["keys", "full"])
def test_as_many_kinds_of_lines_as_there_are_end_at_one_row(detail: str, notation: str) -> None:
    """A row has two sides; for a third line or trunk it gets a lane below."""
    for ascii_only in (False, True):
        options = {"detail": detail, "notation": notation, "ascii": ascii_only}
        check(CROWDED, **options)
        assert "Not drawn" not in draw(CROWDED, **options)


@needs_shared
def test_hubs_with_numbers_at_all_ends_read_back() -> None:
    """The lines of a hub's two trunks part and meet again in one channel."""
    check(corpus_model("omop_cdm"), detail="keys", notation="uml")


SHOP = """
entities: {Customer: , Order: , Product: , Supplier: , Category: , Shipment: , Employee: }
relationships:
  - Customer one-to-many Order: places
  - Order many-to-many Product: contains
  - Supplier one-to-many Product: delivers
  - Category one-to-many Product: classifies
  - Category 0..1 -- 0..* Category: parent of
  - Order one-to-one Shipment: sent as
  - Employee 0..1 -- 0..* Employee: manages
  - Employee 0..1 -- 0..* Order: handles
"""
PARALLEL = """
entities:
  Order: {attributes: {id: uuid pk, a_id: uuid -> Warehouse, b_id: "uuid? -> Warehouse"}}
  Warehouse:
    attributes:
      id: uuid pk
      warehouse_0_id: uuid -> Warehouse
      order_1_id: uuid? -> Order
      warehouse_2_id: uuid -> Warehouse
"""


@pytest.mark.parametrize("model", [SHOP, PARALLEL])
@pytest.mark.parametrize("direction", ["auto", "right", "down"])
@pytest.mark.parametrize("labels", [False, True])
@pytest.mark.parametrize("notation", ["template", "crowsfoot", "uml", "lines"])
def test_a_small_model_has_a_line_for_every_relationship(
    model: str, direction: str, notation: str, *, labels: bool
) -> None:
    for ascii_only in (False, True):
        options = {"detail": "names", "labels": labels, "direction": direction}
        text = draw(model, notation=notation, ascii=ascii_only, **options)
        assert "Not drawn" not in text, text
        check(model, notation=notation, ascii=ascii_only, **options)


@pytest.mark.parametrize(
    "text",
    [
        "read|write",
        "is-a",
        "<<include>>",
        "a -> b",
        "has 1+",
        "-",
        "|",
        "->",
        "0..*",
        "1",
        "1:many",
        "*",
        "x > y",
        "a │ b",
        "─",
        "┼",
        "╭╌ x ╌╮",
        "◄──",
        "▼",
        "(PK)",
        "[1]",
        "● x",
        "طلب",
        "👩‍👩‍👧",
        "ＡＢ",
    ],
)
def test_texts_beside_lines_are_no_lines_and_no_numbers(text: str) -> None:
    """Verbs and groups' titles that hold what lines are made of can be told from lines."""
    said = json.dumps(text, ensure_ascii=False)
    model = f"groups: {{g: {{title: {said}}}}}\n"
    model += "entities: {A: , B: , C: {group: g}}\nrelationships:\n"
    model += f"  - {{from: A, to: B, type: one-to-many, label: {said}}}\n"
    model += f"  - {{from: B, to: C, type: many-to-many, label: {said}}}\n"
    for notation in ("template", "crowsfoot", "uml", "lines"):
        for ascii_only in (False, True):
            for direction in ("right", "down"):
                options = {"notation": notation, "ascii": ascii_only, "direction": direction}
                check(model, labels=True, detail="names", **options)


@pytest.mark.parametrize("detail", ["keys", "full"])
@pytest.mark.parametrize("direction", ["right", "down"])
def test_groups_of_bare_boxes_stand_beside_groups_of_boxes_with_rows(
    detail: str, direction: str
) -> None:
    model = """
entities:
  A: {group: g}
  B: {group: g}
  C: {group: h, attributes: {id: int pk, d_id: int -> D}}
  D: {group: h, attributes: {id: int pk}}
relationships: [A one-to-many B, A one-to-many C]
"""
    check(model, detail=detail, direction=direction)


@pytest.mark.parametrize("notation", ["template", "uml", "lines"])
def test_a_label_between_two_rows_with_lines_gets_a_row(notation: str) -> None:
    """Where level lines leave neighbouring rows on both sides, the boxes are torn for a label."""
    model = """
entities:
  A: {attributes: {a: int pk, b: int unique, c: int unique, d: int unique}}
  B: {attributes: {w: int -> A.a, x: int -> A.b, y: int -> A.c, z: int -> A.d}}
  C: {attributes: {p: int -> A.a, q: int -> A.b, r: int -> A.c, s: int -> A.d}}
"""
    for labels in (False, True):
        text = draw(model, detail="keys", notation=notation, labels=labels)
        assert "Not drawn" not in text, text
        check(model, detail="keys", notation=notation, labels=labels)


def test_a_label_over_another_line_makes_its_own_line_longer() -> None:
    model = """
entities: {Order: , Team: , Task: , Comment: , Invoice: , Customer: , Shipment: , Session: }
relationships:
  - Order many-to-many Team: contains
  - Team 1 -- 1..* Task: is paid by
  - Task 0..1 -- 0..* Comment: places
  - Task 0..* -- 0..1 Invoice: manages
  - Task many-to-many Customer: is of
  - Customer one-to-one Shipment: sent as
  - Task one-to-one Session: has
"""
    for notation in ("template", "lines"):
        options = {"detail": "names", "labels": True, "direction": "right", "notation": notation}
        check(model, **options)
        assert not re.search(
            r"(\n[│ ]*){5}\n", draw(model, **options)
        )  # no rows put in for nothing
