"""YAML in; located document, typed spec and diagnostics out."""
