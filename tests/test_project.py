"""The house rules that a machine can hold: imports, paths, docstrings."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT

PACKAGE = sorted((ROOT / "erdgen").rglob("*.py"))
ORACLE = [path for path in (ROOT / "tests" / "oracle").glob("*.py") if "test_" not in path.name]


def imported(path: Path) -> Iterator[str]:
    """Yield the modules that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_the_oracle_imports_nothing_of_erdgen() -> None:
    names = [name for path in ORACLE for name in imported(path)]
    assert names
    assert not [name for name in names if name.split(".")[0] == "erdgen"]


def test_imports_run_strictly_downwards() -> None:
    command = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    if command is None:
        pytest.skip("import-linter is not installed")
    done = subprocess.run(
        [command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout


def test_every_module_opens_with_a_sentence() -> None:
    without = [
        str(path.relative_to(ROOT))
        for path in PACKAGE
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not without


def test_no_file_names_a_place_of_one_machine() -> None:
    home = re.compile(r"(?<![\w.$/-])/(?:home|root|work|Users)/\w")
    told = []
    for folder in ("erdgen", "tests", "samples"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".md", ".yaml", ".toml", ".txt"):
                for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
                    if home.search(line) and "re.compile" not in line:
                        told.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert not told
