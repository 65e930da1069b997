"""What can go wrong: places in a file, diagnostics, and error classes with their exit codes.

Nothing here knows anything else of erdgen. A diagnostic is a plain value; how it is shown
(full, concise, JSON, GitHub annotations) is the command line's business.
"""

# annotations as texts would double the time that making named tuples takes
from collections.abc import Collection, Iterable
from typing import ClassVar, Literal, NamedTuple

EXIT_FINE = 0
EXIT_FINDINGS = 1
"""A check found something to mend, or a run would change something."""
EXIT_ERROR = 2
"""Usage, model, marker, file or Graphviz errors."""
EXIT_DEFECT = 70
"""A defect of erdgen itself."""
EXIT_INTERRUPTED = 130

Severity = Literal["error", "warning", "note"]


class Place(NamedTuple):
    """A stretch of one line of a file.

    Attributes:
        file: The name as the reader of a message should see it; ``<stdin>`` for standard input.
        line: Line number from 1; 0 when the place is the file as a whole.
        column: Column from 1, counted in characters (code points) of the line.
        length: How many characters the place covers, at least 1.
        source: The text of that line without its line end, for the caret; empty if unknown.
    """

    file: str
    line: int = 0
    column: int = 0
    length: int = 1
    source: str = ""


class Diagnostic(NamedTuple):
    """One problem (or warning, or note), with where it is and what helps.

    Attributes:
        code: Short kebab-case name of the kind of problem, such as ``unknown-entity``.
        message: One sentence without a full stop, in lower case like a compiler's.
        place: Where; None when it has no place (a usage error).
        help: What to do about it; may be empty.
        severity: How bad it is.
        related: Further places with a word on each, such as the first of two definitions.
    """

    code: str
    message: str
    place: Place | None = None
    help: str = ""
    severity: Severity = "error"
    related: tuple[tuple[str, Place], ...] = ()


class ErdgenError(Exception):
    """Base of every error that a user can mend; it carries one or more diagnostics.

    Attributes:
        diagnostics: What is wrong, in the order of the places.
        exit_code: The process's exit code.
    """

    exit_code: ClassVar[int] = EXIT_ERROR

    def __init__(self, diagnostics: Diagnostic | Iterable[Diagnostic]) -> None:
        items = (diagnostics,) if isinstance(diagnostics, Diagnostic) else tuple(diagnostics)
        self.diagnostics: tuple[Diagnostic, ...] = items
        super().__init__("; ".join(item.message for item in items))


class ModelError(ErdgenError):
    """A model file that cannot be read or does not make sense."""


class OptionError(ErdgenError):
    """An option (of the command line, a marker, a settings file or a model's `diagram`)."""


class FileError(ErdgenError):
    """A file that cannot be read or written."""


class RenderError(ErdgenError):
    """A picture that cannot be drawn (Graphviz failed, timed out, or is missing)."""


class DocumentError(ErdgenError):
    """A Markdown document whose regions or slots are at fault."""


def nearest(name: str, known: Iterable[str], *, slips_only: bool = False) -> str:
    """Return the known name nearest to `name`, or an empty text when none is near.

    >>> nearest("Custmer", ["Order", "Customer"]), nearest("total", ["table"])
    ('Customer', 'table')
    >>> nearest("Custmer", ["Order", "Customer"], slips_only=True)
    'Customer'
    >>> nearest("total", ["table"], slips_only=True)
    ''

    Args:
        name: What was written.
        known: What may be meant.
        slips_only: Whether `name` may well be meant as it stands, so that only a slip counts.
    """
    import difflib  # only when something is wrong: start-up time

    lowered = {candidate.lower(): candidate for candidate in known}
    cutoff = 0.7 if slips_only else 0.5
    found = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=cutoff)
    return lowered[found[0]] if found else ""


class Hints:
    """Nearest names for many problems: each costs a look at all names, so they are rationed.

    A file with ten thousand unknown names among ten thousand known ones would otherwise take
    minutes to refuse; the reader needs the first few hints.
    """

    __slots__ = ("_budget",)

    def __init__(self, budget: int = 40_000) -> None:
        self._budget = budget

    def nearest(self, name: str, known: Collection[str]) -> str:
        """Return the known name nearest to `name`; empty when none is near or hints ran out."""
        # comparing takes the longer, the longer the name is
        self._budget -= len(known) * (1 + len(name) // 20)
        return nearest(name, known) if self._budget >= 0 else ""

    def of_few(self, name: str, known: Collection[str]) -> str:
        """Return the help `did you mean ...?`; where none is near, all names if they are few."""
        few = f"known are: {', '.join(known)}" if 0 < len(known) <= 8 else ""
        return self.did_you_mean(name, known, few)

    def did_you_mean(self, name: str, known: Collection[str], otherwise: str = "") -> str:
        """Return the help `did you mean ...?`, or another where no known name is near."""
        found = self.nearest(name, known)
        return f"did you mean '{found}'?" if found else otherwise
