"""A graph in, a picture file out: SVG written from the scene, PNG and PDF through Graphviz."""

from __future__ import annotations

from typing import TYPE_CHECKING

from erdgen.errors import Diagnostic, OptionError
from erdgen.model.graph import Graph
from erdgen.render import Output, Page
from erdgen.render.graphviz import Ask, Job, worker
from erdgen.render.options import Options

if TYPE_CHECKING:
    from erdgen.render.scene import Scene
    from erdgen.render.themes import Theme

MOST_PIXELS = 100_000_000
"""Of a PNG; four bytes each while it is drawn."""


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


def _write(graph: Graph, options: Options, format_name: str) -> Output:
    with worker(timeout=options.timeout, system=options.graphviz == "system") as ask:
        # imported only now: the worker loads Graphviz meanwhile
        from erdgen.render.picture import draw
        from erdgen.render.themes import load_theme

        theme = load_theme(options.theme)
        scene, notes = draw(graph, options, theme, ask)
        if format_name == "svg":
            from erdgen.render.svg import write_svg as scene_to_svg

            data = scene_to_svg(scene, theme, options.scale).encode()
        else:
            data, more = scene_to_bytes(scene, theme, options, format_name, ask=ask)
            notes += more
    return Output((Page("", data),), notes)


def scene_to_bytes(
    scene: Scene, theme: Theme, options: Options, format_name: str, *, ask: Ask
) -> tuple[bytes, tuple[Diagnostic, ...]]:
    """Return a scene as PNG or PDF, and Graphviz's warnings.

    Raises:
        OptionError: The picture would have more pixels than memory bears.
    """
    from erdgen.render.xdot import write_xdot  # only for PNG and PDF: start-up time

    dpi = options.dpi * options.scale if format_name == "png" else 72 * options.scale
    if format_name == "png":
        check_pixels(scene, dpi)
    answers, notes = ask([Job(write_xdot(scene, theme, dpi), format_name, "nop2")])
    return answers[0], notes


def check_pixels(scene: Scene, dpi: float) -> None:
    """Refuse a picture that has too many pixels.

    Raises:
        OptionError: It has more than `MOST_PIXELS`, or a side longer than cairo can draw.
    """
    width, height = (int(side * dpi / 96) + 1 for side in (scene.width, scene.height))
    if width * height > MOST_PIXELS or max(width, height) > 32_000:
        raise OptionError(
            Diagnostic(
                "picture-too-large",
                f"the picture would have {width} × {height} pixels",
                help="use SVG or PDF, a lower --dpi or --scale, or show less (--detail keys,"
                " --only, --around, --split)",
            )
        )
