"""Entity-relationship diagrams from a YAML model, as text and as pictures, kept fresh in Markdown."""

__version__ = "0.1.0"
