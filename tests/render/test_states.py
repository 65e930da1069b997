"""State diagrams: every state and transition is there, marked, at any width."""

from __future__ import annotations

from typing import Any

import pytest

from erdgen.model.entities import Transition
from erdgen.read import read_text
from erdgen.render import Output, render
from erdgen.render.options import Options
from erdgen.render.text.states import find_machines
from tests.oracle import read_drawing

MODEL = """
entities:
  Order:
    states:
      initial: draft
      final: [archived]
      transitions:
        - draft -> paid: payment received
        - paid -> archived
        - paid -> paid: partial refund
        - archived -> draft
  Ticket:
    states:
      transitions: [open -> closed]
  Plain:
"""


def output(model: str = MODEL, **options: Any) -> Output:
    return render(read_text(model).graph, "states", Options(**options))


def draw(model: str = MODEL, **options: Any) -> str:
    return output(model, **options).data.decode()


def test_the_data_behind_a_diagram() -> None:
    order, ticket = find_machines(read_text(MODEL).graph)
    assert order.entity == "Order"
    assert dict(order.states) == {
        "draft": {"initial"},
        "paid": set(),
        "archived": {"final"},
    }
    assert order.transitions[0] == Transition("draft", "paid", "payment received")
    assert ticket.transitions == (Transition("open", "closed"),)


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("width", [None, 100, 60, 40])
def test_every_transition_is_a_line_or_listed(width: int | None, *, ascii_only: bool) -> None:
    text = draw(width=width, ascii=ascii_only)
    order = text[: text.index("Ticket States:")]
    drawing = order.split("\n\n", 1)[1]
    reading = read_drawing(drawing, width=width, ascii_only=ascii_only)
    names = [box.name.strip("●◉*@ ") for box in reading.boxes]
    assert sorted(names) == ["archived", "draft", "paid"]
    tied = sorted((names[tie.one.box], names[tie.many.box]) for tie in reading.ties)
    listed = [note for note in reading.notes if "→" in note or "->" in note]
    assert len(tied) + len(listed) == 4
    if width is None:
        pairs = sorted(tuple(sorted(pair)) for pair in tied)
        assert pairs == [
            ("archived", "draft"),
            ("archived", "paid"),
            ("draft", "paid"),
            ("paid", "paid"),
        ]
    assert not [fault for fault in reading.faults if fault.kind != "blank-end"]


def test_initial_and_final_states_are_marked() -> None:
    assert "● draft" in draw()
    assert "archived ◉" in draw()
    assert "* draft" in draw(ascii=True)
    assert "archived @" in draw(ascii=True)


def test_the_legend_says_what_the_marks_mean() -> None:
    legend = draw(legend=True).split("Legend:")[1]
    assert "initial state" in legend
    assert "final state" in legend
    assert "initial" not in draw("entities: {A: {states: {transitions: [a -> b]}}}", legend=True)


def test_only_entities_with_states_have_a_diagram() -> None:
    assert "Plain" not in draw()
    assert draw().count(" States:") == 2


def test_where_nothing_fits_transitions_are_listed_and_a_note_says_so() -> None:
    found = output(width=20)
    text = found.data.decode()
    assert max(len(row) for row in text.splitlines()) <= 20
    assert "Not drawn:" in text
    assert "not-drawn" in [note.code for note in found.notes]
