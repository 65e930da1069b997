"""A drawing's plan in, the rows that explain its marks out: those that are used, and no others."""

from __future__ import annotations

from collections.abc import Iterable

from erdgen.layout.drawing import End
from erdgen.model.graph import Graph
from erdgen.model.relationships import Cardinality
from erdgen.render.cardinalities import is_many, uml
from erdgen.render.text.boxes import RULE, Look, Plan
from erdgen.render.text.glyphs import LEFT, crows_foot
from erdgen.render.width import display_width, pad, wrap

Row = tuple[str, str]
"""A sign and what it says."""


def legend_rows(graph: Graph, plan: Plan, look: Look, width: int | None) -> list[str]:
    """Return the legend of a text drawing, empty where there is nothing to explain."""
    ends = [
        (graph.relationships[index].left_end, graph.relationships[index].right_end)
        for index in plan.drawn
    ]
    match look.notation:
        case "crowsfoot":
            rows = _crows_feet(ends, look)
        case "uml":
            rows = _numbers(ends)
        case "lines":
            rows = _kinds(ends, look)
        case _:
            rows = _template(ends, look, points_at_one=_has_rows(plan))
    elsewhere = len(plan.drawn) == len(graph.relationships)
    rows += _signs(plan, look, elsewhere=elsewhere)
    if not rows:
        return []
    column = max(display_width(sign) for sign, _ in rows)
    printed = ["Legend:"]
    for sign, meaning in rows:
        room = max(10, width - column - 4) if width else 1_000_000
        first, *others = wrap(meaning, room)
        printed.append(f"  {pad(sign, column)}  {first}")
        printed += [" " * (column + 4) + other for other in others]
    return printed


def _has_rows(plan: Plan) -> bool:
    return any(RULE in face.rows for face in plan.faces)


Ends = Iterable[tuple[Cardinality, Cardinality]]


def _template(ends: Ends, look: Look, *, points_at_one: bool) -> list[Row]:
    line, head = ("---", ">") if look.ascii_only else ("───", "►" if points_at_one else ">")
    tail = "<" if look.ascii_only or not points_at_one else "◄"
    rows: list[Row] = []
    kinds = {(is_many(left), is_many(right)) for left, right in ends}
    both = {(True, False), (False, True)} & kinds
    if points_at_one:
        if both:
            rows.append((f"{line}{head}", "from the many to the one that each of them refers to"))
        if (False, False) in kinds:
            rows.append((f"One-to-One {line}{head}", "to the one that is referred to"))
    else:
        if both:
            rows.append((f"{line}{head}", "from the one to the many"))
        if (False, False) in kinds:
            rows.append((f"1:1 {line}{head}", "one to one"))
    if (True, True) in kinds:
        rows.append((f"{tail}{line}{head}", "many to many"))
    return rows


def _crows_feet(ends: Ends, look: Look) -> list[Row]:
    used = {(min(end.minimum, 1), None if is_many(end) else 1) for pair in ends for end in pair}
    line = "---" if look.ascii_only else "───"
    words = {
        (1, 1): "exactly one",
        (0, 1): "zero or one",
        (1, None): "one or more",
        (0, None): "zero or more",
    }
    return [
        (line + crows_foot(*kind, ascii_only=look.ascii_only)[LEFT][::-1], said)
        for kind, said in words.items()
        if kind in used
    ]


def _numbers(ends: Ends) -> list[Row]:
    used = {uml(end) for pair in ends for end in pair}
    words = {"1": "exactly one", "0..1": "zero or one", "1..*": "one or more", "*": "any number"}
    rows = [(sign, said) for sign, said in words.items() if sign in used]
    if "0..*" in used:
        rows.append(("0..*", "zero or more"))
    rows += [
        (sign, "from least to most" if ".." in sign else "exactly so many")
        for sign in sorted(used - words.keys() - {"0..*"})
    ]
    return rows


def _kinds(ends: Ends, look: Look) -> list[Row]:
    kinds = {(is_many(left), is_many(right)) for left, right in ends}
    one, several, both = (
        ("--->", "---> 1:many", "<-->") if look.ascii_only else ("───>", "═══>", "<──>")
    )
    rows = []
    if (False, False) in kinds:
        rows.append((one, "one-to-one relationship"))
    if {(True, False), (False, True)} & kinds:
        rows.append((several, "one-to-many relationship, the many at the arrow"))
    if (True, True) in kinds:
        rows.append((both, "many-to-many relationship"))
    return rows


def _signs(plan: Plan, look: Look, *, elsewhere: bool) -> list[Row]:
    """Return what stands in the rows of boxes.

    Args:
        plan: What is drawn.
        look: What is shown of it.
        elsewhere: Whether reference rows name entities of other drawings.
    """
    rows = [row for face in plan.faces for row in face.rows if row is not RULE]
    found: list[Row] = []
    if any("(PK" in row for row in rows):
        found.append(("(PK)", "primary key"))
    if any("FK)" in row or "FK," in row for row in rows):
        found.append(("(FK)", "foreign key"))
    if any("FK1" in row for row in rows):
        found.append(("(FK1)", "rows with the same number are one foreign key"))
    if look.types and any(row.endswith("?") for row in rows):
        found.append(("?", "may be absent"))
    if any(_ends_at_blank(plan, end) for line in plan.diagram.lines for end in line[:2]):
        line = "|---" if look.ascii_only else "│───"
        found.append((line, "at a blank row: a line of the row above"))
    sign = "->" if look.ascii_only else "↳"
    if any(row.startswith(f" {sign} ") for row in rows):
        said = "without a line; one to many if it says no other"
        said = "which stands in another drawing" if elsewhere else said
        found.append((sign, f"related to what is named, {said}"))
    return found


def _ends_at_blank(plan: Plan, end: End) -> bool:
    """Return whether a line ends at a row that is one more lane of the row above it."""
    return end.row is not None and plan.faces[end.box].rows[end.row - 1] == ""
