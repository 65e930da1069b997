"""PyYAML's complaints in, plain words and a way to mend it out."""

from __future__ import annotations

from yaml import MarkedYAMLError

from erdgen.errors import Place
from erdgen.read.source import Source


def explain(error: MarkedYAMLError, source: Source) -> tuple[str, str, Place, str]:
    """Return code, message, place and help of a syntax error."""
    mark = error.problem_mark or error.context_mark
    place = source.place(min(mark.index, len(source.text))) if mark else Place(source.name)
    return "yaml-syntax", f"this is no YAML: {error.problem}", place, ""
