"""The forms of the earlier tool's pipelines: read as those of today, told, and rewritten.

forms      the table: every old form with that of today
changes    what a change is, and a document after a list of them
finding    which changes a document needs
params     the same of a step's parameters
texts      the same of references inside texts
telling    the changes as notes
rewriting  the changes made in the file's text, by places
entries    where an entry of a mapping begins and ends in the text
"""
