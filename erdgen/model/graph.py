"""How a model hangs together: the relationships resolved from keys and declarations."""

from __future__ import annotations

from dataclasses import dataclass

from erdgen.model.entities import Model
from erdgen.model.relationships import Relationship


@dataclass(frozen=True, slots=True)
class Graph:
    """A model with its resolved relationships.

    Attributes:
        model: The entities and the rest as said. A selected part holds only its own entities.
        relationships: Keys in the order of the entities and attributes, then those that are
            declared without a key, in the order of the file. Both ends are entities of `model`.
        junctions: Names of the entities that do nothing but tie two others.
    """

    model: Model
    relationships: tuple[Relationship, ...] = ()
    junctions: tuple[str, ...] = ()
