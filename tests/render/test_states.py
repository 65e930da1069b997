"""State diagrams: every state and transition is there, marked, at any width."""

from __future__ import annotations

import re
from typing import Any

import pytest

from erdgen.model.entities import Transition
from erdgen.read import read_text
from erdgen.render import Output, render
from erdgen.render.options import Options
from erdgen.render.text.states import find_machines, transition_row
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


def test_where_texts_do_not_fit_numbers_stand_for_them() -> None:
    text = draw(width=24)
    assert max(len(row) for row in text.splitlines()) <= 24
    assert "[1] draft → paid: payment received" in re.sub(r"\s+", " ", text)
    assert "Not drawn:" not in text


def test_where_nothing_fits_transitions_are_listed_and_a_note_says_so() -> None:
    found = output(MACHINES, width=20)
    text = found.data.decode()
    assert max(len(row) for row in text.splitlines()) <= 20
    assert "Not drawn:" in text
    assert "not-drawn" in [note.code for note in found.notes]


MACHINES = """
entities:
  Linear: {states: {initial: s1, final: [s9], transitions: [s1 -> s2, s2 -> s3, s3 -> s4, s4 -> s5,
    s5 -> s6, s6 -> s7, s7 -> s8, s8 -> s9]}}
  Rows: {states: {initial: s1, transitions: [s1 -> s2, "s2 -> s3: on", "s3 -> s2: back", s3 -> s4,
    "s4 -> s5: the long way round", "s5 -> s5: again", "s5 -> s6: last"]}}
  Backs: {states: {initial: draft, final: [closed], transitions: ["draft -> review: submit",
    "review -> draft: reject", "review -> approved: approve", "approved -> draft: reopen",
    "approved -> live: publish", "live -> approved: unpublish", "live -> draft: rework",
    "live -> closed: archive", "closed -> live: restore"]}}
  Selfs: {states: {initial: idle, final: [done], transitions: ["idle -> idle: tick",
    "idle -> busy: start", "busy -> busy: again", "busy -> done: stop", "done -> done: noop"]}}
  Long: {states: {initial: awaiting_payment, final: [cancelled_by_customer], transitions: [
    "awaiting_payment -> received: the bank has confirmed that the money is there",
    "awaiting_payment -> cancelled_by_customer: the customer changed their mind",
    "received -> delivered: the parcel has been handed over"]}}
  Unreachable: {states: {initial: a, final: [c], transitions: [a -> b, b -> c, x -> y, y -> x]}}
  Written: {states: {initial: 草稿, final: [已归档], transitions: ["草稿 -> 已发布: 发布",
    "已发布 -> 草稿: 撤回", "已发布 -> 已归档: 归档"]}}
  Dense: {states: {initial: a, final: [e, f], transitions: ["a -> b: ab", "a -> c: ac",
    "a -> d: ad", "a -> e: ae", "b -> a: ba", "b -> c: bc", "b -> e: be", "c -> a: ca",
    "c -> f: cf", "d -> b: db", "d -> f: df", "f -> a: fa"]}}
  Double: {states: {initial: open, final: [shut], transitions: ["open -> shut: close",
    "open -> shut: slam", "shut -> open: unlock"]}}
  Fan: {states: {initial: start, final: [ok, fail], transitions: ["start -> p1: one",
    "start -> p2: two", "start -> p3: three", p1 -> ok, p2 -> ok, "p3 -> fail: bad",
    p2 -> fail]}}
"""


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("width", [None, 120, 80, 60, 40, 30])
def test_every_transition_of_a_machine_is_read_back_with_its_direction_and_text(
    width: int | None, *, ascii_only: bool
) -> None:
    blocks = re.split(
        r"^(\w+) States:\n\n", draw(MACHINES, width=width, ascii=ascii_only), flags=re.MULTILINE
    )
    machines = find_machines(read_text(MACHINES).graph)
    for machine, name, block in zip(machines, blocks[1::2], blocks[2::2], strict=True):
        assert name == machine.entity
        reading = read_drawing(block.rstrip() + "\n", width=width, ascii_only=ascii_only)
        assert not reading.faults, f"{reading.faults}\n{block}"
        names = ["".join(box.head).strip("●◉*@ ").replace(" ", "") for box in reading.boxes]
        assert sorted(names) == sorted(state for state, _ in machine.states)
        found = []
        for tie in reading.ties:
            source, target = (tie.one, tie.many) if tie.many.mark else (tie.many, tie.one)
            assert target.mark, block
            assert not source.mark, block
            found.append((names[source.box], names[target.box]))
        below = [note.replace("->", "→") for note in reading.notes]
        said = [label.text for label in reading.labels]
        for item in machine.transitions:
            pair, row = (item.source, item.target), transition_row(item, ascii_only=False)
            if row in below:
                below.remove(row)
                continue
            assert pair in found, f"{row}\n{block}"
            found.remove(pair)
            numbered = [note for note in below if note.partition("] ")[2] == row]
            text = f"{numbered[0].partition(']')[0]}]" if numbered else item.trigger
            assert not text or text in said, f"{row}\n{block}"
        assert not found, block


def test_a_long_chain_is_drawn_in_rows_of_about_as_many_states() -> None:
    linear = draw(MACHINES, width=60).split("Rows States:")[0]
    rows = [row for row in linear.splitlines() if "s1 " in row or "s4" in row or "s7" in row]
    assert [row.count("│") // 2 for row in rows] == [3, 3, 3], linear


JOB = """
entities:
  Job:
    states:
      initial: queued
      final: [succeeded, failed]
      transitions:
        - queued -> running: worker picks up
        - running -> running: heartbeat
        - running -> succeeded: exit 0
        - running -> failed: exit 1
        - failed -> queued: retry
        - running -> queued: worker lost
"""
TICKET = """
entities:
  Ticket:
    states:
      initial: new
      transitions:
        - new -> triaged: triage
        - triaged -> in progress: assign
        - in progress -> in review: submit for review
        - in review -> in progress: changes requested
        - in review -> done: approve
        - triaged -> rejected: reject
        - in progress -> blocked: block
        - blocked -> in progress: unblock
        - done -> in progress: reopen
"""


@pytest.mark.parametrize(
    ("model", "way"),
    [(JOB, ["queued", "running", "failed"]), (TICKET, ["triaged", "in progress", "in review"])],
)
@pytest.mark.parametrize("width", [None, 100, 80])
def test_lines_run_on_from_the_initial_state(model: str, way: list[str], width: int | None) -> None:
    """A line that leads back does not turn the drawing around."""
    drawing = draw(model, width=width).split("\n\n", 1)[1]
    boxes = {box.name.strip("● ◉"): box for box in read_drawing(drawing).boxes}
    places = [(boxes[name].x0, boxes[name].y0) for name in way]
    assert [x for x, _ in places] == sorted(x for x, _ in places) or [y for _, y in places] == (
        sorted(y for _, y in places)
    ), drawing
    assert "Not drawn" not in drawing


@pytest.mark.parametrize("width", [60, 80, 100, None])
def test_a_life_that_comes_back_to_its_beginning_begins_there(width: int | None) -> None:
    model = """
entities:
  Upload:
    states:
      initial: pending
      transitions:
        - pending -> uploading
        - uploading -> scanned: virus scan without findings
        - uploading -> failed
        - failed -> pending: retry
        - scanned -> stored
        - stored -> archived: after 90 days
"""
    text = draw(model, width=width).split("\n\n", 1)[1]
    boxes = read_drawing(text, width=width).boxes
    first = next(box for box in boxes if any("pending" in row for row in box.rows))
    assert first.x0 == 0 or first.y0 == 0
