"""Each module holds one command: parse, call, print, return the exit code."""
