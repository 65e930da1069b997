"""A model file in, its graph out: one module a format, one table of the formats (`READERS`).

The table is literal: a new format is one new module and one new row. A module is imported only
when its format is read.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import NamedTuple

from erdgen.errors import Diagnostic, ModelError, Place
from erdgen.model.graph import Graph, resolve
from erdgen.read.files import STDIN, read_bytes, read_standard_input
from erdgen.read.source import Problems

READERS: dict[str, str] = {
    ".yaml": "yaml_spec",
    ".yml": "yaml_spec",
    ".json": "yaml_spec",
}
"""File suffix -> module of `erdgen.read` with a function `read_model`. JSON is YAML."""

_DEFAULT = "yaml_spec"

_NO_MODEL = {
    ".md": "Markdown",
    ".markdown": "Markdown",
    ".mdx": "Markdown",
    ".sql": "SQL",
    ".mmd": "Mermaid",
}
"""What is no YAML, so that what YAML says of it would only confuse."""


class Reading(NamedTuple):
    """What was read.

    Attributes:
        graph: The model with its resolved relationships.
        warnings: What looks wrong but can be drawn.
        files: Paths of all files that the model was read from, the model's own first; `<stdin>`
            for standard input.
    """

    graph: Graph
    warnings: tuple[Diagnostic, ...] = ()
    files: tuple[str, ...] = ()


Judge = Callable[[Iterable[tuple[str, str, Place]]], Iterable[Diagnostic]]
"""Says what is wrong with a model's `diagram`, of which nothing is known here."""


def read_file(
    path: str, *, display_name: str | None = None, root: str = "", judge: Judge | None = None
) -> Reading:
    """Read a model file.

    Args:
        path: The file, or `-` for standard input.
        display_name: How messages name the file; as in `path` if None.
        root: Real path of a folder that nothing may be included from outside of; empty for none.
        judge: Looks at the drawing defaults, so that what is wrong with them is told together with
            the model's other problems.

    Raises:
        FileError: The file does not exist or cannot be read.
        ModelError: What it holds is no model; all its problems at once.
    """
    if path == "-":
        return _read(read_standard_input(), display_name or STDIN, STDIN, "", judge)
    name = display_name or path
    return _read(read_bytes(path, name), name, path, root, judge)


def read_text(text: str | bytes, name: str = STDIN, folder: str = ".") -> Reading:
    """Read a model from its text.

    Args:
        text: The text, or its bytes in UTF-8.
        name: How messages name it; its suffix tells the format (YAML if it has none).
        folder: What paths in it are relative to.

    Raises:
        ModelError: It is no model; all its problems at once.
    """
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return _read(data, name, os.path.join(folder, os.path.basename(name)))


def _read(data: bytes, name: str, path: str, root: str = "", judge: Judge | None = None) -> Reading:
    suffix = os.path.splitext(path)[1].lower()
    if suffix in _NO_MODEL:
        message = f"a model is read from YAML, and this is {_NO_MODEL[suffix]}"
        help_ = "write the model into a YAML file and name that one"
        raise ModelError(Diagnostic("no-model-format", message, Place(name), help_))
    module = import_module(f"erdgen.read.{READERS.get(suffix, _DEFAULT)}")
    problems = Problems()
    # a large model is a million small objects without a cycle among them: the collector would
    # go through them all again and again, for a third of the time that reading takes
    collecting = gc.isenabled()
    gc.disable()
    try:
        model, files, place_of = module.read_model(data, name, path, problems, root)
        graph, found = resolve(model, place_of)
        for item in (*found, *(judge(model.diagram) if judge else ())):
            problems.add(item)
        if problems.errors:
            raise problems.failure()
        return Reading(graph, problems.ordered(problems.warnings), files)
    finally:
        if collecting:
            gc.enable()
