"""Codes of a file's steps together: references, slots, items, output names."""

from typing import Final

from aipipe.contracts.codes.code import Code, Kind

PLANS: Final = Kind(
    title="the steps together",
    codes=(
        Code(
            "unknown_reference",
            "a reference names nothing that is known",
            "take one of those that the message names",
        ),
        Code("unknown_step", "no step has this id", "correct the id, or give that step one"),
        Code("automatic_id", "a step is meant that has no id of its own", "give it an  id:"),
        Code(
            "switched_off",
            "a step is meant that is switched off",
            "switch it on, or refer to another one",
        ),
        Code(
            "inside_another",
            "a step is meant that is inside a group, chain or batch",
            "refer to what it is inside",
        ),
        Code(
            "reference_to_later_step",
            "a step uses one that comes after it",
            "move it down, or the other one up",
        ),
        Code(
            "no_path",
            "a step's path is used, and its outputs stay in the store",
            "remove  save_intermediates: false, or use the step's output",
        ),
        Code("reference_to_itself", "a step uses its own result", "refer to another one"),
        Code("cycle", "steps wait for each other", "let one of them wait for none of the others"),
        Code(
            "enabled",
            "'enabled' is neither true nor false",
            "write  true, false  or  ${{ vars.NAME }}",
        ),
        Code(
            "nothing_enabled", "every step is switched off", "switch one on, or leave the whole out"
        ),
        Code(
            "var_not_given",
            "a variable has no value",
            "give it one with  --var NAME=VALUE, or a  default",
        ),
        Code(
            "no_prompt",
            "the prompt is used, and there is none",
            "--prompt TEXT, or  prompt:  at the top of the file",
        ),
        Code(
            "no_inputs",
            "the inputs are used, and there are none",
            "--input PATH, or  inputs:  at the top of the file",
        ),
        Code(
            "no_item",
            "an item is used outside of any batch",
            "move it into a batch, or refer to something else",
        ),
        Code(
            "no_columns",
            "a column is used, and the items have none",
            "take rows of a .csv or .jsonl as items",
        ),
        Code("no_items", "a batch has no items", "give it some"),
        Code(
            "nothing_to_batch",
            "no list arrives at a batch",
            "give it  inputs:, --input, or a  split_input  before it",
        ),
        Code(
            "mixed_items",
            "the items of a batch are of different kinds",
            "make a batch for each kind",
        ),
        Code(
            "duplicate_key",
            "two items have the same key",
            "give each another file name, or row  id",
        ),
        Code(
            "as_taken",
            "a batch's name already means something else",
            "choose another word for  as:",
        ),
        Code(
            "missing_file",
            "there is no such file",
            "correct the path; {text: …}  says that it is a text",
        ),
        Code(
            "is_a_folder",
            "a folder stands where a file is needed",
            "name a file in it",
        ),
        Code(
            "unknown_file",
            "a file's kind can't be told from its name",
            "end its name in the extension of what it is",
        ),
        Code("unreadable", "a file can't be read", "look at the file and at who may read it"),
        Code(
            "unreadable_rows",
            "rows of a file can't be read",
            "correct the line that the message names",
        ),
        Code("empty_input", "standard input is empty", "write something into the pipe"),
        Code(
            "missing_input",
            "nothing fills a slot that a step needs",
            "give it as a parameter, as  input:, or by a step before it",
        ),
        Code(
            "nothing_arrives",
            "nothing arrives at a merge or split",
            "give it an  input:, or a step before it",
        ),
        Code(
            "list_arrives",
            "a list arrives where one is needed",
            "make a  batch_parallel  of the step, or a  merge_outputs  before it",
        ),
        Code(
            "input_does_not_fit",
            "an input is of a medium that the step does not take",
            "give it what it takes, or name the slot",
        ),
        Code(
            "slot_type",
            "a slot is given another medium than its own",
            "give it what the message says",
        ),
        Code("unknown_slot", "a step has no such slot", "take one of those that the message names"),
        Code("one_slot_twice", "a slot is given twice, by two of its names", "keep one of them"),
        Code(
            "merge_does_not_fit",
            "the merge does not take what arrives",
            "take another  merge_strategy, or other parts",
        ),
        Code(
            "split_does_not_fit",
            "the split does not take what arrives",
            "take another  split_strategy, or something else to split",
        ),
        Code("min_success_too_high", "more must succeed than there are", "lower  min_success"),
        Code("param_type", "a parameter is given media or a list", "give it a number or a text"),
        Code(
            "unknown_count",
            "a count is not known before the run",
            "write a whole number, or a variable",
        ),
        Code(
            "not_text",
            "something that is no text stands inside a text",
            "let the reference be the whole value",
        ),
        Code(
            "no_local_engine",
            "the embedded engine has no such step",
            "take a model: aipipe models --type TYPE",
        ),
        Code(
            "retired_model",
            "a model was shut down, and another takes its place",
            "write the new name",
        ),
        Code(
            "model_ends_soon",
            "a model will be shut down",
            "take another one in time: aipipe models",
        ),
        Code(
            "voice",
            "a voice's name means another voice than it once did",
            "write the name that the message suggests, or leave it",
        ),
        Code(
            "workflow",
            "a model's file holds no workflow that ComfyUI could run",
            "export it again, in ComfyUI's API format",
        ),
        Code("unfit_file_name", "a name can't be that of an output", "choose another name"),
        Code(
            "outside_output_folder",
            "an output would leave the output folder",
            "name a file inside it; --output-dir  says where it is",
        ),
        Code(
            "wrong_extension",
            "an output's extension is none of its medium's",
            "end it in one that the message names",
        ),
        Code(
            "one_name_for_all_items",
            "every item would be written to the same file",
            "put  ${{ item.key }}  into the name",
        ),
    ),
)
