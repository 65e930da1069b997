"""Pictures in a real browser: whatever fonts it has, every text stays in its card."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from erdgen.read import read_text
from erdgen.render import render
from erdgen.render.options import Options
from tests.support.models import make_model

BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or ""
FLAGS = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking"
    " --virtual-time-budget=2000 --dump-dom"
)
MEASURE = """
const found = [];
for (const entity of document.querySelectorAll('g.entity')) {
  const card = entity.querySelector('path.card').getBBox();
  for (const text of entity.querySelectorAll('text')) {
    const box = text.getBBox();
    found.push([text.textContent, Math.max(card.x - box.x,
      box.x + box.width - card.x - card.width)]);
  }
}
const out = document.createElement('pre');
out.id = 'found';
out.textContent = JSON.stringify(found);
document.body.append(out);
"""

NARROW = """
  illicit_limit_till_the_little_hill:
    attributes: {illicit_limit_till_the_little_hill: fillillittle(1)}
"""
"""Letters that are narrow in our font and wide in others: what is not held leaves its card."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not BROWSER, reason="there is no Chromium here"),
]


def overhangs(svg: str, font: str, folder: Path) -> list[tuple[str, float]]:
    """Return each text with how far it reaches out of its card (negative: it is inside)."""
    page = folder / "page.html"
    style = f"text {{ font-family: {font} !important; }}"
    page.write_text(
        f"<meta charset=utf-8><style>{style}</style>{svg}<script>{MEASURE}</script>", "utf-8"
    )
    command = [BROWSER, *FLAGS.split(), f"--user-data-dir={folder}/profile", page.as_uri()]
    done = subprocess.run(command, capture_output=True, timeout=60, check=True)
    answer = re.search(r'<pre id="found">(.*?)</pre>', done.stdout.decode(), re.DOTALL)
    assert answer is not None
    found: list[tuple[str, float]] = json.loads(html.unescape(answer[1]))
    return found


def draw() -> str:
    model = make_model(3, 12, nasty=True)
    model = model.replace("\nentities:\n", f"\nentities:{NARROW}", 1)
    assert NARROW in model
    return render(read_text(model).graph, "svg", Options(comments=True)).data.decode()


@pytest.mark.parametrize("font", ["'Liberation Sans'", "'DejaVu Serif'", "'DejaVu Sans Mono'"])
def test_text_stays_in_its_card_whatever_the_font(font: str, tmp_path: Path) -> None:
    svg = draw()
    found = overhangs(svg, font, tmp_path)
    assert len(found) == sum(part.count("<text") for part in svg.split('<g class="entity"')[1:])
    out = [(text, over) for text, over in found if over > 0.5]
    assert not out


def test_the_measure_tells_texts_that_are_not_held_to_their_width(tmp_path: Path) -> None:
    svg = draw()
    loose = re.sub(r' textLength="[^"]*"| lengthAdjust="[^"]*"', "", svg)
    assert any(over > 0.5 for _, over in overhangs(loose, "'DejaVu Sans Mono'", tmp_path))
