"""Boxes and lines in, places on a character grid out; knows nothing of entities or Markdown."""
