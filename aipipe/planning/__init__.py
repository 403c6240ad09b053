"""A pipeline's plan: references and slots resolved, ordered, priced."""
