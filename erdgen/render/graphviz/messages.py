"""What Graphviz says and how it fails: messages in, diagnostics and errors out."""

from __future__ import annotations

from collections.abc import Iterator

from erdgen.errors import Diagnostic, RenderError

_MISSING = (
    "install a pygraphviz wheel (`pip install 'pygraphviz>=2.0.4'`), or Graphviz itself and use"
    " --graphviz system"
)
_MISSING_SYSTEM = (
    "install Graphviz so that `dot` is on the PATH, or leave out --graphviz system to use the"
    " embedded one"
)


def _is_noise(line: str) -> bool:
    """Whether a message is one of the libraries below Graphviz, or nothing at all.

    >>> _is_noise('Fontconfig warning: "/usr/share"'), _is_noise("Warning: node a")
    (True, False)
    """
    return not line.strip() or line.startswith("Fontconfig ") or "(process:" in line


def judge(text: str) -> Iterator[Diagnostic]:
    r"""Turn Graphviz's messages into warnings; a message that is an error raises.

    >>> [note.message for note in judge("Warning: node a, port x\n unrecognized\n")]
    ['Graphviz: node a, port x unrecognized']

    Raises:
        RenderError: There is an error among the messages (an HTML label's, which Graphviz itself
            passes over).
    """
    messages: list[list[str]] = []
    for line in text.splitlines():
        if _is_noise(line):
            continue
        if messages and not line.startswith(("Warning:", "Error:")):
            messages[-1].append(line.strip())
        else:
            messages.append([line.strip()])
    errors = [" ".join(parts) for parts in messages if not parts[0].startswith("Warning:")]
    if errors:
        raise RenderError(
            Diagnostic("graphviz-failed", "Graphviz: " + "; ".join(errors).removeprefix("Error: "))
        )
    for parts in messages:
        said = " ".join(parts).removeprefix("Warning:").strip()
        yield Diagnostic("graphviz-warning", f"Graphviz: {said}", severity="warning")


def failure(reason: str, said: str, system: bool) -> RenderError:
    """Return the error for a job that has no (good) answer."""
    if reason.startswith(("ModuleNotFoundError", "ImportError", "ExecutableNotFound")):
        text = "there is no `dot` on this machine" if system else "pygraphviz cannot be loaded"
        detail = "" if system else f" ({reason.partition(': ')[2]})"
        return RenderError(
            Diagnostic(
                "graphviz-missing", text + detail, help=_MISSING_SYSTEM if system else _MISSING
            )
        )
    lines = [line.strip() for line in said.replace("\0", "").splitlines()]
    told = dict.fromkeys(line for line in lines if not _is_noise(line))
    return RenderError(
        Diagnostic("graphviz-failed", f"Graphviz could not draw this: {' '.join(told) or reason}")
    )


def too_slow(timeout: float) -> RenderError:
    """Return the error for a worker that took more than `timeout` seconds."""
    return RenderError(
        Diagnostic(
            "graphviz-timeout",
            f"Graphviz did not finish within {timeout:g} seconds",
            help="give it more with --timeout, or less to draw with --detail keys, --only,"
            " --around or --split",
        )
    )
