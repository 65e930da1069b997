"""A graph in, its text drawing out: planned, laid out to the width, drawn, checked, printed."""

from __future__ import annotations

from erdgen.errors import Diagnostic
from erdgen.model.graph import Graph
from erdgen.render import Output, Page
from erdgen.render.listing import EMPTY, relationship_row, title_rows
from erdgen.render.options import Options
from erdgen.render.text.fit import Fitted, fit
from erdgen.render.width import make_name, wrap


def write(graph: Graph, options: Options) -> Output:
    """Write the box drawing of a graph.

    Returns:
        The pages, and a note for each step that had to be taken to keep to the width.
    """
    if options.split and graph.model.entities:
        return _write_parts(graph, options)
    rows, notes = _page_rows(graph, options)
    return Output((_make_page("", rows),), notes)


def _make_page(name: str, rows: list[str]) -> Page:
    return Page(name, ("\n".join(rows) + "\n").encode())


def _write_parts(graph: Graph, options: Options) -> Output:
    """Write a page for each part of the graph; what leads to another part stands in the boxes."""
    # only for a split: start-up time
    from erdgen.model.partition import find_heading, page_name, split

    pages, notes = [], []
    for name, part in split(graph, options.split):
        inside = {entity.name for entity in part.model.entities}
        title = find_heading(part, name) if options.split == "group" else name
        rows, said = _page_rows(part, options._replace(title=title), _leading_away(graph, inside))
        pages.append(_make_page(page_name(name), rows))
        notes += [note._replace(message=f"{make_name(name)}: {note.message}") for note in said]
    return Output(tuple(pages), tuple(notes))


def _leading_away(graph: Graph, inside: set[str]) -> dict[str, list[str]]:
    """Return for the entities of a part the names of those of other parts that they are tied to."""
    rows: dict[str, list[str]] = {}
    for tie in graph.relationships:
        for here, there in ((tie.left, tie.right), (tie.right, tie.left)):
            if here in inside and there not in inside:
                there_rows = rows.setdefault(here, [])
                if make_name(there) not in there_rows:
                    there_rows.append(make_name(there))
    return rows


def _page_rows(
    graph: Graph, options: Options, away: dict[str, list[str]] | None = None
) -> tuple[list[str], tuple[Diagnostic, ...]]:
    """Return the rows of one drawing with what stands above and below it."""
    head = title_rows(graph, options)
    if not graph.model.entities:
        return [*head, EMPTY], ()
    fitted = fit(graph, options, away or {})
    rows = [*head, *fitted.rows]
    if fitted.listed:
        rows += ["", "Not drawn:", *_list_rows(graph, fitted, options)]
    if options.legend:
        from erdgen.render.text.key import legend_rows  # only when asked for: start-up time

        legend = legend_rows(graph, fitted.plan, fitted.look, options.width)
        rows += ["", *legend] if legend else []
    if options.height:
        from erdgen.render.text.bands import page_rows  # only when asked for: start-up time

        inside = {len(head) + row for row in fitted.inside}
        rows = page_rows(rows, options.height, inside, ascii_only=options.ascii)
    return rows, fitted.notes


def _list_rows(graph: Graph, fitted: Fitted, options: Options) -> list[str]:
    """Return the relationships that have no line, one a row, in the order of the model."""
    rows: list[str] = []
    for index in fitted.listed:
        row = relationship_row(graph.relationships[index], ascii_only=options.ascii)
        first, *others = wrap(row, options.width - 4) if options.width else [row]
        rows += [f"  {first}", *(f"    {other}" for other in others)]
    return rows
