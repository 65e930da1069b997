"""Start-up is a feature: what a run of the command loads beyond click."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

_HEAVY = (
    *("asyncio", "dataclasses", "difflib", "email", "logging", "pathlib", "pydot", "subprocess"),
    *("tempfile", "tomllib", "unicodedata", "urllib", "wcwidth"),
    *(("yaml.resolver",) if yaml.__with_libyaml__ else ()),
)
_MODEL = """\
entities:
  Customer:
    attributes: {id: int pk, name: text}
  Order:
    attributes: {id: int pk, customer_id: int -> Customer.id}
"""
_CODE = """\
import sys, click
before = set(sys.modules)
import erdgen
from erdgen.cli.main import main
erdgen.OWN_PROCESS = True
code = main(sys.argv[1:])
sys.stderr.write(" ".join(set(sys.modules) - before))
sys.exit(code)
"""


@pytest.mark.parametrize(
    ("arguments", "more"),
    [
        (["--version"], ("yaml.events", "erdgen.model", "erdgen.read", "erdgen.render", "json")),
        (["model.yaml"], ("json", "select", "erdgen.render.picture", "erdgen.render.graphviz")),
        (["model.yaml", "-q", "-o", "erd.txt"], ("json", "erdgen.render.picture")),
        pytest.param(
            ["model.yaml", "-o", "erd.svg"],
            ("erdgen.layout.lay_out", "pygraphviz", "_graphviz"),
            marks=pytest.mark.skipif(sys.platform != "linux", reason="no fork: a fresh Python"),
        ),
    ],
)
def test_a_run_loads_nothing_heavy(
    tmp_path: Path, arguments: list[str], more: tuple[str, ...]
) -> None:
    (tmp_path / "model.yaml").write_text(_MODEL, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", _CODE, *arguments],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        encoding="utf-8",
        timeout=60,
    )
    loaded = done.stderr.split()
    assert "erdgen.cli" in loaded
    assert not [name for name in loaded if name in {*_HEAVY, *more}]
