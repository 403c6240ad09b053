"""The composition root: finds plug-ins, prepares a pipeline, runs it."""
