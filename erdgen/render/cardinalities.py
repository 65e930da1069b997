"""One end's cardinality in, its words out; pictures need no more of how text shows them."""

from __future__ import annotations

from erdgen.model.relationships import Cardinality


def is_many(end: Cardinality) -> bool:
    """Return whether more than one may take part at this end."""
    return end.maximum is None or end.maximum > 1


def count(end: Cardinality) -> str:
    """Return an end in the words of the templates.

    >>> count(Cardinality(0, None)), count(Cardinality(0, 1)), count(Cardinality(2, 5))
    ('many', '1', '2..5')
    """
    if end.maximum is None:
        return "many" if end.minimum <= 1 else f"{end.minimum}..many"
    if end.maximum == 1:
        return "1"
    return f"{end.minimum}..{end.maximum}" if end.minimum != end.maximum else str(end.maximum)


def uml(end: Cardinality) -> str:
    """Return an end as UML writes it.

    >>> uml(Cardinality(0, None)), uml(Cardinality(1, 1)), uml(Cardinality(2, 5))
    ('0..*', '1', '2..5')
    """
    most = "*" if end.maximum is None else str(end.maximum)
    return most if str(end.minimum) == most else f"{end.minimum}..{most}"
