"""Where the tests find the project, its samples, and the shared files beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
SHARED = ROOT.parent / "shared"
CORPUS = SHARED / "corpus"
TEMPLATES = SHARED / "templates"
DOCS = SHARED / "docs"

needs_shared = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the shared corpus does not lie beside the project"
)
"""Mark of tests that cannot run without the shared files."""


def corpus_model(name: str) -> Path:
    """Return the path of a corpus model; skips the test where the corpus is absent."""
    path = CORPUS / f"{name}.yaml"
    if not path.is_file():
        pytest.skip(f"the shared corpus has no {name} here")
    return path


def sample_models() -> list[Path]:
    """Return the models of the samples folder, in the order of their names."""
    return sorted(SAMPLES.rglob("*.yaml"))


def corpus_names() -> list[str]:
    """Return the names of the corpus models, in order; empty where the corpus is absent."""
    return sorted(path.stem for path in CORPUS.glob("*.yaml"))
