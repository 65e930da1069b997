"""A long run in, a line on the terminal that says how long it has been at work out."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO


@contextmanager
def told_to_wait(stream: TextIO, seconds: float = 1.0) -> Iterator[None]:
    """Say on a terminal every so many seconds that a drawing is being made.

    A timer does it, since with a second thread no worker could be forked; Windows has none, and
    nothing is said there.
    """
    if os.environ.get("TERM") == "dumb":
        yield
        return
    import signal  # only on a terminal: start-up time

    started = time.monotonic()
    descriptor = stream.fileno()
    said = False

    def tell(*_: object) -> None:
        nonlocal said
        said = True
        text = f"\rdrawing, {time.monotonic() - started:.0f} s\x1b[K"
        with suppress(OSError):  # the terminal is gone
            os.write(descriptor, text.encode())

    try:
        before = signal.signal(signal.SIGALRM, tell)
    except (AttributeError, ValueError):  # Windows, or a thread that is not the first
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if said:
            with suppress(OSError):
                os.write(descriptor, b"\r\x1b[K")
