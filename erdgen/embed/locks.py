"""Folders of projects in, a time during which no other run writes there out."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Iterator
from typing import Any

from erdgen.errors import Diagnostic, FileError, Place

_LOCK_SECONDS = 600.0
_LOCK_PAUSE = 0.02


@contextlib.contextmanager
def locked(roots: Iterable[str]) -> Iterator[None]:
    """Hold these project folders (real paths), so that two runs that write don't mix.

    The lock is on the folder itself: no lock file is left behind, and a killed run frees it. The
    folders above are held in common, so that a run over a part and one over the whole don't mix
    either; all runs take them in one order, so that none waits for another in a circle.

    Raises:
        FileError: Another run holds one of them for ten minutes.
    """
    try:
        import fcntl
    except ImportError:  # Windows: no lock on folders; each file is still written as a whole
        yield
        return
    descriptors: list[int] = []
    try:
        own = set(roots)
        above = {parent for root in own for parent in _parents(root)}
        for folder in sorted(own | above):
            try:
                descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
            except OSError:
                continue
            descriptors.append(descriptor)
            _wait_for(fcntl, descriptor, folder, alone=folder in own)
        yield
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _parents(folder: str) -> Iterator[str]:
    """Yield the folders above a folder.

    >>> list(_parents("/a/b"))
    ['/a', '/']
    """
    while (parent := os.path.dirname(folder)) != folder:
        yield parent
        folder = parent


def _wait_for(fcntl: Any, descriptor: int, folder: str, *, alone: bool) -> None:
    started = time.monotonic()
    mode = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
    while True:
        try:
            fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() - started > _LOCK_SECONDS:
                message = "another run of erdgen has been at work here for ten minutes"
                raise FileError(Diagnostic("locked", message, Place(folder))) from None
            time.sleep(_LOCK_PAUSE)
        except OSError:
            return  # a file system without locks
        else:
            return
