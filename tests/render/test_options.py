"""The one table of options: values as written in, checked values out."""

from __future__ import annotations

import pytest

from erdgen.errors import OptionError
from erdgen.render.options import (
    BY_NAME,
    OPTIONS,
    Options,
    Value,
    find_option,
    make_options,
    parse_value,
)


def test_the_fields_of_options_are_the_table() -> None:
    fields = dict(Options._field_defaults)
    assert fields.pop("file") == ""  # not an option: who writes the output says it
    assert fields == {option.name.replace("-", "_"): option.default for option in OPTIONS}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("detail", "keys", "keys"),
        ("legend", "yes", True),
        ("legend", "No", False),
        ("depth", "0", 0),
        ("width", "none", 0),
        ("width", "80", 80),
        ("scale", "1.5", 1.5),
        ("only", "A, B,", ("A", "B")),
        ("split", "3", "3"),
        ("split", "group", "group"),
        ("title", "Sales: all", "Sales: all"),
    ],
)
def test_values(name: str, text: str, value: Value) -> None:
    assert parse_value(BY_NAME[name], text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("detail", "key"),
        ("legend", "maybe"),
        ("depth", "-1"),
        ("depth", "1e3"),
        ("width", "19"),
        ("width", "²"),
        ("scale", "0"),
        ("scale", "nan"),
        ("split", "0"),
        ("dpi", "9999999999999999999"),
    ],
)
def test_what_is_no_value_is_refused(name: str, text: str) -> None:
    with pytest.raises(OptionError, match="is no value"):
        parse_value(BY_NAME[name], text)


def test_an_unknown_option_gets_the_nearest_name() -> None:
    with pytest.raises(OptionError) as caught:
        find_option("colour-theme")
    assert caught.value.diagnostics[0].help
    with pytest.raises(OptionError) as caught:
        find_option("directoin")
    assert caught.value.diagnostics[0].help == "did you mean 'direction'?"


def test_underscores_are_taken_for_dashes() -> None:
    assert find_option("fold_junctions") is BY_NAME["fold-junctions"]


def test_no_limit_of_width() -> None:
    assert make_options({"width": 0}).width is None
    assert make_options({"width": 80, "fold-junctions": True}) == Options(
        width=80, fold_junctions=True
    )
