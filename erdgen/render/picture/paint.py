"""A graph in, the bytes of its picture out: SVG from the scene itself, PNG and PDF by Graphviz."""

from __future__ import annotations

from typing import cast

import erdgen
from erdgen.errors import Diagnostic, OptionError
from erdgen.model.graph import Graph
from erdgen.render import Output, Page
from erdgen.render.fonts import missing
from erdgen.render.graphviz import Ask, Job, worker
from erdgen.render.options import BY_NAME, Options
from erdgen.render.picture.colors import add_groups
from erdgen.render.picture.compose import draw
from erdgen.render.picture.legibility import LEAST_TEXT, SCREEN, text_height
from erdgen.render.picture.scene import Scene, Text, flat_items
from erdgen.render.picture.svg import SvgWriter, write_svg
from erdgen.render.picture.themes import Theme, load_theme

MOST_PIXELS = 100_000_000
"""Of a PNG; four bytes each while it is drawn."""
MOST_SIDE = 32_000
_LAST: list[object] = []
"""What the last picture was made of: a process that ends with it need not take it apart."""


def paint(graph: Graph, options: Options, format_name: str, ask: Ask) -> Output:
    """Return the graph as one picture, `svg`, `png` or `pdf`.

    Raises:
        RenderError: Graphviz failed, is missing, or took too long.
        OptionError: There is no such theme, or the picture would be too large.
    """
    theme = add_groups(load_theme(options.theme), graph)
    if format_name == "svg":
        svg = SvgWriter(theme)
        scene, notes = draw(graph, options, theme, ask, write_down=svg.write_down)
        if erdgen.OWN_PROCESS:
            _LAST[:] = (scene, svg)
        data = b"".join([piece.encode() for piece in svg.write(scene, options.scale)])
    else:
        scene, notes = draw(graph, options, theme, ask)
        data, more = write_scene(scene, theme, options, format_name, ask=ask)
        notes += more
    return Output((Page("", data),), (*notes, *judge_size(scene, options)))


def paint_states(graph: Graph, options: Options, format_name: str, ask: Ask) -> Output:
    """Return the entities' state diagrams as one picture; see `paint`."""
    from erdgen.render.picture.state_shapes import draw_states  # only for states: start-up time

    theme = load_theme(options.theme)
    scene, notes = draw_states(graph, options, ask)
    data, more = write_scene(scene, theme, options, format_name, ask=ask)
    return Output((Page("", data),), (*notes, *more))


def paint_pages(graph: Graph, options: Options, format_name: str) -> Output:
    """Return the graph as a picture a part and an overview; see `paint`."""
    from erdgen.render.picture.pages import draw_pages  # only for a split: start-up time

    theme = add_groups(load_theme(options.theme), graph)
    pages, notes = [], []
    for picture in draw_pages(graph, options, theme):
        data, more = _write_page(picture.scene, theme, options, format_name)
        pages.append(Page(picture.name, data))
        said = (*picture.notes, *more, *judge_size(picture.scene, picture.options))
        name = picture.name or "overview"
        notes += [note._replace(message=f"{name}: {note.message}") for note in said]
    return Output(tuple(pages), tuple(notes))


def _write_page(
    scene: Scene, theme: Theme, options: Options, format_name: str
) -> tuple[bytes, tuple[Diagnostic, ...]]:
    if format_name == "svg":
        return write_svg(scene, theme, options.scale).encode(), ()
    # a worker each, since a timeout is a picture's
    with worker(timeout=options.timeout, system=options.graphviz == "system") as ask:
        return write_scene(scene, theme, options, format_name, ask=ask)


def judge_size(scene: Scene, options: Options) -> tuple[Diagnostic, ...]:
    """Return a warning if nobody can read the picture on a screen of 1600 × 1000.

    It names what would help, the gentlest first.
    """
    size = text_height(scene, options.detail)
    if size >= LEAST_TEXT:
        return ()
    less = {"names": (), "keys": ("--detail names",)}.get(
        options.detail or "full", ("--detail keys", "--detail names")
    )
    ways = [*less, "--only", "--around", "--split group", "--split community"]
    return (
        Diagnostic(
            "illegible",
            f"on a screen of {SCREEN[0]} × {SCREEN[1]} the picture's text is {size:.1f} pixels"
            " high: too small to read",
            help=f"show less of it at a time: {', '.join(ways[:-1])} or {ways[-1]}",
            severity="warning",
        ),
    )


def write_scene(
    scene: Scene, theme: Theme, options: Options, format_name: str, *, ask: Ask
) -> tuple[bytes, tuple[Diagnostic, ...]]:
    """Return a scene as SVG, PNG or PDF, and what there is to say about it.

    Raises:
        OptionError: The picture would have more pixels than memory bears.
        RenderError: Graphviz failed or took too long.
    """
    if format_name == "svg":
        return write_svg(scene, theme, options.scale).encode(), ()
    from erdgen.render.picture.xdot import write_xdot  # only for PNG and PDF: start-up time

    dpi = 72 * options.scale
    notes: tuple[Diagnostic, ...] = ()
    if format_name == "png":
        dpi, notes = fit_pixels(scene, options)
    notes += _say_cut(scene, options, format_name)
    lacking = missing(
        "".join(item.text for item in flat_items(scene.items) if isinstance(item, Text))
    )
    fonts = "system" if lacking else "packaged"
    job = Job(write_xdot(scene, theme, dpi), format_name, "nop2", fonts)
    answers, more = ask([job])
    notes += more
    if lacking:
        notes = (*notes, _say_missing(lacking, format_name))
    return answers[0], notes


def _say_cut(scene: Scene, options: Options, format_name: str) -> tuple[Diagnostic, ...]:
    """Return a note on types that are cut: other than an SVG, the picture has no tooltips."""
    if options.enums:
        return ()
    cut = [
        item.text
        for item in flat_items(scene.items)
        if isinstance(item, Text) and item.kind == "type" and "…" in item.text
    ]
    if not cut:
        return ()
    more = f" and {len(cut) - 1} more" if len(cut) > 1 else ""
    return (
        Diagnostic(
            "types-cut",
            f"the {format_name.upper()} shows {cut[0]}{more} without all that belongs to it",
            help="--enums shows types whole; in an SVG they are tooltips",
            severity="note",
        ),
    )


def _say_missing(lacking: str, format_name: str) -> Diagnostic:
    some = lacking if len(lacking) <= 20 else f"{lacking[:20]}…"
    return Diagnostic(
        "characters-missing",
        f"the packaged font lacks {some}: the {format_name.upper()} takes them from this machine's"
        " fonts, as far as they have them",
        help="SVG holds them as text, for the viewer's fonts",
        severity="warning",
    )


def fit_pixels(scene: Scene, options: Options) -> tuple[float, tuple[Diagnostic, ...]]:
    """Return the resolution of a PNG, and a warning if it is less than usual.

    Nobody asked for the usual resolution, so a picture too large for it gets less; one that was
    asked for is kept or refused.

    Raises:
        OptionError: There would be more than `MOST_PIXELS`, or a side longer than cairo draws.
    """
    dpi = options.dpi * options.scale
    width, height = (int(side * dpi / 96) + 1 for side in (scene.width, scene.height))
    if width * height <= MOST_PIXELS and max(width, height) <= MOST_SIDE:
        return dpi, ()
    told = f"the picture would have {width} × {height} pixels"
    if dpi > cast("int", BY_NAME["dpi"].default):
        raise OptionError(
            Diagnostic(
                "picture-too-large",
                told,
                help="use SVG or PDF, a lower --dpi or --scale, or show less (--detail keys,"
                " --only, --around, --split)",
            )
        )
    area = (MOST_PIXELS / (scene.width * scene.height)) ** 0.5
    less = int(96 * min(area, (MOST_SIDE - 1) / max(scene.width, scene.height)) * 0.99)
    return less, (
        Diagnostic(
            "fewer-pixels",
            f"{told}; it is drawn at {less} dpi",
            help="use SVG or PDF, or show less (--detail keys, --only, --around, --split)",
            severity="warning",
        ),
    )
