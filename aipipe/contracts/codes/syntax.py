"""Codes of a file as text: what YAML, or what aipipe takes of it, forbids."""

from typing import Final

from aipipe.contracts.codes.code import Code, Kind

SYNTAX: Final = Kind(
    title="the file as text",
    codes=(
        Code(
            "empty_file",
            "the file is empty, or has only comments",
            "begin with  steps:; aipipe init  writes a file to change",
        ),
        Code("not_utf8", "the file is not UTF-8", "save it as UTF-8"),
        Code(
            "unprintable",
            "the file has a character that can't be seen",
            "remove it, or write it as an escape inside double quotes",
        ),
        Code(
            "several_documents",
            "a second document begins",
            "one file holds one pipeline: remove the '---', or move the rest",
        ),
        Code(
            "indentation",
            "a line is indented as no line above it",
            "line it up with the keys or entries that it belongs to",
        ),
        Code("tab", "a tab indents a line", "use spaces, two for each level"),
        Code(
            "no_colon",
            "a colon is missing behind a key",
            "write  key: value, and  '- '  before each entry of a list",
        ),
        Code("no_space", "a space is missing behind a colon", "write  key: value"),
        Code("colon_in_text", "a text with ': ' in it is not quoted", "quote it"),
        Code(
            "block_text",
            "a text behind '|' or '>' begins on the same line",
            "begin it on the next line, indented",
        ),
        Code(
            "open_bracket",
            "a bracket is never closed, or closed by another one",
            "close it, and put a comma between its entries",
        ),
        Code(
            "open_quote",
            "a quote is never closed, or closed some lines below",
            "close it; inside single quotes a quote is written twice",
        ),
        Code("text_after_quote", "something stands behind a quoted text", "quote the whole text"),
        Code(
            "escape",
            "a backslash in double quotes begins no escape",
            "use single quotes, or write a backslash twice",
        ),
        Code("quote_it", "a reference is not quoted where it must be", 'quote it:  "${{ … }}"'),
        Code(
            "special_character",
            "a text begins with a character that means something else",
            "quote it",
        ),
        Code(
            "tag",
            "a tag such as  !name  stands in the file",
            "remove it, or quote a text that begins with '!'",
        ),
        Code("directive", "a line that begins with '%' stands in the file", "remove it"),
        Code(
            "unknown_alias",
            "an alias names no anchor before it",
            "write the anchor's name, or quote a text that begins with '*'",
        ),
        Code(
            "alias_in_itself",
            "an alias stands inside what it stands for",
            "write out what is meant",
        ),
        Code(
            "alias_bomb",
            "aliases stand for more values than a file may have",
            "an alias repeats all that its anchor holds: use fewer",
        ),
        Code(
            "merge_key",
            "'<<' has something else than mappings behind it",
            "write the alias of a mapping, or a list of them",
        ),
        Code("key_not_text", "a key is not a text", "write a word, in quotes if need be"),
        Code("repeated_key", "a key stands twice in one mapping", "remove one of them"),
        Code("no_such_number", "a number is too large", "write it in quotes if it is a text"),
        Code("too_deep", "brackets or blocks are nested too deeply", "nest them less"),
        Code(
            "too_many_values",
            "the file has too many values",
            "put long lists into a .csv or .jsonl, and name it under  inputs",
        ),
        Code(
            "unexpected", "something stands where it can't", "quote texts with special characters"
        ),
        Code("yaml", "the file is no YAML", "look at the place that is named, and just above it"),
    ),
)
