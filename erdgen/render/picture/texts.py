"""Texts in, texts that know their width out."""

from __future__ import annotations

from typing import Literal

from erdgen.render.fonts import text_width
from erdgen.render.picture.scene import Text

Anchor = Literal["start", "middle", "end"]


def write(
    at: tuple[float, float],
    text: str,
    size: float,
    fill: str,
    *,
    kind: str = "",
    bold: bool = False,
    anchor: Anchor = "start",
) -> Text:
    """Return a text with its width in the packaged font.

    Args:
        at: Where it starts (or has its middle or end, by `anchor`), and its base line.
        text: One line.
        size: Of the font, in pixels.
        fill: Role of its colour.
        kind: What it is, as a class.
        bold: Whether it is bold.
        anchor: Which of its points stands at `at`.
    """
    width = text_width(text, size, bold)
    return Text(at[0], at[1], text, size, fill, width, bold, anchor, kind)
