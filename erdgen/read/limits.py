"""The stated limits of a model file, and the error that names one."""

from __future__ import annotations

from erdgen.errors import Diagnostic, ModelError, Place

BYTES = 16 * 1024 * 1024
"""Size of a model file together with those it includes."""
ENTITIES = 20_000
ATTRIBUTES = 200_000
RELATIONSHIPS = 200_000
"""Items of `relationships:`."""
DEPTH = 64
"""Nesting of lists and mappings, and of brackets in a definition."""
ALIAS_FACTOR = 10
"""How many times more nodes the file may hold with its aliases written out."""
NODES = 2_600_000
"""Lists, mappings and texts; a file within the other limits stays below, one that is made of
nothing but brackets and commas would otherwise take a gigabyte."""
FILES = 1_000
"""Model files that one model may include."""


def beyond(limit: str, place: Place) -> ModelError:
    """Return the error of an input beyond a limit, which is named in words."""
    return ModelError(
        Diagnostic("limit", f"this is beyond the limit of {limit}", place, "split the model")
    )
