"""What a stranger tries at the command line, knowing only what the documents promise."""
