"""Kinds of pictures that the embedded engine draws: each a function of size, colours and chance."""
