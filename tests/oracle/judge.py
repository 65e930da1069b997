"""A reading and the truth in; what is missing, wrong, or only named in words out."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.oracle.marks import check_marks
from tests.oracle.reading import Fault, ReadBox, ReadEnd, Reading, Tie
from tests.oracle.texts import behind_reference, beside, check_texts, has_rows, is_said, words
from tests.oracle.truth import Attr, Count, Rel, Truth, shown


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
    detail: str | None = "names",
    notation: str | None = None,
    verbs: bool | None = None,
    types: bool = False,
) -> Verdict:
    """Compare what is read with what the model says.

    Args:
        reading: What was read from the drawing.
        truth: What the model says, or the part of it that was to be drawn.
        detail: `names`, `keys` or `full`: which rows the boxes must have; None: any of these.
        notation: Check marks and labels by this notation too; None does not.
        verbs: Whether the relationships' labels must stand whole beside their lines; None: they
            may.
        types: Whether types stand behind the attributes.
    """
    owners, lost = _find_owners(reading, truth)
    details = (detail,) if detail else ("full", "keys", "names")
    rows = [_check_rows(reading, truth, owners, each, types=types) for each in details]
    fewest: list[str] = min(rows, key=len)
    lost += fewest
    lost += _check_frames(reading, truth, owners)
    in_words, unknown = _in_words(reading, truth, owners, notation)
    matched, wrong_ties = _match(reading, truth, owners, notation, in_words)
    missing = [
        rel
        for index, rel in enumerate(truth.relationships)
        if index not in matched and index not in in_words
    ]
    mislabelled: list[str] = []
    if notation:
        for index, tie in sorted(matched.items()):
            rel = truth.relationships[index]
            mislabelled += check_marks(reading, tie, rel, owners, notation)
        mislabelled += check_texts(reading, truth, matched, notation, verbs=verbs)
    wrong = [
        f"{owners.get(tie.one.box)}.{tie.one.row} -- {owners.get(tie.many.box)}.{tie.many.row}"
        for tie in wrong_ties
    ]
    return Verdict(
        len(truth.relationships),
        len(matched),
        len(in_words),
        tuple(missing),
        (*wrong, *unknown),
        tuple(lost),
        tuple(mislabelled),
        reading.faults,
    )


# --- names --------------------------------------------------------------------------------------


def flat(name: str) -> str:
    """Return a name as it can stand in a drawing, blanks left out (names are wrapped at them).

    >>> flat("Order line")
    'Orderline'
    """
    return shown(name).replace(" ", "")


def _find_owners(reading: Reading, truth: Truth) -> tuple[dict[int, str], list[str]]:
    """Return box -> entity, and who has no box or more than one, or which box has no entity."""
    by_text = {flat(name): name for name in truth.entities}
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


def _check_rows(
    reading: Reading, truth: Truth, owners: dict[int, str], detail: str, *, types: bool
) -> list[str]:
    """Return the boxes whose rows are not the attributes, in order, each with its key signs."""
    lost: list[str] = []
    signs = _key_signs(truth)
    for index, name in owners.items():
        text = "".join(reading.boxes[index].body).replace(" ", "")
        keys = _key_attributes(truth, name)
        wanted = [
            attr
            for attr in truth.entities[name]
            if detail == "full" or (detail == "keys" and attr.name in keys)
        ]
        cells = []
        for attr in wanted:
            found = [*(["PK"] if attr.pk else []), *signs.get((name, attr.name), [])]
            cells.append(flat(attr.name) + (f"({','.join(found)})" if found else ""))
        behind = "(.*?)" if types else ""
        rows = "".join(re.escape(cell) + behind for cell in cells)
        if not re.fullmatch(f"{rows}((↳|->).*)?", text):
            gone = [cell for cell in cells if cell not in text]
            lost.append(f"{name} has not the rows {gone or cells}" if cells else f"{name}: {text}")
    return lost


def _key_signs(truth: Truth) -> dict[tuple[str, str], list[str]]:
    """Return the signs of foreign keys: `FK`, or one with a number for the rows of one key."""
    signs = {
        (name, attr.name): ["FK"]
        for name, attrs in truth.entities.items()
        for attr in attrs
        if attr.targets
    }
    numbers: Counter[str] = Counter()
    for rel in (*truth.relationships, *truth.outside):
        if not rel.key:
            continue
        numbers[rel.right] += len(rel.right_attrs) > 1
        sign = f"FK{numbers[rel.right]}" if len(rel.right_attrs) > 1 else "FK"
        for attr in rel.right_attrs:
            there = signs.setdefault((rel.right, attr), [])
            if sign not in there:
                there.append(sign)
    return signs


def _check_frames(reading: Reading, truth: Truth, owners: dict[int, str]) -> list[str]:
    """Return the frames that do not hold just the entities of the group of their title."""
    lost = []
    for frame in reading.frames:
        inside = frozenset(
            owners.get(index, "")
            for index, box in enumerate(reading.boxes)
            if frame.x0 < box.x0 < frame.x1 and frame.y0 < box.y0 < frame.y1
        )
        titles = [
            beside(title, ascii_only=reading.ascii)
            for title, members in truth.groups.items()
            if members == inside
        ]
        if not titles or (frame.name and frame.name not in titles):
            lost.append(f"the frame {frame.name!r} holds {sorted(inside)}")
    return lost


def _key_attributes(truth: Truth, name: str) -> set[str]:
    keys = {attr.name for attr in truth.entities[name] if attr.pk or attr.targets}
    for rel in (*truth.relationships, *truth.outside):
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

    Where several relationships tie the same boxes, those whose label and marks fit are tried
    first, then those whose marks do. What is named in words must not be drawn too.
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
    marked = [
        [
            index
            for index in found
            if len(found) == 1
            or not notation
            or not check_marks(reading, tie, truth.relationships[index], owners, notation)
        ]
        for tie, found in zip(reading.ties, unsaid, strict=True)
    ]
    telling = [
        [
            index
            for index in found
            if notation
            and is_said(reading, tie, truth.relationships[index], notation, rows=has_rows(reading))
        ]
        for tie, found in zip(reading.ties, marked, strict=True)
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
    for choices in (telling, marked, unsaid):
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
        or (text.startswith(flat(attr.name)) and not _goes_on(row, attr.name))
    ]
    if not fitting:
        # only the first row of a wrapped name
        fitting = [attr.name for attr in attrs if text and flat(attr.name).startswith(text)]
        return fitting[0] if len(fitting) == 1 else ""
    return max(fitting, key=len)


def _goes_on(row: str, name: str) -> bool:
    """Return whether a row goes on after a name without a blank: then it is another name."""
    rest = row
    for char in flat(name):
        rest = rest.lstrip().removeprefix(char)
    return bool(rest) and not rest.startswith(" ")


def says(line: str, rel: Rel) -> bool:
    """Return whether a line of text says a relationship, as `A (1) ←→ (many) B via b_id: verb`.

    >>> says("A (1) ←→ (many) B via a_id", Rel("A", "B", ("id",), ("a_id",)))
    True
    >>> says("A (1) ←→ (many) B via c_id", Rel("A", "B", ("id",), ("a_id",)))
    False
    >>> says("A (1) ←→ (1) B via a_id", Rel("A", "B", ("id",), ("a_id",)))
    False
    """
    left, right = (f"({_exactly(end)})" for end in (rel.left_end, rel.right_end))
    arrow = "<->" if "<->" in line.replace(" ", "") else "←→"
    wanted = f"{shown(rel.left)} {left} {arrow} {right} {shown(rel.right)}"
    if rel.right_attrs:
        wanted += f" via {', '.join(shown(attr) for attr in rel.right_attrs)}"
    elif rel.through:
        wanted += f" through {shown(rel.through)}"
    if rel.verb:
        wanted += f": {rel.verb}"
    return line.replace(" ", "") == wanted.replace(" ", "")


def _exactly(end: Count) -> str:
    return "0..1" if end == (0, 1) else "1..many" if end == (1, None) else words(end)


def _in_words(
    reading: Reading, truth: Truth, owners: dict[int, str], notation: str | None
) -> tuple[set[int], list[str]]:
    """Return the relationships that the list or a reference row names, and what names none."""
    notes = _listed(reading)
    references = Counter(
        (owners.get(box, ""), text.replace(" ", "")) for box, text in reading.references
    )
    named: set[int] = set()
    for index, rel in enumerate(truth.relationships):
        note = next((each for each in notes if says(each, rel)), None)
        if note is not None:
            notes.remove(note)
        elif not _is_referenced(rel, references, notation):
            continue
        named.add(index)
    for rel in truth.outside:  # one row may stand for several relationships
        for here, there in ((rel.left, rel.right), (rel.right, rel.left)):
            references.pop((here, flat(there)), None)
    unknown = [f"listed: {note}" for note in notes]
    unknown += [
        f"{name}: a row {text!r}"
        for (name, text), times in references.items()
        if times and not _is_attribute(text, truth.entities.get(name, ()))
    ]
    return named, unknown


def _is_attribute(text: str, attrs: Sequence[Attr]) -> bool:
    """Return whether a reference row is an attribute whose name begins as one."""
    return any(
        f"{sign}{text}".startswith(flat(attr.name)) for attr in attrs for sign in ("↳", "->")
    )


def _listed(reading: Reading) -> list[str]:
    """Return the rows of the list of what is not drawn."""
    notes = list(itertools.dropwhile(lambda note: note != "Not drawn:", reading.notes))
    return list(itertools.takewhile(lambda note: note != "Legend:", notes[1:]))


def _is_referenced(rel: Rel, references: Counter[tuple[str, str]], notation: str | None) -> bool:
    """Return whether a box's reference row names the relationship, and use the row up."""
    text = flat(rel.right)
    if rel.right_attrs:
        text += "." + ",".join(flat(attr) for attr in rel.right_attrs)
    text += behind_reference(rel, notation) if notation else ""
    if references[rel.left, text] > 0:
        references[rel.left, text] -= 1
        return True
    return False


def box_of(reading: Reading, name: str) -> ReadBox:
    """Return the box of this name."""
    return next(box for box in reading.boxes if box.name == name)
