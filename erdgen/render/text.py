"""A graph in, its text drawing out: planned, laid out to the width, drawn, checked, printed."""

from __future__ import annotations

from erdgen.errors import Diagnostic
from erdgen.model.graph import Graph
from erdgen.render import Output, Page
from erdgen.render.fit import Fitted, fit
from erdgen.render.listing import EMPTY, relationship_row, title_rows
from erdgen.render.options import Options
from erdgen.render.width import wrap


def write(graph: Graph, options: Options) -> Output:
    """Write the box drawing of a graph.

    Returns:
        The pages, and a note for each step that had to be taken to keep to the width.
    """
    rows, notes = _page_rows(graph, options)
    return Output((Page("", ("\n".join(rows) + "\n").encode()),), tuple(notes))


def _page_rows(graph: Graph, options: Options) -> tuple[list[str], list[Diagnostic]]:
    head = title_rows(graph, options)
    if not graph.model.entities:
        return [*head, EMPTY], []
    fitted = fit(graph, options)
    rows = [*head, *fitted.rows]
    if fitted.listed:
        rows += ["", "Not drawn:", *_list_rows(graph, fitted, options)]
    return rows, list(fitted.notes)


def _list_rows(graph: Graph, fitted: Fitted, options: Options) -> list[str]:
    """Return the relationships that have no line, one a row, in the order of the model."""
    rows: list[str] = []
    for index in fitted.listed:
        row = relationship_row(graph.relationships[index], ascii_only=options.ascii)
        first, *others = wrap(row, options.width - 4) if options.width else [row]
        rows += [f"  {first}", *(f"    {other}" for other in others)]
    return rows
