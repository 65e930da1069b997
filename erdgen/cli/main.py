"""The command `erdgen`: finds the command that is meant, runs it, and turns errors into exit codes.

`erdgen MODEL …` draws, `erdgen COMMAND …` runs one of the commands of `COMMANDS`; their modules
are imported only when they are called, since start-up is a feature.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib import import_module
from itertools import pairwise
from typing import Any, cast

import click

import erdgen
from erdgen.cli.commands import COMMANDS, OUTPUT_FORMATS
from erdgen.errors import (
    EXIT_DEFECT,
    EXIT_ERROR,
    EXIT_FINE,
    EXIT_INTERRUPTED,
    Diagnostic,
    ErdgenError,
    FileError,
    nearest,
)

_DRAW = "draw"
"""The command behind `erdgen MODEL`; it has no name of its own on the command line."""

_HELP_COLUMNS = 100
_FULL = (errno.ENOSPC, errno.EDQUOT)
_SHORT = (errno.ENOMEM, errno.EAGAIN, errno.EMFILE, errno.ENFILE)
"""What a system says that has no more memory, processes or open files to give."""
_OWN_OPTIONS = ("--version", "--help", "-h")


class Program(click.Group):
    """The top level: commands that load lazily, and drawing when the first word is none."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the drawing command before the words unless a command is named."""
        if args and args[0] not in COMMANDS and args[0] not in _OWN_OPTIONS:
            _check_command(args)
            args = [_DRAW, *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        cmd_name: str,
    ) -> click.Command | None:
        """Import and return a command."""
        if cmd_name != _DRAW and cmd_name not in COMMANDS:
            return None
        module = import_module(f"erdgen.cli.{cmd_name}")
        return cast("click.Command", getattr(module, cmd_name))

    def get_help(self, ctx: click.Context) -> str:
        """Return the help of drawing with the commands under it."""
        draw = self.get_command(ctx, _DRAW)
        assert draw is not None  # noqa: S101 - it is in this package
        inner = click.Context(draw, parent=ctx, info_name=_DRAW, max_content_width=_HELP_COLUMNS)
        return draw.get_help(inner)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """Complete the first word: a command, a model file, or an option of drawing."""
        draw = self.get_command(ctx, _DRAW)
        assert draw is not None  # noqa: S101 - it is in this package
        inner = click.Context(draw, parent=ctx, info_name=_DRAW, resilient_parsing=True)
        # click's script for bash forgets at a file what it was told before
        files = [] if incomplete.startswith("-") else [_file_item(incomplete)]
        found = super().shell_complete(ctx, incomplete)
        return files + found + draw.shell_complete(inner, incomplete)


def _check_command(args: Sequence[str]) -> None:
    """Tell a mistyped command from a model file.

    Raises:
        FileError: The first word is no option and no file, but near a command's name, or before
            another word as only commands are.
    """
    word, following = args[0], args[1] if len(args) > 1 else "-"
    if {".", "/"} & set(word) or word[:1] in ("", "-") or os.path.exists(word):
        return
    hint = nearest(word, COMMANDS)
    if hint or not following.startswith("-"):
        message = f"there is neither a file nor a command '{word}'"
        help_ = f"did you mean '{hint}'?" if hint else f"the commands are {', '.join(COMMANDS)}"
        raise FileError(Diagnostic("unknown-command", message, help=help_))


def _file_item(incomplete: str) -> Any:
    from click.shell_completion import CompletionItem  # only for completion: start-up time

    return CompletionItem(incomplete, type="file")


@click.command(
    cls=Program,
    name="erdgen",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": _HELP_COLUMNS},
    no_args_is_help=True,
)
@click.version_option(erdgen.__version__, prog_name="erdgen")
def program() -> None:
    """Draw entity-relationship diagrams from a YAML model."""


def run() -> None:
    """Run the command line and end the process, without taking it apart.

    The interpreter would free every object of ours one by one, for a tenth of a small run's time;
    the operating system has it all back at once. All files are closed and all workers waited for
    or sent away by then, so nothing is left but what stands in the streams' buffers.
    """
    erdgen.OWN_PROCESS = True
    _occupy_streams()
    code = main(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):  # it is closed, or its reader is gone
            stream.flush()
    if sys.getprofile() or sys.gettrace():
        sys.exit(code)  # a profiler, debugger or coverage has its say at the end
    os._exit(code)


def _occupy_streams() -> None:
    """See that no file we open becomes standard input, output or error where one was closed."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stderr is None:
        # nobody hears what we say, but it must not fail
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - until exit


def main(args: Sequence[str]) -> int:
    """Run the command line and return the exit code; errors are reported on standard error."""
    try:
        result = program.main(args=list(args), prog_name="erdgen", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        sys.stderr.write(f"{error.format_message()}\n")
        return EXIT_ERROR
    except click.ClickException as error:
        _show_usage_error(error, args)
        return EXIT_ERROR
    except (click.Abort, KeyboardInterrupt):
        return EXIT_INTERRUPTED
    except ErdgenError as error:
        _tell(error.diagnostics, args)
        return error.exit_code
    except BrokenPipeError:
        # the reader has had enough
        _silence()
        return EXIT_FINE
    except Exception as error:
        problem = _explain(error)
        if problem is not None:
            _silence()
            _tell([problem], args)
            return EXIT_ERROR
        with suppress(OSError):
            _show_defect(error)
        return EXIT_DEFECT
    return result if isinstance(result, int) else EXIT_FINE


def _silence() -> None:
    with suppress(OSError):
        from erdgen.cli.files import silence_standard_output  # only at a bad end: start-up time

        silence_standard_output()


def _explain(error: Exception) -> Diagnostic | None:
    """Return what to say where the surroundings are at fault, None where we are."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return Diagnostic("unwritable-file", f"cannot write: {error.strerror}")
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _SHORT):
        message = (
            f"the system gives no more: {getattr(error, 'strerror', None) or 'memory is full'}"
        )
        help_ = "raise its limits (`ulimit -a` shows them), or draw less: --only, --around, --split"
        return Diagnostic("system-limit", message, help=help_)
    if isinstance(error, FileNotFoundError):
        try:
            os.getcwd()
        except FileNotFoundError:
            message = "the working directory does not exist any more"
            return Diagnostic("no-such-file", message, help="change to another one")
    return None


def _tell(diagnostics: Iterable[Diagnostic], args: Sequence[str]) -> None:
    """Report what is wrong; where nobody can hear it, the exit code says it alone."""
    with suppress(OSError):
        from erdgen.cli.diagnostics import report  # only when something is wrong: start-up time

        report(diagnostics, output_format_of(args))


def output_format_of(args: Sequence[str]) -> Any:
    """Return the --output-format among the words, for errors found before or after parsing."""
    for word, following in pairwise([*args, ""]):
        value = following if word == "--output-format" else word.partition("--output-format=")[2]
        if value in OUTPUT_FORMATS:
            return value
    return "full"


def _show_usage_error(error: click.ClickException, args: Sequence[str]) -> None:
    context = getattr(error, "ctx", None)
    message = error.format_message().rstrip(".")
    command = context.command_path if context is not None else "erdgen"
    command = command.removesuffix(f" {_DRAW}")
    help_ = f"`{command} --help` lists the options"
    _tell([Diagnostic("usage", f"{message[:1].lower()}{message[1:]}", help=help_)], args)


def _show_defect(error: Exception) -> None:
    """Say that this is erdgen's fault, where, and how to report it."""
    import traceback  # only after a defect: start-up time

    frames = traceback.extract_tb(error.__traceback__)
    where = ""
    if frames:
        name = frames[-1].filename.replace(os.sep, "/").rpartition("/erdgen/")[2]
        where = f" at {name}:{frames[-1].lineno} in {frames[-1].name}"
    sys.stderr.write(f"erdgen: error[defect]: {type(error).__name__}: {error}{where}\n")
    sys.stderr.write(
        f"  help: this is a defect of erdgen {erdgen.__version__}, not of your model; please report"
        " it with this line and the model, and the traceback that ERDGEN_TRACEBACK=1 shows\n"
    )
    if os.environ.get("ERDGEN_TRACEBACK"):
        traceback.print_exception(error)
