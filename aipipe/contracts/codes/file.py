"""Codes of a file's keys and values, each looked at alone."""

from typing import Final

from aipipe.contracts.codes.code import Code, Kind

FILE: Final = Kind(
    title="the file's keys and values",
    codes=(
        Code(
            "no_pipeline",
            "the file is no mapping with  steps",
            "begin with  steps:  and indent the list under it",
        ),
        Code("missing_type", "a step has no type", "give it one:  type: text_to_image"),
        Code(
            "unknown_type", "no step type is called so", "take one of those that the message names"
        ),
        Code(
            "unknown_strategy",
            "no merge or split is called so",
            "take one of those that the message names",
        ),
        Code(
            "unknown_model",
            "no model of the step's type is called so",
            "take one of  aipipe models --type TYPE, or  provider:endpoint",
        ),
        Code(
            "no_service",
            "a file that should describe a service describes none",
            "compare it with  aipipe schema --service",
        ),
        Code(
            "service",
            "the file that describes the service has faults of its own",
            "correct them: each is told at its place in that file",
        ),
        Code(
            "header",
            "a header of a described service would hold a secret",
            "name the variable that holds it:  key: {variable: AIPIPE_KEY_…, header: …}",
        ),
        Code(
            "plain_http",
            "a key would travel over plain http",
            "take https; plain http is for servers of this machine",
        ),
        Code(
            "unknown_word",
            "a description uses a word that is no input and no parameter of a step",
            "take one of those that the message names",
        ),
        Code(
            "word_alone",
            "a reference stands inside a longer text",
            "let it stand alone; what belongs around it goes into the step's parameter",
        ),
        Code(
            "missing_param",
            "a described service needs a parameter that the step does not give",
            "add it to  params:  of the step",
        ),
        Code(
            "unknown_provider",
            "no provider is called so",
            "take one of those that the message names",
        ),
        Code(
            "unknown_key",
            "a key is not known there",
            "correct or remove it; keys of your own begin with  x-",
        ),
        Code(
            "unknown_param",
            "the step or its model has no such parameter",
            "take one of those that the message names: aipipe models NAME",
        ),
        Code("required_key", "a key that is needed is missing", "add it"),
        Code("both_keys", "two keys stand together that exclude each other", "keep one of them"),
        Code(
            "wrong_type",
            "a value is of another type than the one that is taken",
            "write it as the message says",
        ),
        Code("wrong_value", "a value can't be used there", "write it as the message says"),
        Code(
            "not_a_choice",
            "a value is none of those that can be chosen",
            "take one of those that the message names",
        ),
        Code(
            "out_of_bounds",
            "a number is too small or too large",
            "stay between the bounds that the message names",
        ),
        Code(
            "bad_name",
            "a name can't be used",
            "begin with a letter, and go on with letters, digits, '_' and '-'",
        ),
        Code("duplicate_id", "two steps have the same id", "give one of them another one"),
        Code(
            "reference_syntax",
            "a reference is not written as one",
            "write  ${{ steps.ID.output }}, or  $${{  for the characters themselves",
        ),
        Code(
            "unknown_variable",
            "the command line sets a variable that the file does not have",
            "declare it under  vars:, or correct its name",
        ),
        Code(
            "condition_syntax",
            "what 'when' says is no condition",
            "write it like  vars.quality == 'high' and steps.check.output in ['yes', 'ok']",
        ),
        Code(
            "earlier_form",
            "a form of the earlier tool, which is read as that of today",
            "nothing has to be done; aipipe migrate FILE rewrites it",
        ),
    ),
)
