"""Every code that a user can meet, explained: in tables, run.json, events and diagnostics.

code       what is said of a code
providers  of calls to providers
runs       of a run: its cap, its steps, its ledger
work       of work on this machine: media, merges, splits, the store
syntax     of a file as text
file       of a file's keys and values
plans      of a file's steps together: references, slots, output names
commands   of commands that could not be carried out
registry   all of them
"""
