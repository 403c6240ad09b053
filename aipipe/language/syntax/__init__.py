"""What is wrong with a text that is no YAML: a judge for each mistake."""
