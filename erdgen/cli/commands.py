"""The table of the commands beside drawing: name, module, one line of help."""

from __future__ import annotations

COMMANDS: dict[str, str] = {
    "embed": "Put a diagram into a Markdown document.",
    "refresh": "Bring the diagrams in documents up to date, or check them.",
    "check": "Check model files.",
}
"""Command name -> one line of help; the module `erdgen.cli.NAME` has the click command NAME."""
