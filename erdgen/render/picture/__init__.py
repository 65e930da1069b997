"""Pictures: cards and lines placed by Graphviz, written as SVG, PNG and PDF."""
