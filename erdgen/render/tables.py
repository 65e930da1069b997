"""A graph in, Markdown out: for each entity a table of its attributes and of its relationships.

The tables are those of the plan-data-model template, laid out as formatters lay them out (columns
padded to one width), so that a formatter finds nothing to change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from erdgen.model.entities import Attribute, Documentation, Entity, Reference
from erdgen.model.graph import Graph
from erdgen.model.relationships import Cardinality, Relationship
from erdgen.render import Output, Page
from erdgen.render.listing import EMPTY, title_rows
from erdgen.render.options import Options
from erdgen.render.width import display_width, make_visible, pad

_ATTRIBUTES = ("Attribute", "Type", "Required", "Description", "Validation Rules")
_BEFORE_TABLES = ("lifecycle", "source", "access_patterns")
"""The documentation keys that the templates have above an entity's attributes."""
_RELATIONSHIPS = ("Related Entity", "Type", "Description", "Cascade Behavior")


def write(graph: Graph, options: Options) -> Output:
    """Write the tables; `detail` says which attributes are listed (`names`: none).

    What else is said of an entity stands above and below them, unless less than all is wanted.
    """
    full = options.detail in (None, "full")
    blocks = [[f"## {plain(text)}"] for text in title_rows(graph, options)[:1]]
    enums = {item.name: item.values for item in graph.model.enums}
    ties = (*graph.relationships, *graph.outside)
    for entity in graph.model.entities:
        blocks.append([f"### {plain(entity.name)}"])
        if entity.description:
            blocks.append([paragraph(entity.description)])
        if full and entity.table:
            blocks.append([f"**Table**: {code(entity.table)}"])
        said = dict(entity.documentation) if full else {}
        blocks += _documentation({key: said.pop(key) for key in _BEFORE_TABLES if key in said})
        own = [item for item in ties if entity.name in (item.left, item.right)]
        keys = {name for item in own if item.right == entity.name for name in item.right_attributes}
        rows = [
            _attribute_row(item, enums)
            for item in entity.attributes
            if full or (options.detail == "keys" and (item.pk or item.name in keys))
        ]
        if rows:
            blocks.append(make_table(_ATTRIBUTES, rows))
        rows = [row for item in own for row in _relationship_rows(entity, item)]
        if rows:
            blocks += [["**Relationships**:"], make_table(_RELATIONSHIPS, rows)]
        rules = _rules(entity)
        if rules and full:
            blocks += [["**Constraints**:"], [f"- {rule}" for rule in rules]]
        blocks += _documentation(said)
    if not graph.model.entities:
        blocks.append([EMPTY])
    text = "\n\n".join("\n".join(block) for block in blocks)
    return Output((Page("", f"{text}\n".encode()),))


def make_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a Markdown table, its columns padded to one display width.

    >>> make_table(["A", "B"], [["x", "long text"]])
    ['| A   | B         |', '| --- | --------- |', '| x   | long text |']
    """
    columns = list(zip(head, *rows, strict=True))
    widths = [max(3, *(display_width(cell) for cell in column)) for column in columns]
    lines = [head, ["-" * width for width in widths], *rows]
    return [
        "| " + " | ".join(pad(cell, width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in lines
    ]


def plain(text: str) -> str:
    r"""Return a text so that Markdown shows it as it is.

    >>> plain("<c> *d* [e] order_items")
    '\\<c> \\*d\\* \\[e\\] order_items'
    """
    shown = " ".join(make_visible(re.sub(r"\s+", " ", text)).split())
    shown = re.sub(r"[\\`*\[\]]", r"\\\g<0>", shown)
    shown = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", shown)
    shown = re.sub(r"<(?=[A-Za-z/!?])", r"\\<", shown)
    return re.sub(r"&(?=#?\w+;)", "&amp;", shown)


def cell(text: str) -> str:
    r"""Return a text as `plain` does, for a table's cell.

    A bar is shown as code, since formatters without tables would take the backslash of a plain
    one away.

    >>> cell("a | *b*")
    'a `\\|` \\*b\\*'
    """
    return plain(text).replace("|", r"`\|`")


def paragraph(text: str) -> str:
    r"""Return a text as `plain` does, for the beginning of a line: no heading, list or quote.

    >>> paragraph("1. one"), paragraph("- two"), paragraph("-three")
    ('1\\. one', '\\- two', '-three')
    """
    shown = re.sub(r"^(?=>|~~~|---|[-+](?: |$)|#{1,6}(?: |$))", r"\\", plain(text))
    return re.sub(r"^(\d{1,9})(?=[.)](?: |$))", r"\1\\", shown)


def code(text: str) -> str:
    r"""Return a text as inline code in a table's cell.

    >>> code("id"), code("a | b"), code("a`b")
    ('`id`', '`a \\| b`', '``a`b``')
    """
    shown = " ".join(make_visible(text).split())
    if not shown:
        return ""
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    ticks = "`" * (longest + 1)
    space = " " if shown[0] == "`" or shown[-1] == "`" else ""
    return f"{ticks}{space}{shown}{space}{ticks}".replace("|", r"\|")


def _attribute_row(item: Attribute, enums: dict[str, tuple[str, ...]]) -> list[str]:
    return [
        code(item.name),
        code(item.type),
        "Yes" if item.required else "No",
        cell(item.description),
        "; ".join(_validation(item, enums)),
    ]


def _validation(item: Attribute, enums: dict[str, tuple[str, ...]]) -> list[str]:
    values = enums.get(item.enum) or enums.get(item.type) or ()
    said = [
        ("Primary key", item.pk),
        ("Unique", item.unique),
        ("Indexed", item.index),
        ("Generated", item.generated),
        (_reference(item.reference), item.reference is not None),
        (f"Default {code(item.default or '')}".strip(), item.default is not None),
        (f"One of {', '.join(code(value) for value in values)}", bool(values)),
        (f"Check {code(item.check)}", bool(item.check)),
        (cell(item.validation), bool(item.validation)),
        (f"Sensitive: {cell(item.sensitive)}", bool(item.sensitive)),
        (f"Source: {cell(item.source)}", bool(item.source)),
    ]
    return [text for text, on in said if on]


def _reference(reference: Reference | None) -> str:
    if reference is None:
        return ""
    target = cell(reference.entity)
    return f"References {target}" + (f".{cell(reference.attribute)}" if reference.attribute else "")


def _relationship_rows(entity: Entity, item: Relationship) -> list[list[str]]:
    """Return a row for each end at which the entity stands (two for one tied to itself)."""
    rows: list[list[str]] = []
    cascade = "; ".join(
        f"{event}: {action.upper()}"
        for event, action in (("Delete", item.on_delete), ("Update", item.on_update))
        if action
    )
    via = ", ".join(code(name) for name in item.right_attributes)
    for other, here, there, verb in (
        (item.right, item.left_end, item.right_end, item.label),
        (item.left, item.right_end, item.left_end, item.label_back),
    ):
        own = item.left if other is item.right else item.right
        if own != entity.name or (item.left == item.right and here == there and rows):
            continue
        said = [cell(text) for text in (verb, item.description) if text]
        said += [f"via {via}"] if via else []
        said += [f"through {cell(item.through)}"] if item.through else []
        rows.append([cell(other), _kind(here, there), ", ".join(said), cascade])
    return rows


def _kind(here: Cardinality, there: Cardinality) -> str:
    """Return the kind of a relationship as seen from one end.

    >>> _kind(Cardinality(1, 1), Cardinality(0, None)), _kind(Cardinality(0, None), Cardinality())
    ('One-to-Many', 'Many-to-One')
    """
    return "-to-".join("One" if end.maximum == 1 else "Many" for end in (here, there))


def _rules(entity: Entity) -> list[str]:
    """Return what holds for several attributes together, and the entity's checks."""
    rules = [
        f"{word}{' together' if len(group) > 1 else ''}: {', '.join(code(name) for name in group)}"
        for word, groups in (("Unique", entity.unique), ("Indexed", entity.indexes))
        for group in groups
    ]
    return rules + [f"Check {code(check)}" for check in entity.checks]


def _documentation(said: Mapping[str, Documentation]) -> Iterator[list[str]]:
    """Yield the blocks of documentation keys: a text behind its title, a list or mapping below."""
    for key, value in said.items():
        title = f"**{key.replace('_', ' ').title()}**:"
        if isinstance(value, str):
            yield [f"{title} {plain(value)}".rstrip()]
            continue
        items = (
            value if isinstance(value, tuple) else ({name: part} for name, part in value.items())
        )
        points = [f"- {paragraph(_in_words(item))}" for item in items]
        yield from ([title], points) if points else ([title],)


def _in_words(value: Documentation) -> str:
    """Return what a documentation key says as a text of one line.

    >>> _in_words(("a", {"b": "c", "d": ("e", "f")}))
    'a, b: c; d: e, f'
    """
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return ", ".join(_in_words(item) for item in value)
    return "; ".join(f"{key}: {_in_words(item)}" for key, item in value.items())
