"""The formatters people run over their documents leave regions alone: the real ones.

They are not dependencies. To have them all:

    pip install mdformat mdformat-gfm pre-commit-hooks
    npm install --prefix NODE prettier markdownlint-cli2 && export ERDGEN_TEST_NODE=NODE

where NODE is any folder; a tool that is not there is skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from erdgen.cli.main import main
from tests.embed.conftest import END, MODEL

FORMATS = (
    "",
    "format=list",
    "format=mermaid",
    "format=tables",
    "format=states",
    "format=svg",
    "format=svg dark=yes file=both.svg",
    "format=png alt=\"a_b *c* [d] `e` <f> & 'g'\"",
)
NASTY = """\
title: "Shop | `x` *y*"
entities:
  "Order Details":
    purpose: "1. not | a *list* with `code`, a <tag> and _marks_"
    table: "order`s"
    lifecycle: "_made_ | gone"
    rules: ["1. not a list", "- a | `b`", {"*k*": [v, "_w_"]}, "# h", "[ ] done"]
    example: {"*id*": "1", "[a]": "<b>"}
    notes: "* x"
    attributes:
      id: int pk
      "a|b": "Record<string, any> -- see [this](that) | and <b>that</b>"
      a_b_: "'x' | 'y' = 'x'"
  "<!-- erdgen:end -->": {attributes: {id: int pk, x: int -> "Order Details".id}}
  "```": {states: {initial: "*a*", transitions: ["*a* -> _b_: `go`"]}}
  "*": {attributes: {__x__: "text -- 2) more"}}
"""


def find_tool(name: str, *arguments: str) -> list[str]:
    """Return the command line of a tool, from this Python, the path, or the folder for npm."""
    places = [
        Path(sys.executable).parent / name,
        Path(os.environ.get("ERDGEN_TEST_NODE", "")) / "node_modules" / ".bin" / name,
    ]
    for place in places:
        if place.is_file():
            return [str(place), *arguments]
    found = shutil.which(name)
    return [found, *arguments] if found else []


TOOLS = {
    "prettier": find_tool("prettier", "--write"),
    "prettier-wrapped": find_tool("prettier", "--write", "--prose-wrap", "always"),
    "mdformat": find_tool("mdformat"),
    "mdformat-wrapped": find_tool("mdformat", "--wrap", "80"),
    "markdownlint": find_tool("markdownlint-cli2", "--fix"),
    "trailing-whitespace": find_tool("trailing-whitespace-fixer"),
    "end-of-file": find_tool("end-of-file-fixer"),
    "mixed-line-ending": find_tool("mixed-line-ending", "--fix=lf"),
    "all of them": [],
}


@pytest.mark.slow
@pytest.mark.skipif(not TOOLS["prettier"], reason="prettier is not here")
def test_check_says_0_after_prettier_over_mdx(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ERDGEN_CACHE", "off")
    (tmp_path / ".git").mkdir()
    (tmp_path / "model.yaml").write_text(MODEL, encoding="utf-8")
    # it takes the escapes out of a strange text for a picture, and breaks it by that
    parts = [
        f"{{/* erdgen:begin model.yaml {words} */}}\n{{/* erdgen:end */}}" for words in FORMATS[:-1]
    ]
    (tmp_path / "doc.mdx").write_text("\n\n".join(["# Title", *parts]) + "\n", encoding="utf-8")
    assert main(["refresh", "doc.mdx"]) == 0
    subprocess.run([*TOOLS["prettier"], "doc.mdx"], capture_output=True, check=True)
    after = (tmp_path / "doc.mdx").read_bytes()
    assert main(["refresh", "--check", "doc.mdx"]) == 0
    assert main(["refresh", "doc.mdx"]) == 0
    assert (tmp_path / "doc.mdx").read_bytes() == after


@pytest.mark.slow
@pytest.mark.parametrize("model", [MODEL, NASTY], ids=["plain", "nasty"])
@pytest.mark.parametrize("tool", TOOLS)
def test_check_says_0_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: str, model: str
) -> None:
    commands = [TOOLS[tool]] if TOOLS[tool] else []
    if tool == "all of them":
        commands = [command for command in TOOLS.values() if command]
    if not commands:
        pytest.skip(f"{tool} is not here")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ERDGEN_CACHE", "off")
    (tmp_path / ".git").mkdir()
    (tmp_path / "model.yaml").write_text(model, encoding="utf-8")
    parts = ["# A document", ""]
    for words in FORMATS:
        begin = f"<!-- erdgen:begin model.yaml {words}".rstrip() + " -->"
        parts += [f"Some text with {words.partition(' ')[0] or 'text'}.", "", begin, END, ""]
    begin = "<!-- erdgen:begin model.yaml -->"
    parts += [
        "- a list",
        "",
        f"  {begin}",
        f"  {END}",
        "",
        "1. one",
        f"   {begin}",
        f"   {END}",
        "",
    ]
    parts += [
        "> a quote",
        ">",
        f"> {begin}",
        f"> {END}",
        "",
        f"- {begin}",
        f"  {END}",
        "",
        "the end",
    ]
    document = tmp_path / "doc.md"
    document.write_text("\n".join(parts) + "\n\n\n", encoding="utf-8")
    assert main(["refresh", "doc.md"]) == 0
    for command in commands:
        done = subprocess.run([*command, "doc.md"], capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stderr
    pictures = [str(path) for path in tmp_path.glob("*.svg")]
    for name in ("trailing-whitespace", "end-of-file"):
        if TOOLS[name]:
            subprocess.run([*TOOLS[name], *pictures], capture_output=True, check=False)
    after = document.read_bytes()
    assert main(["refresh", "--check", "doc.md"]) == 0
    # and a run has nothing to take back, so that the two never fight
    assert main(["refresh", "doc.md"]) == 0
    assert document.read_bytes() == after
