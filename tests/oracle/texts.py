"""The texts beside the lines in; which say what they must, and which say what is not so, out.

Every text must belong to one line, and every line must have its own: one text is not two lines'.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from tests.oracle.glyphs import ARROWS, weights
from tests.oracle.reading import Label, ReadEnd, Reading, Tie
from tests.oracle.truth import Count, Rel, Truth, shown

_NEAR_END = 4
"""How many cells from a line's end a text about that end may stand."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A text that belongs beside a line, or at one end of it."""

    text: str
    line: int
    needed: bool
    end: ReadEnd | None = None

    def takes(self, label: Label) -> bool:
        """Return whether a text that stands somewhere can be this one."""
        if label.text != self.text:
            return False
        if self.end is None:
            return self.line in label.lines
        x, y = self.end.cell
        away = max(label.x - x, x - label.x - len(label.text) + 1, 0)
        return abs(label.y - y) + away <= _NEAR_END


def check_texts(
    reading: Reading, truth: Truth, matched: dict[int, Tie], notation: str, *, verbs: bool | None
) -> list[str]:
    """Return the texts that are missing beside their lines, and those that are nobody's."""
    rows = has_rows(reading)
    roles = {} if rows else _roles(truth)
    by_line: dict[int, list[tuple[Rel, Tie, str]]] = defaultdict(list)
    for index, tie in sorted(matched.items()):
        rel = truth.relationships[index]
        verb = "" if verbs is False else rel.verb or roles.get(index, "")
        verb = beside(verb, ascii_only=reading.ascii)
        by_line[tie.line].append((rel, tie, verb))
    slots = [
        slot
        for line, ties in by_line.items()
        for slot in _slots(reading, line, ties, notation, rows=rows, sure=bool(verbs))
    ]
    taken = _assign(slots, reading.labels)
    wrong = [
        f"no {slot.text!r} beside the line of {', '.join(_name(tie) for tie in by_line[slot.line])}"
        for number, slot in enumerate(slots)
        if slot.needed and number not in taken
    ]
    used = set(taken.values())
    wrong += [
        f"{label.text!r} at {label.x},{label.y} is of no line"
        for number, label in enumerate(reading.labels)
        if number not in used
    ]
    said = {(slot.line, slot.text) for slot in slots}
    wrong += [
        f"{label.text!r} at {label.x},{label.y} seems to be of another line"
        for number, label in enumerate(reading.labels)
        if number in used and not any((line, label.text) in said for line in label.seems)
    ]
    return wrong


def _name(tie: tuple[Rel, Tie, str]) -> str:
    return f"{tie[0].left} -- {tie[0].right}"


def _slots(
    reading: Reading,
    line: int,
    ties: list[tuple[Rel, Tie, str]],
    notation: str,
    *,
    rows: bool,
    sure: bool,
) -> Iterator[Slot]:
    """Yield what belongs beside one line: its cardinalities, its verbs, the numbers at its ends.

    The words of a cardinality are said once for all that share a trunk, or each by each; a verb
    may follow them.
    """
    texts = Counter(label.text for label in reading.labels if line in label.lines)
    cards = [cardinality(rel, notation, rows=rows, ascii_only=reading.ascii) for rel, _, _ in ties]
    said: set[str] = set()
    for (_, _, verb), card in zip(ties, cards, strict=True):
        both = f"{card} {verb}".strip()
        if verb and card and texts[both] > 0:
            texts[both] -= 1
            said |= {both, card}
            yield Slot(both, line, True)
            continue
        if verb:
            yield Slot(verb, line, sure and (rows or both not in said))
            said.add(both)
        if card:
            # one text is enough for all that it is true of, if it is true of all
            yield Slot(card, line, card not in said or len(set(cards)) > 1)
            said.add(card)
    yield from _numbers(ties, line, notation)


def _numbers(ties: list[tuple[Rel, Tie, str]], line: int, notation: str) -> Iterator[Slot]:
    ends = {end: end.number for _, tie, _ in ties for end in (tie.one, tie.many)}
    if notation == "template":
        return
    for end, number in ends.items():  # whether it is the right number is told by the marks
        if number:
            yield Slot(number, line, True, end)


def _assign(slots: list[Slot], labels: tuple[Label, ...]) -> dict[int, int]:
    """Return slot -> label, as many as can be, those needed first."""
    taken: dict[int, int] = {}  # label -> slot
    choices = [
        [number for number, label in enumerate(labels) if slot.takes(label)] for slot in slots
    ]

    def place(slot: int, seen: set[int]) -> bool:
        for label in choices[slot]:
            if label not in seen:
                seen.add(label)
                if label not in taken or place(taken[label], seen):
                    taken[label] = slot
                    return True
        return False

    for slot in sorted(range(len(slots)), key=lambda number: not slots[number].needed):
        place(slot, set())
    return {slot: label for label, slot in taken.items()}


def _roles(truth: Truth) -> dict[int, str]:
    """Return what tells keys of the same two entities apart where boxes show no rows."""
    pairs = Counter(rel.pair for rel in truth.relationships)
    return {
        index: role_of(rel)
        for index, rel in enumerate(truth.relationships)
        if pairs[rel.pair] > 1 or rel.left == rel.right
    }


def is_said(reading: Reading, tie: Tie, rel: Rel, notation: str, *, rows: bool) -> bool:
    """Return whether what tells a relationship from its like stands beside a tie's line."""
    card = cardinality(rel, notation, rows=rows, ascii_only=reading.ascii)
    texts = [label.text for label in reading.labels if tie.line in label.seems]
    said = (rel.verb, "" if rows else role_of(rel))
    verbs = [beside(verb, ascii_only=reading.ascii) for verb in said if verb]
    if any(f" {text}".endswith(f" {verb}") for text in texts for verb in verbs):
        return not card or any(text.startswith(card) for text in texts)
    plain = all(text in (card, tie.one.number, tie.many.number) for text in texts)
    return plain and (not card or card in texts)


def beside(text: str, *, ascii_only: bool) -> str:
    """Return a text as it stands outside of boxes, where signs alone would be lines or numbers.

    >>> beside("a ─ b", ascii_only=False), beside("*", ascii_only=False)
    ('a - b', '"*"')
    """
    text = "".join(_plain(char) for char in text)
    loose = ascii_only and (
        text == "v" or any(edge in "-+|=" for word in text.split() for edge in (word[0], word[-1]))
    )
    signs = text.isascii() and not any(char.isalpha() for char in text)
    return f'"{text}"' if text and (signs or loose) else text


def _plain(char: str) -> str:
    ways = {way for way, heads in ARROWS.items() if char in heads - {"v"}}
    if char in "▲▼◄►◀▶△▽" and ways:
        return {"L": "<", "R": ">", "U": "^", "D": "v"}[ways.pop()]
    found = weights(char)
    if not "─" <= char <= "╿":
        return char
    if char in "╱╲╳":
        return "/\\x"["╱╲╳".index(char)]
    if set(found) <= {"L", "R"}:
        return "=" if set(found.values()) == {"double"} else "-"
    return "|" if set(found) <= {"U", "D"} else "+"


def role_of(rel: Rel) -> str:
    """Return what tells a key from another of the same entities."""
    return ", ".join(shown(attr) for attr in rel.right_attrs)


def has_rows(reading: Reading) -> bool:
    """Return whether boxes show attributes."""
    return any(box.body and not box.body[0].startswith(("↳", "->")) for box in reading.boxes)


def is_many(end: Count) -> bool:
    """Return whether more than one may take part."""
    return end[1] is None or end[1] > 1


def words(end: Count) -> str:
    """Return an end in the words of the templates."""
    if end[1] is None:
        return "many" if end[0] <= 1 else f"{end[0]}..many"
    return "1" if end[1] == 1 else str(end[1]) if end[0] == end[1] else f"{end[0]}..{end[1]}"


def uml(end: Count) -> str:
    """Return an end in numbers."""
    most = "*" if end[1] is None else str(end[1])
    return most if str(end[0]) == most else f"{end[0]}..{most}"


def behind_reference(rel: Rel, notation: str) -> str:
    """Return what stands behind the name in a reference row: nothing for plain one-to-many."""
    if notation in ("template", "lines"):
        said = ":".join(words(end) for end in (rel.left_end, rel.right_end))
        return "" if said == "1:many" else f"({said})"
    said = f"{uml(rel.left_end)}--{uml(rel.right_end)}"
    return "" if said == "1--0..*" else f"({said})"


def cardinality(rel: Rel, notation: str, *, rows: bool, ascii_only: bool) -> str:
    """Return the words of a cardinality that stand beside the line; empty for none."""
    said = [words(end) for end in (rel.left_end, rel.right_end)]
    if notation == "lines" and ascii_only and is_many(rel.left_end) != is_many(rel.right_end):
        return ":".join(said)  # there is no double line among ASCII characters
    if notation != "template":
        return ""
    if not rows:
        return ":".join(said)
    capital = {"1": "One", "many": "Many"}
    return "-to-".join(capital.get(word, word) for word in said)
