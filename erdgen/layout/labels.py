"""A drawing without labels in, the same with each label on free cells beside its line out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from erdgen.layout.drawing import Cell, Diagram, Drawing, Rect, Route


class Grid:
    """Which cells of a drawing are taken; lines of different nets differ in their value."""

    __slots__ = ("height", "rows", "width")

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.rows = [bytearray(width) for _ in range(height)]

    def fill(self, x: int, y: int, width: int, height: int) -> None:
        """Take a rectangle."""
        band = b"\1" * width
        for row in range(y, y + height):
            self.rows[row][x : x + width] = band

    def line(self, a: Cell, b: Cell) -> None:
        """Take the cells of a straight line."""
        if a[1] == b[1]:
            x, end = min(a[0], b[0]), max(a[0], b[0])
            self.fill(x, a[1], end - x + 1, 1)
        else:
            y, end = min(a[1], b[1]), max(a[1], b[1])
            self.fill(a[0], y, 1, end - y + 1)

    def free(self, x: int, y: int, length: int) -> bool:
        """Whether a stretch of a row is free (outside the width counts as taken)."""
        if y < 0 or y >= self.height or x < 0 or x + length > self.width:
            return False
        return not any(self.rows[y][x : x + length])


def place_labels(
    diagram: Diagram, drawing: Drawing, kept: Sequence[Rect] = (), within: int | None = None
) -> Drawing:
    """Return the drawing with its labels placed beside their lines, as far as there is room.

    A label stands right of a vertical stretch or below (else above) a horizontal one, with a
    blank to whatever stands left and right of it; a line's end labels near their ends, its own
    label near its source where possible. Of a trunk only the first line has one.

    Args:
        diagram: What is drawn.
        drawing: Where it stands.
        kept: Rectangles that no label may touch.
        within: Columns beyond which a label stands only if it has no other place.
    """
    grid = paint(diagram, drawing)
    for rect in kept:
        grid.fill(*rect)
    whole = grid.width
    routes: list[Route | None] = list(drawing.routes)
    width = drawing.width
    done: set[tuple[int, int, Cell]] = set()
    for index, line in enumerate(diagram.lines):
        route = routes[index]
        if route is None:
            continue
        key = (line.trunk, line.source.box, route.points[0])
        first = line.trunk < 0 or key not in done
        done.add(key)
        points = route.points
        spots: dict[str, Cell | None] = {}
        for name, length, path, has in (
            ("source_label", line.source.label if first else 0, points, route.source_label),
            ("target_label", line.target.label, points[::-1], route.target_label),
            ("label", line.label if first else 0, points, route.label),
        ):
            if not length or has:
                spots[name] = has
                continue
            grid.width = whole if within is None else min(whole, max(within, drawing.width))
            cell = find_room(grid, path, length)
            if cell is None:
                grid.width = whole
                cell = find_room(grid, path, length)
            if cell is not None:
                grid.fill(cell[0], cell[1], length, 1)
                spots[name] = cell
                width = max(width, cell[0] + length)
        routes[index] = route._replace(
            label=spots.get("label"),
            source_label=spots.get("source_label"),
            target_label=spots.get("target_label"),
        )
    return drawing._replace(routes=tuple(routes), width=width)


def paint(diagram: Diagram, drawing: Drawing, margin: int = 40) -> Grid:
    """Return the grid of a drawing's boxes and lines, with some free columns at its right."""
    grid = Grid(drawing.width + margin, drawing.height)
    for rect in drawing.boxes:
        grid.fill(rect.x, rect.y, rect.width, rect.height)
    for index, route in enumerate(drawing.routes):
        if route is not None:
            for a, b in pairwise(route.points):
                grid.line(a, b)
            if len(route.points) == 1:
                grid.line(route.points[0], route.points[0])
            line = diagram.lines[index]
            for cell, length in (
                (route.label, line.label),
                (route.source_label, line.source.label),
                (route.target_label, line.target.label),
            ):
                if cell is not None:
                    grid.fill(cell[0], cell[1], length, 1)
    return grid


def find_room(grid: Grid, points: tuple[Cell, ...], length: int) -> Cell | None:
    """Return the first free place for a label along a polyline, from its start."""
    for a, b in pairwise(points):
        cell = _beside(grid, a, b, length)
        if cell is not None:
            return cell
    return None


def _beside(grid: Grid, a: Cell, b: Cell, length: int) -> Cell | None:
    if a[0] == b[0]:
        step = 1 if b[1] >= a[1] else -1
        rows = list(range(a[1], b[1] + step, step))
        middle = rows[len(rows) // 2 :] + rows[: len(rows) // 2][::-1]
        for y in middle if len(rows) > 4 else rows:
            if grid.free(a[0] + 1, y, length + 2):
                return a[0] + 2, y
            if grid.free(a[0] + 1, y, length + 1) and a[0] + 2 + length == grid.width:
                return a[0] + 2, y
        return None
    low, high = min(a[0], b[0]), max(a[0], b[0])
    spots = range(low + 1, high - length + 1)
    for y in (a[1] + 1, a[1] - 1):
        for x in spots if b[0] >= a[0] else reversed(spots):
            if grid.free(x - 1, y, length + 2):
                return x, y
    return None


__all__ = ["Grid", "Rect", "find_room", "paint", "place_labels"]
