"""The shapes that rooms hand to each other: frozen data and plain functions."""
