"""`erdgen MODEL`: outputs, formats, exit codes, and what is read when something is wrong."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from select import select

import pytest

from erdgen.cli.commands import COMMANDS
from erdgen.cli.main import main
from erdgen.cli.waiting import told_to_wait

MODEL = """\
entities:
  Customer:
    attributes:
      id: uuid pk
      name: text
  Order:
    attributes:
      id: uuid pk
      customer_id: uuid -> Customer
"""


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()  # no settings from above
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "shop.yaml"
    path.write_text(MODEL)
    return path


def run(*words: str, cwd: Path | None = None, **more: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "erdgen", *words],
        capture_output=True,
        cwd=cwd,
        env={**os.environ, **more},
        check=False,
        timeout=60,
    )


def test_without_an_output_the_drawing_is_printed(
    model: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main([model.name]) == 0
    text = capfdbinary.readouterr().out.decode()
    assert "Customer" in text
    assert "customer_id (FK)" in text
    assert text.endswith("\n")


def test_the_suffix_names_the_format_and_several_go_in_one_run(model: Path) -> None:
    assert main([model.name, "-o", "a.txt", "-o", "b.json", "-o", "c.dot", "-o", "d.svg"]) == 0
    assert "│" in Path("a.txt").read_text("utf-8")
    assert json.loads(Path("b.json").read_bytes())["entities"]
    assert Path("c.dot").read_text("utf-8").startswith("digraph")
    assert "<svg" in Path("d.svg").read_text("utf-8")


def test_a_format_overrides_the_suffix(model: Path) -> None:
    assert main([model.name, "-f", "list", "-o", "a.txt"]) == 0
    assert "Customer (1) ←→ (many) Order" in Path("a.txt").read_text("utf-8")


def test_state_diagrams_come_in_the_form_that_the_suffix_asks_for(model: Path) -> None:
    states = "    states: {initial: draft, transitions: [draft -> paid]}\n"
    model.write_text(MODEL + states)
    assert main([model.name, "-f", "states", "-o", "a.svg", "-o", "a.txt", "-o", "a.png"]) == 0
    assert "<svg" in Path("a.svg").read_text("utf-8")
    assert "►" in Path("a.txt").read_text("utf-8")
    assert Path("a.png").read_bytes().startswith(b"\x89PNG")


def test_standard_input_and_output(model: Path) -> None:
    del model
    done = subprocess.run(
        [sys.executable, "-m", "erdgen", "-", "-f", "list", "-o", "-"],
        input=MODEL.encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert "Customer (1) ←→ (many) Order" in done.stdout.decode()


def test_an_existing_file_is_replaced_whole_and_a_link_stays_a_link(
    model: Path, tmp_path: Path
) -> None:
    target = tmp_path / "target.txt"
    target.write_text("old")
    target.chmod(0o640)
    (tmp_path / "link.txt").symlink_to(target)
    assert main([model.name, "-o", "link.txt"]) == 0
    assert (tmp_path / "link.txt").is_symlink()
    assert "Customer" in target.read_text("utf-8")
    assert target.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".target")] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing.yaml"], "nothing.yaml"),
        (["shop.yaml", "-o", "a.svgg"], "did you mean '.svg'?"),
        (["shop.yaml", "-o", "a"], "has no suffix"),
        (["shop.yaml", "-o", "a.txt", "-o", "./a.txt"], "named twice"),
        (["shop.yaml", "-o", "missing/a.txt"], "missing/a.txt: error[unwritable-file]"),
        (["shop.yaml", "--detial", "full"], "--detail"),
        (["shop.yaml", "--detail", "ful"], "did you mean 'full'?"),
        (["shop.yaml", "--width", "3"], "at least 20"),
        (["shop.yaml", "--only", "Custmer"], "Customer"),
        (["shop.yaml", "--around", "Ordr"], "Order"),
        (["shop.yaml", "-f", "jpeg"], "jpeg"),
        (["shop.yaml", "more.yaml"], "more.yaml"),
        (["refersh"], "refresh"),
    ],
)
def test_bad_input_is_told_with_exit_code_2_and_nothing_is_written(
    model: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    before = sorted(model.parent.iterdir())
    assert main(words) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert "error[" in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""
    assert sorted(model.parent.iterdir()) == before


def test_one_bad_output_keeps_the_others_from_being_written(model: Path) -> None:
    assert main([model.name, "-o", "a.txt", "-o", "b.nothing"]) == 2
    assert not Path("a.txt").exists()


def test_no_output_takes_the_place_of_the_model(model: Path) -> None:
    os.link(model, "hard.txt")
    Path("soft.txt").symlink_to(model.name)
    for name in ("hard.txt", "soft.txt", f"./{model.name}"):
        assert main([model.name, "-f", "text", "-o", name]) == 2
        assert model.read_text() == MODEL


def test_no_output_takes_the_place_of_a_document_with_regions(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = Path("doc.md")
    document.write_text("# Ours\n\n<!-- erdgen:begin shop.yaml -->\n<!-- erdgen:end -->\n")
    before = document.read_bytes()
    assert main([model.name, "-o", "doc.md"]) == 2
    assert "erdgen refresh" in capsys.readouterr().err
    assert document.read_bytes() == before
    assert main([model.name, "-o", "tables.md"]) == 0
    assert main([model.name, "-o", "tables.md"]) == 0


def test_two_outputs_are_two_files(model: Path) -> None:
    Path("a.txt").write_text("old")
    Path("link.txt").symlink_to("a.txt")
    for name in ("a.txt", "./a.txt", "link.txt"):
        assert main([model.name, "-o", "a.txt", "-o", name]) == 2
    assert Path("a.txt").read_text() == "old"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("refersh --check docs", "did you mean 'refresh'?"),
        ("chek shop.yaml", "did you mean 'check'?"),
        ("convert shop.yaml", "the commands are embed, refresh, check"),
        ("shop.yaml erd.svg", "an output is named after -o"),
        ("shop.yaml --detail keys erd.svg b", "one model too many: erd.svg"),
        ("shop.yaml -o a.svg --theme=", "no theme is named"),
        ("shop.yaml -o a.svg --theme .", "theme file '.' cannot be read: "),
        ("shop.yaml -o .", "the output '.' is a folder"),
        ("shop.yaml -o folder/", "the output 'folder/' is a folder"),
        ("shop.yaml --width 1", "it takes a whole number of at least 20, or none"),
        ("shop.yaml --scale 1e9", "it takes a number above zero and below a million"),
        ("shop.yaml --detail key", "did you mean 'keys'?"),
        ("shop.yaml --only ,", "'--only' names nothing"),
    ],
)
def test_what_a_slip_is_told(
    model: Path, words: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    model.with_name("folder").mkdir()
    assert main(words.split()) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err


def test_entities_are_named_as_in_a_marker(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([model.name, "-f", "list", "--entities", "Order,Customer"]) == 0
    assert "Order" in capsys.readouterr().out
    Path("erdgen.toml").write_text('entities = ["Order"]\n')
    assert main([model.name]) == 0
    assert "Customer  " not in capsys.readouterr().out


def test_the_models_defaults_yield_to_the_command_line(
    model: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    model.write_text(MODEL + "diagram:\n  detail: names\n")
    assert main([model.name]) == 0
    assert "customer_id" not in capfdbinary.readouterr().out.decode()
    assert main([model.name, "--detail", "full"]) == 0
    assert "customer_id" in capfdbinary.readouterr().out.decode()


def test_settings_yield_to_the_model(
    model: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    Path("erdgen.toml").write_text('detail = "names"\nascii = true\n')
    model.write_text(MODEL + "diagram:\n  detail: full\n")
    assert main([model.name]) == 0
    text = capfdbinary.readouterr().out.decode()
    assert "customer_id" in text
    assert text.isascii()


def test_an_unknown_default_in_the_model_is_told_with_its_place(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model.write_text(MODEL + "diagram:\n  directoin: right\n")
    assert main([model.name]) == 2
    error = capsys.readouterr().err
    assert error.startswith("shop.yaml:11:3: error[unknown-option]")
    assert "did you mean 'direction'?" in error


def test_a_picture_is_not_written_to_a_terminal(
    model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main([model.name, "-f", "png"]) == 2
    assert "-o" in capsys.readouterr().err


def test_a_defect_is_exit_code_70_with_a_word_on_reporting(
    model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by hand")

    monkeypatch.setattr("erdgen.read.read_file", fail)
    assert main([model.name]) == 70
    error = capsys.readouterr().err
    assert "error[defect]: ZeroDivisionError: by hand" in error
    assert "please report" in error


def test_output_for_machines(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model.write_text(MODEL.replace("-> Customer", "-> Custmer"))
    assert main([model.name, "--output-format", "json"]) == 2
    (item,) = json.loads(capsys.readouterr().err)
    assert (item["file"], item["line"], item["severity"]) == ("shop.yaml", 9, "error")
    assert main([model.name, "--output-format", "github"]) == 2
    assert capsys.readouterr().err.startswith("::error ")


def test_check_reports_all_files(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", model.name]) == 0
    assert capsys.readouterr().out == "shop.yaml: 2 entities, 1 relationship\n"
    Path("bad.yaml").write_text("entities:\n  A:\n    atributes: {}\n")
    assert main(["check", "bad.yaml", model.name, "gone.yaml"]) == 2
    captured = capsys.readouterr()
    assert "bad.yaml:3:5" in captured.err
    assert "gone.yaml" in captured.err
    assert "shop.yaml: 2 entities" in captured.out


def test_the_commands_are_complete() -> None:
    for name in COMMANDS:
        done = run(name, "--help")
        assert done.returncode == 0, done.stderr
        assert name.encode() in done.stdout


def test_help_and_version() -> None:
    assert run("--version").stdout.startswith(b"erdgen, version ")
    shown = run("--help").stdout.decode()
    for word in ("MODEL", "--detail", "refresh", "embed", ".svg"):
        assert word in shown
    nothing = run()
    assert nothing.returncode == 2
    assert b"Usage: erdgen MODEL" in nothing.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str) -> None:
    assert b"erdgen" in run(_ERDGEN_COMPLETE=f"{shell}_source").stdout


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("erdgen ref", "refresh"),
        ("erdgen --det", "--detail"),
        ("erdgen shop.yaml --det", "--detail"),
        ("erdgen shop.yaml --detail k", "keys"),
        ("erdgen refresh --ch", "--check"),
    ],
)
def test_completed_words(words: str, found: str) -> None:
    done = run(_ERDGEN_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=str(words.count(" ")))
    assert found in done.stdout.decode()


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("erdgen ref", "refresh"),
        ("erdgen sh", "(files)"),
        ("erdgen check sh", "(files)"),
        ("erdgen embed shop.yaml --fi", "--file"),
        ("erdgen embed shop.yaml --file e", "(files)"),
    ],
)
def test_bash_offers_commands_and_files(tmp_path: Path, words: str, found: str) -> None:
    program = tmp_path / "erdgen"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m erdgen "$@"\n')
    program.chmod(0o755)
    # `compopt -o default` has readline offer files where nothing else is found
    script = f"""
        compopt() {{ files="(files)"; }}
        eval "$(_ERDGEN_COMPLETE=bash_source {program})"
        COMP_WORDS=({words}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
        _erdgen_completion {program}
        echo "${{COMPREPLY[*]:-$files}}"
    """
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == found, done.stderr


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_a_broken_pipe_is_quiet(model: Path) -> None:
    command = f'"{sys.executable}" -m erdgen {model.name} | head -n 1 >{os.devnull}'
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, check=False
    )
    assert done.stderr == b""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_long_run_is_told_on_a_terminal_and_wiped_away(monkeypatch: pytest.MonkeyPatch) -> None:
    pty = pytest.importorskip("pty")
    monkeypatch.setenv("TERM", "xterm")
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as terminal, os.fdopen(theirs, "w") as stream:
        with told_to_wait(stream, 0.01):
            end = time.monotonic() + 0.2
            while time.monotonic() < end:
                pass
        shown = b""
        # what is written to a terminal comes out of it a little later
        while not shown.endswith(b"s\x1b[K\r\x1b[K") and select([terminal], [], [], 20)[0]:
            shown += terminal.read(10_000)
    assert shown.startswith(b"\rdrawing, 0 s")
    assert shown.endswith(b"s\x1b[K\r\x1b[K")
    assert signal.getsignal(signal.SIGALRM) == signal.SIG_DFL


def test_ctrl_c_is_130(model: Path) -> None:
    del model
    with subprocess.Popen(
        [sys.executable, "-m", "erdgen", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=10)
    assert process.returncode == 130
    assert b"Traceback" not in error


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8"])
def test_the_drawing_is_utf_8_in_every_locale(model: Path, locale: str) -> None:
    model.write_text(MODEL.replace("Customer", "顧客"))
    done = run(model.name, LC_ALL=locale, PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr
    assert "顧客" in done.stdout.decode("utf-8")


@pytest.mark.parametrize("command", [[], ["check"]])
def test_drawing_defaults_are_judged_with_the_rest_of_the_model(
    command: list[str], model: Path
) -> None:
    model.write_text("diagram: {directoin: right, width: wide}\nentities: {A: {purpos: x}}\n")
    assert main([*command, model.name, "--output-format", "json"]) == 2
    result = run(*command, model.name, "--output-format", "json")
    told = json.loads(result.stdout or result.stderr)
    assert [item["code"] for item in told] == [
        "unknown-option",
        "bad-option-value",
        "unknown-key",
    ]
