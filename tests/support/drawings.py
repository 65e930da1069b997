"""Text drawings made as a user gets them, for the tests that read them back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from erdgen.read import Reading, read_file, read_text
from erdgen.render import render
from erdgen.render.options import Options


def load(model: Path | str) -> Reading:
    """Read a model: a file, or a model's text."""
    return read_text(model) if isinstance(model, str) else read_file(str(model))


def draw(model: Path | str, **options: Any) -> str:
    """Return the text drawing of a model; the options are the fields of `Options`."""
    return render(load(model).graph, "text", Options(**options)).data.decode()
