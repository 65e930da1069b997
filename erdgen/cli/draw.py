"""`erdgen MODEL [-o FILE]...`: reads a model, selects a part, renders it, writes the outputs."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any, NamedTuple

import click

import erdgen
from erdgen.cli.commands import COMMANDS, make_reporting
from erdgen.cli.options import given_values, make_parameters
from erdgen.errors import Diagnostic, FileError, OptionError, nearest
from erdgen.render import WRITERS, Output, format_of, render, select_part, start_worker
from erdgen.render.options import (
    DOCUMENT_WIDTH,
    Options,
    Value,
    judge_defaults,
    make_options,
    parse_defaults,
)


class Target(NamedTuple):
    """One output: a path (`-` for standard output) and the format it gets."""

    path: str
    format: str


class DrawCommand(click.Command):
    """Drawing has no word of its own on the command line, and its help lists the commands."""

    allow_extra_args = True
    """So that what to do instead can be said."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words apart.

        Raises:
            OptionError: There is a second model.
        """
        others = super().parse_args(ctx, args)
        if others and not ctx.resilient_parsing:
            help_ = "erdgen draws one model at a time; an output is named after -o"
            message = f"one model too many: {others[0]}"
            raise OptionError(Diagnostic("usage", message, help=help_))
        return others

    def make_parser(self, ctx: click.Context) -> Any:
        """Return a parser that knows `-o` at once.

        Click's looks among the long names first and, for a message that nobody gets to see, for
        those that are spelt like it: 4 ms.
        """
        parser = super().make_parser(ctx)
        with suppress(AttributeError):  # another click than we know
            parser._long_opt |= parser._short_opt
        return parser

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write both forms of the command line."""
        del ctx  # click's signature
        formatter.write_usage("erdgen", "MODEL [-o FILE]... [OPTIONS]")
        formatter.write_usage("erdgen", "COMMAND [ARGS]...", prefix="       ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options by section, then the commands and some examples."""
        own = [option for option in self.get_params(ctx) if option.name in _OUTPUT]
        for title, options in [("Output", own), *_PARAMETERS]:
            records = [option.get_help_record(ctx) for option in options]
            if title == "Output":
                records.append(("--version", "Show the version."))
            with formatter.section(title):
                formatter.write_dl([record for record in records if record])
        with formatter.section("Formats"):
            formatter.write_dl(
                [(" ".join([name, *row.suffixes]), row.help) for name, row in WRITERS.items()]
            )
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))
        with formatter.section("Examples"):
            formatter.write_dl(
                [
                    ("erdgen model.yaml", "the diagram on the terminal"),
                    ("erdgen model.yaml -o erd.svg -o erd.png", "two pictures in one run"),
                    ("erdgen model.yaml --around Order --depth 2", "a neighbourhood"),
                    ("erdgen model.yaml -f list", "one relationship a line"),
                    ("erdgen refresh --check docs", "which diagrams are stale (for CI)"),
                ]
            )


_OUTPUT = ("output", "format_name", "output_format", "quiet", "help")
_PARAMETERS: list[tuple[str, list[click.Parameter]]] = make_parameters()


def _draw(model: str, output: tuple[str, ...], format_name: str | None, **rest: Any) -> int:
    """Draw the entity-relationship diagram of MODEL, a YAML file (`-` reads standard input).

    Without -o the text drawing is printed on the terminal, at the terminal's width.
    """
    if not model:
        raise FileError(Diagnostic("no-such-file", "the name of the model file is empty"))
    targets = _find_targets(output, format_name)
    with start_worker(target.format for target in targets):
        said = _draw_targets(model, targets, rest)
    if said and not rest["quiet"]:
        from erdgen.cli.diagnostics import report  # only when there is something: start-up time

        report(said, rest["output_format"])
    return 0


def _draw_targets(
    model: str, targets: list[Target], parameters: Mapping[str, object]
) -> tuple[Diagnostic, ...]:
    """Read the model, render and write the targets, and return what there is to say."""
    from erdgen.cli.settings import find_settings
    from erdgen.read import read_file

    with _waiting(quiet=bool(parameters["quiet"])):
        reading = read_file(model, judge=judge_defaults)
        if erdgen.OWN_PROCESS:
            gc.freeze()  # what was read stays to the end: nothing for the collector to look at
        _check_kept(reading.files, targets)
        values: dict[str, Value] = dict(
            find_settings("" if model == "-" else os.path.dirname(model))
        )
        values |= parse_defaults(reading.graph.model.diagram)
        values |= given_values(parameters)
        options = make_options(values)
        graph = select_part(reading.graph, options)
        outputs = [
            (target, render(graph, target.format, _fit(options, values, target)))
            for target in targets
        ]
    write_outputs(outputs)
    notes = [note for _, result in outputs for note in result.notes]
    return tuple(dict.fromkeys([*reading.warnings, *notes]))


def _waiting(*, quiet: bool) -> AbstractContextManager[None]:
    """Return what tells on a terminal that a run takes long."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        return nullcontext()
    from erdgen.cli.waiting import told_to_wait  # only on a terminal: start-up time

    return told_to_wait(sys.stderr)


def _check_kept(files: tuple[str, ...], targets: list[Target]) -> None:
    """See that no output would take the place of what somebody has written.

    That is a file that the model was read from, or a document that erdgen keeps fresh.

    Raises:
        OptionError: One would.
    """
    for target in targets:
        if any(_same_file(target.path, file) for file in files):
            message = f"the output '{target.path}' is a file of the model itself"
            raise OptionError(Diagnostic("output-is-model", message, help="name another file"))
        if target.path.lower().endswith((".md", ".mdx", ".markdown")) and _has_regions(target.path):
            message = f"the output '{target.path}' is a document with diagrams between markers"
            help_ = "`erdgen refresh` brings them up to date; name another file for the tables"
            raise OptionError(Diagnostic("output-is-document", message, help=help_))


def _has_regions(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return b"erdgen:begin" in file.read()
    except OSError:  # there is none yet
        return False


def _find_targets(output: tuple[str, ...], format_name: str | None) -> list[Target]:
    """Return what is to be written, each with its format.

    Raises:
        OptionError: A suffix means no format, or two outputs are one file.
    """
    if not output:
        return [Target("-", format_name or "text")]
    targets: list[Target] = []
    problems: list[Diagnostic] = []
    for path in output:
        found = _find_format(path, format_name)
        if path != "-" and os.path.isdir(path):
            message = f"the output '{path}' is a folder"
            problems.append(Diagnostic("output-is-folder", message, help="name a file in it"))
        elif found is None:
            problems.append(_unknown_suffix(path))
        elif any(_same_file(path, target.path) for target in targets):
            message = f"'{path}' is named twice as an output"
            problems.append(Diagnostic("double-output", message))
        else:
            targets.append(Target(path, found))
    if problems:
        raise OptionError(problems)
    return targets


def _find_format(path: str, format_name: str | None) -> str | None:
    """Return the format of an output: the one that is named, else what its suffix means.

    What is named may come in the form that the suffix asks for: `-f states -o states.svg`.
    """
    by_suffix = "text" if path == "-" else format_of(_suffix(path))
    if format_name and f"{format_name}-{by_suffix}" in WRITERS:
        return f"{format_name}-{by_suffix}"
    return format_name or by_suffix


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1]


def _same_file(path: str, other: str) -> bool:
    """Return whether two names mean one file, also by links or the case of their letters."""
    if "-" in (path, other):
        return path == other
    try:
        # what a hard link is written through is written in place
        return os.path.samefile(path, other)
    except OSError:
        return os.path.realpath(path) == os.path.realpath(other)


def _unknown_suffix(path: str) -> Diagnostic:
    known = [suffix for row in WRITERS.values() for suffix in row.suffixes]
    hint = nearest(_suffix(path), known, slips_only=True) if _suffix(path) else ""
    what = f"the suffix '{_suffix(path)}' means no format" if _suffix(path) else "it has no suffix"
    return Diagnostic(
        "unknown-format",
        f"output '{path}': {what}",
        help=(f"did you mean '{hint}'? " if hint else "")
        + f"known are {' '.join(known)}; or name the format with -f",
    )


def _fit(options: Options, values: Mapping[str, Value], target: Target) -> Options:
    """Return the options with the width that the target gives a text drawing, and its name."""
    if target.path != "-":
        options = options._replace(file=os.path.basename(target.path))
    if "width" in values:
        return options
    width = DOCUMENT_WIDTH
    if target.path == "-" and _is_terminal():
        import shutil  # only for a terminal: start-up time

        # a drawing that fills the last column makes some terminals wrap
        width = max(shutil.get_terminal_size((DOCUMENT_WIDTH, 24)).columns, 20)
    return options._replace(width=width)


def write_outputs(outputs: list[tuple[Target, Output]]) -> None:
    """Write everything that was rendered: files atomically, then standard output.

    Raises:
        FileError: A file cannot be written.
        OptionError: A picture would go to a terminal, or several pages of one to a pipe.
    """
    from erdgen.cli.files import write_files, write_standard_output

    terminal = _is_terminal()
    for target, result in outputs:
        row = WRITERS[target.format]
        several = len(result.pages) > 1 and not row.joins
        if target.path == "-" and (several or (row.binary and terminal)):
            where = "one stream as several pages" if several else "a terminal"
            message = f"the format {target.format} is not written to {where}"
            raise OptionError(Diagnostic("binary-output", message, help="name a file with -o"))
    files = [
        (_page_path(target.path, page.name), page.data)
        for target, result in outputs
        if target.path != "-"
        for page in result.pages
    ]
    if files:
        write_files(files)
    for target, result in outputs:
        if target.path == "-":
            joined = b"\n".join(page.data for page in result.pages)
            write_standard_output(joined)


def _page_path(path: str, name: str) -> str:
    """Return the file of a page: `erd.svg`, or `erd-sales.svg` for the page `sales`."""
    stem, suffix = os.path.splitext(path)
    return f"{stem}-{name}{suffix}" if name else path


def _is_terminal() -> bool:
    # a process that was started with a closed standard output has none
    return sys.stdout is not None and sys.stdout.isatty()


draw = DrawCommand(
    "draw",
    callback=_draw,
    help=_draw.__doc__,
    context_settings={"help_option_names": ["-h", "--help"]},
    params=[
        click.Argument(["model"], type=click.Path(allow_dash=True)),
        click.Option(
            ["-o", "--output"],
            multiple=True,
            metavar="FILE",
            type=click.Path(allow_dash=True),
            help="Write FILE; its suffix names the format. May be given several times; - is "
            "standard output.",
        ),
        click.Option(
            ["-f", "--format", "format_name"],
            type=click.Choice(list(WRITERS)),
            metavar="FORMAT",
            help="The format, whatever the suffix says (see Formats).",
        ),
        *make_reporting(),
        *(option for _, group in _PARAMETERS for option in group),
    ],
)
