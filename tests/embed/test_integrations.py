"""The pre-commit hooks and the GitHub Action do what they say."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from erdgen.cli.main import main
from tests.embed.conftest import BEGIN, END, Project

ROOT = Path(__file__).parents[2]


def test_hooks(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERDGEN_CACHE", "off")
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [hook["id"] for hook in hooks] == ["erdgen", "erdgen-check"]
    entries = {hook["id"]: shlex.split(hook["entry"])[1:] for hook in hooks}
    for hook in hooks:
        assert hook["require_serial"] is True
        assert hook["pass_filenames"] is False
        for name in ("docs/a.md", "model.yaml", "erd.svg"):
            assert re.search(hook["files"], name)
    project.write("a.md", f"{BEGIN}\n{END}\n")
    assert main(entries["erdgen-check"]) == 1
    assert main(entries["erdgen"]) == 0
    assert main(entries["erdgen-check"]) == 0


@pytest.fixture
def script() -> str:
    action: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
    step = action["runs"]["steps"][-1]
    assert "${{" not in step["run"]
    return str(step["run"])


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_the_action_annotates(project: Project, script: str, tmp_path: Path) -> None:
    program = tmp_path / "bin" / "erdgen"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m erdgen "$@"\n')
    program.chmod(0o755)
    project.write("my docs/a.md", "no diagram\n")
    project.write("docs/b.md", f"\n<!-- erdgen:begin ../model.yaml -->\n{END}\n")
    environment = {
        **os.environ,
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "ERDGEN_CACHE": "off",
        "ERDGEN_PATHS": "docs model.yaml",
        "ERDGEN_ROOT": "",
    }

    def act(**more: str) -> subprocess.CompletedProcess[str]:
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        return subprocess.run(
            command, env=environment | more, capture_output=True, text=True, check=False
        )

    done = act()
    assert done.returncode == 1
    assert "::error title=erdgen stale-region,file=docs/b.md,line=2" in done.stdout + done.stderr
    assert act(ERDGEN_ROOT="docs").returncode == 2
    assert act(ERDGEN_PATHS="$(touch x) ; true").returncode == 2
    assert not (project.folder / "x").exists()
    assert main(["refresh", "-q", "docs"]) == 0
    assert act().returncode == 0
