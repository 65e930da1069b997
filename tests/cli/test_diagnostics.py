"""Diagnostics as readers see them: full, concise, JSON, GitHub."""

from __future__ import annotations

import io
import json

import pytest

from erdgen.cli.diagnostics import format_diagnostics, report
from erdgen.errors import Diagnostic, Place

UNKNOWN = Diagnostic(
    "unknown-entity",
    "there is no entity 'Custmer'",
    Place("model.yaml", 12, 21, 7, "  customer_id: uuid -> Custmer"),
    "did you mean 'Customer'?",
)


def test_full_shows_place_source_caret_and_help() -> None:
    assert format_diagnostics([UNKNOWN], "full") == (
        "model.yaml:12:21: error[unknown-entity]: there is no entity 'Custmer'\n"
        "  12 |   customer_id: uuid -> Custmer\n"
        "     |                     ^^^^^^^\n"
        "  help: did you mean 'Customer'?"
    )


def test_the_caret_stands_by_display_width() -> None:
    item = Diagnostic("x", "y", Place("m", 1, 5, 2, "商品: 名称"))
    source, caret = format_diagnostics([item], "full").splitlines()[1:]
    assert source == "  1 | 商品: 名称"
    assert caret == "    | " + " " * 6 + "^^^^"


def test_tabs_and_escapes_in_the_source_are_shown_not_sent() -> None:
    item = Diagnostic("x", "y", Place("m", 1, 2, 1, "\tname\x1b[2J\u202e"))
    source, caret = format_diagnostics([item], "full").splitlines()[1:]
    assert source == "  1 | \\tname\\x1b[2J\\u202e"
    assert caret == "    |   ^"


def test_a_long_line_is_shown_around_the_caret() -> None:
    item = Diagnostic("x", "y", Place("m", 1, 5001, 3, "a" * 5000 + "bad" + "c" * 5000))
    source, caret = format_diagnostics([item], "full").splitlines()[1:]
    assert len(source) < 180
    assert source[caret.index("^") : caret.rindex("^") + 1] == "bad"


def test_concise_is_one_line_each() -> None:
    assert format_diagnostics([UNKNOWN, UNKNOWN], "concise").count("\n") == 1


def test_json_holds_everything() -> None:
    (item,) = json.loads(format_diagnostics([UNKNOWN], "json"))
    assert item == {
        "severity": "error",
        "code": "unknown-entity",
        "message": "there is no entity 'Custmer'",
        "help": "did you mean 'Customer'?",
        "file": "model.yaml",
        "line": 12,
        "column": 21,
        "length": 7,
    }


def test_github_escapes_what_would_break_the_command() -> None:
    item = Diagnostic("x", "50% of\nit", Place("a,b:c.yaml", 3, 4))
    assert format_diagnostics([item], "github") == (
        "::error title=erdgen x,file=a%2Cb%3Ac.yaml,line=3,col=4::50%25 of%0Ait"
    )


def test_related_places_are_shown() -> None:
    item = Diagnostic(
        "duplicate-entity",
        "'Order' is defined twice",
        Place("b.yaml", 2, 3, 5, "  Order:"),
        related=(("first defined here", Place("a.yaml", 7, 3, 5, "  Order:")),),
    )
    text = format_diagnostics([item], "full")
    assert "  a.yaml:7:3: first defined here\n" in text
    assert text.count("^^^^^") == 2


@pytest.mark.parametrize(
    ("variables", "colored"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_color_obeys_the_environment(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], colored: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    stream = io.StringIO()
    report([UNKNOWN], stream=stream)
    assert ("\x1b[" in stream.getvalue()) is colored


def test_nothing_to_say_is_silent_but_json_is_still_an_array() -> None:
    stream = io.StringIO()
    report([], "full", stream)
    assert stream.getvalue() == ""
    report([], "json", stream)
    assert json.loads(stream.getvalue()) == []
