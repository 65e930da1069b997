"""Text drawings: boxes, lines and labels in character cells, checked before they are printed."""
