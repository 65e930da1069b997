"""Closed, full and broken standard streams, and outputs that would do harm."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

MODEL = """\
entities:
  Customer: {attributes: {id: uuid pk}}
  Order: {attributes: {id: uuid pk, customer_id: uuid -> Customer}}
"""
posix = pytest.mark.skipif(sys.platform == "win32", reason="redirections of a POSIX shell")


@pytest.fixture(autouse=True)
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()  # no settings from above
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "shop.yaml"
    path.write_text(MODEL)
    return path


def shell(words: str) -> subprocess.CompletedProcess[str]:
    command = words.replace("erdgen", f"'{sys.executable}' -m erdgen", 1)
    return subprocess.run(
        ["sh", "-c", command],
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=60,
    )


@posix
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("erdgen shop.yaml >&-", 2),
        ("erdgen shop.yaml 2>&-", 0),
        ("erdgen nope.yaml 2>&-", 2),
        ("erdgen shop.yaml -o a.svg <&- >&- 2>&-", 0),
        ("erdgen check shop.yaml >&-", 0),
        ("erdgen - <&-", 2),
        ("erdgen refresh - <&-", 2),
        ("{ erdgen nope.yaml 2>&1; echo $? >&3; } 3>code | true; exit $(cat code)", 2),
    ],
)
def test_closed_streams(words: str, code: int) -> None:
    result = shell(words)
    assert result.returncode == code, result.stderr
    assert "defect" not in result.stderr
    if "a.svg" in words:
        assert Path("a.svg").read_bytes().startswith(b"<svg")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize(
    "words",
    [
        "erdgen shop.yaml",
        "erdgen --help",
        "erdgen check shop.yaml",
        "env _ERDGEN_COMPLETE=bash_source erdgen",
    ],
)
def test_a_full_disk_behind_standard_output_is_an_error(words: str) -> None:
    result = shell(f"{words} >/dev/full")
    assert result.returncode == 2
    assert "error[unwritable-file]" in result.stderr
    assert "Exception" not in result.stderr


@posix
def test_a_pipe_and_a_device_take_an_output() -> None:
    assert "<svg" in shell("erdgen shop.yaml -f svg -o /dev/stdout | cat").stdout
    assert shell("erdgen shop.yaml -f svg -o /dev/null").returncode == 0


def test_one_bad_output_leaves_the_others_as_they_were() -> None:
    Path("erd.txt").write_text("old")
    result = shell("erdgen shop.yaml -o erd.txt -o erd.json -o nowhere/erd.dot")
    assert result.returncode == 2
    assert Path("erd.txt").read_text() == "old"
    assert sorted(path.name for path in Path().iterdir()) == [".git", "erd.txt", "shop.yaml"]


@pytest.mark.parametrize("output", ["shop.yaml", "./shop.yaml", "link.txt", "more.yaml"])
def test_no_output_takes_the_place_of_the_model(output: str, model: Path) -> None:
    model.write_text(f"include: [more.yaml]\n{MODEL}")
    Path("more.yaml").write_text("entities: {Tag: }\n")
    Path("link.txt").symlink_to("shop.yaml")
    result = shell(f"erdgen shop.yaml -f text -o {output}")
    assert result.returncode == 2
    assert "error[output-is-model]" in result.stderr
    assert model.read_text().startswith("include")
    assert Path("more.yaml").read_text().startswith("entities")


def test_usage_errors_are_told_in_the_format_that_was_asked_for() -> None:
    result = shell("erdgen shop.yaml --bogus --output-format json")
    assert result.returncode == 2
    assert result.stderr.startswith('[{"severity": "error", "code": "usage"')
    result = shell("erdgen shop.yaml --width x --output-format github")
    assert result.stderr.startswith("::error title=erdgen usage::")


def test_an_empty_name_is_no_model() -> None:
    result = shell("erdgen ''")
    assert result.returncode == 2
    assert result.stderr.startswith("erdgen: error[no-such-file]")


def test_several_pictures_do_not_go_into_one_stream() -> None:
    result = shell("erdgen shop.yaml -f svg --split 2")
    assert result.returncode == 2
    assert "error[binary-output]" in result.stderr
    assert result.stdout == ""
    assert shell("erdgen shop.yaml --split 2").returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_behind_standard_error_changes_no_exit_code() -> None:
    assert shell("erdgen nope.yaml 2>/dev/full").returncode == 2
    assert shell("erdgen shop.yaml --bogus 2>/dev/full").returncode == 2


@posix
def test_a_working_directory_that_is_gone_is_told() -> None:
    model = Path("shop.yaml").resolve()
    gone = 'mkdir gone && cd gone && rmdir "$PWD"'
    result = shell(f"erdgen --version && {gone} && '{sys.executable}' -m erdgen '{model}' -o a.svg")
    assert result.returncode == 2
    assert "the working directory does not exist any more" in result.stderr


@posix
@pytest.mark.parametrize("words", ["check nö.yaml shopé.yaml", "nö.yaml"])
@pytest.mark.parametrize("output_format", ["full", "concise", "json", "github"])
def test_a_stream_that_takes_only_ascii(
    words: str, output_format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("shop.yaml").rename("shopé.yaml")
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    monkeypatch.setenv("PYTHONUTF8", "0")
    result = shell(f"erdgen {words} --output-format {output_format}")
    assert result.returncode == 2, result.stderr
    if output_format == "json":
        (problem,) = json.loads(result.stdout or result.stderr)
        assert problem["file"] == "nö.yaml"
    else:
        assert "no-such-file" in result.stderr


@pytest.mark.parametrize("command", ["", "embed", "refresh", "check"])
def test_help_is_plain_text(command: str) -> None:
    result = shell(f"erdgen {command} --help")
    assert result.returncode == 0
    assert result.stdout.isascii()


@posix
@pytest.mark.parametrize("limit", ["-n 7", "-n 8", "-v 30000"])
def test_limits_of_the_system_are_no_defect(limit: str) -> None:
    result = shell(
        f"erdgen --version && ulimit {limit} && '{sys.executable}' -m erdgen shop.yaml -o a.svg"
    )
    assert "defect" not in result.stderr, result.stderr
    # below some limit Python itself cannot start, which it says in its own way
    assert "erdgen/cli" not in result.stderr, result.stderr
