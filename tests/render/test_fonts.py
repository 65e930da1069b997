"""The packaged font: its widths, what it lacks, and that the build makes it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from erdgen.errors import RenderError
from erdgen.render import fonts
from erdgen.render.fonts import build as fonts_build


@pytest.mark.parametrize("bold", [False, True], ids=["regular", "bold"])
def test_widths_are_the_fonts_own(bold: bool) -> None:
    font = TTFont(Path(fonts.FOLDER) / f"Arimo-{'Bold' if bold else 'Regular'}.ttf")
    advances, glyphs = font["hmtx"].metrics, font.getBestCmap()
    for text in ("Order", "größe_id", "Ελλάδα", "Страна", "numeric(10, 2)", "→…"):
        units = sum(advances[glyphs[ord(char)]][0] for char in text)
        assert fonts.text_width(text, 2048, bold) == units


def test_the_metrics_are_arials() -> None:
    """Thousandths of an em, as the Helvetica metrics of Adobe's font 'hv______' give them."""
    for text, units in (("Order", 2556), ("WAVE", 2945), ("id", 778), ("0123456789", 5560)):
        assert abs(fonts.text_width(text, 1000) - units) < 2


def test_the_font_is_static_and_named_for_what_pictures_ask() -> None:
    for name, weight in (("Regular", 400), ("Bold", 700)):
        font = TTFont(Path(fonts.FOLDER) / f"Arimo-{name}.ttf")
        assert "fvar" not in font
        assert font["OS/2"].usWeightClass == weight
        assert font["name"].getDebugName(1) == fonts.FAMILY
        assert font["name"].getDebugName(2) == name


def test_characters_beyond_the_font() -> None:
    assert fonts.missing("Größe Ελλάδα страна → 商品 😀\u0301") == "商品😀"
    assert fonts.text_width("商品", 10) == 20
    assert fonts.text_width("👩🏽‍👧‍👦 ❤️ 1️⃣", 10) == 30 + 2 * fonts.text_width(" ", 10)
    assert fonts.text_width("a\u0301", 10) == pytest.approx(fonts.text_width("a", 10), abs=4)


def test_a_font_that_was_never_built_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(fonts, "FOLDER", str(tmp_path))
    fonts._widths.cache_clear()
    try:
        with pytest.raises(RenderError) as caught:
            fonts.text_width("a", 1)
        assert "pip install" in caught.value.diagnostics[0].help
    finally:
        monkeypatch.undo()
        fonts._widths.cache_clear()


def test_the_build_makes_the_same_files(tmp_path: Path) -> None:
    fonts_build.build(tmp_path)
    for name in fonts_build.FILES:
        assert (tmp_path / name).read_bytes() == (Path(fonts.FOLDER) / name).read_bytes()
    assert "SIL OPEN FONT LICENSE" in (tmp_path / "OFL.txt").read_text("utf-8").upper()


def test_the_build_keeps_what_is_there(tmp_path: Path) -> None:
    for name in fonts_build.FILES:
        shutil.copy(Path(fonts.FOLDER) / name, tmp_path / name)
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in fonts_build.FILES}
    fonts_build.build(tmp_path)
    assert before == {name: (tmp_path / name).stat().st_mtime_ns for name in fonts_build.FILES}
