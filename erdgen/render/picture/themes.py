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

from erdgen.errors import Diagnostic, OptionError, nearest

_SHARED_HEADERS = (
    "#3b4a6b #ffffff",
    "#0b6e6e #ffffff",
    "#7a4bb0 #ffffff",
    "#a64b00 #ffffff",
    "#2f6f3e #ffffff",
    "#a8325e #ffffff",
    "#1f5fa8 #ffffff",
    "#6b5a10 #ffffff",
    "#9b3226 #ffffff",
    "#4d5761 #ffffff",
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
    if role in {"background", "card", "key-row", "frame", "pk-pill", "fk-pill", "u-pill"}
    else "#b0b0b0"
    if role in {"rule"}
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


_COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def _read_file(name: str) -> Theme:
    # only for a theme file: start-up time
    import tomllib
    from pathlib import Path

    try:
        raw = tomllib.loads(Path(name).read_text("utf-8"))
    except FileNotFoundError:
        hint = nearest(name, ["light", "dark", "auto", "print"])
        raise _fault(
            f"there is no theme '{name}' and no file of that name",
            f"did you mean '{hint}'?" if hint else "known are: light, dark, auto, print",
        ) from None
    except (OSError, ValueError) as error:
        raise _fault(f"theme file '{name}' cannot be read: {error}") from None
    base = raw.pop("base", "light")
    if base not in _COLORS:
        raise _fault(f"theme file '{name}': base must be light, dark or print")
    headers = raw.pop("header", list(_HEADERS[base]))
    if not isinstance(headers, list) or not headers:
        raise _fault(f"theme file '{name}': header must be a list of pairs of colours")
    colors = dict(_COLORS[base])
    for role, value in raw.items():
        if role not in LIGHT:
            hint = nearest(role, LIGHT)
            raise _fault(
                f"theme file '{name}': there is no colour '{role}'",
                f"did you mean '{hint}'?" if hint else "",
            )
        if not isinstance(value, str) or not _COLOR.fullmatch(value):
            raise _fault(f"theme file '{name}': {role} must be a colour such as '#1f2937'")
        colors[role] = value
    for pair in headers:
        parts = pair.split() if isinstance(pair, str) else []
        if len(parts) != 2 or not all(_COLOR.fullmatch(part) for part in parts):
            raise _fault(f"theme file '{name}': header takes pairs such as '#234e70 #ffffff'")
    return Theme(name, _with_headers(colors, tuple(headers)), None, len(headers))


def _fault(message: str, hint: str = "") -> OptionError:
    return OptionError(Diagnostic("bad-theme", message, help=hint))


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
