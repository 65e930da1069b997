"""The command line: one thin module a command, options, diagnostics, exit codes."""

import gc

# a run is short and makes few cycles: the collector's usual pace costs a tenth of start-up
gc.set_threshold(200_000, 20, 20)
