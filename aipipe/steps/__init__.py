"""Step types that call a model, one file each."""
