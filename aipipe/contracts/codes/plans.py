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
            "late_variable",
            "a variable is needed before the run that is known only when it runs",
            "give it a value that is written out",
        ),
        Code("output_reference", "an output is no step's", "write  ${{ steps.ID.output }}"),
        Code(
            "part",
            "a pipeline that a step uses can't be read",
            "correct its file",
        ),
        Code(
            "part_cycle",
            "a pipeline uses itself, or one that uses it",
            "let one of them use none of the others",
        ),
        Code(
            "too_many_parts",
            "pipelines are inside each other too deep, or used too often",
            "use fewer; for many items, one  batch_parallel",
        ),
        Code(
            "not_of_a_part",
            "a used pipeline says something that holds for whole runs alone",
            "say it in the pipeline that is run",
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
            "condition",
            "what 'when' says can't be judged: unlike kinds are compared, or what is no text",
            "compare texts with texts in quotes, and numbers with numbers",
        ),
        Code(
            "approve_in_batch",
            "a person would be asked for every item of a batch",
            "put  approve  on the batch itself, or on a step before or after it",
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
        Code(
            "no_matrix",
            "a value of a matrix is used outside of any",
            "give the step a  matrix:, or refer to something else",
        ),
        Code(
            "axis_taken",
            "a list of a matrix has a name that means something else",
            "call it by another name",
        ),
        Code(
            "axis_values",
            "a list of a matrix has no values, or some that it can't have",
            "list texts, numbers and flags, each once",
        ),
        Code(
            "unused_axis",
            "nothing uses a list of a matrix, so the same would be paid for several times",
            "put  ${{ matrix.NAME }}  where it belongs, or write  repeat: N",
        ),
        Code(
            "exclude",
            "'exclude' names what the matrix does not have",
            "take one of the values that the matrix lists",
        ),
        Code("nothing_left", "'exclude' leaves nothing of a matrix", "leave out less"),
        Code(
            "too_many_cells",
            "a matrix has more combinations than a plan holds",
            "take fewer values, or make a  batch_parallel  of them",
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
            "address_not_followed",
            "an address can't be followed",
            "write one that begins with http:// or https://, without a password in it",
        ),
        Code(
            "unknown_medium",
            "an address, or the 'type' beside it, does not say what kind of file is there",
            "write  {url: …, type: image}, or whatever it is",
        ),
        Code(
            "rows_at_address",
            "a batch can't take its rows from an address: how many there are is not known yet",
            "download the table and name its file, or split it into rows in a step before",
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
        Code(
            "no_way_to_choose",
            "nothing says which of several is the best",
            "give best_of  params: {by: …}  or a  judge",
        ),
        Code(
            "two_ways_to_choose",
            "a fact and a judge shall both say which is the best",
            "leave one of them out",
        ),
        Code(
            "fact_of_other_media",
            "what is chosen from has no such fact",
            "choose by one of those that the message names",
        ),
        Code(
            "judge_without_choice",
            "a merge that chooses nothing has a judge",
            "leave the judge out, or take  merge_strategy: best_of",
        ),
        Code(
            "judge_without_words",
            "a judge gives something else than a text",
            "take a step that answers with a text",
        ),
        Code(
            "judge_sees_nothing",
            "a judge's prompt takes the place of what it is to judge",
            "mention  ${{ item.value }}  in its prompt",
        ),
        Code(
            "race_counts_none",
            "a race counts successes or failures",
            "leave out  race,  or  min_success  and  max_failures",
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
        Code(
            "one_name_for_all_cells",
            "several cells of a matrix would be written to the same file",
            "put what varies into the name:  ${{ matrix.NAME }}",
        ),
    ),
)
