"""The command line: one small file per command. Only this room prints."""
