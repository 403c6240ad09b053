"""What `when:` may say: a small language of comparisons, parsed and judged by our own hands."""
