"""Models that were changed at random are read, or refused with a placed error; nothing else."""

from __future__ import annotations

import random

import pytest

from erdgen.errors import ErdgenError
from erdgen.read import read_text
from tests.read.test_model_file import EXAMPLE
from tests.read.test_notations import ALL

MERGES = """\
x-stamps: &stamps {created_at: timestamp, updated_at: "timestamp?"}
title: "a \\u00e4 b"
entities:
  A: &a
    attributes:
      id: uuid pk
      <<: [*stamps, {b: 'c'}]
    states: {initial: x, transitions: [x -> y: z]}
  B: *a
enums: {E: {values: [a, b], description: |
  words
  }}
groups: {g: {entities: [A]}}
diagram: {direction: right, only: [A, B]}
"""
PIECES = [
    *("\t", "\n", "  ", "- ", ": ", "? ", "{", "}", "[", "]", "*a", "&a ", "<<: *a\n", "!x "),
    *("|\n", ">\n", "'", '"', "%", "@", "`", "#", "---\n", "...\n", "->", "--", "=", "(", ")"),
    *("<", ",", "~", "\x00", "\x85", "\u2028", "\ufeff", "\u202e", "😀", "\\", "null", "1:1"),
    *("via: x\n", "entities:\n"),
]


def mutated(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(6):
            case 0:
                data = data[:at] + chance.choice(PIECES).encode() + data[at:]
            case 1:
                data = data[:at] + data[at + chance.randint(1, 20) :]
            case 2:
                data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
            case 3:
                lines = data.split(b"\n")
                first, second = (chance.randrange(len(lines)) for _ in range(2))
                lines[first], lines[second] = lines[second], lines[first]
                data = b"\n".join(lines)
            case 4:
                size = chance.randint(1, 30)
                other = chance.randrange(len(data) + 1)
                data = data[:at] + data[other : other + size] + data[at:]
            case _:
                line = data.rfind(b"\n", 0, at) + 1
                data = data[:line] + b" " * chance.randint(1, 3) + data[line:]
    return data


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("text", [EXAMPLE, ALL, MERGES], ids=["example", "all", "merges"])
def test_nothing_but_errors_comes_out(text: str, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same every time
    for _ in range(10):
        data = mutated(text.encode(), chance)
        try:
            read_text(data, "model.yaml")
        except ErdgenError as error:
            lines = data.decode("utf-8", "replace").count("\n") + data.count(b"\r") + 1
            for item in error.diagnostics:
                assert item.message.isprintable()
                assert item.place
                assert 0 <= item.place.line <= lines
                assert item.place.length >= 1
