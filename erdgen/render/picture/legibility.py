"""A picture's size in, how large its text is on a screen out."""

from __future__ import annotations

from erdgen.render.picture.cards import NAME_SIZE, ROW_SIZE
from erdgen.render.picture.scene import Scene

SCREEN = (1600, 1000)
LEAST_TEXT = 6
"""Pixels below which nobody reads a text."""


def text_height(scene: Scene, detail: str | None) -> float:
    """Return how many pixels high the names are when the whole picture is shown on a screen."""
    shrunk = min(SCREEN[0] / scene.width, SCREEN[1] / scene.height, 1)
    return (NAME_SIZE if detail == "names" else ROW_SIZE) * shrunk
