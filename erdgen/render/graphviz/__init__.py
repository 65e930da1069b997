"""The one room that knows Graphviz: DOT in, rendered bytes and diagnostics out.

Graphviz is a C library that cannot be interrupted, writes to file descriptor 2, and leaks what a
failed drawing took. It therefore never runs in this process: each call gets a worker that is
thrown away, a fork where that is safe and quick and a fresh Python elsewhere.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Protocol

from erdgen.errors import Diagnostic, RenderError
from erdgen.render.graphviz.jobs import LAYOUT, Job, parse_answer, parse_layout
from erdgen.render.graphviz.messages import failure, judge
from erdgen.render.graphviz.process import (
    Handle,
    ask_fresh,
    ask_worker,
    can_fork,
    fork_worker,
    kill_group,
    send_away,
)
from erdgen.render.options import Options

__all__ = [
    "LAYOUT",
    "NOTHING",
    "Answer",
    "Ask",
    "Job",
    "parse_layout",
    "run",
    "worker",
    "worker_beforehand",
]

_USUAL = Options().timeout
"""Seconds that a picture may take where nobody says otherwise."""
Answer = tuple[tuple[bytes, ...], tuple[Diagnostic, ...]]
"""The bytes of each job, and Graphviz's warnings."""


class Ask(Protocol):
    """Has a worker draw; see `worker`."""

    def __call__(self, jobs: Sequence[Job], meanwhile: Iterator[bool] = ..., /) -> Answer:
        """Draw the jobs.

        Args:
            jobs: What is to be drawn.
            meanwhile: What this process does while the worker draws, in small steps: as many are
                taken as there is time for. Each is to yield True.
        """


NOTHING: Iterator[bool] = iter(())
"""What there is to do for whoever just waits."""


_BEFOREHAND: list[Handle] = []
"""The worker that waits for whoever draws first; at most one."""


@contextmanager
def worker_beforehand() -> Iterator[None]:
    """Start a worker for the first `worker` inside, which has Graphviz loaded by then.

    One with other options than the defaults starts its own.
    """
    if can_fork():
        with suppress(RenderError):  # whoever draws will be told
            _BEFOREHAND.append(fork_worker(False, _USUAL))
    try:
        yield
    finally:
        while _BEFOREHAND:
            send_away(_BEFOREHAND.pop())


def _start(system: bool, timeout: float) -> Handle:
    """Return a worker: the one that waits, if that is fit, else a new one."""
    if _BEFOREHAND and not system and timeout == _USUAL:
        return _BEFOREHAND.pop()._replace(deadline=time.monotonic() + timeout)
    return fork_worker(system, timeout)


@contextmanager
def worker(*, timeout: float, system: bool = False) -> Iterator[Ask]:
    """Start a worker and give the function that has it draw; it is gone at the end.

    The worker loads Graphviz at once, so whoever starts it early has that for nothing. What is
    given may be called several times; it raises `RenderError` when Graphviz is missing, failed,
    or took too long, and `KeyboardInterrupt` at once on Ctrl-C. Where the system has no process
    or descriptor left for the worker, this raises `RenderError` too.

    Args:
        timeout: Seconds that all of it may take.
        system: Whether to use the system's `dot`.
    """
    if not can_fork():

        def ask(jobs: Sequence[Job], _: Iterator[bool] = NOTHING, /) -> Answer:
            return _judge_answer(jobs, *ask_fresh(jobs, system, timeout), system)

        yield ask
        return
    handle = _start(system, timeout)

    def ask_fork(jobs: Sequence[Job], meanwhile: Iterator[bool] = NOTHING, /) -> Answer:
        return _judge_answer(jobs, *ask_worker(handle, jobs, meanwhile, timeout), system)

    try:
        yield ask_fork
    except BaseException:
        # what it may be doing still is of no use to anybody
        kill_group(handle.process)
        raise
    finally:
        send_away(handle)


def run(jobs: Sequence[Job], *, timeout: float, system: bool = False) -> Answer:
    """Draw the graphs in a worker of their own; see `worker`.

    Raises:
        RenderError: Graphviz is missing, failed, or took too long.
    """
    with worker(timeout=timeout, system=system) as ask:
        return ask(jobs)


def _judge_answer(
    jobs: Sequence[Job], answer: bytes, messages: str, ending: str, system: bool
) -> Answer:
    results = list(parse_answer(answer))
    said = messages.split("\0")
    failed = next((text for good, text in results if not good), None)
    if failed is not None or len(results) < len(jobs):
        told = said[len(results) - 1 if failed is not None else -1]
        raise failure((failed or b"").decode("utf-8", "replace") or ending, told, system)
    notes: list[Diagnostic] = []
    for text in said:
        notes.extend(judge(text))
    return tuple(data for _, data in results), tuple(notes)
