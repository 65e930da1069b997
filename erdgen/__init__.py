"""Entity-relationship diagrams from a YAML model: text, pictures, kept fresh in Markdown."""

__version__ = "0.1.0"
