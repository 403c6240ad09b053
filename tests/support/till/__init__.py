"""A provider that charges money: a server in a process of its own, with an account on disk."""
