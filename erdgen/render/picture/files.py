"""A graph in, a picture file out: a worker is started, and what is needed to draw is loaded."""

from __future__ import annotations

from erdgen.model.graph import Graph
from erdgen.render import Output, Page
from erdgen.render.graphviz import worker
from erdgen.render.options import Options


def write_svg(graph: Graph, options: Options) -> Output:
    """Return the graph as SVG.

    Raises:
        RenderError: Graphviz failed, is missing, or took too long.
        OptionError: There is no such theme.
    """
    return _write(graph, options, "svg")


def write_png(graph: Graph, options: Options) -> Output:
    """Return the graph as PNG at `dpi` and `scale`.

    Raises:
        RenderError: Graphviz failed, is missing, or took too long.
        OptionError: There is no such theme, or the picture would be too large.
    """
    return _write(graph, options, "png")


def write_pdf(graph: Graph, options: Options) -> Output:
    """Return the graph as PDF, its text as text.

    Raises:
        RenderError: Graphviz failed, is missing, or took too long.
        OptionError: There is no such theme.
    """
    return _write(graph, options, "pdf")


def write_svgz(graph: Graph, options: Options) -> Output:
    """Return the graph as compressed SVG.

    Raises:
        RenderError: Graphviz failed, is missing, or took too long.
        OptionError: There is no such theme.
    """
    from gzip import compress  # only when asked for: start-up time

    output = _write(graph, options, "svg")
    # no time in it, so that the same picture has the same bytes
    pages = tuple(Page(page.name, compress(page.data, mtime=0)) for page in output.pages)
    return Output(pages, output.notes)


def write_states_svg(graph: Graph, options: Options) -> Output:
    """Return the entities' state diagrams as SVG; see `write_svg`."""
    return _write_states(graph, options, "svg")


def write_states_png(graph: Graph, options: Options) -> Output:
    """Return the entities' state diagrams as PNG; see `write_png`."""
    return _write_states(graph, options, "png")


def write_states_pdf(graph: Graph, options: Options) -> Output:
    """Return the entities' state diagrams as PDF; see `write_pdf`."""
    return _write_states(graph, options, "pdf")


def _write(graph: Graph, options: Options, format_name: str) -> Output:
    if options.split and graph.model.entities:
        from erdgen.render.picture.paint import paint_pages  # only for a split: start-up time

        return paint_pages(graph, options, format_name)
    with worker(timeout=options.timeout, system=options.graphviz == "system") as ask:
        from erdgen.render.picture.paint import paint  # the worker loads Graphviz meanwhile

        return paint(graph, options, format_name, ask)


def _write_states(graph: Graph, options: Options, format_name: str) -> Output:
    with worker(timeout=options.timeout, system=options.graphviz == "system") as ask:
        from erdgen.render.picture.paint import paint_states  # the worker loads Graphviz meanwhile

        return paint_states(graph, options, format_name, ask)
