"""What is asked of a worker and what it answers: values in, bytes for a pipe out, and back."""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

LAYOUT = "json0"
"""The format that tells where everything stands; see `parse_layout`."""


class Job(NamedTuple):
    """One graph to draw.

    Attributes:
        source: The DOT text.
        format: Graphviz's name of the output format, `LAYOUT`, `png` or `pdf`.
        engine: `dot`, or `nop2` for a graph whose places are given.
        fonts: `packaged`, or `system` for the machine's fonts beside it. They are read once: all
            jobs of a worker that draw text get what the first of them asked for.
    """

    source: str
    format: str
    engine: str = "dot"
    fonts: str = "packaged"


def pack_jobs(jobs: Sequence[Job]) -> bytes:
    """Return what a worker reads: for each job a line about it, and its DOT."""
    parts = []
    for job in jobs:
        data = job.source.encode()
        parts += [f"{job.engine} {job.format} {job.fonts} {len(data)}\n".encode(), data]
    return b"".join(parts)


def parse_answer(answer: bytes) -> Iterator[tuple[bool, bytes]]:
    """Yield whether a job went well and its bytes, or the reason; half an answer is none."""
    start = 0
    while start < len(answer):
        line_end = answer.find(b"\n", start)
        if line_end < 0:
            return
        length = int(answer[start + 1 : line_end])
        data = answer[line_end + 1 : line_end + 1 + length]
        if len(data) < length:
            return
        yield answer[start : start + 1] == b"+", data
        start = line_end + 1 + length


def parse_layout(answer: bytes) -> Any:
    """Return what a job of the format `LAYOUT` gave, as `json` would read it.

    Whoever waits for it need not load `json`: that takes as long as a small layout.
    """
    return marshal.loads(answer)  # noqa: S302 - our own worker wrote it
