"""How a relationship is shown: its cardinalities in, labels, end marks and the kind of line out."""

# annotations as texts would double the time that making named tuples takes
from typing import NamedTuple

from erdgen.model.relationships import Cardinality, Relationship
from erdgen.render.cardinalities import count, is_many, uml
from erdgen.render.text.glyphs import (
    ARROW,
    ASCII_ARROW,
    NO_MARK,
    THIN_ARROW,
    Mark,
    crows_foot,
    make_text,
)
from erdgen.render.width import make_name


class Stroke(NamedTuple):
    """How one line looks.

    Attributes:
        label: The text beside the line; empty for none.
        near_left: The text beside the left end.
        near_right: The text beside the right end.
        verb: The verb where it stands apart from the label, towards the right end.
        left: The mark at the left end.
        right: The mark at the right end.
        double: Whether it is a double line.
    """

    label: str = ""
    near_left: str = ""
    near_right: str = ""
    verb: str = ""
    left: Mark = NO_MARK
    right: Mark = NO_MARK
    double: bool = False


class Style(NamedTuple):
    """What decides how lines look, the same for a whole drawing.

    Attributes:
        notation: `template`, `crowsfoot`, `uml` or `lines`.
        rows: Whether boxes show attributes, so that lines point at what is referred to.
        ascii_only: Whether only `+ - | < > v ^` may be used for lines.
        labels: Whether the relationships' verbs are shown.
    """

    notation: str
    rows: bool
    ascii_only: bool
    labels: bool


def make_stroke(relationship: Relationship, style: Style, role: str = "") -> Stroke:
    """Return how a relationship is shown.

    Args:
        relationship: The relationship.
        style: The drawing's style.
        role: What tells this relationship from others of the same entities; may be empty.
    """
    left, right = relationship.left_end, relationship.right_end
    verb = _verb(relationship, role) if style.labels else ""
    verb = make_text(verb, ascii_only=style.ascii_only)
    stroke = _make_without_verb(left, right, style)
    if not verb:
        return stroke
    if style.rows and not is_many(left):
        # many lines come from one row and share a trunk there, so each says its verb at its key
        return stroke._replace(verb=verb)
    return stroke._replace(label=f"{stroke.label} {verb}".strip())


def _make_without_verb(left: Cardinality, right: Cardinality, style: Style) -> Stroke:
    match style.notation:
        case "crowsfoot":
            return Stroke(
                near_left=_odd(left),
                near_right=_odd(right),
                left=crows_foot(left.minimum, left.maximum, ascii_only=style.ascii_only),
                right=crows_foot(right.minimum, right.maximum, ascii_only=style.ascii_only),
            )
        case "uml":
            return Stroke(near_left=uml(left), near_right=uml(right))
        case "lines":
            return _lines(left, right, style)
    arrow = ASCII_ARROW if style.ascii_only else ARROW if style.rows else THIN_ARROW
    if style.rows:
        words = f"{_capital(left)}-to-{_capital(right)}"
    else:
        words = f"{count(left)}:{count(right)}"
    at_left, at_right = _heads(left, right, points_at_one=style.rows)
    return Stroke(
        words,
        left=arrow if at_left else NO_MARK,
        right=arrow if at_right else NO_MARK,
    )


def _heads(left: Cardinality, right: Cardinality, *, points_at_one: bool) -> tuple[bool, bool]:
    """Return at which ends an arrow stands.

    Among bare boxes an arrow points at the many, as a conceptual model is read; among boxes with
    attributes it points from the key at what is referred to. One to one, the left end is the one
    that is referred to.
    """
    if is_many(left) and is_many(right):
        return True, True
    if points_at_one:
        return (False, True) if is_many(left) else (True, False)
    return (True, False) if is_many(left) else (False, True)


def _lines(left: Cardinality, right: Cardinality, style: Style) -> Stroke:
    """Return the notation that tells cardinalities by the kind of line.

    There is no double line among the characters of an ASCII drawing: there, one-to-many says so.
    """
    arrow = ASCII_ARROW if style.ascii_only else THIN_ARROW
    at_left, at_right = _heads(left, right, points_at_one=False)
    one_to_many = is_many(left) != is_many(right)
    return Stroke(
        f"{count(left)}:{count(right)}" if one_to_many and style.ascii_only else "",
        near_left=_odd(left),
        near_right=_odd(right),
        left=arrow if at_left else NO_MARK,
        right=arrow if at_right else NO_MARK,
        double=one_to_many and not style.ascii_only,
    )


def _capital(end: Cardinality) -> str:
    words = count(end)
    return {"1": "One", "many": "Many"}.get(words, words)


def reference_row(tie: Relationship, notation: str) -> str:
    """Return how the entity at the left end names a relationship that has no line.

    The cardinality stands behind it where it is not plain one-to-many; drawings that show the
    least at an end say that too.

    >>> reference_row(Relationship("A", "B", Cardinality(1, 1), Cardinality(0, 1)), "template")
    'B (1:1)'
    >>> reference_row(Relationship("A", "B", Cardinality(0, 1), Cardinality(0, None)), "uml")
    'B (0..1 -- 0..*)'
    """
    name = make_name(tie.right)
    if tie.right_attributes:
        name += f".{', '.join(make_name(attribute) for attribute in tie.right_attributes)}"
    if notation in ("template", "lines"):
        plain, said = "1:many", f"{count(tie.left_end)}:{count(tie.right_end)}"
    else:
        plain, said = "1 -- 0..*", f"{uml(tie.left_end)} -- {uml(tie.right_end)}"
    return name if said == plain else f"{name} ({said})"


def _odd(end: Cardinality) -> str:
    """Return an end in numbers where a mark alone does not say it."""
    plain = end.minimum in (0, 1) and end.maximum in (1, None)
    return "" if plain else uml(end)


def _verb(relationship: Relationship, role: str) -> str:
    verbs = [make_name(text) for text in (relationship.label, relationship.label_back) if text]
    return " / ".join(verbs) if verbs else role
