"""Models in, a table of how text drawings of erdgen and of others compare out."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import click

from tests.benchmarks.peers import (
    Result,
    draw_with,
    find_peers,
    judge_pairs,
    tied_pairs,
    wanted_pairs,
)
from tests.benchmarks.speed import erdgen
from tests.benchmarks.tables import seconds, show_table
from tests.benchmarks.timing import run
from tests.oracle import Truth, judge, read_drawing, read_truth
from tests.oracle.judge import flat
from tests.support.drawings import draw
from tests.support.models import make_model
from tests.support.paths import CORPUS

HEAD = (
    "tool",
    "pairs read back",
    "ties that are not",
    "columns × rows",
    "crossings",
    "bends",
    "time",
)


def models(sizes: tuple[int, ...]) -> list[tuple[str, Path | str]]:
    """Return the models of the table: two of the corpus and random ones of these sizes."""
    found: list[tuple[str, Path | str]] = [
        (name, CORPUS / f"{name}.yaml")
        for name in ("chinook", "shop30")
        if (CORPUS / f"{name}.yaml").is_file()
    ]
    found += [(f"random model of {size} entities", make_model(1, size)) for size in sizes]
    return found


def own_result(model: Path | str, truth: Truth, width: int | None, folder: Path) -> Result:
    """Draw with erdgen, names only, in a process of its own as the others are."""
    path = model
    if isinstance(path, str):
        path = folder / "model.yaml"
        path.write_text(str(model), encoding="utf-8")
    done = run(erdgen(str(path), "-q", "--detail", "names", "--width", str(width or "none")))
    text, spent = done.output, done.seconds
    wanted = {frozenset(flat(name) for name in pair) for pair in wanted_pairs(truth)}
    reading = read_drawing(text, width=width)
    pairs = {frozenset(name.replace(" ", "") for name in pair) for pair in tied_pairs(reading)}
    return judge_pairs(pairs, wanted, reading, spent)


def compare(sizes: tuple[int, ...], folder: Path) -> None:
    """Print a table for each model."""
    peers = find_peers()
    absent = [peer.name for peer in peers if not peer.found]
    if absent:
        click.echo(f"not there, so not compared: {', '.join(absent)} (see install-peers)")
    for name, model in models(sizes):
        truth = read_truth(model)
        rows = [
            _row("**erdgen**", own_result(model, truth, None, folder)),
            _row("**erdgen**, 100 columns", own_result(model, truth, 100, folder)),
        ]
        rows += [_row(peer.name, draw_with(peer, truth, folder)) for peer in peers if peer.found]
        title = f"{name}: {len(truth.entities)} entities, {len(truth.relationships)} relationships"
        show_table(title, HEAD, rows)


def _row(name: str, result: Result | str) -> list[str]:
    if isinstance(result, str):
        return [name, result, "", "", "", "", ""]
    return [
        name,
        f"{result.read} of {result.wanted}",
        str(result.misleading),
        f"{result.width} × {result.height}",
        str(result.crossings),
        str(result.bends),
        seconds(result.seconds),
    ]


def corpus_table() -> None:
    """Print how erdgen draws each corpus model at each detail, as the oracle reads it."""
    rows = []
    for path in sorted(CORPUS.glob("*.yaml")):
        truth = read_truth(path)
        if len(truth.entities) > 130:
            continue
        for detail in ("names", "keys", "full"):
            for width in (None, 100):
                start = time.perf_counter()
                text = draw(path, detail=detail, width=width)
                spent = time.perf_counter() - start
                reading = read_drawing(text, width=width)
                verdict = judge(reading, truth, detail=detail, notation="template")
                rows.append(
                    (
                        path.stem,
                        detail,
                        width or "any",
                        f"{verdict.drawn} + {verdict.named} of {verdict.wanted}",
                        len(verdict.wrong) + len(verdict.missing) + len(verdict.faults),
                        f"{reading.width} × {reading.height}",
                        reading.crossings,
                        reading.bends,
                        seconds(spent),
                    )
                )
    head = (
        "model",
        "detail",
        "width",
        "drawn + listed",
        "faults",
        "size",
        "crossings",
        "bends",
        "time",
    )
    show_table("Corpus models as the oracle reads them", head, rows)


def run_quality(sizes: tuple[int, ...]) -> None:
    """Print the comparison with others."""
    with tempfile.TemporaryDirectory() as folder:
        compare(sizes, Path(folder))
