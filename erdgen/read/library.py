"""What reading needs of PyYAML: its errors, its events, and its C parser where there is one.

The package brings patterns, constructors and dumpers along that nobody here uses; they take 10 ms,
more than reading and laying out a small model. In a process that is ours alone the parser is
therefore loaded without them; a program that uses erdgen as a library gets PyYAML as it is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.machinery import PathFinder
from types import ModuleType
from typing import Any, NamedTuple

import erdgen


class Library(NamedTuple):
    """The parts of PyYAML.

    Attributes:
        error: Its module of that name, with what all its errors have in common.
        events: Its module of that name.
        c_parser: Bytes -> a parser of events; None where PyYAML was built without.
    """

    error: Any
    events: Any
    c_parser: Callable[[bytes], object] | None


@cache
def load() -> Library:
    """Return PyYAML's parts."""
    if erdgen.OWN_PROCESS and "yaml" not in sys.modules:
        with suppress(Exception):  # another version, or no C parser: the usual way tells
            return _load_parser()
    from yaml import __with_libyaml__, error, events

    if not __with_libyaml__:
        return Library(error, events, None)
    from yaml._yaml import CParser

    return Library(error, events, CParser)


def _load_parser() -> Library:
    """Return the C parser and what it cannot do without.

    Whoever imports `yaml` later gets all of it, but the C parser keeps its own error classes, and
    the package does not know its submodules `error` and `events` by name.

    Raises:
        Exception: The parser wants more than that.
    """
    package = ModuleType("yaml")
    package.__path__ = PathFinder.find_spec("yaml").submodule_search_locations  # type: ignore[union-attr, assignment] # it is told by an exception
    sys.modules["yaml"] = package
    try:
        from yaml import error, events, nodes, tokens  # noqa: F401 - the parser looks for them

        # of the other modules it takes the error classes alone
        for name in ("reader", "emitter", "serializer", "representer"):
            _stand_in(package, name, error.YAMLError)
        for name in ("scanner", "parser", "composer", "constructor"):
            _stand_in(package, name, error.MarkedYAMLError)
        from yaml._yaml import CParser
    finally:
        del sys.modules["yaml"]
    return Library(error, events, CParser)


def _stand_in(package: ModuleType, name: str, kind: type) -> None:
    """Give a package a module that holds the error class of the real one."""
    module = ModuleType(f"yaml.{name}")
    title = f"{name.title()}Error"
    setattr(module, title, type(title, (kind,), {}))
    setattr(package, name, module)
