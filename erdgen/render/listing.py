"""A graph in, one relationship a line out: `EntityName (1) ←→ (many) SecondEntity`."""

from __future__ import annotations

from erdgen.model.graph import Graph
from erdgen.model.relationships import Cardinality, Relationship
from erdgen.render import Output, Page
from erdgen.render.cardinalities import count
from erdgen.render.options import Options
from erdgen.render.width import make_name, wrap


def write(graph: Graph, options: Options) -> Output:
    """Write every relationship on a line, then the entities that have none.

    The key's attributes and the verb stand behind a relationship: they tell two of the same
    entities apart.
    """
    rows = title_rows(graph, options)
    rows += [relationship_row(tie, ascii_only=options.ascii) for tie in graph.relationships]
    tied = {name for tie in graph.relationships for name in (tie.left, tie.right)}
    rows += [make_name(item.name) for item in graph.model.entities if item.name not in tied]
    if not graph.model.entities:
        rows.append(EMPTY)
    return Output((Page("", ("\n".join(rows) + "\n").encode()),))


EMPTY = "(no entities)"
"""What stands in place of a drawing of nothing."""


def title_rows(graph: Graph, options: Options) -> list[str]:
    """Return the title that was asked for, with a blank row under it, or nothing."""
    title = options.title
    if title.lower() in {"yes", "true", "on"}:
        title = graph.model.title or graph.model.name
    if not title or title.lower() in {"no", "false", "off"}:
        return []
    name = make_name(title)
    return [*(wrap(name, options.width) if options.width else [name]), ""]


def relationship_row(tie: Relationship, *, ascii_only: bool) -> str:
    """Return one relationship as a line of text."""
    arrow = "<->" if ascii_only else "←→"
    row = (
        f"{make_name(tie.left)} ({_exactly(tie.left_end)}) {arrow} "
        f"({_exactly(tie.right_end)}) {make_name(tie.right)}"
    )
    if tie.right_attributes:
        row += f" via {', '.join(make_name(name) for name in tie.right_attributes)}"
    elif tie.through:
        row += f" through {make_name(tie.through)}"
    verbs = " / ".join(make_name(verb) for verb in (tie.label, tie.label_back) if verb)
    return f"{row}: {verbs}" if verbs else row


def _exactly(end: Cardinality) -> str:
    """Return an end in the template's words, with its minimum where that says more.

    >>> _exactly(Cardinality(0, None)), _exactly(Cardinality(0, 1)), _exactly(Cardinality(1, None))
    ('many', '0..1', '1..many')
    """
    if end.maximum == 1 and end.minimum == 0:
        return "0..1"
    if end.maximum is None and end.minimum == 1:
        return "1..many"
    return count(end)
