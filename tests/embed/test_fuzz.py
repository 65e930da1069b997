"""Random documents: a run says what is wrong, or changes nothing but regions and settles."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import pytest

from erdgen.embed.insert import embed
from erdgen.embed.markers import find_regions
from erdgen.embed.marking import Wanted
from erdgen.embed.scan import split_lines
from erdgen.errors import ErdgenError
from tests.embed.conftest import BEGIN, END, Project

T = TypeVar("T")
PIECES = (
    BEGIN, END, BEGIN, END, f"{BEGIN}{{e}}{END}", f"{BEGIN}{{e}}{{e}}old{{e}}{END}", "text", "", "",
    "- item", "  more", "> quote", "```", "~~~", "    code", "<!--", "-->", "<div>", "# Heading",
    "## ER Diagram", "## Entities", "---", "===", "| a | b |", "`code`", "\ttab", "1. one", "\f",
    "\u2028x\u0085", "\x00", "   ", "trailing  ", "[ASCII ERD]", "<!-- erdgen:begin nope.yaml -->",
    "<!-- erdgen:begin model.yaml bad=1 -->", "{/* erdgen:end */}", "[^1]: note", "\u00a0",
    "<!-- erdgen:begin model.yaml format=list -->", "┌──┐", "</details>", "erdgen:begin",
)  # fmt: skip
PREFIXES = ("", "", "", "", "", "> ", "- ", "  ", "   ", "    ", "\t", ">")


def make_document(chance: random.Random) -> bytes:
    ends = chance.choice([("\n",), ("\r\n",), ("\r",), ("\n", "\r\n"), ("\n", "\r\n", "\r")])
    lines = []
    for _ in range(chance.randint(1, 14)):
        end = chance.choice(ends)
        prefix = chance.choice(PREFIXES)
        lines.append(prefix + chance.choice(PIECES).replace("{e}", end + prefix) + end)
    text = chance.choice(["", "", "", "\ufeff", "---\na: 1\n---\n"]) + "".join(lines)
    return text.rstrip("\r\n").encode() if chance.random() < 0.3 else text.encode()


def placed_or_done(action: Callable[[], T]) -> T | None:
    """Return what comes of an action, None for an error whose every problem has its place."""
    try:
        return action()
    except ErdgenError as error:
        problems = error.diagnostics
    assert all(item.place is not None for item in problems)
    return None


def outside(data: bytes) -> list[bytes]:
    """Return the lines of a document without what stands in its regions."""
    lines = split_lines(data)
    regions, problems = find_regions(lines, "doc.md")
    assert not problems
    inner = {line for r in regions for line in range(r.begin + 1, r.end)}
    return [line for index, line in enumerate(lines) if index not in inner]


@pytest.mark.parametrize("seed", range(30))
def test_refresh(project: Project, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
    project.render.texts["text"] = "a ``` b\n\n<!-- erdgen:end -->\n   c"
    done = 0
    for _ in range(60):
        data = make_document(chance)
        project.write("doc.md", data)
        result = placed_or_done(project.refresh)
        if result is None:
            assert project.read("doc.md") == data
            continue
        now = project.read("doc.md")
        done += bool(result.regions)
        if b"erdgen:" in data:
            assert outside(now) == outside(data)
        assert not project.refresh().changed
        assert project.read("doc.md") == now
        diffs = project.refresh(write=False, diffs=True)
        assert (diffs.diffs, diffs.findings) == ([], [])
    assert done


@pytest.mark.parametrize("seed", range(20))
def test_embed(project: Project, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
    done = 0
    for _ in range(60):
        data = make_document(chance)
        line = chance.choice([0, 0, chance.randint(1, 20)])
        wanted = Wanted("model.yaml", replace=chance.random() < 0.5, line=line)
        found = placed_or_done(partial(embed, data, "doc.md", wanted))
        if found is None:
            continue
        done += 1
        before, _ = find_regions(split_lines(data), "doc.md")
        after, problems = find_regions(split_lines(found.data), "doc.md")
        assert not problems
        assert len(after) == len(before) + 1
        assert any(region.begin == found.line - 1 for region in after)
        project.write("doc.md", found.data)
        if placed_or_done(project.refresh) is not None:
            assert not project.refresh().changed
    assert done
