"""The page as a file: one piece, nothing from outside, nothing of a model as markup."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from erdgen.errors import OptionError
from erdgen.read import read_text
from erdgen.render import format_of, render
from erdgen.render.html import FOLDER, SCRIPTS
from erdgen.render.json import to_object
from erdgen.render.options import Options
from tests.support.models import make_model
from tests.support.paths import ROOT, SAMPLES

WORST = """
title: '</title><script>alert(1)</script>'
description: '</script><!-- "'
enums:
  Mood: {values: ['<b>', "it's", '--> x'], description: '<img src=x onerror=alert(1)>'}
groups:
  'g"><script>': {title: '</style><script>alert(1)</script>', color: 'red;}*{display:none'}
entities:
  '</script><script>alert(1)</script>':
    purpose: '<img src=x onerror=alert(1)> & "quotes"'
    group: 'g"><script>'
    table: '{{data}}'
    attributes:
      '"onload="alert(1)': text pk
      '<!--': {type: Mood, default: '</script>', check: 'a < b && b > c', sensitive: '<i>'}
    rules: ['<script>alert(1)</script>', {'javascript:alert(1)': ['<b>']}]
  "O'Brien <o@b.c> & Söhne":
    attributes: {id: int pk, other: "int -> '</script><script>alert(1)</script>'"}
  '👩‍👩‍👧 family': {attributes: {id: int pk}}
  'طلب الزبون': {attributes: {id: int pk, 'הזמנה': text}}
  '{{script}}': {attributes: {id: int pk}}
relationships:
  - {from: 'طلب الزبون', to: '👩‍👩‍👧 family', type: one-to-many, label: '</desc><script>'}
"""
_PLAIN = """
title: Plain
entities:
  One: {purpose: Something, attributes: {id: int pk, mood: text}}
  Two: {attributes: {id: int pk, one_id: int -> One}}
"""


class Markup(HTMLParser):
    """The elements of a page with their attributes, and the text of its data, script and style."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, str] = {}
        self._inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.elements.append((tag, named))
        self._inside = "data" if named.get("id") == "data" else tag

    def handle_data(self, data: str) -> None:
        self.texts[self._inside] = self.texts.get(self._inside, "") + data

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._inside = ""


def page(model: str, **options: Any) -> str:
    return render(read_text(model).graph, "html", Options(**options)).data.decode()


def policy_of(markup: Markup) -> dict[str, str]:
    text = next(
        named["content"]
        for _, named in markup.elements
        if named.get("http-equiv") == "Content-Security-Policy"
    )
    parts = [rule.strip().partition(" ") for rule in text.split(";")]
    return {name: value for name, _, value in parts}


def hash_of(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_the_suffix_names_the_format() -> None:
    assert format_of(".html") == "html"


@pytest.mark.parametrize("model", [WORST, _PLAIN, make_model(5, 20, nasty=True, groups=3)])
def test_the_policy_names_the_very_script_and_style_and_nothing_else(model: str) -> None:
    markup = Markup(page(model))
    policy = policy_of(markup)
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == hash_of(markup.texts["script"])
    assert policy["style-src"] == hash_of(markup.texts["style"])
    assert {policy["base-uri"], policy["form-action"]} == {"'none'"}
    assert "unsafe" not in " ".join(policy.values())


@pytest.mark.parametrize("model", [WORST, make_model(5, 20, nasty=True, groups=3)])
def test_the_page_asks_for_nothing_and_holds_no_handler_or_inline_style(model: str) -> None:
    for tag, named in Markup(page(model)).elements:
        assert tag not in {"link", "img", "image", "iframe", "object", "embed", "base", "form"}
        for name in named:
            assert not name.startswith("on"), (tag, name)
            assert name not in {"src", "srcset", "style", "href", "xlink:href"}, (tag, name)


def test_a_model_full_of_markup_adds_no_element_of_another_kind() -> None:
    kinds = {tag for tag, _ in Markup(page(WORST)).elements}
    assert kinds == {tag for tag, _ in Markup(page(_PLAIN)).elements}
    text = page(WORST)
    assert text.count("</script>") == 2
    assert text.count("</style>") == 1
    assert text.count("<script") == 2


def test_the_data_is_the_resolved_model() -> None:
    data = json.loads(Markup(page(WORST)).texts["data"])
    graph = read_text(WORST).graph
    assert data["model"] == json.loads(json.dumps(to_object(graph)))
    assert data["page"]["levels"] == ["full", "keys", "names"]


def test_ids_are_unique() -> None:
    text = page((SAMPLES / "webshop.yaml").read_text("utf-8"))
    ids = [named["id"] for _, named in Markup(text).elements if "id" in named]
    assert len(ids) == len(set(ids))
    assert {"full-entity-1", "keys-entity-1", "names-relationship-9"} <= set(ids)


def test_details_that_show_the_same_are_no_choice() -> None:
    bare = "entities:\n  One:\n  Two:\nrelationships: [One 1:N Two]\n"
    assert json.loads(Markup(page(bare)).texts["data"])["page"]["levels"] == ["full"]


def test_an_empty_model_makes_a_page() -> None:
    assert "<svg" in page("entities: {}\n")


def test_the_title_is_the_options_or_the_models() -> None:
    assert "<title>Plain</title>" in page(_PLAIN)
    assert "<title>Given &amp; taken</title>" in page(_PLAIN, title="Given & taken")


def test_detail_and_a_dark_theme_are_how_the_page_starts() -> None:
    data = json.loads(Markup(page(_PLAIN, detail="keys", theme="dark")).texts["data"])
    assert data["page"]["start"] == {"detail": "keys", "theme": "dark"}
    assert "theme" not in json.loads(Markup(page(_PLAIN)).texts["data"])["page"]["start"]


def test_a_theme_of_ones_own_takes_the_side_that_it_is_made_for(tmp_path: Path) -> None:
    theme = tmp_path / "theme.toml"
    theme.write_text('background = "#fffdf7"\n')
    style = Markup(page(_PLAIN, theme=str(theme))).texts["style"]
    day, night = re.findall(r"--background:(#\w+);", style)[:2]
    assert (day, night) == ("#fffdf7", "#0f172a")
    theme.write_text('base = "dark"\nbackground = "#101010"\n')
    text = page(_PLAIN, theme=str(theme))
    assert re.findall(r"--background:(#\w+);", text)[:2] == ["#ffffff", "#101010"]
    assert '"theme":"dark"' in text


def test_what_the_page_itself_does_is_said_to_be_needless() -> None:
    graph = read_text(make_model(1, 4)).graph
    notes = render(graph, "html", Options(split="group", scale=2.0)).notes
    assert [note.message.split(" has")[0] for note in notes] == ["--split", "--scale"]
    assert {note.severity for note in notes} == {"note"}
    assert not render(graph, "html", Options()).notes


def test_an_unknown_theme_is_an_error() -> None:
    with pytest.raises(OptionError, match="no theme 'lihgt'"):
        page(_PLAIN, theme="lihgt")


def test_the_same_bytes_whatever_the_hash_seed() -> None:
    program = (
        "import sys; from erdgen.read import read_text; from erdgen.render import render;"
        "from erdgen.render.options import Options;"
        "sys.stdout.buffer.write(render(read_text(sys.argv[1]).graph, 'html', Options()).data)"
    )
    results = {
        subprocess.run(
            [sys.executable, "-c", program, WORST],
            check=True,
            capture_output=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": "C"},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(results) == 1


def test_every_part_of_the_page_is_used() -> None:
    parts = {path.name for path in FOLDER.iterdir() if path.suffix in {".js", ".css", ".html"}}
    assert parts == {*SCRIPTS, "page.css", "page.html"}
