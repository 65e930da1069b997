"""A model in, its graph out: the relationships resolved from keys and declarations."""

# annotations as texts would double the time that making named tuples takes
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from erdgen.errors import Diagnostic, ModelError
from erdgen.model.entities import Entity, Model
from erdgen.model.relationships import Relationship
from erdgen.model.resolver import PlaceOf, Resolver


class Graph(NamedTuple):
    """A model with its resolved relationships.

    Attributes:
        model: The entities and the rest as said. A selected part holds only its own entities.
        relationships: Keys in the order of the entities and attributes, then those that are
            declared without a key, in the order of the file. Both ends are entities of `model`.
        junctions: Names of the entities that do nothing but tie two others.
        outside: Relationships of a selected part that lead out of it: one end is an entity of
            `model`, the other is not. Empty for a whole model.
        folded: Names of junctions that a selection has folded into a many-to-many line.
    """

    model: Model
    relationships: tuple[Relationship, ...] = ()
    junctions: tuple[str, ...] = ()
    outside: tuple[Relationship, ...] = ()
    folded: tuple[str, ...] = ()


def build_graph(model: Model) -> Graph:
    """Return the graph of a model.

    Raises:
        ModelError: References or relationships that don't fit; all problems at once.
    """
    graph, problems = resolve(model)
    errors = [item for item in problems if item.severity == "error"]
    if errors:
        raise ModelError(errors)
    return graph


def resolve(model: Model, place_of: PlaceOf | None = None) -> tuple[Graph, tuple[Diagnostic, ...]]:
    """Return the graph of a model, and what is wrong with it or looks wrong.

    A relationship that is wrong is left out of the graph, so that its other problems can be
    found too.

    Args:
        model: What was said.
        place_of: Tells where an attribute's reference stands; otherwise problems with it are
            told at its entity's place.
    """
    resolver = Resolver(model, place_of)
    keys = resolver.keys()
    relationships = resolver.declare(keys)
    junctions = find_junctions(model.entities, relationships)
    return Graph(model, tuple(relationships), junctions), tuple(resolver.problems)


def find_junctions(
    entities: Iterable[Entity], relationships: Iterable[Relationship]
) -> tuple[str, ...]:
    """Return the names of the entities whose primary key is exactly two foreign keys.

    A junction has at most one attribute beside its primary key.
    """
    held: dict[str, list[Relationship]] = defaultdict(list)
    for relationship in relationships:
        if relationship.key:
            held[relationship.right].append(relationship)
    return tuple(
        entity.name
        for entity in entities
        if entity.name in held and junction_keys(entity, held[entity.name])
    )


def junction_keys(entity: Entity, held: Iterable[Relationship]) -> tuple[Relationship, ...]:
    """Return the two keys that a junction's primary key is made of, nothing for another entity."""
    primary = {attribute.name for attribute in entity.attributes if attribute.pk}
    if not primary or len(entity.attributes) - len(primary) > 1:
        return ()
    parts = tuple(item for item in held if primary.issuperset(item.right_attributes))
    named = [name for item in parts for name in item.right_attributes]
    if len(parts) == 2 and len(named) == len(primary) and set(named) == primary:
        return parts
    return ()
