"""What there is to draw for documents, and what came of it: the words between `update` and `draw`.

Nothing here imports readers or renderers, so that a run that finds everything fresh never does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from erdgen.errors import Diagnostic

Value = str | int | float | bool | tuple[str, ...] | None
"""The value of an option, as in `erdgen.render.options`."""
Values = tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to draw; two regions that ask for the same share it.

    Attributes:
        model: Path of the model as messages show it, relative to the working directory.
        format: A format of a region.
        settings: Option values of the project's settings.
        values: Option values of the marker.
        have: For pictures, the key stored in the file that is there; drawn only if it differs.
        dry: Pictures are only compared, not drawn.
        root: Real path of the project; nothing is included from outside of it.
    """

    model: str
    format: str
    settings: Values = ()
    values: Values = ()
    have: str = ""
    dry: bool = False
    root: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What came of a job.

    Attributes:
        pages: Name and text of each page, for formats that are text.
        key: The hash of what a picture shows.
        fresh: Whether the picture that is there shows just that.
        data: The bytes of a picture that was drawn.
        alt: The picture in words.
        notes: Warnings of the model and notes of the drawing.
        problems: Why there is nothing else.
        files: The files that the model was read from.
    """

    pages: tuple[tuple[str, str], ...] = ()
    key: str = ""
    fresh: bool = True
    data: bytes = b""
    alt: str = ""
    notes: tuple[Diagnostic, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    files: tuple[str, ...] = ()


Draw = Callable[[Iterable[Job], int], Iterator[tuple[Job, Drawn]]]
"""Jobs, each one once, and how many processes -> every job with what came of it."""
