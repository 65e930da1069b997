"""The README's examples are run: its commands, the models it shows, its settings.

A ```console block holds `$ command` lines, each followed by what it prints; the commands run in
order in one copy of the project's samples. A ```sh block holds commands that must succeed. The
two commands that set up an environment are run by `.ci/run` instead. `--update-goldens` writes what
the commands print into the README.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from erdgen.cli.settings import find_settings
from erdgen.read import read_file

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = [
    (match[1], match[2])
    for match in re.finditer(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
]


def blocks(language: str) -> list[str]:
    return [content for found, content in BLOCKS if found == language]


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "samples", folder / "samples")
    shutil.copy(ROOT / "README.md", folder)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    programs = folder / ".programs"
    programs.mkdir()
    command = programs / "erdgen"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m erdgen "$@"\n')
    command.chmod(0o755)
    return folder


def run(command: str, workplace: Path) -> subprocess.CompletedProcess[str]:
    programs = f"{workplace / '.programs'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", command],
        cwd=workplace,
        env={**os.environ, "PATH": programs, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


@pytest.mark.skipif(shutil.which("bash") is None, reason="the commands are written for bash")
def test_the_commands_do_what_is_shown(workplace: Path, update_goldens: bool) -> None:
    ran = 0
    readme = README
    for language, content in BLOCKS:
        if language == "console":
            for step in re.split(r"^\$ ", content, flags=re.MULTILINE)[1:]:
                command, _, expected = step.partition("\n")
                done = run(command, workplace)
                if update_goldens:
                    old, new = (f"$ {command}\n{text}" for text in (expected, done.stdout))
                    readme = readme.replace(old, new, 1)
                else:
                    assert done.stdout.rstrip() == expected.rstrip(), command
                ran += 1
        elif language == "sh" and "-m venv" not in content:
            for command in content.splitlines():
                done = run(command, workplace)
                assert done.returncode == 0, f"{command}\n{done.stdout}"
                ran += 1
    assert ran >= 10
    if update_goldens:
        (ROOT / "README.md").write_text(readme, "utf-8")


def test_the_models_shown_are_models(tmp_path: Path) -> None:
    models = [content for content in blocks("yaml") if content.startswith("entities:")]
    assert models
    for number, content in enumerate(models):
        path = tmp_path / f"{number}.yaml"
        path.write_text(content, "utf-8")
        assert read_file(str(path)).warnings == ()


def test_the_configuration_shown_is_valid(tmp_path: Path) -> None:
    for content in blocks("yaml"):
        assert yaml.safe_load(content)
    settings = blocks("toml")
    assert settings
    for number, content in enumerate(settings):
        assert tomllib.loads(content)
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "pyproject.toml").write_text(content, "utf-8")
        assert find_settings(folder)


def test_the_two_commands_stand_on_the_first_page() -> None:
    commands = [line for line in README.splitlines() if line.startswith("python3 -m venv")]
    assert len(commands) == 2
    assert "pytest" in commands[1]
    assert README.index(commands[0]) < 6000
