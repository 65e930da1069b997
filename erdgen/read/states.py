"""An entity's `states:` in, its state machine out."""

from __future__ import annotations

import re
from itertools import pairwise

from erdgen.errors import Place
from erdgen.model.entities import States, Transition
from erdgen.read.nodes import FileNodes, join_blanks
from erdgen.read.tree import Collection, Node, Scalar

_STATES = ("initial", "final", "transitions")
_ARROW = r"\s*(?:->|→)\s*"


def read_states(file: FileNodes, node: Node) -> States:
    """Return an entity's state machine."""
    found = file.known(node, _STATES, "`states`")
    names: dict[str, None] = {}
    transitions: list[Transition] = []
    ends: dict[str, list[tuple[str, Place]]] = {"initial": [], "final": []}
    for word, (_, value) in found.items():
        if word == "transitions":
            for item in file.items(value, "`transitions`"):
                transitions += _transition(file, item)
            for change in transitions:
                names[change.source] = names[change.target] = None
            continue
        members = [value] if isinstance(value, Scalar) else file.items(value, f"`{word}`")
        for member in members:
            if isinstance(member, Scalar) and member.empty:
                continue
            name = file.name(member, "the state's name")
            if name is not None:
                ends[word].append((name, file.place(member)))
                names[name] = None
    moving = {name for change in transitions for name in (change.source, change.target)}
    for name, place in [*ends["initial"], *ends["final"]]:
        if moving and name not in moving:
            file.problems.error(
                "unknown-state",
                f"no transition leads to or from the state '{name}'",
                place,
                file.problems.hints.did_you_mean(name, moving),
            )
    if len(ends["initial"]) > 1:
        file.problems.error(
            "bad-states", "a state machine has one initial state", ends["initial"][1][1]
        )
    return States(
        tuple(names),
        ends["initial"][0][0] if ends["initial"] else "",
        tuple(name for name, _ in ends["final"]),
        tuple(transitions),
    )


def _transition(file: FileNodes, item: Node) -> list[Transition]:
    """Read `draft -> paid`, or `draft -> paid: trigger`."""
    key, trigger = item, ""
    if isinstance(item, Collection) and item.mapping:
        pairs = file.merged(item)
        if len(pairs) != 1:
            file.error("bad-transition", "a transition is one item: `draft -> paid: trigger`", item)
            return []
        key, trigger = pairs[0][0], file.line(pairs[0][1], "the trigger")
    elif isinstance(item, Scalar) and item.style and ": " in item.text:
        # quoted as a whole
        change, _, trigger = item.text.partition(": ")
        file.text(item, "a transition")
        key, trigger = Scalar(change, item.start + 1, ""), join_blanks(trigger)
    if not isinstance(key, Scalar):
        file.not_text(key, "a transition")
        return []
    states = [join_blanks(name) for name in re.split(_ARROW, key.text.strip())]
    if len(states) < 2 or not all(states):
        file.error(
            "bad-transition",
            f"'{key.text}' is no transition",
            key,
            "write `draft -> paid` or `draft -> paid: payment received`",
        )
        return []
    file.text(key, "a transition")
    return [Transition(source, target, trigger) for source, target in pairwise(states)]
