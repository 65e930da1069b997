"""The packaged font, made when erdgen is built: Arimo's variable file in, static files out.

Arimo (SIL Open Font License) has Arial's metrics, so a picture whose text was measured with it
fits with Arial, Helvetica or Liberation Sans as well. No font lies in the repository: hatchling
runs this file as its build hook (`pip install .`, `pip install -e .`, a wheel from an sdist), and
`python erdgen/render/fonts/build.py` does the same by hand. The variable file itself cannot be
used: Pango spaces its letters out.
"""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEIGHTS = {"Regular": 400, "Bold": 700}
LAST = 0x2700
"""The widths table ends before this code point; Arimo has next to nothing beyond."""
ABSENT = 0xFFFF
"""Stands in the table of widths for a character that the font lacks."""
FILES = ("Arimo-Regular.ttf", "Arimo-Bold.ttf", "widths.bin", "OFL.txt")


class FontBuildHook(BuildHookInterface[Any]):
    """Makes the font files in the source folder and adds them to the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the font before the wheel (also the editable one) is packed."""
        del version
        if self.target_name != "wheel":
            return
        folder = Path(self.root) / "erdgen" / "render" / "fonts"
        build(folder)
        build_data["artifacts"].extend(f"/erdgen/render/fonts/{name}" for name in FILES)


def build(folder: Path) -> None:
    """Write the static fonts, their table of widths and their licence into `folder`.

    The table is 16-bit numbers, little-endian: for Regular and then for Bold the advance of each
    code point from 0 to `LAST` in units of 1/2048 em, `ABSENT` where the font has no glyph. Files
    that are there and newer than this one are kept.
    """
    mine = Path(__file__).stat().st_mtime
    if all((folder / name).exists() for name in FILES) and all(
        (folder / name).stat().st_mtime >= mine for name in FILES
    ):
        return
    import fontpkg_arimo
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    source = Path(fontpkg_arimo.ROOT)
    widths = array("H")
    for name, weight in WEIGHTS.items():
        # the file's dates stay as they were, so that the same sources give the same bytes
        variable = TTFont(source / "files" / "Arimo[wght].ttf", recalcTimestamp=False)
        static = instancer.instantiateVariableFont(variable, {"wght": weight}, updateFontNames=True)
        static.save(folder / f"Arimo-{name}.ttf")
        advances, glyphs = static["hmtx"].metrics, static.getBestCmap()
        widths.extend(
            advances[glyphs[point]][0] if point in glyphs else ABSENT for point in range(LAST)
        )
    (folder / "widths.bin").write_bytes(little_endian(widths))
    (folder / "OFL.txt").write_bytes((source / "LICENSE").read_bytes())


def little_endian(numbers: array[int]) -> bytes:
    r"""Return the numbers' bytes, lowest first, on any machine.

    >>> little_endian(array("H", [1, 258]))
    b'\x01\x00\x02\x01'
    """
    import sys

    if sys.byteorder == "big":
        numbers = array("H", numbers)
        numbers.byteswap()
    return numbers.tobytes()


if __name__ == "__main__":
    build(Path(__file__).parent)
