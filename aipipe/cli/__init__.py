"""The command line: every word that the user sees."""
