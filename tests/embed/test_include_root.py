"""A document's model includes nothing from outside the project, and no line of it is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from erdgen.cli.main import main

HIDDEN = "root:x:0:0"


@pytest.mark.parametrize("way", ["absolute", "upwards", "symlink"])
def test_an_include_that_leads_out_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], way: str
) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(HIDDEN)
    project = tmp_path / "project"
    (project / ".git").mkdir(parents=True)
    (project / "link.yaml").symlink_to(outside)
    target = {"absolute": str(outside), "upwards": "../outside.yaml", "symlink": "link.yaml"}[way]
    (project / "model.yaml").write_text(f"include: [{target}]\nentities: {{A: }}\n")
    document = project / "a.md"
    document.write_text("<!-- erdgen:begin model.yaml -->\n<!-- erdgen:end -->\n")
    before = document.read_bytes()
    monkeypatch.chdir(project)
    assert main(["refresh", "a.md"]) == 2
    error = capsys.readouterr().err
    assert "model.yaml:1:11: error[outside-project]" in error
    assert HIDDEN not in error
    assert document.read_bytes() == before


def test_an_include_inside_the_project_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "models").mkdir()
    (tmp_path / "base.yaml").write_text("entities: {Base: }\n")
    (tmp_path / "models" / "model.yaml").write_text("include: [../base.yaml]\nentities: {A: }\n")
    (tmp_path / "a.md").write_text("<!-- erdgen:begin models/model.yaml -->\n<!-- erdgen:end -->\n")
    monkeypatch.chdir(tmp_path)
    assert main(["refresh", "a.md"]) == 0
    assert "Base" in (tmp_path / "a.md").read_text("utf-8")
