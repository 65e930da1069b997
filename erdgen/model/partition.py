"""A graph in, its parts out, one for each drawing of a split: by group, component or community."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from erdgen.model.graph import Graph
from erdgen.model.selection import restrict

OTHERS = "others"
"""Name of the part of those that belong to no other."""


def page_name(name: str) -> str:
    """Return a part's name as it can stand in a file's name.

    >>> page_name("sales"), page_name("../Order lines")
    ('sales', 'Order_lines')
    """
    return re.sub(r"[^\w.-]+", "_", name).strip("._") or "part"


def split(graph: Graph, how: str) -> list[tuple[str, Graph]]:
    """Return the parts of a graph, each with a name that no other part has as a file.

    Args:
        graph: The whole.
        how: `group`, `component`, `community`, or the number of parts.

    Returns:
        Every entity is in exactly one part; the parts and the entities keep the model's order.
        A part of a group has the group's name, another that of its entity with the most
        relationships.
    """
    names = [entity.name for entity in graph.model.entities]
    degrees = Counter(end for tie in graph.relationships for end in (tie.left, tie.right))
    match how:
        case "group":
            parts = _by_group(graph)
        case "component":
            parts = [("", part) for part in _components(graph, names)]
        case "community":
            parts = [("", part) for part in _communities(graph, names, None)]
        case _:
            tied = [name for name in names if degrees[name]]
            number = max(1, int(how) - (len(tied) < len(names)))
            parts = [("", part) for part in _communities(graph, tied, number)]
            parts += [("", [name]) for name in names if not degrees[name]]
    parts = _with_isolated_together(parts, degrees)
    order = {name: index for index, name in enumerate(names)}
    used: set[str] = set()
    split_up = []
    for given, part in sorted(parts, key=lambda item: min(order[name] for name in item[1])):
        name = given or max(part, key=lambda entity: (degrees[entity], -order[entity]))
        while page_name(name).lower() in used:
            name += "_2"
        used.add(page_name(name).lower())
        split_up.append((name, restrict(graph, part)))
    return split_up


def find_heading(part: Graph, name: str) -> str:
    """Return what stands above a part of a split by group: its group's title, or the name.

    Args:
        part: One of the parts, or a part of one.
        name: The name that `split` gave it, which two groups of one file name made it lengthen.
    """
    wanted = part.model.entities[0].group
    while name != wanted and wanted and name.startswith(wanted) and name.endswith("_2"):
        name = name.removesuffix("_2")
    titles = {group.name: group.title for group in part.model.groups}
    return titles.get(name) or name


def _by_group(graph: Graph) -> list[tuple[str, list[str]]]:
    members: dict[str, list[str]] = {}
    for entity in graph.model.entities:
        members.setdefault(entity.group or OTHERS, []).append(entity.name)
    return list(members.items())


def _with_isolated_together(
    parts: Iterable[tuple[str, list[str]]], degrees: Counter[str]
) -> list[tuple[str, list[str]]]:
    """Return the parts with all nameless ones of a single, unrelated entity made one."""
    kept, alone = [], []
    for name, part in parts:
        if not name and len(part) == 1 and not degrees[part[0]]:
            alone += part
        else:
            kept.append((name, part))
    return [*kept, (OTHERS, alone)] if alone else kept


def _components(graph: Graph, names: Sequence[str]) -> list[list[str]]:
    """Return the sets of entities that hang together."""
    root = {name: name for name in names}

    def find(name: str) -> str:
        while root[name] != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    for tie in graph.relationships:
        root[find(tie.left)] = find(tie.right)
    members: dict[str, list[str]] = {}
    for name in names:
        members.setdefault(find(name), []).append(name)
    return list(members.values())


def _communities(graph: Graph, names: Sequence[str], number: int | None) -> list[list[str]]:
    """Return sets of entities that are tied among themselves more than to others.

    Pairs are merged as long as that raises the modularity, the best first (Clauset, Newman and
    Moore 2004, "Finding community structure in very large networks"); with a number, until there
    are so many, none much larger than the others.
    """
    members = {index: [name] for index, name in enumerate(names)}
    numbers = {name: index for index, name in enumerate(names)}
    between: dict[int, Counter[int]] = {index: Counter() for index in members}
    for tie in graph.relationships:
        left, right = numbers[tie.left], numbers[tie.right]
        if left != right:
            between[left][right] += 1
            between[right][left] += 1
    degree = {index: sum(near.values()) for index, near in between.items()}
    total = sum(degree.values()) or 1

    def gain(one: int, other: int) -> float:
        return between[one][other] - degree[one] * degree[other] / total

    most = len(names) if number is None else -(-len(names) * 5 // (number * 4))
    while number is None or len(members) > number:
        pairs = (
            (one, other)
            for one in members
            for other in between[one]
            if one < other and len(members[one]) + len(members[other]) <= most
        )
        best = max(pairs, key=lambda pair: (gain(*pair), -pair[0], -pair[1]), default=None)
        if number is None and (best is None or gain(*best) <= 0):
            break
        if best is None:  # nothing small is tied any more: the two smallest
            smallest = sorted(members, key=lambda index: (len(members[index]), index))[:2]
            best = (min(smallest), max(smallest))
        one, other = best
        members[one] += members.pop(other)
        degree[one] += degree.pop(other)
        for third, count in between.pop(other).items():
            del between[third][other]
            if third != one:
                between[one][third] += count
                between[third][one] += count
    order = {name: index for index, name in enumerate(names)}
    return [sorted(part, key=order.__getitem__) for part in members.values()]
