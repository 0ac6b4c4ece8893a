"""What an import found, what it left out and why, and why a file cannot be read."""

from collections.abc import Mapping, Sequence

from bot.domain.bank_imports import SkippedText
from bot.ui.kit.catalog import N_, _, ngettext
from bot.ui.kit.words import Sentence, say

MB = 1024 * 1024


def _right_options(count: int) -> str:
    if not count:
        return _("no option is marked as right, and a quiz item needs one; I kept the question without it")
    return ngettext(
        "{number} option is marked as right, and a quiz item needs exactly one; I kept the question without it",
        "{number} options are marked as right, and a quiz item needs exactly one; I kept the question without it",
        count,
    )


def _control_lines(count: int) -> str:
    return ngettext(
        "{number} line has control characters, starting with this one; I removed them",
        "{number} lines have control characters, starting with this one; I removed them",
        count,
    )


def _more(count: int) -> str:
    return ngettext("{number} more like this follows", "{number} more like these follow", count)


SKIPS: Mapping[str, Sentence] = {
    "bank.answer_long": N_(
        "the answer has {chars:,} characters and a form holds {most:,}; I cut it at a paragraph"
    ),
    "bank.asked_twice": N_("the same question is on line {line}; I took it once"),
    "bank.column_unknown": N_("I don't know this column, so I left it out"),
    "bank.control_lines": _control_lines,
    "bank.control_signs": N_("a control character ({sign}) can't be shown; I left it out"),
    "bank.formula": N_("this looks like a spreadsheet formula; I put an apostrophe in front so that it stays text"),
    "bank.key_twice": N_("the key “{key}” appears twice in one object; I took the first"),
    "bank.line_not_json": N_("from here on, this isn't valid JSON"),
    "bank.more": _more,
    "bank.no_column": N_("I can't tell which column has the questions; name it “question”"),
    "bank.no_question": N_("there's no question in this entry; give it a “question”"),
    "bank.no_wording": N_("the question has no words"),
    "bank.not_asked": N_("I can't tell that this is a question; end it with a question mark or number it"),
    "bank.not_utf8": N_("the file isn't UTF-8; I read it as {name}, so check its accented letters"),
    "bank.option_long": N_("an option has {chars:,} characters, more than {most:,}; I left the quiz item out"),
    "bank.options_alike": N_("two options are the same; I left the quiz item out"),
    "bank.options_count": N_("a quiz item has {least} to {most} options, this one {count}; I left it out"),
    "bank.outside": N_("this doesn't belong to any question"),
    "bank.paragraph_long": N_("this paragraph is too long for any card"),
    "bank.part_long": N_("part of it is too long for a card; I kept the question, answer and quiz items"),
    "bank.points_left": N_(
        "a form has room for {most} key points of {chars} characters each; I left the others out"
    ),
    "bank.prompt_long": N_("the question has {chars:,} characters, and a card holds {most:,}; shorten it"),
    "bank.quotes": N_("a quotation mark isn't closed or isn't doubled; I read this line as is"),
    "bank.right_options": _right_options,
    "bank.row_empty": N_("this row has no question"),
    "bank.stem_long": N_("a quiz item's question has {chars:,} characters, more than {most:,}; I left it out"),
    "bank.too_many": N_("I take {most:,} questions per file; from here on, put them into another one"),
    "bank.topic_long": N_("the topic has {chars:,} characters; I cut it to {most:,}"),
}
"""Why something in a file was not taken as it stands, by code."""


def _too_large(size: int) -> str:
    return _("This file is {size:.1f} MB, and I can read up to 5 MB. Split it in two.", size=size / MB)


def _export_large(size: int, most: int) -> str:
    return _(
        "This file would be {size:.1f} MB, and I can send up to {most:.1f} MB here. Try "
        "`format:csv`, which is smaller.",
        size=size / MB,
        most=most / MB,
    )


def _export_several(packs: Sequence[str]) -> str:
    named = ", ".join(f"`{pack}`" for pack in packs)
    return _("A file holds one pack. Pick one of: {packs}.", packs=named)


REFUSALS: Mapping[str, Sentence] = {
    "bank.export_empty": N_(
        "`{pack}` has no questions right now, so there's nothing to export. Pick another `pack`."
    ),
    "bank.export_large": _export_large,
    "bank.export_several": _export_several,
    "bank.file_binary": N_("This isn't a text file. Save it as CSV, JSON, YAML or Markdown and try again."),
    "bank.file_empty": N_("This file is empty. Write your questions into it and try again."),
    "bank.file_encoding": N_(
        "I can't tell how this file is encoded (line {line}). Save it as UTF-8 and try again."
    ),
    "bank.file_format": N_("I can't read “.{ending}” files. Save it as .csv, .json, .yaml or .md and try again."),
    "bank.file_large": _too_large,
    "bank.file_lost": N_("I couldn't get that file from Discord. Nothing was saved; please send it again."),
    "bank.file_no_question": N_(
        "I found no questions in this file. Give each one a number, a heading or a question mark, and try again."
    ),
    "bank.file_slow": N_("This file takes me too long to read. Split it into smaller ones and try again."),
    "bank.import_asked": N_(
        "`{question_id}` has already been asked, so I left them all in. Use `/bank retire` to take single ones out."
    ),
    "bank.import_done": N_("This file has already been imported. Use `/bank packs` to see what you have."),
    "bank.import_gone": N_(
        "This preview is out of date, and nothing from it was saved. Use `/bank import` with your file again."
    ),
    "bank.import_nothing": N_("All of these questions are already in `{pack}`, so there's nothing to add."),
    "bank.import_undone": N_("This import was already taken back. Use `/bank import` with your file again."),
    "bank.json_number": N_(
        "This file has a number with thousands of digits. Write it as text, in quotation marks."
    ),
    "bank.not_json": N_("Line {line} isn't valid JSON: {about}."),
    "bank.too_deep": N_("This file is nested too deeply to be a list of questions."),
    "bank.yaml_alias": N_(
        "Line {line}: “{about}” refers to another place in the file. Write the text itself there instead."
    ),
    "bank.yaml_deep": N_("Line {line} is nested more than {about} levels deep, too deep for a list of questions."),
    "bank.yaml_invalid": N_("Line {line} isn't valid YAML: {about}."),
    "bank.yaml_sign": N_("Line {line} has a control character ({about}). Delete it and try again."),
    "bank.yaml_twice": N_("Line {line}: the key “{about}” appears a second time. Keep one of them."),
}


def why_skipped(skipped: SkippedText) -> str:
    """Why something was not taken, in a sentence."""
    return say(SKIPS[skipped.why.code], skipped.why.values)
