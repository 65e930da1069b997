"""What the roles of a picture look like: the built-in themes and theme files.

A theme maps roles to colours. Every role and what it is for stands in `LIGHT`, in order; a theme
file (TOML) gives those that it changes:

    base = "light"            # which theme to start from: light, dark or print
    background = "#fffdf7"
    header = ["#234e70 #ffffff", "#7a3e48 #ffffff"]   # band and text, one pair a group in turn

A group's own colour, said in the model, wins over `header`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from erdgen.errors import Diagnostic, OptionError, Place, nearest

# of different lightness too, so that who sees few colours tells them apart
_SHARED_HEADERS = (
    "#3b4a6b #ffffff",
    "#2e7d6b #ffffff",
    "#b8501f #ffffff",
    "#4b1f6f #ffffff",
    "#2874b8 #ffffff",
    "#715a2e #ffffff",
    "#a8429a #ffffff",
    "#5c1f1a #ffffff",
)

LIGHT: Mapping[str, str] = {
    "background": "#ffffff",  # of the whole picture
    "text": "#1f2937",  # title and anything on the background
    "card": "#ffffff",  # inside of an entity
    "border": "#94a3b8",  # around an entity
    "rule": "#e5e9f0",  # between its rows
    "key-row": "#f4f6fb",  # behind the rows of the primary key
    "name": "#1f2937",  # attribute names
    "type": "#5b6675",  # their types
    "note": "#5b6675",  # descriptions and enum values
    "mark": "#334155",  # crow's feet
    "line": "#64748b",  # relationship lines
    "label": "#475569",  # words beside lines
    "pk": "#8a5a00",  # the key marks' text ...
    "pk-pill": "#fdf0d0",  # ... and what stands behind it
    "fk": "#1d4ed8",
    "fk-pill": "#e3ebfd",
    "u": "#0f6b46",
    "u-pill": "#dcf5e8",
    "frame": "#f7f8fb",  # a group's frame
    "frame-border": "#cbd5e1",
    "frame-title": "#475569",
}
DARK: Mapping[str, str] = {
    "background": "#0f172a",
    "text": "#e2e8f0",
    "card": "#1b2538",
    "border": "#51617c",
    "rule": "#2c3950",
    "key-row": "#222e45",
    "name": "#e6ebf4",
    "type": "#a3b1c6",
    "note": "#a3b1c6",
    "mark": "#cbd5e1",
    "line": "#8797b0",
    "label": "#c0cada",
    "pk": "#ffd27a",
    "pk-pill": "#4a3a15",
    "fk": "#a9c4ff",
    "fk-pill": "#26395f",
    "u": "#8ee6bd",
    "u-pill": "#17432f",
    "frame": "#141d31",
    "frame-border": "#3a4963",
    "frame-title": "#c0cada",
}
PRINT: Mapping[str, str] = {
    role: "#ffffff"
    if role in {"background", "card", "key-row", "rule", "frame", "pk-pill", "fk-pill", "u-pill"}
    else "#000000"
    for role in LIGHT
}


class Theme(NamedTuple):
    """The colours of a picture.

    Attributes:
        name: What was asked for.
        colors: Colour of each role, `header-0`, `header-text-0`... included.
        night: The same for a viewer that prefers dark, or None where there is only one look.
        headers: How many header colours there are.
    """

    name: str
    colors: Mapping[str, str]
    night: Mapping[str, str] | None
    headers: int


def _with_headers(colors: Mapping[str, str], headers: tuple[str, ...]) -> dict[str, str]:
    result = dict(colors)
    for number, pair in enumerate(headers):
        fill, text = pair.split()
        result[f"header-{number}"] = fill
        result[f"header-text-{number}"] = text
    return result


_HEADERS = {"light": _SHARED_HEADERS, "dark": _SHARED_HEADERS, "print": ("#ffffff #000000",)}
_COLORS = {"light": LIGHT, "dark": DARK, "print": PRINT}


def load_theme(name: str) -> Theme:
    """Return the theme of that name, or from the file of that name.

    Raises:
        OptionError: There is no such theme, or the file is at fault.
    """
    if name == "auto":
        light = load_theme("light")
        return Theme("auto", light.colors, load_theme("dark").colors, light.headers)
    if name in _COLORS:
        headers = _HEADERS[name]
        return Theme(name, _with_headers(_COLORS[name], headers), None, len(headers))
    return _read_file(name)


def _is_color(text: str) -> bool:
    return bool(re.fullmatch(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})", text))


def _read_file(name: str) -> Theme:
    """Return the theme of a file; all that is wrong with it is told at once."""
    # only for a theme file: start-up time
    import tomllib
    from pathlib import Path

    try:
        text = Path(name).read_text("utf-8")
    except FileNotFoundError:
        hint = nearest(name, ["light", "dark", "auto", "print"])
        help_ = f"did you mean '{hint}'?" if hint else "known are: light, dark, auto, print"
        message = f"there is no theme '{name}' and no file of that name"
        raise OptionError(Diagnostic("bad-theme", message, help=help_)) from None
    except UnicodeDecodeError:
        message = f"theme file '{name}' is not UTF-8"
        raise OptionError(Diagnostic("bad-theme", message, help="save it as UTF-8")) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "bad path"
        message = f"theme file '{name}' cannot be read: {reason}" if name else "no theme is named"
        raise OptionError(Diagnostic("bad-theme", message)) from None
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, place = f"the theme file cannot be read: {error}", _place_of_error(name, error)
        raise OptionError(Diagnostic("bad-theme", message, place)) from None
    faults: list[Diagnostic] = []

    def fault(key: str, message: str, hint: str = "") -> None:
        faults.append(Diagnostic("bad-theme", message, _place_of(name, text, key), hint))

    base = raw.pop("base", "light")
    if not isinstance(base, str) or base not in _COLORS:
        fault("base", "base must be light, dark or print")
        base = "light"
    headers = raw.pop("header", list(_HEADERS[base]))
    pairs = headers if isinstance(headers, list) else []
    parts = [pair.split() if isinstance(pair, str) else [] for pair in pairs]
    if not parts or not all(len(p) == 2 and all(map(_is_color, p)) for p in parts):
        fault("header", "header must be a list of pairs of colours such as '#234e70 #ffffff'")
    for role, value in raw.items():
        if role not in LIGHT:
            hint = nearest(role, [*LIGHT, "base", "header"])
            known = f"did you mean '{hint}'?" if hint else "known are: " + ", ".join(LIGHT)
            fault(role, f"there is no colour '{role}'", known)
        elif not isinstance(value, str) or not _is_color(value):
            fault(role, f"{role} must be a colour such as '#1f2937'")
    if faults:
        raise OptionError(sorted(faults, key=lambda item: item.place or Place(name)))
    return Theme(name, _with_headers({**_COLORS[base], **raw}, tuple(pairs)), None, len(pairs))


def _place_of(file: str, text: str, key: str) -> Place:
    """Return where a key stands in a TOML file; the file as a whole where it is not found.

    The line itself is not shown: a document may name any file as its theme.
    """
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(rf"""\s*["']?({re.escape(key)})["']?\s*(?:=|\.|\])""", line)
        table = re.match(rf"""\s*\[+\s*["']?({re.escape(key)})["']?\s*\]""", line)
        for match in (found, table):
            if match:
                return Place(file, number, match.start(1) + 1, len(key))
    return Place(file)


def _place_of_error(file: str, error: Exception) -> Place:
    """Return the place that TOML's parser tells only in words."""
    told = re.search(r"at line (\d+), column (\d+)", str(error))
    return Place(file, int(told[1]), int(told[2])) if told else Place(file)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours after WCAG 2.2, from 1 to 21.

    >>> round(contrast("#000000", "#ffffff"), 1)
    21.0
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    digits = color.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


_READABLE = 4.5
"""The contrast that WCAG asks for of text."""


def readable_on(fill: str) -> str:
    """Return the text colour that reads best on a fill: nearly black or white, else black.

    >>> readable_on("#ffe08a"), readable_on("#203040"), readable_on("#7b7b7b")
    ('#111827', '#ffffff', '#000000')
    """
    best = max(("#ffffff", "#111827"), key=lambda text: contrast(text, fill))
    # between the two lie greys on which only black reaches 4.5
    return best if contrast(best, fill) >= _READABLE else "#000000"
