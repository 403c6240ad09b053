"""The commands, one a file: `command`, whose signature is its options, and `EXAMPLES`."""
