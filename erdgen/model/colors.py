"""A colour as a model names it in, the same as #rrggbb out."""

from __future__ import annotations

NAMED = {
    "black": "#000000",
    "blue": "#1d4ed8",
    "brown": "#7b4a21",
    "cyan": "#0e7490",
    "gold": "#b8860b",
    "gray": "#6b7280",
    "green": "#15803d",
    "grey": "#6b7280",
    "indigo": "#4338ca",
    "lime": "#65a30d",
    "magenta": "#a21caf",
    "navy": "#1e3a8a",
    "olive": "#6b6b10",
    "orange": "#c2410c",
    "pink": "#be185d",
    "purple": "#7e22ce",
    "red": "#b91c1c",
    "teal": "#0f766e",
    "violet": "#6d28d9",
    "white": "#ffffff",
    "yellow": "#eab308",
}


def named_color(text: str) -> str:
    """Return a colour as #rrggbb, or an empty text if it is none.

    >>> named_color("teal"), named_color("#ABC"), named_color("url(x)")
    ('#0f766e', '#aabbcc', '')
    """
    lowered = text.strip().lower()
    if lowered in NAMED:
        return NAMED[lowered]
    digits = lowered.removeprefix("#")
    if not lowered.startswith("#") or not set(digits) <= set("0123456789abcdef"):
        return ""
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return f"#{digits}" if len(digits) == 6 else ""
