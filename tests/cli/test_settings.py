"""Settings files: where they are looked for, what they hold, what is told when they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from erdgen.cli.settings import find_settings
from erdgen.errors import OptionError


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.erdgen]\ndetail = "keys"\n')
    inner = tmp_path / "docs" / "deep"
    inner.mkdir(parents=True)
    assert find_settings(inner) == {"detail": "keys"}
    (tmp_path / "docs" / "erdgen.toml").write_text('detail = "names"\nonly = ["A*", "B"]\n')
    assert find_settings(inner) == {"detail": "names", "only": ("A*", "B")}


def test_a_repository_ends_the_search(tmp_path: Path) -> None:
    (tmp_path / "erdgen.toml").write_text("legend = true\n")
    inner = tmp_path / "repository"
    (inner / ".git").mkdir(parents=True)
    assert find_settings(inner) == {}


def test_a_project_without_the_table_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("this is no TOML, but nobody asked for it")
    assert find_settings(tmp_path) == {}


def test_all_problems_are_told_with_their_places(tmp_path: Path) -> None:
    (tmp_path / "erdgen.toml").write_text('detial = "keys"\ndirection = "up"\nwidth = 100\n')
    with pytest.raises(OptionError) as caught:
        find_settings(tmp_path)
    first, second = caught.value.diagnostics
    assert first.place is not None
    assert second.place is not None
    assert (first.code, first.place.line, first.place.column) == ("unknown-option", 1, 1)
    assert first.help == "did you mean 'detail'?"
    assert (second.code, second.place.line) == ("bad-option-value", 2)


def test_torn_toml_is_told(tmp_path: Path) -> None:
    (tmp_path / "erdgen.toml").write_text("detail = [\n")
    with pytest.raises(OptionError, match="no valid TOML"):
        find_settings(tmp_path)


def test_what_is_wrong_has_a_place_and_a_short_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "docs").mkdir()
    monkeypatch.chdir(tmp_path / "docs")
    for text, said in (
        (b"a = 1\r\ndetail = = 1\r\n", "2:10 detail = = 1"),
        (b"a = [\n1", "2:2 1"),
        (b"detail = \xff", "0:0 "),
        (b"detial = 1", "1:1 detial = 1"),
    ):
        (tmp_path / "erdgen.toml").write_bytes(text)
        with pytest.raises(OptionError) as caught:
            find_settings("")
        place = caught.value.diagnostics[0].place
        assert place is not None
        assert place.file == str(Path("..", "erdgen.toml"))
        assert f"{place.line}:{place.column} {place.source}" == said


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('only = {a = "b"}\n', "table"),
        ('[only]\na = "b"\n', "table"),
        ('only = [{a = "b"}]\n', "table"),
        ('only = [["A"]]\n', "list in a list"),
        ("title = {}\n", "table"),
    ],
)
def test_a_table_is_no_value(tmp_path: Path, text: str, kind: str) -> None:
    (tmp_path / "erdgen.toml").write_text(text)
    with pytest.raises(OptionError) as caught:
        find_settings(tmp_path)
    (found,) = caught.value.diagnostics
    assert found.code == "bad-option-value"
    assert found.message.endswith(f"not a {kind}")
    assert found.place is not None
    assert found.place.line == 1


def test_what_stands_in_a_pyproject_may_stand_in_a_file_of_our_own(tmp_path: Path) -> None:
    (tmp_path / "erdgen.toml").write_text('[tool.erdgen]\ndetail = "keys"\n')
    assert find_settings(tmp_path) == {"detail": "keys"}
    (tmp_path / "erdgen.toml").write_text('[tool.erdgen]\ndetial = "keys"\n')
    with pytest.raises(OptionError) as caught:
        find_settings(tmp_path)
    [found] = caught.value.diagnostics
    assert found.place is not None
    assert (found.place.line, found.help) == (2, "did you mean 'detail'?")


def test_a_key_is_found_in_its_own_table(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nwidth = 3\n[tool.erdgen]\n"width" = "wide"\n[tool.erdgen.only]\na = 1\n'
    )
    with pytest.raises(OptionError) as caught:
        find_settings(tmp_path)
    places = [item.place for item in caught.value.diagnostics]
    assert [(place.line, place.column, place.length) for place in places if place] == [
        (4, 2, 5),
        (5, 14, 4),
    ]
