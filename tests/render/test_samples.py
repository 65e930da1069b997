"""The samples: a user gets from them what lies beside them, and it looks like the templates."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.oracle import judge, read_drawing, read_truth
from tests.support.goldens import check_golden
from tests.support.paths import ROOT, SAMPLES, TEMPLATES, needs_shared

CASES = [
    ("implementation.txt", "implementation.yaml", ()),
    ("implementation-states.txt", "implementation.yaml", ("-f", "states")),
    ("plan.txt", "plan.yaml", ()),
    ("plan-states.txt", "plan-states.yaml", ("-f", "states")),
    ("feature.txt", "feature.yaml", ("-f", "list")),
    ("webshop.txt", "webshop.yaml", ("--width", "100")),
    ("webshop-names.txt", "webshop.yaml", ("--detail", "names", "--labels", "--width", "100")),
    ("webshop-states.txt", "webshop.yaml", ("-f", "states", "--width", "100")),
    ("webshop-ascii.txt", "webshop.yaml", ("--ascii", "--detail", "keys", "--width", "80")),
]


def run(model: str, *options: str) -> str:
    """Return what `erdgen` prints, run as a user runs it."""
    done = subprocess.run(
        [sys.executable, "-m", "erdgen", model, *options],
        cwd=SAMPLES,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        check=True,
        timeout=60,
    )
    return done.stdout.decode()


@pytest.mark.parametrize(("name", "model", "options"), CASES, ids=[name for name, _, _ in CASES])
def test_sample(name: str, model: str, options: tuple[str, ...], *, update_goldens: bool) -> None:
    check_golden(SAMPLES / name, run(model, *options), update=update_goldens)


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("implementation", "names"),
        ("plan", "full"),
        ("webshop", "full"),
    ],
)
def test_samples_read_back(name: str, detail: str) -> None:
    drawing = (SAMPLES / f"{name}.txt").read_text("utf-8")
    verdict = judge(
        read_drawing(drawing, width=100),
        read_truth(SAMPLES / f"{name}.yaml"),
        detail=detail,
        notation="template",
    )
    assert verdict.fine, verdict.report()
    assert verdict.drawn == verdict.wanted


def template_block(name: str, first_line: str) -> list[str]:
    """Return the fenced block of a template that holds a line which begins so."""
    lines = (TEMPLATES / name).read_text("utf-8").splitlines()
    index = next(n for n, line in enumerate(lines) if line.startswith(first_line))
    start = max(n for n in range(index) if lines[n].startswith("```")) + 1
    end = next(n for n in range(index, len(lines)) if lines[n].startswith("```"))
    return lines[start:end]


def words(lines: list[str]) -> list[tuple[int, str]]:
    """Return the words of a drawing (no lines, no arrows) with the row each stands in."""
    signs = str.maketrans(dict.fromkeys("┌┐└┘─│├┤┬┴┼◄►▲▼<>", " "))
    return [(row, word) for row, line in enumerate(lines) for word in line.translate(signs).split()]


def shape(path: Path) -> list[str]:
    return path.read_text("utf-8").rstrip("\n").splitlines()


@needs_shared
def test_the_implementation_diagram_is_the_templates_but_straight() -> None:
    ours = shape(SAMPLES / "implementation.txt")
    template = template_block("implementation-data-model.md", "┌─────────────┐         ┌")
    assert words(ours) == words(template)
    assert len(ours) == len(template)
    for our_row, template_row in zip(ours, template, strict=True):
        boxes = template_row.count("┌"), template_row.count("└"), template_row.count("▼")
        assert (our_row.count("┌"), our_row.count("└"), our_row.count("▼")) == boxes


@needs_shared
def test_the_plan_diagram_is_the_templates_with_the_line_at_its_keys() -> None:
    ours = shape(SAMPLES / "plan.txt")
    template = template_block("plan-data-model.md", "┌─────────────────┐")
    in_boxes = [line[:19].rstrip() for line in ours]
    assert in_boxes == [line[:19].rstrip() for line in template]
    assert words(ours)[-1:] == words(template)[-1:]
    assert "One-to-Many" in "\n".join(ours)


@needs_shared
def test_the_states_are_the_templates() -> None:
    ours = shape(SAMPLES / "plan-states.txt")[2:]
    template = template_block("plan-data-model.md", "┌─────────┐     ┌")
    assert ours[:3] == template[:3]
    assert [word for _, word in words(ours)] == [word for _, word in words(template)]
    assert len(ours) == len(template)


@needs_shared
def test_the_list_is_the_templates() -> None:
    ours = shape(SAMPLES / "feature.txt")
    assert ours[0] == template_block("feature-data-model.md", "EntityName (1)")[0]
