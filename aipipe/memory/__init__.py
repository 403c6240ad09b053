"""What outlives a run: the store of finished media."""
