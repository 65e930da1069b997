"""Start-up, parsing, and whole runs of erdgen beside yardsticks, as ratios."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import click
import yaml

from erdgen.read import read_text
from tests.benchmarks.tables import seconds, show_table, times
from tests.benchmarks.timing import Run, interleaved, least_work, quiet, run_measured
from tests.support.models import make_model
from tests.support.paths import CORPUS

_SCRIPT = "import sys; from erdgen.cli.main import run; sys.exit(run())"
_CLICK = "import click\n@click.command()\ndef main(): click.echo('hello')\nmain()"
_MEGABYTE = 1_000_000
_PATIENCE = 120.0
"""Seconds that a drawing of a large model may take before it is given up."""


def erdgen(*arguments: str) -> list[str]:
    """Return the command that the installed script amounts to."""
    return [sys.executable, "-c", _SCRIPT, *arguments]


def startup(rounds: int) -> None:
    """Compare start-up and small runs with nothing and with the least click program.

    Processor time is compared, since such short runs are soon delayed by others. That of a picture
    would be half of it, as nobody waits for the worker's end: `drawing` has those.
    """
    programs = [
        ("minimal click program", [sys.executable, "-c", _CLICK]),
        ("python -c pass", [sys.executable, "-c", "pass"]),
        ("erdgen --version", erdgen("--version")),
    ]
    chinook = CORPUS / "chinook.yaml"
    if chinook.is_file():
        programs.append(("erdgen chinook.yaml (text)", erdgen(str(chinook))))
    least = least_work([command for _, command in programs], rounds)
    rows = [
        (name, seconds(value), times(value / least[0]))
        for (name, _), value in zip(programs, least, strict=True)
    ]
    show_table(
        f"Start-up (least processor time of {rounds} runs)",
        ("program", "time", "to minimal click"),
        rows,
    )


def big_model(size: int = _MEGABYTE) -> str:
    """Return a model file of at least so many bytes: entities as people write them."""
    parts = ["entities:\n"]
    length = number = 0
    while length < size:
        entity = (
            f"  entity_{number}:\n"
            f"    purpose: What entity {number} is kept for\n"
            "    attributes:\n"
            "      id: uuid pk = gen_random_uuid()\n"
            f"      parent_id: uuid? -> entity_{number // 3} on delete cascade\n"
            "      code: varchar(40) unique -- as printed on the label\n"
            "      amount: decimal(10, 2) = 0 check (amount >= 0)\n"
            "      status: {type: text, default: draft, index: true}\n"
            "      created_at: timestamp with time zone = now()\n"
            "    indexes: [[status, created_at]]\n"
        )
        parts.append(entity)
        length += len(entity)
        number += 1
    return "".join(parts)


def parsing(rounds: int) -> None:
    """Compare reading 1 MB of model with PyYAML's own loaders on the same text."""
    text = big_model()
    fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    events = getattr(yaml, "CLoader", yaml.Loader)
    programs = [
        ("PyYAML safe_load (C)", lambda: yaml.load(text, Loader=fast)),  # noqa: S506 - own text
        ("PyYAML events (C)", lambda: sum(1 for _ in yaml.parse(text, Loader=events))),
        ("erdgen: model and graph", lambda: read_text(text)),
    ]
    medians, ratios = interleaved([program for _, program in programs], rounds)
    rows = [
        (name, seconds(median), times(ratio))
        for (name, _), median, ratio in zip(programs, medians, ratios, strict=True)
    ]
    entities = len(read_text(text).graph.model.entities)
    title = f"Reading {len(text) / 1e6:.1f} MB of YAML ({entities} entities)"
    show_table(title, ("program", "median", "to safe_load"), rows)


def drawing(rounds: int) -> None:
    """Compare whole runs with the least click program, and pictures with bare dot."""
    rows = []
    dot = shutil.which("dot")
    if dot is None:
        click.echo("the system's dot is not there, so pictures are not compared with it")
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(CORPUS.glob("*.yaml")):
            if path.stem not in ("chinook", "shop30", "adventureworks"):
                continue
            text, svg = Path(folder, "erd.txt"), Path(folder, "erd.svg")
            source = Path(folder, "erd.dot")
            commands = [
                quiet([sys.executable, "-c", _CLICK]),
                quiet(erdgen("--version")),
                quiet(erdgen(str(path), "-q", "-o", str(text))),
                quiet(erdgen(str(path), "-q", "-o", str(svg))),
            ]
            if dot:
                quiet(erdgen(str(path), "-q", "-o", str(source)))()
                commands.append(quiet([dot, "-Tsvg", f"-o{folder}/dot.svg", str(source)]))
            medians, ratios = interleaved(commands, rounds)
            row = [path.stem, seconds(medians[2]), times(ratios[2]), seconds(medians[3])]
            if dot:
                row += [seconds(medians[4]), times(medians[3] / (medians[1] + 2 * medians[4]))]
            rows.append(row)
    head = ["model", "text", "to minimal click", "SVG"]
    head += ["bare dot", "SVG to start-up + 2 bare dot"] if dot else []
    show_table("Whole runs", head, rows)


def _failure(done: Run) -> str:
    return f"over {seconds(done.seconds)}" if done.code < 0 else f"exit {done.code}"


def scaling() -> None:
    """Show time and memory as models grow."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        inputs: list[tuple[str, Path]] = []
        for size in (50, 100, 200, 400, 800):
            path = Path(folder, f"random{size}.yaml")
            path.write_text(make_model(1, size), encoding="utf-8")
            inputs.append((f"random, {size} entities", path))
        if (CORPUS / "ofbiz.yaml").is_file():
            inputs.append(("ofbiz, 860 entities", CORPUS / "ofbiz.yaml"))
        for name, path in inputs:
            for detail in ("names", "full"):
                for width in ("none", "100"):
                    command = erdgen(str(path), "-q", "--detail", detail, "--width", width)
                    done = run_measured([*command, "-o", f"{folder}/erd.txt"], None, _PATIENCE)
                    result = seconds(done.seconds) if done.code == 0 else _failure(done)
                    rows.append((name, detail, width, result, f"{done.megabytes:.0f} MB"))
    show_table("Text drawings as models grow", ("model", "detail", "width", "time", "memory"), rows)
