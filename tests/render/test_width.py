"""Names in a terminal: how wide, how they are made safe, how they are wrapped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from erdgen.render.width import display_width, make_name, make_visible, pad, wrap


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("Order", 5),
        ("商品", 4),
        ("e\u0301", 1),
        ("👩‍👩‍👧", 2),
        ("🇫🇷", 2),
        ("↳ Order", 7),
        ("►", 1),
    ],
)
def test_display_width(text: str, width: int) -> None:
    assert display_width(text) == width


@given(st.text())
def test_a_name_is_printable_and_as_wide_as_wcwidth_says_also_beside_others(text: str) -> None:
    name = make_name(text)
    assert wcswidth(name) == display_width(name) >= 1
    assert wcswidth(f"│ {name} │") == display_width(name) + 4
    assert make_name(name) == name or name.startswith('"')


def test_a_joiner_with_nothing_to_join_is_an_escape() -> None:
    assert make_name("\u200dz") == "\\u200dz"
    assert make_name("a\u200db\u200c") == "a\\u200db\\u200c"
    assert make_name("👩\u200d👩\u200d👧") == "👩\u200d👩\u200d👧"


def test_tags_are_escapes_unless_they_name_a_flag() -> None:
    scotland = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
    assert make_name(scotland) == scotland
    assert make_name("\U000e0020") == "\\U000e0020"
    assert make_name("a\U000e0041\U000e0042") == "a\\U000e0041\\U000e0042"


def test_no_character_makes_a_name_that_nobody_sees() -> None:
    codes = (code for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    assert [hex(code) for code in codes if display_width(make_name(chr(code))) < 1] == []


@given(st.text())
def test_making_visible_twice_changes_nothing(text: str) -> None:
    assert make_visible(make_visible(text)) == make_visible(text)


@given(st.text(), st.integers(2, 30))
def test_wrapping_loses_nothing_and_keeps_to_the_width(text: str, width: int) -> None:
    name = make_name(text)
    rows = wrap(name, width)
    assert "".join(rows).replace(" ", "") == name.replace(" ", "")
    assert all(display_width(row) <= width for row in rows)


def test_a_mark_that_widens_its_letter_stays_with_it() -> None:
    rows = wrap("0000\u1062", 2)
    assert rows == ["00", "0", "0\u1062"]
    assert [display_width(row) for row in rows] == [2, 1, 2]


def test_long_words_are_cut_behind_joints() -> None:
    assert wrap("customer_shipping_address_id", 20) == ["customer_shipping_", "address_id"]
    assert wrap("x" * 5, 2) == ["xx", "xx", "x"]


def test_padding_counts_columns() -> None:
    assert pad("商", 4) == "商  "
