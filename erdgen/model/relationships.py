"""Relationships between entities: cardinalities, what was declared, and what it resolves to.

What a model has thousands of is a named tuple: it is made in a third of a dataclass's time, and
its class in a sixth, which start-up feels.
"""

# annotations as texts would double the time that making named tuples takes
from typing import NamedTuple

from erdgen.errors import Place


class Cardinality(NamedTuple):
    """How many of an entity take part at one end: minimum and maximum (None = many).

    >>> Cardinality(0, None) == ZERO_OR_MORE
    True
    """

    minimum: int = 1
    maximum: int | None = 1


EXACTLY_ONE = Cardinality(1, 1)
ZERO_OR_ONE = Cardinality(0, 1)
ZERO_OR_MORE = Cardinality(0, None)
ONE_OR_MORE = Cardinality(1, None)


class DeclaredRelationship(NamedTuple):
    """One item of `relationships:`, as it was said.

    Attributes:
        left: Name of the entity at the left end; `right` the other.
        left_end: How many of `left` take part; `right_end` the other.
        label: The verb read from left to right; `label_back` from right to left.
        via: Attributes of the foreign key it means, or empty.
        through: The junction entity of a many-to-many, or empty.
        identifying: Said explicitly (by `identifying:` or by crow's foot `--` / `..`), else None.
        place: Where it stands in the file.
        places: Where its parts stand that may be wrong, by the names of the fields above.
    """

    left: str
    right: str
    left_end: Cardinality
    right_end: Cardinality
    label: str = ""
    label_back: str = ""
    via: tuple[str, ...] = ()
    through: str = ""
    identifying: bool | None = None
    on_delete: str = ""
    on_update: str = ""
    description: str = ""
    place: Place | None = None
    places: tuple[tuple[str, Place], ...] = ()

    def place_of(self, part: str) -> Place | None:
        """Return where a part (`left`, `via` ...) stands, else the relationship's own place."""
        return next((place for name, place in self.places if name == part), self.place)


class Relationship(NamedTuple):
    """One edge of the graph, resolved.

    For a foreign key, `left` is the entity that is pointed at (the "one" end) and `right` the
    one that holds the key. A declared relationship without a key keeps its own left and right.

    Attributes:
        left_attributes: The attributes pointed at, empty where no key carries the relationship.
        right_attributes: The attributes of the key, as many as `left_attributes`.
        key: Whether a foreign key carries it.
        identifying: Whether the key is part of its holder's primary key (or it was said so).
        through: The junction entity of a many-to-many, or empty.
    """

    left: str
    right: str
    left_end: Cardinality
    right_end: Cardinality
    left_attributes: tuple[str, ...] = ()
    right_attributes: tuple[str, ...] = ()
    key: bool = False
    label: str = ""
    label_back: str = ""
    through: str = ""
    identifying: bool = False
    on_delete: str = ""
    on_update: str = ""
    description: str = ""
