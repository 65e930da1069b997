"""Text in, model out: one module a format, one table of the formats (`READERS`)."""
