"""A graph and patterns of names in, the graph of that part out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from erdgen.errors import Diagnostic, OptionError, nearest
from erdgen.model.graph import Graph, junction_keys
from erdgen.model.relationships import ZERO_OR_MORE, Cardinality, Relationship


def select(
    graph: Graph,
    *,
    only: Sequence[str] = (),
    exclude: Sequence[str] = (),
    around: Sequence[str] = (),
    depth: int = 1,
    group: Sequence[str] = (),
    fold_junctions: bool = False,
) -> Graph:
    """Return a part of a graph; the order of entities and relationships stays.

    An entity is shown if it fits every kind of pattern that is given. Patterns are globs
    (`*`, `?`, `[abc]`); they are tried as written first, then without regard to case.
    Relationships that lead to an entity that is not shown are kept as `Graph.outside`.

    Args:
        graph: The whole.
        only: Entities to show.
        exclude: Entities not to show.
        around: Entities to show together with their neighbours.
        depth: How many relationships away a neighbour of `around` may be.
        group: Groups whose entities to show.
        fold_junctions: Show a junction that has no further relationships as one many-to-many
            line between the entities that it ties.

    Raises:
        OptionError: A pattern fits nothing; the help has the nearest name.
    """
    if fold_junctions:
        graph = fold(graph)
    names = [entity.name for entity in graph.model.entities]
    shown = set(names)
    if only:
        shown &= _matches("only", only, names)
    if group:
        groups = [item.name for item in graph.model.groups]
        wanted = _matches("group", group, groups, "group")
        shown &= {entity.name for entity in graph.model.entities if entity.group in wanted}
    if around:
        shown &= _neighbours(graph, _matches("around", around, names), depth)
    if exclude:
        shown -= _matches("exclude", exclude, names, may_miss=True)
    return graph if len(shown) == len(names) else restrict(graph, shown)


def restrict(graph: Graph, names: Iterable[str]) -> Graph:
    """Return the part of a graph that has only the entities of these names."""
    shown = set(names)
    entities = tuple(entity for entity in graph.model.entities if entity.name in shown)
    groups = {entity.group for entity in entities}
    within, outside = [], list(graph.outside)
    for item in graph.relationships:
        ends = (item.left in shown) + (item.right in shown)
        if ends == 2:
            within.append(item)
        elif ends == 1:
            outside.append(item)
    model = graph.model._replace(
        entities=entities,
        declared=tuple(
            item for item in graph.model.declared if item.left in shown and item.right in shown
        ),
        groups=tuple(group for group in graph.model.groups if group.name in groups),
    )
    return Graph(
        model,
        tuple(within),
        tuple(name for name in graph.junctions if name in shown),
        tuple(item for item in outside if item.left in shown or item.right in shown),
        graph.folded,
    )


def fold(graph: Graph) -> Graph:
    """Return the graph with each junction folded into one many-to-many relationship.

    A junction stays an entity if it has other relationships than its two keys: they would be
    lost. A relationship that was declared `through` it takes the place of the two keys.
    """
    ties: dict[str, list[Relationship]] = defaultdict(list)
    for item in graph.relationships:
        for name in {item.left, item.right}:
            ties[name].append(item)
    entities = {entity.name: entity for entity in graph.model.entities}
    lines: dict[str, tuple[Relationship, Relationship]] = {}
    for name in graph.junctions:
        keys = junction_keys(entities[name], [item for item in ties[name] if item.right == name])
        if len(keys) == 2 and len(ties[name]) == 2 and all(item.left != name for item in keys):
            lines[name] = (keys[0], keys[1])
    if not lines:
        return graph
    declared = {item.through for item in graph.relationships if item.through in lines}
    folded: list[Relationship] = []
    done: set[str] = set()
    for item in graph.relationships:
        name = item.right
        if not (item.key and name in lines):
            folded.append(item)
        elif name not in declared and name not in done:
            done.add(name)
            folded.append(_many_to_many(name, *lines[name]))
    kept = graph.model._replace(
        entities=tuple(item for item in entities.values() if item.name not in lines)
    )
    return Graph(
        kept,
        tuple(folded),
        tuple(name for name in graph.junctions if name not in lines),
        graph.outside,
        (*graph.folded, *lines),
    )


def _many_to_many(name: str, one: Relationship, other: Relationship) -> Relationship:
    """Return the line for a junction: each side may meet as many of the other as the keys say."""
    return Relationship(
        one.left,
        other.left,
        _end(other),
        _end(one),
        label=one.label_back if not other.label else other.label,
        through=name,
    )


def _end(key: Relationship) -> Cardinality:
    return key.right_end if key.right_end.maximum != 1 else ZERO_OR_MORE


def _neighbours(graph: Graph, start: set[str], depth: int) -> set[str]:
    beside: dict[str, set[str]] = defaultdict(set)
    for item in graph.relationships:
        beside[item.left].add(item.right)
        beside[item.right].add(item.left)
        if item.through:
            beside[item.through] |= {item.left, item.right}
    reached, edge = set(start), set(start)
    for _ in range(depth):
        edge = {far for near in edge for far in beside[near]} - reached
        if not edge:
            break
        reached |= edge
    return reached


def _matches(
    option: str,
    patterns: Sequence[str],
    names: Sequence[str],
    kind: str = "entity",
    *,
    may_miss: bool = False,
) -> set[str]:
    """Return the names that fit one of the patterns at least.

    Args:
        option: What gave the patterns.
        patterns: Names and globs.
        names: What they may fit.
        kind: What the names are, for messages.
        may_miss: Whether a glob may fit nothing, as one of settings for many models.

    Raises:
        OptionError: A pattern fits nothing.
    """
    found: set[str] = set()
    wrong = []
    for pattern in patterns:
        matching = match(pattern, names)
        if not matching and not (may_miss and re.search(r"[*?\[]", pattern)):
            hint = nearest(pattern, names)
            wrong.append(
                Diagnostic(
                    "no-match",
                    f"'{option}': no {kind} fits '{pattern}'",
                    help=f"did you mean '{hint}'?" if hint else "",
                )
            )
        found |= matching
    if wrong:
        raise OptionError(wrong)
    return found


def match(pattern: str, names: Iterable[str]) -> set[str]:
    """Return the names that a glob fits, without regard to case if it fits none as written.

    >>> sorted(match("order*", ["Order", "OrderLine", "Product"]))
    ['Order', 'OrderLine']
    """
    import fnmatch  # only when a part is asked for: start-up time

    names = list(names)
    if pattern in names:
        # a name that holds `[` or `*` is meant as it stands
        return {pattern}
    expression = fnmatch.translate(pattern)
    exact = re.compile(expression)
    found = {name for name in names if exact.match(name)}
    if not found:
        loose = re.compile(expression, re.IGNORECASE)
        found = {name for name in names if loose.match(name)}
    return found
