"""A connected diagram in, the best way to draw it that was found out."""

from __future__ import annotations

from collections.abc import Callable

from erdgen.layout.candidates import MANY, Choice, candidates, narrower, neighbours
from erdgen.layout.compose import Sketch, sketch_columns
from erdgen.layout.drawing import Diagram, Direction
from erdgen.layout.labels import place_labels
from erdgen.layout.score import PAGE, TOO_WIDE, columns_over, score
from erdgen.layout.tuck import untuck

BUDGET = 400_000
"""Comparisons of segments that the order of a candidate may take."""
LARGE = 1500
"""Boxes and lines of a diagram beyond which only one candidate is tried."""
SHY_FROM = 100
"""Boxes and lines from which rows are first tried a little shorter than the width."""
FAR = 20
"""By what part of the width a large diagram may miss it then to be tried without that."""
SMALL_DOWN = 45
"""Boxes and lines of a diagram for which fewer candidates are sifted in direction down."""
SMALL = 150
"""Boxes and lines of a diagram for which single moves of boxes are tried."""
TRIALS = (6, 4)
"""Most of these moves that are sketched, in direction right and down."""
CLEAN = 1
"""Crossings up to which none is tried in direction right: there, moves pay by saving them."""
HOPE = 0.75
"""What part of its cost sifting leaves a candidate at best."""
NARROWED = 10
"""By what part of the width sifting makes a candidate narrower at best."""
SHRINKS = 3
"""How often a drawing that is a little too wide is tried with shorter rows."""
SIFTED = 135
"""How wide a quick sketch may be, in hundredths of the width, for sifting to make it fit."""
BEYOND = (100, 25)
"""By how many hundredths of the width sifting makes no candidate narrower: one of a single column,
and one of several in direction right, where only what is beside the first and the last yields."""
UNSQUEEZED = 10
"""By what part of the width a quick sketch in direction right may be too wide."""
NEARLY = 5
"""By what part of the width it may be too wide for that."""
NEAR = 2
"""Most of these that are looked at closely."""


Sketches = dict[tuple[object, ...], Sketch]
"""What was sketched of a diagram: by the way to draw it, the budget and the limit along rows."""


class Memory:
    """What was sketched of a diagram, and what searches of it have found."""

    __slots__ = ("found", "sketches")

    def __init__(self) -> None:
        self.sketches: Sketches = {}
        self.found: dict[tuple[Direction, int | None, bool], Choice] = {}


Known = dict[Diagram, Memory]
"""What was found out about several diagrams, for a search of the same ones with another width."""


class _Trials:
    """What was sketched of a diagram, so that nothing is sketched twice."""

    def __init__(self, diagram: Diagram, width: int | None, sketches: Sketches) -> None:
        self.diagram = diagram
        self.width = width
        self.sketches = sketches
        self.tried: dict[tuple[object, ...], Choice] = {}

    def judge(self, choice: Choice, budget: int) -> float:
        """Return what a choice costs, sifted with this budget (0: a quick sketch)."""
        return self.done(choice, budget).cost

    def done(self, choice: Choice, budget: int) -> Choice:
        """Return a choice with its sketch, drawing and cost."""
        key = (*choice.key(), budget)
        if key not in self.tried:
            self.tried[key] = self._judged(choice.copy(), budget)
        return self.tried[key]

    def _judged(self, choice: Choice, budget: int) -> Choice:
        choice.sketch = self._sketch(choice, budget)
        drawing = choice.sketch.drawing
        if choice.tucked is not None:
            drawing = untuck(self.diagram, choice.tucked, drawing)
        choice.drawing = place_labels(self.diagram, drawing, within=self.width)
        limit = self.width
        if limit is not None and not budget and not choice.down:
            limit += limit // UNSQUEEZED
        choice.cost = score(choice.sketch, choice.drawing, limit)
        return choice

    def _sketch(self, choice: Choice, budget: int) -> Sketch:
        # only along rows is there a limit, so that lines run right the same for every width
        most = self.width if choice.down else None
        key = (*choice.key(), budget, most)
        if key not in self.sketches:
            tight = choice.copy(loose=False).key()
            known = self.sketches.get((*tight, budget)) or self.sketches.get((*tight, 0))
            self.sketches[key] = sketch_columns(
                choice.diagram,
                choice.column,
                down=choice.down,
                budget=budget,
                tails=choice.tucked.tails if choice.tucked else (),
                loose=choice.loose,
                most=most,
                known=known,
            )
            self.sketches[(*choice.key(), budget)] = self.sketches[key]
        return self.sketches[key]

    def fits(self, choice: Choice) -> bool:
        """Return whether a quick sketch of a choice keeps to the width."""
        return self.width is None or self.done(choice, 0).drawing.width <= self.width


def search(
    diagram: Diagram,
    direction: Direction,
    width: int | None,
    *,
    quick: bool = False,
    known: Known | None = None,
) -> Choice:
    """Return the best way to draw a diagram that was found, with its sketch and drawing.

    All candidates that may keep to the width are sketched without sifting, the best few with it;
    what is a little too wide gets shorter rows; for the best one, single boxes are tried in other
    columns while that helps.

    Args:
        diagram: What is drawn.
        direction: Where lines run.
        width: Most columns.
        quick: Whether the best quick sketch is enough.
        known: What was found out in earlier searches; what this one finds out is added.
    """
    memory = Memory() if known is None else known.setdefault(diagram, Memory())
    key = direction, width, quick
    if key not in memory.found:
        trials = _Trials(diagram, width, memory.sketches)
        memory.found[key] = _search(diagram, direction, trials, quick=quick)
    return memory.found[key]


def _search(diagram: Diagram, direction: Direction, trials: _Trials, *, quick: bool) -> Choice:
    effort = diagram.effort
    shy = effort >= SHY_FROM
    best = _search_among(diagram, direction, trials, quick=quick, shy=shy)
    over = columns_over(best.cost)
    far = effort >= MANY and over * FAR > (trials.width or 0)
    if quick or not shy or not best.down or over < 0 or far:
        return best
    other = _search_among(diagram, direction, trials, quick=quick, shy=False)
    return min(best, other, key=lambda choice: choice.cost)


def _search_among(
    diagram: Diagram, direction: Direction, trials: _Trials, *, quick: bool, shy: bool
) -> Choice:
    """Return the best of the candidates, rows of which may be a little shorter than the width."""
    width = trials.width
    effort = diagram.effort
    choices = _fitting(candidates(diagram, direction, width, shy=shy), width)
    promising = _most_promising(choices, trials, effort)
    if quick or (effort >= MANY and _far_too_wide(promising[0], trials)):
        return trials.done(promising[0], 0)
    best = _best_candidate(promising, trials, effort)
    best = _narrowed(best, trials, BUDGET)
    if trials.judge(best, BUDGET) >= TOO_WIDE and not best.down:
        # the fewer the columns, the more sifting makes of a drawing that is too wide
        fewest = min(choices, key=lambda choice: max(choice.column))
        best = _best_candidate([best, fewest], trials, effort)
    for choice in promising if effort < MANY else ():
        if trials.judge(best, BUDGET) < TOO_WIDE:
            break
        best = min(
            best, _narrowed(choice, trials, BUDGET), key=lambda one: trials.judge(one, BUDGET)
        )
    if effort < SMALL:
        if best.down or trials.done(best, BUDGET).sketch.crossings > CLEAN:
            best = _best_near(best, trials.judge, direction)
        judge = trials.judge
        best = min(best, best.copy(loose=True), key=lambda choice: judge(choice, BUDGET))
    return trials.done(best, BUDGET)


def _fitting(choices: list[Choice], width: int | None) -> list[Choice]:
    """Return the choices that may keep to the width, or the narrowest if none may."""
    if width is None:
        return choices
    fitting = [choice for choice in choices if choice.least <= width]
    return fitting or [min(choices, key=lambda choice: choice.least)]


def _far_too_wide(choice: Choice, trials: _Trials) -> bool:
    """Whether sifting can't bring a choice down to the width."""
    width = trials.width
    if width is None:
        return False
    return choice.least > width or trials.done(choice, 0).drawing.width > width * SIFTED // 100


def _most_promising(choices: list[Choice], trials: _Trials, effort: int) -> list[Choice]:
    """Return the choices of which quick sketches are best."""
    if len(choices) > 1 and effort > LARGE:
        return [choices[len(choices) // 2]]
    judge = trials.judge
    choices = sorted(choices, key=lambda choice: judge(choice, 0))
    first = _narrowed(choices[0], trials, 0)
    if effort >= MANY:
        return [first]
    few = effort < SMALL_DOWN and choices[0].down
    found = [first, *choices[1 : 3 if effort < SMALL and not few else 2]]
    if not any(trials.fits(choice) for choice in found):
        found.extend([choice for choice in choices if trials.fits(choice)][:1])
    return found


def _best_candidate(choices: list[Choice], trials: _Trials, effort: int) -> Choice:
    """Return the best of some choices when they are sifted."""
    judge = trials.judge
    best = choices[0]
    for choice in choices[1:]:
        least = judge(best, BUDGET)
        clean = trials.done(best, BUDGET).sketch.crossings <= CLEAN and least < TOO_WIDE
        narrow = trials.width is not None and trials.width <= PAGE
        if clean and narrow and effort < SMALL_DOWN and not best.down:
            break
        quick = judge(choice, 0)
        hopeless = effort < SMALL and _hopeless(quick, least, trials.width)
        hopeless = hopeless or _beyond(choice, quick, trials.width)
        best = choice if not hopeless and judge(choice, BUDGET) < least else best
    return best


def _narrowed(best: Choice, trials: _Trials, budget: int) -> Choice:
    """Return a choice that keeps to the width if the given one nearly does, else the given one."""
    width = trials.width
    if width is None or not best.down:
        return best
    extent = width
    large = trials.diagram.effort >= MANY
    for _ in range(1 if large and budget else SHRINKS):
        over = trials.done(best, budget).drawing.width - width
        if not 0 < over <= width // NEARLY:
            break
        extent -= over
        other = narrower(best, extent)
        if other.least <= width and trials.judge(other, budget) < trials.judge(best, budget):
            best = other
    return best


def _best_near(best: Choice, judge: Callable[[Choice, int], float], direction: Direction) -> Choice:
    """Return a choice with one box in another column if that is better, else the same."""
    # boxes with rows that were asked to stand in one column stay there
    most = max(best.column) + (0 if direction == "down" and not best.down else 1)
    near = [choice for choice in neighbours(best) if max(choice.column) <= most]
    near = near[: TRIALS[best.down]]
    near.sort(key=lambda choice: judge(choice, 0))
    for choice in near[:NEAR]:
        if judge(choice, 0) < judge(best, 0) and judge(choice, BUDGET) < judge(best, BUDGET):
            best = choice
    return best


def _beyond(choice: Choice, quick: float, width: int | None) -> bool:
    """Whether a candidate of such a cost without sifting is so wide that sifting can't mend it."""
    if width is None or choice.down:
        return False
    return columns_over(quick) * 100 > width * BEYOND[max(choice.column) > 0]


def _hopeless(quick: float, least: float, width: int | None) -> bool:
    """Whether a candidate of such a cost without sifting can't get below the least cost with it."""
    if quick < TOO_WIDE:
        return quick * HOPE >= least
    return width is not None and least < TOO_WIDE and columns_over(quick) * NARROWED > width
