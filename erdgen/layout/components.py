"""A diagram's connected parts out of it, and their drawings packed into one page."""

from __future__ import annotations

from erdgen.layout.drawing import Cell, Diagram, Drawing, Rect, Route


def split_parts(diagram: Diagram) -> tuple[list[list[int]], list[int]]:
    """Return the boxes of each connected part (of two boxes or a self-reference), and the others.

    Postcondition: every box is in one part or among the others; parts are in the order of their
    first boxes.
    """
    root = list(range(len(diagram.boxes)))

    def find(box: int) -> int:
        while root[box] != box:
            root[box] = root[root[box]]
            box = root[box]
        return box

    tied: set[int] = set()
    for line in diagram.lines:
        a, b = find(line.source.box), find(line.target.box)
        tied.update((line.source.box, line.target.box))
        root[max(a, b)] = min(a, b)
    parts: dict[int, list[int]] = {}
    single: list[int] = []
    for box in range(len(diagram.boxes)):
        if box in tied:
            parts.setdefault(find(box), []).append(box)
        else:
            single.append(box)
    return list(parts.values()), single


def take_part(diagram: Diagram, boxes: list[int]) -> tuple[Diagram, list[int]]:
    """Return the diagram of some boxes with the lines between them, and these lines' numbers."""
    number = {box: index for index, box in enumerate(boxes)}
    lines = [
        index
        for index, line in enumerate(diagram.lines)
        if line.source.box in number and line.target.box in number
    ]
    return (
        Diagram(
            tuple(diagram.boxes[box] for box in boxes),
            tuple(
                diagram.lines[index]._replace(
                    source=diagram.lines[index].source._replace(
                        box=number[diagram.lines[index].source.box],
                    ),
                    target=diagram.lines[index].target._replace(
                        box=number[diagram.lines[index].target.box],
                    ),
                )
                for index in lines
            ),
        ),
        lines,
    )


def pack_rows(sizes: list[tuple[int, int]], width: int, gap: Cell) -> list[Cell]:
    """Return a place for each rectangle, in rows from the top left, in the given order.

    >>> pack_rows([(4, 2), (4, 3), (4, 2)], 10, (2, 1))
    [(0, 0), (6, 0), (0, 4)]
    """
    places: list[Cell] = []
    x = y = height = 0
    for w, h in sizes:
        if x and x + w > width:
            x, y, height = 0, y + height + gap[1], 0
        places.append((x, y))
        x += w + gap[0]
        height = max(height, h)
    return places


def pack_parts(sizes: list[tuple[int, int]], width: int, gap: Cell) -> list[Cell]:
    """Return a place for each rectangle within the width, the first ones first, few rows high.

    Each goes to the place where it ends highest up, among the corners of those that stand
    (bottom-left; Baker, Coffman, Rivest 1980), so small ones fill the room beside large ones.
    """
    skyline: list[tuple[int, int, int]] = [(0, 0, max([width] + [w for w, _ in sizes]) + gap[0])]
    places: list[Cell] = []
    for w, h in sizes:
        best: tuple[int, int] | None = None
        full = w + gap[0]
        for x, _, _ in skyline:
            if x + full > skyline[-1][2]:
                continue
            y = max(top for a, top, b in skyline if a < x + full and b > x)
            if best is None or (y, x) < best:
                best = (y, x)
        y, x = best if best is not None else (max(top for _, top, _ in skyline), 0)
        places.append((x, y))
        fresh: list[tuple[int, int, int]] = []
        for a, top, b in skyline:
            if b <= x or a >= x + full:
                fresh.append((a, top, b))
                continue
            if a < x:
                fresh.append((a, top, x))
            if b > x + full:
                fresh.append((x + full, top, b))
        fresh.append((x, y + h + gap[1], x + full))
        skyline = sorted(fresh)
    return places


def shift_route(route: Route | None, by: Cell) -> Route | None:
    """Return a route moved by some columns and rows."""
    if route is None:
        return None
    dx, dy = by
    return route.moved(lambda cell: (cell[0] + dx, cell[1] + dy))


def join_parts(
    diagram: Diagram,
    parts: list[tuple[list[int], list[int], Drawing]],
    places: list[Cell],
) -> Drawing:
    """Return one drawing of several that stand at some places.

    Args:
        diagram: The whole diagram.
        parts: For each part its boxes, its lines and its drawing.
        places: Left top cell of each part's drawing.
    """
    boxes = [Rect(0, 0, box.width, box.height) for box in diagram.boxes]
    routes: list[Route | None] = [None] * len(diagram.lines)
    frames: list[Rect | None] = [None] * len(diagram.groups)
    width = height = 0
    for (numbers, lines, drawing), (x, y) in zip(parts, places, strict=True):
        for number, rect in zip(numbers, drawing.boxes, strict=True):
            boxes[number] = Rect(rect.x + x, rect.y + y, rect.width, rect.height)
        for number, route in zip(lines, drawing.routes, strict=True):
            routes[number] = shift_route(route, (x, y))
        for group, frame in enumerate(drawing.frames):
            if frame is not None:
                frames[group] = frame._replace(x=frame.x + x, y=frame.y + y)
        width = max(width, x + drawing.width)
        height = max(height, y + drawing.height)
    return Drawing(width, height, tuple(boxes), tuple(routes), tuple(frames))
