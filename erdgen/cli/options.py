"""The options of a drawing as click options, built from `erdgen.render.options`' one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from erdgen.errors import Diagnostic, OptionError
from erdgen.render.options import ALIASES, SECTIONS, Option, Value, parse_value

F = TypeVar("F", bound=Callable[..., Any])

_METAVARS = {
    "number": "N",
    "decimal": "X",
    "names": "NAME,...",
    "width": "COLUMNS",
    "text": "TEXT",
}


class OptionType(click.ParamType):  # type: ignore[type-arg]  # generic only in the newest click
    """A click type that reads a value by the table's rules."""

    def __init__(self, option: Option) -> None:
        self.option = option
        self.name = option.name

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Value:
        """Return the checked value.

        Raises:
            OptionError: It is none of this option's.
        """
        del param, ctx  # click's signature
        if not isinstance(value, str):
            return value  # type: ignore[return-value]  # click converts values twice
        try:
            found = parse_value(self.option, value)
        except OptionError as error:
            # a slip of the command line, as others are
            problems = [item._replace(code="usage") for item in error.diagnostics]
            raise OptionError(problems) from error
        if found == ():
            # an empty variable of a script must not mean all entities
            message = f"'--{self.option.name}' names nothing"
            raise OptionError(Diagnostic("usage", message))
        return found

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        param: click.Parameter,  # noqa: ARG002 - click's signature
        incomplete: str,
    ) -> list[Any]:
        """Return the choices that begin as the word does."""
        from click.shell_completion import CompletionItem  # only for completion: start-up time

        if self.option.name == "theme":
            return [CompletionItem(incomplete, type="file")]
        return [
            CompletionItem(choice)
            for choice in self.option.choices
            if choice.startswith(incomplete)
        ]


def make_parameters() -> list[tuple[str, list[click.Parameter]]]:
    """Return click options for the whole table: section title and its options.

    Every default is None, so that what was not given can come from elsewhere.
    """
    return [
        (title, [_make_parameter(option) for option in options])
        for title, options in SECTIONS.items()
    ]


def _make_parameter(option: Option) -> click.Option:
    if option.kind == "flag":
        return click.Option([f"--{option.name}/--no-{option.name}"], default=None, help=option.help)
    metavar = _METAVARS.get(option.kind, "")
    if option.kind in ("choice", "split"):
        choices = "|".join(option.choices) + ("|N" if option.kind == "split" else "")
        metavar = f"[{choices}]"
    aliases = [alias for alias, name in ALIASES.items() if name == option.name]
    return click.Option(
        [f"--{name}" for name in (option.name, *aliases)],
        type=OptionType(option),
        default=None,
        metavar=metavar,
        multiple=option.kind == "names",
        help=_with_default(option),
    )


def _with_default(option: Option) -> str:
    """Return an option's help with what holds where nobody says otherwise, if it is a value."""
    if "[default: " in option.help or option.default in (None, "", (), 0):
        return option.help
    shown = f"{option.default:g}" if isinstance(option.default, float) else option.default
    return f"{option.help}  [default: {shown}]"


def given_values(parameters: Mapping[str, object]) -> dict[str, Value]:
    """Return the values that were given on the command line, by option name with dashes."""
    values: dict[str, Value] = {}
    for options in SECTIONS.values():
        for option in options:
            value = parameters.get(option.name.replace("-", "_"))
            if option.kind == "names":
                # several --only add up, each may hold a list
                value = tuple(name for names in _tuples(value) for name in names) or None
            if value is not None:
                values[option.name] = value  # type: ignore[assignment]
    return values


def _tuples(value: object) -> tuple[tuple[str, ...], ...]:
    return value if isinstance(value, tuple) else ()
