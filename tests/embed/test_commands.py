"""`erdgen refresh` and `erdgen embed` as they are typed, with the real reader and renderers."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from erdgen.cli.main import main
from tests.embed.conftest import BEGIN, END, MODEL, Project


@pytest.fixture(autouse=True)
def no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERDGEN_CACHE", "off")
    monkeypatch.setenv("NO_COLOR", "1")


Captured = pytest.CaptureFixture[str]


def test_refresh_then_check(project: Project, capsys: Captured) -> None:
    project.write("docs/a.md", f"<!-- erdgen:begin ../model.yaml -->\n{END}\n")
    assert main(["refresh", "--check", "docs"]) == 1
    said = capsys.readouterr().err
    assert "docs/a.md:1:19: error[stale-region]" in said
    assert "erdgen refresh docs/a.md" in said
    assert main(["refresh", "docs"]) == 0
    assert capsys.readouterr().err == "1 diagram in 1 document: 1 document written\n"
    assert main(["refresh", "docs", "--check"]) == 0
    assert capsys.readouterr().err == "1 diagram in 1 document: all fresh\n"
    assert "│   Customer" in project.read("docs/a.md").decode()


@pytest.mark.parametrize("name", ["text", "list", "mermaid", "tables", "states", "svg", "png"])
def test_every_format(project: Project, name: str) -> None:
    states = "  State: {states: {initial: a, transitions: [a -> b]}}\n"
    project.write("model.yaml", MODEL + states)
    project.write("a.md", f"<!-- erdgen:begin model.yaml format={name} -->\n{END}\n\nend\n")
    assert main(["refresh", "a.md"]) == 0
    text = project.read("a.md").decode()
    assert ("Customer" in text) or name == "states"
    assert text.endswith(f"\n\n{END}\n\nend\n")
    assert all(line == line.rstrip() for line in text.split("\n"))
    assert main(["refresh", "--check", "a.md"]) == 0


def test_diff_writes_nothing(project: Project, capsys: Captured) -> None:
    project.write("a.md", f"{BEGIN}\n{END}\n")
    before = project.state()
    assert main(["refresh", "--diff", "a.md"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("--- a/a.md\n+++ b/a.md\n@@ ")
    assert "+```text" in out
    assert project.state() == before
    assert main(["refresh", "a.md"]) == 0
    assert main(["refresh", "--diff", "a.md"]) == 0


def test_json_and_github(project: Project, capsys: Captured) -> None:
    project.write("a.md", f"\n{BEGIN}\n{END}\n")
    assert main(["refresh", "--check", "--output-format", "json", "a.md"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["file"], found["line"], found["code"]) == ("a.md", 2, "stale-region")
    assert main(["refresh", "--check", "--output-format", "github", "a.md"]) == 1
    said = capsys.readouterr()
    assert "::error title=erdgen stale-region,file=a.md,line=2,col=19::" in said.out + said.err
    assert main(["refresh", "a.md", "-q"]) == 0
    capsys.readouterr()
    assert main(["refresh", "--check", "--output-format", "json", "a.md"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_errors_write_nothing(project: Project, capsys: Captured) -> None:
    project.write("a.md", f"{BEGIN}\n{END}\n")
    project.write("b.md", f"{BEGIN}\n")
    before = project.state()
    assert main(["refresh", "."]) == 2
    assert project.state() == before
    assert "b.md:1:1: error[unclosed-region]" in capsys.readouterr().err
    assert main(["refresh", "nope.md"]) == 2


def test_standard_input_to_output(
    project: Project, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    del project

    class Stream:
        buffer = io.BytesIO(f"a\r\n{BEGIN}\r\n{END}".encode())

    monkeypatch.setattr(sys, "stdin", Stream())
    assert main(["refresh", "-"]) == 0
    out = capfdbinary.readouterr().out
    assert out.startswith(f"a\r\n{BEGIN}\r\n\r\n```text\r\n".encode())
    assert out.endswith(f"```\r\n\r\n{END}".encode())
    assert main(["refresh", "-", "x.md"]) == 2


def test_settings_of_the_project(project: Project) -> None:
    project.write("pyproject.toml", '[tool.erdgen]\nformat-of = "x"\n')
    project.write("a.md", f"{BEGIN}\n{END}\n")
    assert main(["refresh", "a.md"]) == 2
    project.write("pyproject.toml", "[tool.erdgen]\nascii = true\n")
    assert main(["refresh", "a.md"]) == 0
    assert "+--" in project.read("a.md").decode()


def test_embed_into_a_placeholder(project: Project, capsys: Captured) -> None:
    project.write("docs/d.md", "# D\n\n## ER Diagram\n\n```\n[ASCII ERD]\n```\n\n## Next\n")
    assert main(["embed", "model.yaml", "docs/d.md"]) == 0
    text = project.read("docs/d.md").decode()
    assert text.startswith(
        "# D\n\n## ER Diagram\n\n<!-- erdgen:begin ../model.yaml -->\n\n```text\n"
    )
    assert text.endswith(f"```\n\n{END}\n\n## Next\n")
    assert "in place of the template's placeholder" in capsys.readouterr().err
    before = project.state()
    assert main(["embed", "model.yaml", "docs/d.md"]) == 0
    assert project.state() == before
    assert "already" in capsys.readouterr().err
    assert main(["refresh", "--check", "docs"]) == 0


def test_embed_with_options_and_a_picture(project: Project) -> None:
    project.write("d.md", "# D\n")
    words = ["-f", "svg", "--only", "Customer", "--only", "Order", "--detail", "keys", "--dark"]
    assert main(["embed", "model.yaml", "d.md", *words, "--file", "img/e.svg"]) == 0
    text = project.read("d.md").decode()
    assert (
        "<!-- erdgen:begin model.yaml format=svg entities=Customer,Order detail=keys "
        "file=img/e.svg dark=yes -->" in text
    )
    assert (project.folder / "img/e-dark.svg").exists()


def test_embed_with_a_theme_file(project: Project) -> None:
    project.write("themes/own.toml", 'background = "#fffdf7"\n')
    project.write("docs/d.md", "# D\n")
    words = ["-f", "svg", "--theme", "themes/own.toml"]
    assert main(["embed", "model.yaml", "docs/d.md", *words]) == 0
    assert "theme=../themes/own.toml" in project.read("docs/d.md").decode()
    assert main(["refresh", "--check", "docs"]) == 0


DRAWN = """\
# D

## ER Diagram

```
┌──────────┐       ┌───────┐
│ Customer │──1:N──│ Order │
│ age      │       └───────┘
└──────────┘  see the wiki
```
"""


def test_embed_tells_what_would_be_lost(project: Project, capsys: Captured) -> None:
    project.write("d.md", DRAWN)
    before = project.state()
    assert main(["embed", "model.yaml", "d.md"]) == 2
    said = capsys.readouterr().err
    assert "d.md:5:1: error[hand-made-drawing]" in said
    assert "'age' of 'Customer'" in said
    assert "the note 'see the wiki'" in said
    assert project.state() == before
    assert main(["embed", "model.yaml", "d.md", "--replace"]) == 0
    said = capsys.readouterr().err
    assert "'age' of 'Customer'" in said
    assert "──1:N──" not in project.read("d.md").decode()


def test_embed_diff(project: Project, capsys: Captured) -> None:
    project.write("d.md", DRAWN)
    before = project.state()
    assert main(["embed", "model.yaml", "d.md", "--replace", "--diff"]) == 1
    out = capsys.readouterr().out
    assert "-│ Customer │──1:N──│ Order │\n" in out
    assert "+<!-- erdgen:begin model.yaml -->\n" in out
    assert project.state() == before


@pytest.mark.parametrize("broken", ["entities: [", "entities: {A: {attributes: {b: int -> C}}}"])
def test_embed_a_broken_model(project: Project, broken: str) -> None:
    project.write("model.yaml", broken)
    project.write("d.md", "# D\n")
    before = project.state()
    assert main(["embed", "model.yaml", "d.md"]) == 2
    assert project.state() == before


def test_embed_refuses_latin1_and_missing_files(project: Project) -> None:
    project.write("d.md", b"# caf\xe9\n")
    assert main(["embed", "model.yaml", "d.md"]) == 2
    assert main(["embed", "model.yaml", "nope.md"]) == 2
    assert main(["embed", "nope.yaml", "d.md"]) == 2


def test_embed_a_model_from_outside(project: Project, capsys: Captured) -> None:
    (project.folder.parent / "m.yaml").write_text(MODEL)
    project.write("d.md", "# D\n")
    assert main(["embed", "../m.yaml", "d.md"]) == 2
    assert "outside-project" in capsys.readouterr().err
    assert project.read("d.md") == b"# D\n"


def test_a_broken_other_region_keeps_the_document_as_it_is(project: Project) -> None:
    project.write("d.md", f"# D\n\n{BEGIN}\n")
    assert main(["embed", "model.yaml", "d.md"]) == 2
    assert project.read("d.md") == f"# D\n\n{BEGIN}\n".encode()


def test_progress_is_for_terminals(
    project: Project, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("a.md", f"{BEGIN}\n{END}\n")
    assert main(["refresh", "a.md"]) == 0
    assert "\r" not in capsys.readouterr().err
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert main(["refresh", "a.md"]) == 0
    said = capsys.readouterr().err
    assert "\r1/1 documents" in said
    assert said.endswith("\x1b[K1 diagram in 1 document: all fresh\n")


def test_a_check_of_pictures_needs_no_graphviz(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = f"format=svg file=a.svg -->\n{END}\n<!-- erdgen:begin model.yaml format=png"
    project.write("a.md", f"<!-- erdgen:begin model.yaml {words} -->\n{END}\n")
    assert main(["refresh", "a.md"]) == 0
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    monkeypatch.setenv("PATH", "")
    assert main(["refresh", "--check", "a.md"]) == 0
    assert main(["refresh", "a.md"]) == 0
    # nor is another Graphviz a reason to draw again
    project.write("erdgen.toml", 'graphviz = "system"\n')
    assert main(["refresh", "--check", "a.md"]) == 0


def test_help(capsys: Captured) -> None:
    for command in ("refresh", "embed"):
        assert main([command, "--help"]) == 0
        assert "Usage: erdgen" in capsys.readouterr().out


def test_a_name_with_blanks(project: Project) -> None:
    project.write("my docs/a doc (1).md", "# D\n")
    project.write("my model.yaml", MODEL)
    assert main(["embed", "my model.yaml", "my docs/a doc (1).md", "-f", "svg"]) == 0
    text = Path("my docs/a doc (1).md").read_text()
    assert '<!-- erdgen:begin "../my model.yaml" format=svg -->' in text
    assert "(my%20model.svg)" in text
    assert main(["refresh", "--check", "."]) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name is text")
def test_a_name_that_is_no_text(project: Project) -> None:
    name = os.fsdecode(b"d\xf6.md")
    project.write(name, f"{BEGIN}\n{END}\n")
    command = [sys.executable, "-m", "erdgen", "refresh", "--no-cache"]
    done = subprocess.run([*command, "--diff"], capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith(b"--- a/d\xf6.md\n+++ b/d\xf6.md\n")
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert "Customer" in project.read(name).decode()


def test_a_document_without_a_diagram_is_told_how_to_get_one(
    project: Project, capsys: Captured
) -> None:
    project.write("doc.md", "# Nothing\n")
    assert main(["refresh"]) == 0
    said = "no diagram in 1 document; `erdgen embed MODEL DOCUMENT` puts one there\n"
    assert capsys.readouterr().err == said


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize(("name", "wanted"), [("SIGTERM", 143), ("SIGINT", 130)])
def test_a_run_that_is_asked_to_end_leaves_nothing_behind(
    project: Project, name: str, wanted: int
) -> None:
    code = f"""if 1:
    import os, signal, sys
    from erdgen.cli.main import main
    os.fsync = lambda _: os.kill(os.getpid(), signal.{name})
    sys.exit(main(["refresh", "--no-cache"]))
    """
    project.write("a.md", f"{BEGIN}\n{END}\n")
    project.write("b.md", f"<!-- erdgen:begin model.yaml format=svg -->\n{END}\n")
    before = project.state()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == wanted, done.stderr
    assert project.state() == before


@pytest.mark.parametrize(
    ("model", "document", "said"),
    [
        ("modle.yaml", "doc.md", "did you mean 'model.yaml'?"),
        ("model.yaml", "dco.md", "did you mean 'doc.md'?"),
        ("model.yaml", ".", "'.' is a directory"),
        ("doc.md", "model.yaml", "the model comes first"),
        ("model.yaml", "model.yaml", "the model comes first"),
    ],
)
def test_words_of_embed_that_are_wrong(
    project: Project, capsys: Captured, model: str, document: str, said: str
) -> None:
    project.write("doc.md", "# Doc\n")
    before = project.state()
    assert main(["embed", model, document]) == 2
    assert said in capsys.readouterr().err
    assert project.state() == before


def test_a_model_on_another_drive_is_outside(
    project: Project, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str, start: str = "") -> str:
        raise ValueError(f"path is on mount {path!r}, start on mount {start!r}")

    project.write("doc.md", "# Doc\n")
    monkeypatch.setattr(os.path, "relpath", refuse)
    assert main(["embed", "model.yaml", "doc.md"]) == 2
    assert "error[absolute-path]" in capsys.readouterr().err


def test_another_part_of_the_model_is_another_diagram(project: Project, capsys: Captured) -> None:
    project.write(
        "doc.md",
        f"# Doc\n\n<!-- erdgen:begin model.yaml format=svg only=Order file=o.svg -->\n{END}\n\n"
        f"<!-- erdgen:begin model.yaml format=list -->\n{END}\n\n## Whole\n\n## End\n",
    )
    assert main(["refresh"]) == 0
    assert main(["embed", "model.yaml", "doc.md", "-f", "svg"]) == 2
    assert "--after HEADING" in capsys.readouterr().err
    assert main(["embed", "model.yaml", "doc.md", "-f", "svg", "--after", "Whole"]) == 0
    assert main(["embed", "model.yaml", "doc.md", "--after", "End"]) == 0
    capsys.readouterr()
    for words in (["-f", "svg"], [], ["-f", "list"], ["-f", "svg", "--only", "Order"]):
        before = project.state()
        assert main(["embed", "model.yaml", "doc.md", *words]) == 0
        assert "shows this diagram already" in capsys.readouterr().err
        assert project.state() == before


def test_json_does_not_run_into_a_document_or_a_diff(
    project: Project, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    document = f"{BEGIN}\n{END}\n"
    stdin = io.TextIOWrapper(io.BytesIO(document.encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert main(["refresh", "-", "--output-format", "json"]) == 0
    assert capfd.readouterr().out.endswith(f"{END}\n")
    project.write("doc.md", document)
    assert main(["refresh", "doc.md", "--diff", "--output-format", "json"]) == 1
    assert capfd.readouterr().out.endswith(f" {END}\n")


def test_what_is_wrong_with_the_settings_is_told_once(project: Project, capsys: Captured) -> None:
    project.write("erdgen.toml", 'detial = "keys"\n')
    project.write(
        "c.md", f"{BEGIN}\n{END}\n\n<!-- erdgen:begin model.yaml format=list -->\n{END}\n"
    )
    project.write("sub/d.md", f"{BEGIN}\n{END}\n".replace("model", "../model"))
    assert main(["refresh", "c.md", "sub/d.md"]) == 2
    assert capsys.readouterr().err.count("error[unknown-option]") == 1
