"""Model in, output out: one module a format, one table of the formats (`WRITERS`).

The table is literal: a new format is one new module and one new row. A module is imported only
when its format is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import NamedTuple, cast

from erdgen.errors import Diagnostic
from erdgen.model.graph import Graph
from erdgen.render.options import Options

DRAWING_VERSION = 5
"""To be raised with a change that draws an unchanged model differently in SVG or PNG: pictures in
documents that an older version drew are stale then."""


class Page(NamedTuple):
    """One file's worth of output: a name for a part (empty for the only one) and its bytes."""

    name: str
    data: bytes


class Output(NamedTuple):
    """What a writer gives: pages (one unless a split was asked for) and notes to the user."""

    pages: tuple[Page, ...]
    notes: tuple[Diagnostic, ...] = ()

    @property
    def data(self) -> bytes:
        """The bytes of the only (or first) page."""
        return self.pages[0].data


class Writer(NamedTuple):
    """A row of the table.

    Attributes:
        module: The module with a function `write(graph: Graph, options: Options) -> Output`
            (and, where `function` says so, under that name).
        suffixes: File suffixes that mean this format.
        binary: Whether the output is no text for a terminal.
        help: One line for `--help`.
        joins: Whether several pages may follow one another in one stream.
        worker: Whether Graphviz draws it, in a worker that may be started beforehand.
    """

    module: str
    suffixes: tuple[str, ...]
    help: str
    binary: bool = False
    function: str = "write"
    joins: bool = False
    worker: bool = False


WRITERS: dict[str, Writer] = {
    "text": Writer("text.drawing", (".txt",), "box drawing", joins=True),
    "list": Writer("listing", (), "one relationship a line", joins=True),
    "mermaid": Writer("mermaid", (".mmd",), "Mermaid erDiagram"),
    "tables": Writer("tables", (".md",), "the entities' attributes as Markdown tables"),
    "states": Writer("text.states", (), "state diagrams of the entities", joins=True),
    "svg": Writer(
        "picture.files", (".svg",), "picture, through Graphviz", function="write_svg", worker=True
    ),
    "png": Writer(
        "picture.files", (".png",), "picture, through Graphviz", True, "write_png", worker=True
    ),
    "pdf": Writer(
        "picture.files", (".pdf",), "picture, through Graphviz", True, "write_pdf", worker=True
    ),
    "svgz": Writer("picture.files", (".svgz",), "compressed SVG", True, "write_svgz", worker=True),
    "states-svg": Writer(
        "picture.files", (), "state diagrams as SVG", function="write_states_svg", worker=True
    ),
    "states-png": Writer(
        "picture.files", (), "state diagrams as PNG", True, "write_states_png", worker=True
    ),
    "states-pdf": Writer(
        "picture.files", (), "state diagrams as PDF", True, "write_states_pdf", worker=True
    ),
    "html": Writer("html", (".html", ".htm"), "a page to explore: zoom, search, focus"),
    "dot": Writer("dot", (".dot", ".gv"), "Graphviz source"),
    "json": Writer("json", (".json",), "the resolved model"),
}
"""Format name -> writer."""


def format_of(suffix: str) -> str | None:
    """Return the format that a file suffix (with its dot) means, or None."""
    lowered = suffix.lower()
    return next((name for name, row in WRITERS.items() if lowered in row.suffixes), None)


def start_worker(formats: Iterable[str]) -> AbstractContextManager[None]:
    """Start what the formats will need beside this process, so that it loads meanwhile.

    Whoever has a model to read first enters this before; it ends what was started and not used.
    """
    if not any(WRITERS[name].worker for name in formats):
        return nullcontext()
    from erdgen.render.graphviz import worker_beforehand  # only for pictures: start-up time

    return worker_beforehand()


def select_part(graph: Graph, options: Options) -> Graph:
    """Return the part of the graph that the options ask for.

    Raises:
        OptionError: A pattern matches nothing.
    """
    ways = (options.only, options.exclude, options.around, options.group, options.fold_junctions)
    if not any(ways):
        return graph
    from erdgen.model.selection import select  # only when a part is asked for: start-up time

    return select(
        graph,
        only=options.only,
        exclude=options.exclude,
        around=options.around,
        depth=options.depth,
        group=options.group,
        fold_junctions=options.fold_junctions,
    )


def render(graph: Graph, format_name: str, options: Options) -> Output:
    """Render the (already selected) graph in a format of `WRITERS`.

    Raises:
        RenderError: The picture could not be drawn.
        OptionError: The options do not fit the format.
    """
    row = WRITERS[format_name]
    module = import_module(f"erdgen.render.{row.module}")
    write = cast("Callable[[Graph, Options], Output]", getattr(module, row.function))
    return write(graph, options)
