"""The options of a drawing: one table that the command line, markers, settings and models share.

Text goes in (a name and a value as written), a checked value comes out; what is wrong is told
with the nearest known name. Who wins over whom is the caller's business.
"""

# annotations as texts would double the time that making named tuples takes
import re
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple, cast

from erdgen.errors import Diagnostic, OptionError, Place, nearest

Value = str | int | float | bool | tuple[str, ...] | None
Kind = Literal["choice", "flag", "number", "decimal", "names", "text", "width", "split"]


DOCUMENT_WIDTH = 100
"""Columns of a text drawing where nobody says otherwise and no terminal shows it."""


class Option(NamedTuple):
    """One option: its name (with dashes), kind, default and help; `choices` for a choice.

    Kinds: `choice` one of `choices`; `flag` yes or no; `number` a whole number of at least
    `least`; `decimal` a number above zero; `names` a list separated by commas (several times on
    the command line); `text` anything; `width` columns, or `none` for no limit (0); `split` one of
    `choices` or a whole number.
    """

    name: str
    kind: Kind
    default: Value
    help: str
    choices: tuple[str, ...] = ()
    least: int = 0


SELECTION: tuple[Option, ...] = (
    Option("only", "names", (), "Only these entities (globs)."),
    Option("exclude", "names", (), "Without these entities (globs)."),
    Option("around", "names", (), "These entities and their neighbours up to --depth."),
    Option("depth", "number", 1, "How many relationships away --around reaches.", least=0),
    Option("group", "names", (), "Only the entities of these groups (globs)."),
    Option("fold-junctions", "flag", False, "Draw a junction entity as one many-to-many line."),
)
DRAWING: tuple[Option, ...] = (
    Option(
        "detail",
        "choice",
        None,
        "Rows of a box: all attributes, only keys, or none.  [default: full, less if too wide]",
        ("full", "keys", "names"),
    ),
    Option("types", "flag", None, "Show the attributes' types.  [default: only in pictures]"),
    Option(
        "direction",
        "choice",
        "auto",
        "Where relationships run; auto takes the better.",
        ("auto", "right", "down"),
    ),
    Option(
        "notation",
        "choice",
        None,
        "How cardinalities are shown.  [default: template in text, crowsfoot in pictures]",
        ("template", "crowsfoot", "uml", "lines"),
    ),
    Option("labels", "flag", False, "Show the relationships' verbs."),
    Option("legend", "flag", False, "Explain the marks below the drawing."),
    Option("title", "text", "", "A title; `yes` takes the model's."),
    Option(
        "split",
        "split",
        "",
        "Several drawings: one a group, component, community, or N.",
        ("group", "component", "community"),
    ),
)
TEXT_DRAWING: tuple[Option, ...] = (
    Option("ascii", "flag", False, "Text drawings of + - | < > v ^ only."),
    Option("frames", "flag", True, "Frame groups in text where the width allows.  [default: on]"),
    Option(
        "width",
        "width",
        None,
        "Most columns of a text drawing.  [default: the terminal's, 100 elsewhere]",
        least=20,
    ),
    Option("height", "number", 0, "Page a text drawing at this many rows (0: never).", least=0),
)
PICTURE: tuple[Option, ...] = (
    Option("theme", "text", "light", "light, dark, auto, print, or a theme file."),
    Option(
        "hub",
        "number",
        0,
        "Draw lines of entities with more than N as references (0: never).",
        least=0,
    ),
    Option("enums", "flag", False, "Show enum values in the picture."),
    Option("comments", "flag", False, "Show descriptions in the picture."),
    Option("dpi", "number", 96, "Resolution of PNG.", least=10),
    Option("scale", "decimal", 1.0, "Size factor of pictures."),
    Option(
        "graphviz",
        "choice",
        "embedded",
        "The embedded Graphviz or the system's `dot`.",
        ("embedded", "system"),
    ),
    Option("timeout", "number", 60, "Seconds that a picture may take.", least=1),
)
SECTIONS: Mapping[str, tuple[Option, ...]] = {
    "What is shown": SELECTION,
    "How it is shown": DRAWING,
    "Text drawings": TEXT_DRAWING,
    "Pictures": PICTURE,
}
OPTIONS: tuple[Option, ...] = (*SELECTION, *DRAWING, *TEXT_DRAWING, *PICTURE)
BY_NAME: Mapping[str, Option] = {option.name: option for option in OPTIONS}
ALIASES: Mapping[str, str] = {"entities": "only"}
"""Further names of options."""


class Options(NamedTuple):
    """The resolved options; the fields are the names of `OPTIONS` with underscores.

    `types` and `notation` are None where each format has a default of its own. `detail` is None
    for full with leave to show less where a text drawing would not fit; a value that was given
    is kept to. `width` is None for no limit; who asks for a text drawing says the limit (the
    terminal's, a document's 100). `file` is no option but the name of the file that is written,
    by which the pages of a split picture link to one another; empty for no links.

    A named tuple, since a dataclass of so many fields takes a millisecond to define: start-up time.
    """

    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    depth: int = 1
    group: tuple[str, ...] = ()
    fold_junctions: bool = False
    detail: str | None = None
    types: bool | None = None
    direction: str = "auto"
    notation: str | None = None
    labels: bool = False
    legend: bool = False
    title: str = ""
    split: str = ""
    ascii: bool = False
    frames: bool = True
    width: int | None = None
    height: int = 0
    theme: str = "light"
    hub: int = 0
    enums: bool = False
    comments: bool = False
    dpi: int = 96
    scale: float = 1.0
    graphviz: str = "embedded"
    timeout: int = 60
    file: str = ""


_TRUE = {"yes", "true", "on", "1"}
_FALSE = {"no", "false", "off", "0"}


def find_option(name: str, place: Place | None = None, known: Iterable[str] = ()) -> Option:
    """Return the option of this name.

    Args:
        name: The name as written, with dashes or underscores.
        place: Where it is written, for the error.
        known: Further names that are valid there, for the hint only.

    Raises:
        OptionError: No option has that name; the help names the nearest.
    """
    option = BY_NAME.get(ALIASES.get(name, name.replace("_", "-")))
    if option is None:
        hint = nearest(name, [*BY_NAME, *known])
        raise OptionError(
            Diagnostic(
                "unknown-option",
                f"there is no option '{name}'",
                place,
                f"did you mean '{hint}'?" if hint else f"known are: {', '.join(BY_NAME)}",
            )
        )
    return option


def parse_value(option: Option, text: str, place: Place | None = None) -> Value:
    """Return the value that `text` means for this option.

    >>> parse_value(BY_NAME["only"], "Order, Customer")
    ('Order', 'Customer')
    >>> parse_value(BY_NAME["legend"], "yes")
    True

    Raises:
        OptionError: The text is no value of this option.
    """
    value = _parse(option, text.strip())
    if value is None:
        expected, hint = _expected(option), nearest(text, option.choices)
        raise OptionError(
            Diagnostic(
                "bad-option-value",
                f"'{text}' is no value for '{option.name}'; it takes {expected}",
                place,
                f"did you mean '{hint}'?" if hint else "",
            )
        )
    return value


def _parse(option: Option, text: str) -> Value:
    match option.kind:
        case "choice":
            return text if text in option.choices else None
        case "flag":
            lowered = text.lower()
            return True if lowered in _TRUE else False if lowered in _FALSE else None
        case "width" if text.lower() in ("none", "unlimited", "0"):
            return 0
        case "number" | "width":
            plain = re.fullmatch(r"[0-9]{1,9}", text)
            return int(text) if plain and int(text) >= option.least else None
        case "decimal":
            plain = re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", text)
            return float(text) if plain and float(text) > 0 else None
        case "names":
            return tuple(name.strip() for name in text.split(",") if name.strip())
        case "split":
            number = re.fullmatch(r"[1-9][0-9]{0,5}", text)
            return text if number or text in option.choices else None
        case "text":
            return text


def _expected(option: Option) -> str:
    match option.kind:
        case "choice":
            return "one of " + ", ".join(option.choices)
        case "flag":
            return "yes or no"
        case "number" | "width":
            none = ", or none" if option.kind == "width" else ""
            return f"a whole number of at least {option.least}{none}"
        case "decimal":
            return "a number above zero and below a million"
        case "split":
            return "one of " + ", ".join(option.choices) + ", or a whole number up to 999,999"
        case "names" | "text":
            return "text"


def parse_defaults(diagram: Iterable[tuple[str, str, Place]]) -> dict[str, Value]:
    """Return the values of a model's `diagram:`, by option name with dashes.

    Raises:
        OptionError: A name is unknown or a value none of its option's; all are reported.
    """
    values: dict[str, Value] = {}
    problems: list[Diagnostic] = []
    for name, text, place in diagram:
        try:
            option = find_option(name, place)
            values[option.name] = parse_value(option, text, place)
        except OptionError as error:
            problems.extend(error.diagnostics)
    if problems:
        raise OptionError(problems)
    return values


def judge_defaults(diagram: Iterable[tuple[str, str, Place]]) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a model's `diagram:`; nothing if it can be parsed."""
    try:
        parse_defaults(diagram)
    except OptionError as error:
        return error.diagnostics
    return ()


def make_options(values: Mapping[str, Value]) -> Options:
    """Return the options with these values (names with dashes) over the defaults."""
    fields = {name.replace("-", "_"): value for name, value in values.items()}
    if "width" in fields:
        fields["width"] = fields["width"] or None
    return Options(**cast("dict[str, object]", fields))  # type: ignore[arg-type]
