"""What an import found, what it left out and why, and why a file cannot be read."""

from collections.abc import Mapping, Sequence

from bot.domain.bank_imports import SkippedText
from bot.ui.kit.catalog import N_, _, ngettext
from bot.ui.kit.words import Sentence, say

MB = 1024 * 1024


def _right_options(count: int) -> str:
    if not count:
        return _("no option is marked right and a quiz item needs one; I kept the question without it")
    return ngettext(
        "{number} option is marked right and a quiz item needs one; I kept the question without it",
        "{number} options are marked right and a quiz item needs one; I kept the question without it",
        count,
    )


def _control_lines(count: int) -> str:
    return ngettext(
        "{number} line has control characters, this one first; I left the characters out",
        "{number} lines have control characters, this one first; I left the characters out",
        count,
    )


def _more(count: int) -> str:
    return ngettext("{number} more place like these follows", "{number} more places like these follow", count)


SKIPS: Mapping[str, Sentence] = {
    "bank.answer_long": N_(
        "the answer has {chars:,} characters and a form holds {most:,}; I cut it at a paragraph"
    ),
    "bank.asked_twice": N_("the same question is on line {line}; I took it once"),
    "bank.column_unknown": N_("I don't know this column, so I left it out"),
    "bank.control_lines": _control_lines,
    "bank.control_signs": N_("a control character ({sign}) can't be shown; I left it out"),
    "bank.formula": N_("this looks like a spreadsheet formula; I put an apostrophe in front so that it stays text"),
    "bank.key_twice": N_("the key “{key}” stands twice in one object; I took the first"),
    "bank.line_not_json": N_("from here on this isn't valid JSON"),
    "bank.more": _more,
    "bank.no_column": N_("I can't tell which column has the questions; name it “question”"),
    "bank.no_question": N_("there is no question in this entry; give it a “question”"),
    "bank.no_wording": N_("the question has no words"),
    "bank.not_asked": N_("I can't tell that this is a question; end it with a question mark or number it"),
    "bank.not_utf8": N_("the file isn't UTF-8; I read it as {name}, so look at its accents"),
    "bank.option_long": N_("an option has {chars:,} characters, more than {most:,}; I left the quiz item out"),
    "bank.options_alike": N_("two options are the same; I left the quiz item out"),
    "bank.options_count": N_("a quiz item has {least} to {most} options, this one {count}; I left it out"),
    "bank.outside": N_("this belongs to no question"),
    "bank.paragraph_long": N_("this paragraph is too long for any card"),
    "bank.part_long": N_("a part of it is longer than a card holds; I kept question, answer and quiz items"),
    "bank.points_left": N_("a form ticks {most} key points of {chars} characters; I left out the others"),
    "bank.prompt_long": N_("the question has {chars:,} characters and fits no card beyond {most:,}; shorten it"),
    "bank.quotes": N_("a quotation mark isn't closed or isn't doubled; I read this line as it stands"),
    "bank.right_options": _right_options,
    "bank.row_empty": N_("this row has no question"),
    "bank.stem_long": N_("a quiz item's question has {chars:,} characters, more than {most:,}; I left it out"),
    "bank.too_many": N_("I take {most:,} questions from one file; split it from here on"),
    "bank.topic_long": N_("the topic has {chars:,} characters; I cut it to {most:,}"),
}
"""Why something in a file was not taken as it stands, by code."""


def _too_large(size: int) -> str:
    return _("This file has {size:.1f} MB, and I read 5 MB at most. Split it in two.", size=size / MB)


def _export_large(size: int, most: int) -> str:
    return _(
        "This file would have {size:.1f} MB, and I can send {most:.1f} MB here. Try `format:csv`, which is "
        "smaller.",
        size=size / MB,
        most=most / MB,
    )


def _export_several(packs: Sequence[str]) -> str:
    named = ", ".join(f"`{pack}`" for pack in packs)
    return _("A file holds one pack. Name one of: {packs}.", packs=named)


REFUSALS: Mapping[str, Sentence] = {
    "bank.export_empty": N_("`{pack}` has no questions now, so there's nothing to export. Name another `pack`."),
    "bank.export_large": _export_large,
    "bank.export_several": _export_several,
    "bank.file_binary": N_("This isn't a text file. Save it as CSV, JSON, YAML or Markdown and try again."),
    "bank.file_empty": N_("This file is empty. Write your questions into it and try again."),
    "bank.file_encoding": N_(
        "I can't tell how this file is encoded (line {line}). Save it as UTF-8 and try again."
    ),
    "bank.file_format": N_("I can't read “.{ending}” files. Save it as .csv, .json, .yaml or .md and try again."),
    "bank.file_large": _too_large,
    "bank.file_lost": N_("I couldn't get that file from Discord. Nothing was stored; please send it again."),
    "bank.file_no_question": N_(
        "I found no question in this file. Give each one a number, a heading or a question mark, and try again."
    ),
    "bank.file_slow": N_("This file takes me too long to read. Split it into smaller ones and try again."),
    "bank.import_asked": N_(
        "`{question_id}` has been asked already, so I left them all in. `/bank retire` takes single ones out."
    ),
    "bank.import_done": N_("This file is imported already. `/bank packs` shows what you have."),
    "bank.import_gone": N_(
        "This preview is out of date, and nothing of it is stored. `/bank import` reads your file again."
    ),
    "bank.import_nothing": N_("All of these questions are in `{pack}` already, so there's nothing to add."),
    "bank.import_undone": N_("This import was taken back already. `/bank import` reads your file again."),
    "bank.json_number": N_(
        "This file has a number with thousands of digits. Write it as text, in quotation marks."
    ),
    "bank.not_json": N_("Line {line} isn't valid JSON: {about}."),
    "bank.too_deep": N_("This file is nested too deep to be a list of questions."),
    "bank.yaml_alias": N_(
        "Line {line}: “{about}” refers to another place in the file. Write its text there instead."
    ),
    "bank.yaml_deep": N_("Line {line} is nested more than {about} levels deep, too deep for a list of questions."),
    "bank.yaml_invalid": N_("Line {line} isn't valid YAML: {about}."),
    "bank.yaml_sign": N_("Line {line} has a control character ({about}). Delete it and try again."),
    "bank.yaml_twice": N_("Line {line}: the key “{about}” is there a second time. Keep one of them."),
}


def why_skipped(skipped: SkippedText) -> str:
    """Why something was not taken, in a sentence."""
    return say(SKIPS[skipped.why.code], skipped.why.values)
