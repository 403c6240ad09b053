"""Codes of work on this machine: media, merges, splits, the store."""

from typing import Final

from aipipe.contracts.codes.code import Again, Code, Kind, Spent

WORK: Final = Kind(
    title="work on this machine",
    codes=(
        Code(
            "input.unreadable",
            "a file that a step takes can't be read",
            "look at the file and at who may read it",
        ),
        Code(
            "input.download",
            "a file that a step takes can't be had from its address",
            "open the address in a browser; run it again, or download the file and name it",
        ),
        Code("local.empty_text", "there is no text to speak or to show", "give the step a text"),
        Code(
            "local.needs_a_provider",
            "the embedded engine can't do this",
            "take a model instead of  local: aipipe models",
        ),
        Code(
            "local.nothing_to_describe",
            "there is neither a picture nor a text to go by",
            "give the step one of them",
        ),
        Code(
            "local.nothing_to_time",
            "subtitles have no video or sound to be timed against",
            "give one as  input: {video: …}  or  input: {audio: …}",
        ),
        Code(
            "local.size",
            "the picture would have more pixels than can be made here",
            "choose a smaller size or factor",
        ),
        Code(
            "local.speech_failed",
            "the speech engine failed",
            "run it again, and report it if it goes on",
            Spent.NO,
            Again.ATTEMPTS,
        ),
        Code(
            "local.unknown_language",
            "the embedded engine does not speak this language",
            "write it as a code such as 'en-us' or 'fr'",
        ),
        Code(
            "local.unknown_value",
            "a parameter has a value that the embedded engine does not know",
            "write one of those that the message names",
        ),
        Code(
            "local.unknown_voice",
            "the embedded engine has no such voice",
            "take one of  aipipe voices --provider local",
        ),
        Code(
            "local.wrong_input",
            "the embedded engine can't use what a slot was given",
            "give the slot one file or text of its medium",
        ),
        Code(
            "media.cannot_convert",
            "a file can't be written in the format that its name asks for",
            "end  output_file  in one of the formats that the message names; a result is kept",
            Spent.PERHAPS,
        ),
        Code(
            "media.no_sound",
            "the file has no sound track",
            "take another file, or leave the step out",
            Spent.PERHAPS,
        ),
        Code(
            "media.unknown",
            "the file is of no known format",
            "write it as one of the formats that aipipe reads",
            Spent.PERHAPS,
        ),
        Code(
            "media.unreadable",
            "the file is damaged, cut off, or not what its name says",
            "make or download it again",
            Spent.PERHAPS,
        ),
        Code(
            "merge.gap",
            "a part is missing, and parts of this merge go in pairs",
            "look at the step whose result is missing, and run it again",
        ),
        Code(
            "merge.nothing",
            "nothing is left to merge",
            "look at the steps whose results are missing",
        ),
        Code(
            "merge.no_score",
            "no answer of a judge has a number from 0 to 100",
            "ask the judge for a number from 0 to 100 and nothing else",
        ),
        Code(
            "merge.unpaired",
            "there are not as many sounds as pictures",
            "give one sound for each picture, one for all of them, or none",
        ),
        Code("merge.unknown_colour", "the colour is not known", "write its name, or  #rrggbb"),
        Code(
            "merge.wrong_input",
            "the merge can't use one of its parts",
            "merge parts of its medium, or use  merge_strategy: collect",
        ),
        Code(
            "split.failed",
            "what came can't be split as asked",
            "do what the message says about it or the parameter",
        ),
        Code(
            "split.too_many",
            "what is split is too small for its parts, or gives too many of them",
            "choose larger or fewer parts",
        ),
        Code(
            "store.missing",
            "the result was made, and is no longer in the store",
            "--rebuy  makes or buys it again",
            Spent.PERHAPS,
        ),
        Code(
            "store.damaged",
            "the store has something else under the result's name",
            "run the pipeline again with  --rebuy, which makes or buys it again",
            Spent.PERHAPS,
        ),
        Code(
            "store.undecodable",
            "what was made can't be read as its medium",
            "run it again: what a provider has answered is kept, and is not paid for twice",
            Spent.PERHAPS,
        ),
    ),
)
