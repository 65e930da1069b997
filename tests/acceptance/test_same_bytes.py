"""Every format has the same bytes in two runs, whatever hash seed, locale, zone and folder."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "samples" / "webshop.yaml"
SUFFIXES = ("txt", "mmd", "md", "svg", "svgz", "png", "pdf", "html", "dot", "json")


def draw(folder: Path, **environment: str) -> dict[str, bytes]:
    folder.mkdir()
    words = [word for suffix in SUFFIXES for word in ("-o", f"erd.{suffix}")]
    subprocess.run(
        [sys.executable, "-m", "erdgen", str(MODEL), *words],
        check=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        timeout=120,
    )
    return {suffix: (folder / f"erd.{suffix}").read_bytes() for suffix in SUFFIXES}


def test_two_runs_give_the_same_bytes_in_every_format(tmp_path: Path) -> None:
    first = draw(tmp_path / "one", PYTHONHASHSEED="1")
    time.sleep(1.1)  # a date that crept in would differ now
    second = draw(
        tmp_path / "another ünü",
        PYTHONHASHSEED="2",
        LC_ALL="tr_TR.UTF-8",
        TZ="Asia/Tokyo",
        SOURCE_DATE_EPOCH="nonsense",
        COLUMNS="33",
    )
    assert [suffix for suffix in SUFFIXES if first[suffix] != second[suffix]] == []
