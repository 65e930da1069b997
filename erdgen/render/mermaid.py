"""A graph in, a Mermaid `erDiagram` out, with every name in a form that Mermaid's grammar takes.

What the grammar does not take (https://mermaid.js.org/syntax/entityRelationshipDiagram.html) is
written so that it shows as near as can be: entity names other than plain words are quoted, types
and attribute names get `_` for what is no word character and keep their own text as a comment.
"""

from __future__ import annotations

import re

from erdgen.model.entities import Attribute, Entity
from erdgen.model.graph import Graph
from erdgen.model.relationships import Cardinality, Relationship
from erdgen.render import Output, Page
from erdgen.render.listing import title_rows
from erdgen.render.options import Options
from erdgen.render.width import make_visible

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED = frozenset(
    {"erdiagram", "title", "direction", "style", "class", "classdef", "acctitle", "accdescr"}
    | {"only", "one", "zero", "many", "to", "or", "optionally", "tb", "bt", "lr", "rl"}
    | {"u", "e", "o", "pk", "fk", "uk"}
)
"""Words that begin something else in some version of the grammar (case does not count)."""
_KEY_WORD = re.compile(r"(?:pk|fk|uk)\b", re.IGNORECASE)


def write(graph: Graph, options: Options) -> Output:
    """Write the graph as an `erDiagram`; `detail` says which attributes are shown."""
    lines = ["erDiagram"]
    title = title_rows(graph, options)[:-1]
    if title:
        text = " ".join(title).replace('"', "'").replace("\\", "/")
        lines[:0] = ["---", f'title: "{text}"', "---"]
    direction = {"right": "LR", "down": "TB"}.get(options.direction)
    if direction:
        lines.append(f"    direction {direction}")
    held = _key_attributes(graph)
    for entity in graph.model.entities:
        rows = [
            _attribute_row(attribute, (entity.name, attribute.name) in held)
            for attribute in _shown(entity, options.detail, held)
        ]
        name = _entity_name(entity.name)
        lines += [f"    {name} {{", *rows, "    }"] if rows else [f"    {name}"]
    lines += [_relationship_row(relationship) for relationship in graph.relationships]
    return Output((Page("", ("\n".join(lines) + "\n").encode()),))


def _key_attributes(graph: Graph) -> set[tuple[str, str]]:
    """Return entity and attribute of every foreign key, also of those that lead out of the part."""
    return {
        (item.right, name)
        for item in (*graph.relationships, *graph.outside)
        if item.key
        for name in item.right_attributes
    }


def _shown(entity: Entity, detail: str | None, held: set[tuple[str, str]]) -> list[Attribute]:
    if detail == "names":
        return []
    return [
        attribute
        for attribute in entity.attributes
        if detail != "keys" or attribute.pk or (entity.name, attribute.name) in held
    ]


def _entity_name(name: str) -> str:
    """Return a name as it can stand in the diagram.

    >>> _entity_name("Order"), _entity_name("Order Details"), _entity_name('a "b"')
    ('Order', '"Order Details"', '"a #quot;b#quot;"')
    """
    if _PLAIN_NAME.fullmatch(name) and name.lower() not in _RESERVED:
        return name
    return f'"{_quotable(name)}"'


def _quotable(text: str) -> str:
    """Return a text for double quotes: Mermaid has numbered characters, but no escapes."""
    visible = _without_tags(make_visible(text).replace("\\", "#92;").replace("%", "#37;"))
    return visible.replace('"', "#quot;") or "#160;"


def _without_tags(text: str) -> str:
    """Return a text in which Mermaid sees no tag: one goes on to the next `>`, lines below too."""
    return text.replace("<", "#lt;")


def _word(text: str) -> str:
    """Return a text as a word of an attribute's row.

    >>> _word("decimal(10, 2)"), _word("pk"), _word("")
    ('decimal(10_2)', '_pk', '_')
    """
    word = re.sub(r"[^\w\[\]()-]+", "_", text)
    if not re.match(r"[A-Za-z_\u00c0-\uffff]", word) or _KEY_WORD.match(word):
        word = f"_{word}"
    # letters outside the range that the grammar names
    return re.sub(r"[^A-Za-z0-9_\[\]()\u00c0-\uffff-]", "_", word)


def _attribute_row(attribute: Attribute, is_foreign: bool) -> str:
    kind, name = _word(attribute.type), _word(attribute.name)
    marks = [
        mark
        for mark, on in (
            ("PK", attribute.pk),
            ("FK", is_foreign),
            ("UK", attribute.unique and not attribute.pk),
        )
        if on
    ]
    said = [
        attribute.name if name != attribute.name else "",
        attribute.type if attribute.type and kind != attribute.type else "",
        "optional" if not attribute.required else "",
        attribute.description,
    ]
    comment = "; ".join(
        _without_tags(make_visible(text).replace('"', "'")) for text in said if text
    )
    row = f"        {kind} {name}"
    row += f" {', '.join(marks)}" if marks else ""
    return f'{row} "{comment}"' if comment else row


def _relationship_row(tie: Relationship) -> str:
    left, right = _entity_name(tie.left), _entity_name(tie.right)
    line = "--" if tie.identifying else ".."
    through = f"through {tie.through}" if tie.through else ""
    said = [tie.label or ", ".join(tie.right_attributes) or through]
    said += [_exactly(end) for end in (tie.left_end, tie.right_end) if _is_special(end)]
    label = _quotable(" ".join(text for text in said if text)) if any(said) else ""
    ends = f"{_LEFT[_kind(tie.left_end)]}{line}{_RIGHT[_kind(tie.right_end)]}"
    return f'    {left} {ends} {right} : "{label}"'


_LEFT = {(0, False): "|o", (1, False): "||", (0, True): "}o", (1, True): "}|"}
_RIGHT = {(0, False): "o|", (1, False): "||", (0, True): "o{", (1, True): "|{"}


def _kind(end: Cardinality) -> tuple[int, bool]:
    """Return an end as one of Mermaid's four: at least (0 or 1), and whether many."""
    return min(end.minimum, 1), end.maximum is None or end.maximum > 1


def _is_special(end: Cardinality) -> bool:
    return end.minimum > 1 or (end.maximum is not None and end.maximum > 1)


def _exactly(end: Cardinality) -> str:
    return f"({end.minimum}..{'*' if end.maximum is None else end.maximum})"
