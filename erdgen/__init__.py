"""Entity-relationship diagrams from a YAML model: text, pictures, kept fresh in Markdown."""

__version__ = "0.1.0"

OWN_PROCESS = False
"""Whether this process is a run of the command, so that nobody else uses what we load."""
