"""The ledger: what was asked for, what it came to and what it costs, kept across crashes."""
