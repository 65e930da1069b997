"""The command line: one thin module a command, options, diagnostics, exit codes."""
