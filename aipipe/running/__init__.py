"""The loop, the pure state machine, limits, the budget, the summary."""
