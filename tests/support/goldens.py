"""Golden files: what came out last time, kept as plain files that people read."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest


def check_golden(path: Path, actual: str, *, update: bool) -> None:
    """Compare a text with its golden file, or rewrite the file.

    Args:
        path: The golden file.
        actual: What came out now.
        update: The value of the `update_goldens` fixture.
    """
    if update:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(actual.encode())
        return
    if not path.is_file():
        pytest.fail(f"{path.name} does not exist; look at the output, then run --update-goldens")
    expected = path.read_bytes().decode()
    if actual != expected:
        diff = difflib.unified_diff(
            expected.splitlines(), actual.splitlines(), "golden", "now", lineterm=""
        )
        pytest.fail(f"{path.name} differs:\n" + "\n".join(diff), pytrace=False)
