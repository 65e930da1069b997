"""The width ladder: a graph and options in, the drawing with the most detail that fits out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple, cast

from erdgen.errors import Diagnostic
from erdgen.layout.drawing import Diagram, Direction
from erdgen.layout.lay_out import lay_out, least_width
from erdgen.layout.search import Known
from erdgen.model.graph import Graph
from erdgen.render.options import Options
from erdgen.render.text.boxes import Look, Plan, make_plan
from erdgen.render.text.hubs import Undrawn, add_references, hubs_of, lines_of
from erdgen.render.text.plot import Plot, plot, print_rows

_UNLIMITED = 1_000_000
_LANE = 8
"""Columns beside a box of wrapped rows that are left for lines."""
_DETAILS = ("full", "keys", "names")


class Fitted(NamedTuple):
    """A drawing that keeps to the width, or the narrowest there is.

    Attributes:
        rows: The drawing; none of one that has lines and doesn't keep to the width.
        inside: The rows that go on with a box of the row above.
        look: What it shows.
        plan: What was drawn.
        width: The columns it takes.
        listed: Indexes of the relationships that have neither a line nor a reference row.
        referred: Indexes of those that have a reference row.
        notes: What was left out to keep to the width.
        frames: How many groups have a frame.
    """

    rows: list[str]
    inside: frozenset[int]
    look: Look
    plan: Plan
    width: int
    listed: tuple[int, ...] = ()
    referred: tuple[int, ...] = ()
    notes: tuple[Diagnostic, ...] = ()
    frames: int = 0


_NOTHING = Undrawn()


def fit(graph: Graph, options: Options, away: Mapping[str, Sequence[str]]) -> Fitted:
    """Return the drawing with the most that fits the width.

    The layout reflows first. Then, as far as the options leave it open, types go, then all rows
    but keys, then all rows, then verbs; then the lines of the entities with the most of them
    become rows that name the other end; at last there are boxes, and a list of the relationships.

    Args:
        graph: What is drawn.
        options: The width, and what may be left out.
        away: Entity name -> names of entities of other drawings that it is tied to.
    """
    looks = _looks(options)
    tried: list[Fitted] = []
    total, width = len(graph.relationships), options.width
    if width is not None and total > _HOPELESS * width:
        fitted = _with_references(graph, looks[-1], options, away, total // _HOPELESS)
        return fitted._replace(notes=_notes(looks[0], None, fitted, graph, options))
    for look in looks:
        if look is not looks[-1] and not _is_worth_trying(graph, look, options, away, tried):
            continue
        # where many lines don't fit, frames don't either
        framed = look.frames and not (tried and total > _MANY)
        fitted = _draw(graph, look._replace(frames=framed), options, away)
        tried.append(fitted)
        if _fits(fitted, options):
            break
    else:
        look = tried[-1].look
        look = look._replace(frames=look.frames and total <= _MANY)
        fitted = _with_references(graph, look, options, away, tried[-1].width)
    return fitted._replace(notes=_notes(looks[0], tried[0], fitted, graph, options))


_HOPELESS = 5
"""So many lines to a column of the width never fit: real models need a column for one or two."""


def _looks(options: Options) -> list[Look]:
    """Return what may be shown, from the most to the least."""
    notation = options.notation or "template"
    most = max(_LANE, options.width - 2 - _LANE) if options.width else _UNLIMITED
    details = (options.detail,) if options.detail else _DETAILS
    frames = options.frames and options.split != "group"
    looks = [
        Look(detail, False, notation, options.labels, options.ascii, most, frames)
        for detail in details
    ]
    if options.types and details[0] != "names":
        looks.insert(0, looks[0]._replace(types=True))
    if options.labels and options.width is not None:
        looks.append(looks[-1]._replace(labels=False))
    return looks


def _is_worth_trying(
    graph: Graph,
    look: Look,
    options: Options,
    away: Mapping[str, Sequence[str]],
    tried: Sequence[Fitted],
) -> bool:
    """Return whether the boxes alone fit the width without many wrapped rows.

    Where the lines of the last look left too little for boxes, only bare boxes help.
    """
    if options.width is None:
        return True
    wrapped = make_plan(graph, look, (), away)
    if tried and look.detail != "names":
        lines = tried[-1].width - _widest(tried[-1].plan)
        if lines + _widest(wrapped) > options.width * _SPARE // 100:
            return False
    whole = make_plan(graph, look._replace(most=_UNLIMITED), (), away)
    rows, whole_rows = (sum(len(face.rows) for face in plan.faces) for plan in (wrapped, whole))
    return _widest(wrapped) <= options.width and rows - whole_rows <= max(_FEW, whole_rows // 10)


def _widest(plan: Plan) -> int:
    return max(box.width for box in plan.diagram.boxes)


_SPARE = 105
"""A look is tried if it is not expected to take more than so many hundredths of the width."""

_FEW = 3
"""So many rows may be wrapped in any drawing before less is shown instead."""


def _fits(fitted: Fitted, options: Options) -> bool:
    return options.width is None or fitted.width <= options.width


def _draw(
    graph: Graph,
    look: Look,
    options: Options,
    away: Mapping[str, Sequence[str]],
    undrawn: Undrawn = _NOTHING,
    *,
    known: Known | None = None,
) -> Fitted:
    """Draw a graph at a given look.

    Lines that fail get lanes of their own, and where that fails too they are listed.

    Args:
        graph: What is drawn.
        look: What is shown of it.
        options: The width and direction.
        away: Entity name -> names of entities of other drawings.
        undrawn: Relationships that get no line.
        known: What is known of the layout; what is found out is added.
    """
    plan = _plan_without(graph, look, away, undrawn)
    known = {} if known is None else known
    whole = undrawn == _NOTHING
    plotted = _plot_within(plan, look, options, known, whole=whole)
    if isinstance(plotted, int):
        return Fitted([], frozenset(), look, plan, plotted)
    if plotted.lost:
        apart = plan._replace(diagram=_without_trunks(plan.diagram, plotted.lost))
        again = _plot_within(apart, look, options, known, whole=whole)
        if not isinstance(again, int) and len(again.lost) < len(plotted.lost):
            plan, plotted = apart, again
    listed = [*undrawn.listed, *(plan.drawn[index] for index in plotted.lost)]
    rows, above = print_rows(plotted, ascii_only=look.ascii_only)
    return Fitted(
        rows,
        frozenset(
            row - above
            for rect in plotted.drawing.boxes
            for row in range(rect.y + 1, rect.y + rect.height)
        ),
        look,
        plan,
        plotted.grid.width,
        tuple(sorted(listed)),
        undrawn.referred,
        frames=sum(frame is not None for frame in plotted.drawing.frames),
    )


_NARROWER = 5
"""By how many hundredths of the width a page is narrower at which a drawing is tried again."""
_NEARLY = (20, 6)
"""By how many hundredths a drawing of few lines, or of many, may be too wide to be tried again."""
_FEW_LINES = 160
"""Lines up to which these are few, and a drawing is tried again twice."""


def _plot_within(
    plan: Plan, look: Look, options: Options, known: Known, *, whole: bool
) -> Plot | int:
    """Lay out and draw a plan; what comes out a little too wide is laid out for a narrower page.

    A layout may miss the width that it aims at, or the drawing makes room that it did not foresee;
    aimed lower, it often keeps to the width with all its lines.

    Args:
        plan: What is drawn.
        look: What is shown of it.
        options: The width and direction.
        known: What is known of the layout; what is found out is added.
        whole: Whether it has all lines; without, a layout that misses its width is left at that.

    Returns:
        The drawing, or only how wide it would be if no layout keeps to the width.
    """
    direction, width = cast("Direction", options.direction), options.width
    if width is None or not plan.diagram.lines:
        drawing = lay_out(plan.diagram, direction, width)
        return plot(plan, drawing, ascii_only=look.ascii_only)
    diagram, aim = plan.diagram, width
    best: Plot | None = None
    many = len(diagram.lines) > _FEW_LINES
    # lines that run right come out the same for any width
    near = width * (100 + _NEARLY[many]) // 100 if whole and diagram.bare else width
    least = _UNLIMITED
    for _ in range(2 if many else 3):
        # what is too wide is not drawn, and frames only make it wider
        laid = made = least_width(diagram, direction, aim, known)
        framed = False
        if laid <= width:
            drawing = lay_out(diagram, direction, aim, known)
            plotted = plot(plan, drawing, ascii_only=look.ascii_only)
            laid, made = drawing.width, plotted.grid.width
            framed = any(drawing.frames)
            best = plotted if best is None or made < best.grid.width else best
        aim -= max(made - min(width, laid), width * _NARROWER // 100)
        if made <= width or made >= least or laid > near or aim < _widest(plan):
            break
        least = made
        if not framed:
            # frames that are too wide here are so on a narrower page
            diagram = diagram._replace(groups=())
    return best or min(least, made)


def _without_trunks(diagram: Diagram, lines: Collection[int]) -> Diagram:
    """Return a diagram in which these lines share nothing."""
    return diagram._replace(
        lines=tuple(
            line._replace(trunk=-1) if index in lines else line
            for index, line in enumerate(diagram.lines)
        ),
    )


_MOST_TRIES = 6
"""How often fewer lines are tried."""
_FEW_TRIES = 2
"""The same for many lines, when a drawing is found."""
_PART = 0.3
"""At what part of what is open fewer lines are tried at least, and at most one less this."""
_MORE = 3
"""How many times as many lines are left out as long as no drawing fits."""
_ENOUGH = 8
"""What part of all lines may be left undrawn though some might still fit."""
_MANY = 250
"""Lines beyond which these are many."""


def _with_references(
    graph: Graph,
    look: Look,
    options: Options,
    away: Mapping[str, Sequence[str]],
    width: int,
) -> Fitted:
    """Return the drawing with few hubs without lines that fits.

    The first try leaves out the more lines the less the whole drawing fitted, the next ones some
    times as many until a layout fits, then by how wide the layouts came out; only the best of
    them is drawn. Without any lines there are boxes and a list, however wide.

    Args:
        graph: What is drawn.
        look: What is shown of it.
        options: The width and direction.
        away: Entity name -> names of entities of other drawings.
        width: How wide the drawing with all lines is.
    """
    hubs = hubs_of(graph)
    total = len(graph.relationships)
    # how many lines are left out with so many hubs
    left_out = [0, *accumulate(count for _, count in hubs)]
    names = [name for name, _ in hubs]
    few, many = 0, len(hubs)
    most = options.width or width
    # how wide the layout with so many hubs is
    widths = {few: width}
    # so many hubs, and what is known of the layouts that keep to the width, the last one best
    fitting: list[tuple[int, Known]] = []
    wish = total * (1 - most / width)
    while True:
        number = min(max(bisect_left(left_out, wish), few + 1), many - 1)
        enough = left_out[many] - left_out[few] <= total // _ENOUGH
        tries = _FEW_TRIES if fitting and total > _MANY else _MOST_TRIES
        if few < number < many and len(widths) <= tries and not (fitting and enough):
            known: Known = {}
            diagram = _plan_without(graph, look, away, lines_of(graph, names[:number])).diagram
            direction = cast("Direction", options.direction)
            widths[number] = least_width(diagram, direction, most, known)
            if widths[number] <= most:
                fitting.append((number, known))
                many = number
            else:
                few = number
        elif fitting:
            number, known = fitting.pop()
            undrawn = lines_of(graph, names[:number])
            attempt = _draw(graph, look, options, away, undrawn, known=known)
            if _fits(attempt, options):
                return attempt
            few, many = number, fitting[-1][0] if fitting else len(hubs)
            widths[few] = attempt.width
        else:
            return _draw(graph, look, options, away, Undrawn(listed=tuple(range(total))))
        low, high = left_out[few], left_out[many]
        if many in widths:
            # where the width lies between the two that are known
            part = (widths[few] - most) / (widths[few] - widths[many])
            wish = low + (high - low) * min(max(part, _PART), 1 - _PART)
        else:
            wish = (low + 2 * high) / 3
            if total <= _MANY:
                wish = min(wish, _MORE * low)


def _plan_without(
    graph: Graph, look: Look, away: Mapping[str, Sequence[str]], undrawn: Undrawn
) -> Plan:
    """Return what is drawn where some relationships get a row or are listed."""
    references = {name: list(rows) for name, rows in away.items()}
    add_references(references, graph, undrawn.referred, look.notation)
    return make_plan(graph, look, {*undrawn.referred, *undrawn.listed}, references)


def _notes(
    wanted: Look, first: Fitted | None, fitted: Fitted, graph: Graph, options: Options
) -> tuple[Diagnostic, ...]:
    """Return what was left out, each with the option that brings it back.

    Args:
        wanted: What should have been shown.
        first: The first drawing that was tried with all lines, if any was.
        fitted: The drawing that is shown.
        graph: What is drawn.
        options: The width, and what may be left out.
    """
    width = str(first.width) if first and first.look == wanted else "none"
    if first is fitted:
        width = ""
    notes = []

    bring_back = f"--width {width} --detail {wanted.detail}" if width else ""

    def note(code: str, message: str, help_: str = bring_back) -> None:
        notes.append(Diagnostic(code, message, None, help_, "note"))

    to_fit = f"to fit {options.width} columns"
    total = len(graph.relationships)
    if wanted.types and not fitted.look.types:
        note("types-left-out", f"types are left out {to_fit}")
    if wanted.labels and not fitted.look.labels:
        note("labels-left-out", f"the relationships' verbs are left out {to_fit}")
    if wanted.detail != fitted.look.detail:
        shown = {"keys": "only keys are", "names": "only names are"}[fitted.look.detail]
        note("less-detail", f"{shown} shown {to_fit}")
    groups = {entity.group for entity in graph.model.entities if entity.group}
    if wanted.frames and fitted.frames < len(groups):
        count = f"{len(groups) - fitted.frames} of {len(groups)} groups have no frame"
        why = "frames would not fit or would make the drawing much larger"
        note("frames-left-out", f"{count}: {why}", "--no-frames leaves out all")
    if fitted.referred:
        rows = f"{len(fitted.referred)} of {total} relationships stand as rows instead of lines"
        note("references", f"{rows} {to_fit}")
    if fitted.listed:
        note("not-drawn", f"{len(fitted.listed)} of {total} relationships are listed below")
    if options.width is not None and fitted.width > options.width:
        note("too-wide", f"the drawing needs {fitted.width} columns")
    return tuple(notes)
