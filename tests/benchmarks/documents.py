"""Refreshing and checking a thousand documents beside cog, one large document, and memory."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from tests.benchmarks.speed import erdgen
from tests.benchmarks.tables import seconds, show_table, times
from tests.benchmarks.timing import interleaved, quiet, run_measured

_DOCUMENTS = 1000
_MODELS = 50
_TEXT = "Some text of a document, as long as a line of text is.\n\n" * 20
_COG = "<!-- [[[cog\nimport cog\ncog.outl('diagram {}')\n]]] -->\n<!-- [[[end]]] -->\n"
_REGION = "<!-- erdgen:begin ../models/m{}.yaml{} -->\n<!-- erdgen:end -->\n"


def documents(rounds: int) -> None:
    """Compare runs that change nothing with cog on as many documents, in turn."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _make_project(folder, "")
        subprocess.run(erdgen("refresh", "-q"), cwd=folder, check=True)
        programs = {
            "erdgen refresh": quiet(erdgen("refresh", "-q"), folder),
            "erdgen refresh --check": quiet(erdgen("refresh", "-q", "--check"), folder),
        }
        if importlib.util.find_spec("cogapp") is None:
            click.echo("(cog is not here: pip install cogapp)\n")
        else:
            _make_cog(folder / "cog")
            cog = [sys.executable, "-m", "cogapp"]
            subprocess.run(
                [*cog, "-r", "@list"], cwd=folder / "cog", check=True, capture_output=True
            )
            programs = {
                "cog -r": quiet([*cog, "-r", "@list"], folder / "cog"),
                "cog --check": quiet([*cog, "--check", "@list"], folder / "cog"),
            } | programs
        medians, ratios = interleaved(list(programs.values()), rounds)
        rows = [
            (program, seconds(median), times(ratio))
            for program, median, ratio in zip(programs, medians, ratios, strict=True)
        ]
        show_table(
            f"{_DOCUMENTS} documents, {_MODELS} models", ("program", "median", "ratio"), rows
        )
    _large(rounds)
    _memory()


def _large(rounds: int) -> None:
    """Measure a document of 10 MB with one diagram at its end."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _make_project(folder, "", documents=1)
        document = folder / "docs" / "d0.md"
        document.write_text(_TEXT * (10_000_000 // len(_TEXT)) + document.read_text())
        subprocess.run(erdgen("refresh", "-q"), cwd=folder, check=True)
        check = quiet(erdgen("refresh", "-q", "--check", str(document)), folder)
        stale = quiet(erdgen("refresh", "-q", "--no-cache", str(document)), folder)
        medians, _ = interleaved([check, stale], rounds)
        rows = [("check", seconds(medians[0])), ("draw and compare", seconds(medians[1]))]
        show_table("One document of 10 MB", ("run", "median"), rows)


def _memory() -> None:
    """Measure the memory of drawing a picture for every document, for few and for many."""
    rows = []
    for count in (100, _DOCUMENTS):
        with tempfile.TemporaryDirectory() as name:
            _make_project(Path(name), " format=svg file=p{}.svg", documents=count)
            done = run_measured(erdgen("refresh", "-q"), Path(name))
            rows.append((str(count), seconds(done.seconds), f"{done.megabytes:.0f} MB"))
    show_table("A picture for each document", ("documents", "time", "memory"), rows)


def _make_project(folder: Path, words: str, documents: int = _DOCUMENTS) -> None:
    (folder / ".git").mkdir()
    for part in ("models", "docs"):
        (folder / part).mkdir()
    for number in range(_MODELS):
        lines = ["entities:"]
        for entity in range(6):
            lines += [f"  Entity{number}x{entity}:", "    attributes:", "      id: uuid pk"]
            lines += ["      name: varchar(80)", "      created_at: timestamp"]
            if entity:
                lines.append(
                    f"      parent_id: uuid -> Entity{number}x{(entity * number) % entity}"
                )
        (folder / "models" / f"m{number}.yaml").write_text("\n".join(lines) + "\n")
    for number in range(documents):
        region = _REGION.format(number % _MODELS, words.format(number))
        (folder / "docs" / f"d{number}.md").write_text(
            f"# Document {number}\n\n{_TEXT}{region}\n{_TEXT}"
        )


def _make_cog(folder: Path) -> None:
    folder.mkdir()
    names = [f"d{number}.md" for number in range(_DOCUMENTS)]
    for number, name in enumerate(names):
        text = f"# Document {number}\n\n{_TEXT}{_COG.format(number % _MODELS)}\n{_TEXT}"
        (folder / name).write_text(text)
    (folder / "list").write_text("\n".join(names) + "\n")
