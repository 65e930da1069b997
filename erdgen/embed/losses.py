"""A drawing by hand and a graph in, what the drawing has that the graph does not out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from erdgen.embed.drawings import HandBox, find_boxes, find_named, find_pairs, to_cells
from erdgen.model.entities import Entity
from erdgen.model.graph import Graph

_LINE = "─│┌┐└┘├┤┬┴┼═║╔╗╚╝╭╮╰╯╪╫╬◄►▲▼◀▶<>^v←→↑↓+|-"
_ROW_NAME = re.compile(r"^[-*+•#~ ]*([^\W\d]\w*)")
_CARDINALITY = re.compile(
    r"^[\s()\[\]|*+=<>-]*(?:[01NM*]|one|many|[01]\.\.[1NM*]|(?:1|N|M|one|many|\*)\s?(?::|to|-to-)\s?"
    r"(?:1|N|M|one|many|\*))[\s()\[\]|*+=<>-]*$",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\((?:1|N|M|many|one|\*)\)", re.IGNORECASE)
_NOTE = re.compile(r"[^\s─│┌┐└┘├┤┬┴┼═║◄►▲▼◀▶←→↑↓]+(?: [^\s─│┌┐└┘├┤┬┴┼═║◄►▲▼◀▶←→↑↓]+)*")
"""A text in a drawing: words with single blanks between them."""
_MERMAID_TIE = re.compile(
    r'\s*(?:"([^"]+)"|([\w.-]+))\s+[|}o][|o}](?:--|\.\.)[|o{][|{o]\s+(?:"([^"]+)"|([\w.-]+))'
    r'\s*(?::\s*(?:"([^"]*)"|(\S.*?)))?\s*$'
)
_MERMAID_ENTITY = re.compile(r'\s*(?:"([^"]+)"|([\w.-]+))(?:\[[^\]]*\])?\s*\{\s*$')
_MERMAID_ROW = re.compile(r"\s*\S+\s+([\w-]+)")


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that only the drawing has.

    Attributes:
        kind: `entity`, `attribute`, `line` or `note`.
        text: What it says, as a clause for a message.
        line: Index of the line in the drawing.
    """

    kind: str
    text: str
    line: int


def find_losses(lines: Sequence[str], graph: Graph, *, mermaid: bool) -> list[Loss]:
    """Return what a drawing has that the model does not, in reading order.

    Lines are followed only where they tie just two boxes; of the others their texts are told.
    """
    known = _Known(graph)
    losses = _mermaid_losses(lines, known) if mermaid else _drawing_losses(lines, known)
    first: dict[tuple[str, str], Loss] = {}
    for loss in losses:
        first.setdefault((loss.kind, loss.text), loss)
    return sorted(first.values(), key=lambda loss: loss.line)


class _Known:
    """The names of a model, to be found however a drawing spells them."""

    def __init__(self, graph: Graph) -> None:
        self.entities: dict[str, Entity] = {}
        for entity in graph.model.entities:
            for name in (entity.name, entity.table):
                if name:
                    self.entities.setdefault(_fold(name), entity)
        self.ties = {frozenset((tie.left, tie.right)) for tie in graph.relationships}
        self.words = {
            _fold(word)
            for tie in graph.relationships
            for word in (tie.label, tie.label_back, *tie.right_attributes)
            if word
        }

    def entity(self, name: str) -> Entity | None:
        return self.entities.get(_fold(name))

    def has_attribute(self, entity: Entity, name: str) -> bool:
        return any(_fold(item.name) == _fold(name) for item in entity.attributes)

    def tells(self, text: str) -> bool:
        """Return whether a text is a word of the model."""
        return _fold(text) in self.words or self.entity(text) is not None

    def tied(self, one: Entity, other: Entity) -> bool:
        if frozenset((one.name, other.name)) in self.ties:
            return True
        # a drawing often leaves a junction out and ties its two ends
        between = [tie for tie in self.ties if one.name in tie]
        return (
            any(frozenset((name, other.name)) in self.ties for tie in between for name in tie)
            and one.name != other.name
        )


def _fold(name: str) -> str:
    """Return a name without case, joints and plural.

    >>> _fold("Order_Items"), _fold("OrderItem"), _fold("Categories"), _fold("Category")
    ('orderitem', 'orderitem', 'category', 'category')
    """
    plain = re.sub(r"[\W_]+", "", name).casefold()
    if plain.endswith("ies") and len(plain) > 4:
        return plain[:-3] + "y"
    if plain.endswith(("sses", "xes", "ches", "shes")):
        return plain[:-2]
    return plain[:-1] if plain.endswith("s") and not plain.endswith("ss") else plain


def _drawing_losses(lines: Sequence[str], known: _Known) -> Iterable[Loss]:
    boxes = find_boxes(lines)
    for box in boxes:
        entity = known.entity(box.title)
        if entity is None:
            yield Loss("entity", f"the entity '{box.title}'", box.line)
        for index, text in box.rows:
            found = _ROW_NAME.match(text)
            if found is None or text.startswith("("):
                yield Loss("note", f"the note '{text}'", index)
            elif entity is not None and not known.has_attribute(entity, found[1]):
                yield Loss("attribute", f"'{found[1]}' of '{box.title}'", index)
    for index, line in enumerate(lines):
        for left, right in find_pairs([line]):
            one, other = known.entity(left), known.entity(right)
            if one is not None and other is not None and not known.tied(one, other):
                yield Loss("line", f"the line between '{left}' and '{right}'", index)
    names = find_named(lines)
    for name, index in names:
        if known.entity(name) is None:
            yield Loss("entity", f"the entity '{name}'", index)
    yield from _line_losses(lines, boxes, known)
    told = {_fold(box.title) for box in boxes} | {_fold(name) for name, _ in names}
    yield from _note_losses(lines, boxes, known, told)


def _line_losses(lines: Sequence[str], boxes: Sequence[HandBox], known: _Known) -> Iterable[Loss]:
    """Yield lines that tie two boxes whose entities the model does not tie."""
    for touched, index in _trace([to_cells(line) for line in lines], boxes):
        if len(touched) != 2:
            continue
        first, second = (boxes[number] for number in sorted(touched))
        one, other = known.entity(first.title), known.entity(second.title)
        if one is not None and other is not None and not known.tied(one, other):
            yield Loss("line", f"the line between '{first.title}' and '{second.title}'", index)


def _trace(cells: Sequence[str], boxes: Sequence[HandBox]) -> list[tuple[set[int], int]]:
    """Return for each connected stretch of line characters the boxes it touches, and its line."""
    inside = _box_cells(boxes)
    free = {
        (x, y)
        for y, line in enumerate(cells)
        for x, char in enumerate(line)
        if (x, y) not in inside and _is_line(line, x)
    }
    found: list[tuple[set[int], int]] = []
    while free:
        start = min(free, key=lambda cell: (cell[1], cell[0]))
        touched: set[int] = set()
        todo = [start]
        free.discard(start)
        while todo:
            x, y = todo.pop()
            for near in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
                if near in free:
                    free.discard(near)
                    todo.append(near)
                elif near in inside:
                    touched.add(inside[near])
        found.append((touched, start[1]))
    return found


def _is_line(line: str, x: int) -> bool:
    """Return whether a cell belongs to a line: by its character, or as a label in a line's way."""
    if line[x] in "<>^v+-|":
        around = line[max(x - 1, 0) : x] + line[x + 1 : x + 2]
        return line[x] in "|+-" or any(char in _LINE for char in around)
    if line[x] in _LINE:
        return True
    # `──1:N──`: the label is part of the line
    word = re.search(r"[^\s─═]*$", line[:x])
    start = word.start() if word else x
    rest = re.match(r"[^\s─═]*", line[x:])
    end = x + (rest.end() if rest else 0)
    return line[start - 1 : start] in ("─", "═") and line[end : end + 1] in ("─", "═")


def _box_cells(boxes: Sequence[HandBox]) -> dict[tuple[int, int], int]:
    tops = {number: _top(box) for number, box in enumerate(boxes)}
    return {
        (x, y): number
        for number, box in enumerate(boxes)
        for y in range(tops[number], box.bottom + 1)
        for x in range(box.column, box.right + 1)
    }


def _top(box: HandBox) -> int:
    return min([box.line, *(index for index, _ in box.rows)]) - 1


def _note_losses(
    lines: Sequence[str], boxes: Sequence[HandBox], known: _Known, told: set[str]
) -> Iterable[Loss]:
    """Yield texts outside of the boxes that are neither cardinalities nor names told elsewhere."""
    inside: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for box in boxes:
        for y in range(_top(box), box.bottom + 1):
            inside[y].append((box.column - 1, box.right + 1))
    for index, line in enumerate(lines):
        cells = to_cells(line)
        for left, right in inside[index]:
            first = max(left, 0)
            cells = cells[:first] + " " * (right + 1 - first) + cells[right + 1 :]
        for found in _NOTE.finditer(cells):
            text = found.group().replace("\0", "").strip("<>-| ")
            rest = _COUNTED.sub("", text).strip("<>-|*=+ ")
            if not re.search(r"\w", rest) or _CARDINALITY.match(text) or known.tells(rest):
                continue
            if _fold(rest) not in told:
                yield Loss("note", f"the note '{text}'", index)


def _mermaid_losses(lines: Sequence[str], known: _Known) -> Iterable[Loss]:
    current: Entity | None = None
    open_block = False
    for index, line in enumerate(lines):
        tie = _MERMAID_TIE.match(line)
        head = _MERMAID_ENTITY.match(line)
        if open_block:
            row = _MERMAID_ROW.match(line)
            if line.strip() == "}":
                open_block = False
            elif row and current is not None and not known.has_attribute(current, row[1]):
                yield Loss("attribute", f"'{row[1]}' of '{current.name}'", index)
        elif tie:
            yield from _mermaid_tie(tie, index, known)
        elif head:
            name = head[1] or head[2]
            current, open_block = known.entity(name), True
            if current is None:
                yield Loss("entity", f"the entity '{name}'", index)
        elif line.strip().startswith("%%") and not line.strip().startswith("%%{"):
            yield Loss("note", f"the note '{line.strip()[2:].strip()}'", index)


def _mermaid_tie(tie: re.Match[str], index: int, known: _Known) -> Iterable[Loss]:
    left, right = tie[1] or tie[2], tie[3] or tie[4]
    one, other = known.entity(left), known.entity(right)
    for name, entity in ((left, one), (right, other)):
        if entity is None:
            yield Loss("entity", f"the entity '{name}'", index)
    if one is not None and other is not None and not known.tied(one, other):
        yield Loss("line", f"the line between '{left}' and '{right}'", index)
    label = tie[5] or tie[6] or ""
    if label and _fold(label) not in known.words:
        yield Loss("note", f"the label '{label}' between '{left}' and '{right}'", index)
