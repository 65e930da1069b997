"""A reading and the truth in; what is missing, wrong, or only named in words out."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.oracle.reading import Fault, ReadBox, ReadEnd, Reading, Tie
from tests.oracle.truth import Attr, Count, Rel, Truth


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a drawing stands to its model.

    Attributes:
        wanted: Relationships that the model has.
        drawn: Relationships that read back as lines.
        named: Relationships named in words: as reference rows or in a list.
        missing: Relationships that are neither.
        wrong: Ties in the drawing that the model does not have.
        lost: Entities and attributes without their place, and boxes of nobody.
        mislabelled: Ties whose marks or labels say something else than the model.
        faults: What is wrong with the drawing by itself.
    """

    wanted: int
    drawn: int
    named: int
    missing: tuple[Rel, ...]
    wrong: tuple[str, ...]
    lost: tuple[str, ...]
    mislabelled: tuple[str, ...]
    faults: tuple[Fault, ...]

    @property
    def fine(self) -> bool:
        """Whether nothing is missing, wrong, or at fault."""
        return not (self.missing or self.wrong or self.lost or self.mislabelled or self.faults)

    def report(self) -> str:
        """Return all that is not fine, a line each."""
        parts = [f"{self.drawn} drawn + {self.named} named of {self.wanted}"]
        parts += [f"missing: {rel}" for rel in self.missing]
        parts += [f"wrong: {text}" for text in self.wrong]
        parts += [f"lost: {text}" for text in self.lost]
        parts += [f"mislabelled: {text}" for text in self.mislabelled]
        parts += [f"fault: {fault}" for fault in self.faults]
        return "\n".join(parts)


def judge(
    reading: Reading,
    truth: Truth,
    *,
    detail: str = "names",
    notation: str | None = None,
    verbs: bool = False,
) -> Verdict:
    """Compare what is read with what the model says.

    Args:
        reading: What was read from the drawing.
        truth: What the model says, or the part of it that was to be drawn.
        detail: `names`, `keys` or `full`: which rows the boxes must have.
        notation: Check marks and labels by this notation too; None does not.
        verbs: Whether the relationships' labels must stand whole beside their lines.
    """
    owners, lost = _find_owners(reading, truth)
    lost += _check_rows(reading, truth, owners, detail)
    in_words = _in_words(reading, truth, owners)
    matched, wrong_ties = _match(reading, truth, owners, notation, in_words)
    named = in_words - set(matched)
    missing = [
        rel
        for index, rel in enumerate(truth.relationships)
        if index not in matched and index not in named
    ]
    mislabelled = [
        text
        for index, tie in sorted(matched.items())
        if notation
        for text in _check_signs(reading, tie, truth.relationships[index], owners, notation)
    ]
    for index, tie in sorted(matched.items()) if verbs else ():
        rel = truth.relationships[index]
        if not any(rel.label in text for text in reading.lines[tie.line].labels or ("",)):
            mislabelled.append(f"{rel.left} -- {rel.right}: no {rel.label!r}")
    wrong = [
        f"{owners.get(tie.one.box)}.{tie.one.row} -- {owners.get(tie.many.box)}.{tie.many.row}"
        for tie in wrong_ties
    ]
    return Verdict(
        len(truth.relationships),
        len(matched),
        len(named),
        tuple(missing),
        tuple(wrong),
        tuple(lost),
        tuple(mislabelled),
        reading.faults,
    )


# --- names --------------------------------------------------------------------------------------


def shown(name: str) -> str:
    """Return a name as it can stand in a drawing, blanks left out (names are wrapped at them).

    What a terminal would act on is written as an escape.

    >>> shown("Order line"), shown("a\\nb")
    ('Orderline', 'a\\\\nb')
    """
    kept = []
    for char in name:
        unsafe = unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs") or (
            unicodedata.category(char) == "Cf" and char not in "\u200c\u200d"
        )
        kept.append(char.encode("unicode_escape").decode() if unsafe else char)
    text = "".join(kept)
    if not text or text != text.strip():
        text = f'"{text}"'
    return text.replace(" ", "")


def _find_owners(reading: Reading, truth: Truth) -> tuple[dict[int, str], list[str]]:
    """Return box -> entity, and who has no box or more than one, or which box has no entity."""
    by_text = {shown(name): name for name in truth.entities}
    owners: dict[int, str] = {}
    lost: list[str] = []
    for index, box in enumerate(reading.boxes):
        name = by_text.get("".join(box.head).replace(" ", ""))
        if name is None:
            lost.append(f"a box of nobody: {box.name!r} at {box.x0},{box.y0}")
        else:
            owners[index] = name
    times = Counter(owners.values())
    lost += [f"{name} has {times[name]} boxes" for name in truth.entities if times[name] != 1]
    return owners, lost


def _check_rows(reading: Reading, truth: Truth, owners: dict[int, str], detail: str) -> list[str]:
    if detail == "names":
        return []
    lost: list[str] = []
    for index, name in owners.items():
        text = "\n".join(row.replace(" ", "") for row in reading.boxes[index].body)
        flat = text.replace("\n", "")
        keys = _key_attributes(truth, name)
        for attr in truth.entities[name]:
            wanted = detail == "full" or attr.name in keys
            if wanted and shown(attr.name) not in flat:
                lost.append(f"{name}.{attr.name} has no row")
    return lost


def _key_attributes(truth: Truth, name: str) -> set[str]:
    keys = {attr.name for attr in truth.entities[name] if attr.pk or attr.targets}
    for rel in truth.relationships:
        if rel.left == name:
            keys.update(rel.left_attrs)
        if rel.right == name:
            keys.update(rel.right_attrs)
    return keys


# --- relationships ------------------------------------------------------------------------------


def _match(
    reading: Reading,
    truth: Truth,
    owners: dict[int, str],
    notation: str | None,
    in_words: set[int],
) -> tuple[dict[int, Tie], list[Tie]]:
    """Match ties with relationships, as many as can be; return them and the ties left over.

    Where several relationships tie the same boxes, those whose marks fit are tried first, and
    those that are named in words come last.
    """
    by_pair: dict[frozenset[str], list[int]] = {}
    for index, rel in enumerate(truth.relationships):
        by_pair.setdefault(rel.pair, []).append(index)
    fitting: list[list[int]] = []
    for tie in reading.ties:
        names = frozenset(owners.get(end.box, "") for end in (tie.one, tie.many))
        fitting.append(
            [
                index
                for index in by_pair.get(names, [])
                if _fits(tie, truth.relationships[index], truth, owners, reading)
            ]
        )
    unsaid = [[index for index in found if index not in in_words] for found in fitting]
    strict = [
        [
            index
            for index in found
            if len(found) == 1
            or not notation
            or not _check_signs(reading, tie, truth.relationships[index], owners, notation)
        ]
        for tie, found in zip(reading.ties, unsaid, strict=True)
    ]
    taken: dict[int, int] = {}

    def place(tie: int, choices: list[list[int]], seen: set[int]) -> bool:
        for index in choices[tie]:
            if index not in seen:
                seen.add(index)
                if index not in taken or place(taken[index], choices, seen):
                    taken[index] = tie
                    return True
        return False

    waiting = list(range(len(reading.ties)))
    for choices in (strict, unsaid, fitting):
        waiting = [tie for tie in waiting if not place(tie, choices, set())]
    ties = {index: reading.ties[tie] for index, tie in taken.items()}
    return ties, [reading.ties[tie] for tie in waiting]


def _fits(tie: Tie, rel: Rel, truth: Truth, owners: dict[int, str], reading: Reading) -> bool:
    return any(_ends_as(tie, rel, truth, owners, reading))


def _ends_as(
    tie: Tie, rel: Rel, truth: Truth, owners: dict[int, str], reading: Reading
) -> tuple[bool, bool]:
    """Return whether the tie is the relationship read as it stands, and read the other way."""

    def at(end: ReadEnd, name: str, attrs: tuple[str, ...]) -> bool:
        if owners.get(end.box) != name:
            return False
        box = reading.boxes[end.box]
        if not box.rules:
            return True
        if not attrs:
            return True
        row = _attribute_at(end.row, truth.entities[name])
        rows_shown = {_attribute_at(text, truth.entities[name]) for text in _attribute_rows(box)}
        if not rows_shown & set(attrs):
            return True
        return row in attrs

    as_is = at(tie.one, rel.left, rel.left_attrs) and at(tie.many, rel.right, rel.right_attrs)
    turned = at(tie.many, rel.left, rel.left_attrs) and at(tie.one, rel.right, rel.right_attrs)
    return as_is, turned


def _attribute_rows(box: ReadBox) -> list[str]:
    """Return the rows of attributes: reference rows come after them."""
    return list(itertools.takewhile(lambda row: not f"{row} ".startswith(("↳ ", "-> ")), box.body))


def _attribute_at(row: str, attrs: Sequence[Attr]) -> str:
    """Return the attribute whose row this is, the longest name that fits; empty for none."""
    text = row.replace(" ", "")
    fitting = [
        attr.name
        for attr in attrs
        if text == shown(attr.name)
        or (text.startswith(shown(attr.name)) and not _goes_on(row, attr.name))
    ]
    if not fitting:
        # only the first row of a wrapped name
        fitting = [attr.name for attr in attrs if text and shown(attr.name).startswith(text)]
        return fitting[0] if len(fitting) == 1 else ""
    return max(fitting, key=len)


def _goes_on(row: str, name: str) -> bool:
    """Return whether a row goes on after a name without a blank: then it is another name."""
    rest = row
    for char in shown(name):
        rest = rest.lstrip().removeprefix(char)
    return bool(rest) and not rest.startswith(" ")


def says(line: str, rel: Rel) -> bool:
    """Return whether a line of text says a relationship, as `A (1) ←→ (many) B via b_id: verb`.

    >>> says("A (1) ←→ (many) B via a_id", Rel("A", "B", ("id",), ("a_id",)))
    True
    >>> says("A (1) ←→ (many) B via c_id", Rel("A", "B", ("id",), ("a_id",)))
    False
    """
    text = line.replace(" ", "")
    left, right = (re.escape(shown(name)) for name in (rel.left, rel.right))
    via = re.escape(",".join(shown(attr) for attr in rel.right_attrs))
    pattern = rf"{left}\([^()]*\)(?:←→|<->)\([^()]*\){right}(?:via{via}|through.*)?(?::.*)?"
    found = re.fullmatch(pattern, text)
    return bool(found) and (not rel.key or f"){shown(rel.right)}via" in text)


def _in_words(reading: Reading, truth: Truth, owners: dict[int, str]) -> set[int]:
    """Return the relationships that the list below the drawing or a reference row names."""
    notes = list(reading.notes)
    references = Counter(
        (owners.get(box, ""), text.replace(" ", "")) for box, text in reading.references
    )
    named: set[int] = set()
    for index, rel in enumerate(truth.relationships):
        note = next((each for each in notes if says(each, rel)), None)
        if note is not None:
            notes.remove(note)
        elif not _is_referenced(rel, references):
            continue
        named.add(index)
    return named


def _is_referenced(rel: Rel, references: Counter[tuple[str, str]]) -> bool:
    """Return whether a box's reference row names the relationship, and use the row up."""
    for here, there in ((rel.left, rel.right), (rel.right, rel.left)):
        attrs = rel.right_attrs if there == rel.right else rel.left_attrs
        texts = [shown(there), *(f"{shown(there)}.{shown(attr)}" for attr in attrs)]
        texts.append(f"{shown(there)}.{','.join(shown(attr) for attr in attrs)}")
        for text in reversed(texts):
            if references[here, text] > 0:
                references[here, text] -= 1
                return True
    return False


# --- marks and labels ---------------------------------------------------------------------------


def _check_signs(
    reading: Reading,
    tie: Tie,
    rel: Rel,
    owners: dict[int, str],
    notation: str,
) -> list[str]:
    """Return how the marks and labels of a tie belie the relationship; empty if they don't."""
    rows = any(box.body and not box.body[0].startswith(("↳", "->")) for box in reading.boxes)
    turned = owners.get(tie.one.box) != rel.left or (
        rel.left == rel.right and _marks_say(tie.many, tie.one, rel, notation, rows)
    )
    left, right = (tie.many, tie.one) if turned else (tie.one, tie.many)
    line = reading.lines[tie.line]
    wrong: list[str] = []
    if not _marks_say(left, right, rel, notation, rows):
        wrong.append(
            f"{rel.left} {left.mark!r}{left.number!r} {right.mark!r}{right.number!r} {rel.right}"
            f" for {rel.left_end}, {rel.right_end}"
        )
    label = _label(rel, notation, rows)
    if label and not any(text == label or text.startswith(label + " ") for text in line.labels):
        wrong.append(f"{rel.left} -- {rel.right}: no label {label!r} in {line.labels}")
    return wrong


def _many(end: Count) -> bool:
    return end[1] is None or end[1] > 1


def _words(end: Count) -> str:
    if end[1] is None:
        return "many" if end[0] <= 1 else f"{end[0]}..many"
    return "1" if end[1] == 1 else str(end[1]) if end[0] == end[1] else f"{end[0]}..{end[1]}"


def _label(rel: Rel, notation: str, rows: bool) -> str:
    """Return the cardinality's words in the notation of the templates."""
    if notation != "template":
        return ""
    words = [_words(end) for end in (rel.left_end, rel.right_end)]
    if not rows:
        return ":".join(words)
    capital = {"1": "One", "many": "Many"}
    return "-to-".join(capital.get(word, word) for word in words)


def _marks_say(left: ReadEnd, right: ReadEnd, rel: Rel, notation: str, rows: bool) -> bool:
    left_many, right_many = _many(rel.left_end), _many(rel.right_end)
    if notation == "crowsfoot":
        return _foot(left.mark) == _bounds(rel.left_end) and _foot(right.mark) == _bounds(
            rel.right_end
        )
    if notation == "uml":
        return left.number == _uml(rel.left_end) and right.number == _uml(rel.right_end)
    heads = bool(left.mark), bool(right.mark)
    if left_many and right_many:
        return heads == (True, True)
    if rows and notation == "template":
        return heads == (not left_many, left_many)
    return heads == (left_many, not left_many)


def _foot(mark: str) -> tuple[bool, bool]:
    """Return (many, at least one) as a crow's foot says it, from the box outwards."""
    return mark[:1] in ("<", ">", "^", "v", "∧", "∨"), mark[1:] in ("|", "-")


def _bounds(end: Count) -> tuple[bool, bool]:
    return _many(end), end[0] >= 1


def _uml(end: Count) -> str:
    most = "*" if end[1] is None else str(end[1])
    return most if str(end[0]) == most else f"{end[0]}..{most}"


def box_of(reading: Reading, name: str) -> ReadBox:
    """Return the box of this name."""
    return next(box for box in reading.boxes if box.name == name)
