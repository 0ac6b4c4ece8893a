"""Writing questions: the forms, the preview, and what stands in a server's packs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import discord

from bot.domain.bank import OWN_PACK, Bank, Difficulty, Pack, Question
from bot.domain.bank_drafts import POINTS_CHARS, WHY_CHARS, ItemFields, Purpose, QuestionFields
from bot.domain.bank_limits import ANSWER_CHARS, OPTION_CHARS, PROMPT_CHARS, STEM_CHARS, TOPIC_CHARS
from bot.services.bank import DraftView
from bot.ui.bank import question_head, short_answer
from bot.ui.kit.catalog import N_, _, ngettext, pgettext
from bot.ui.kit.forms import Form, fields
from bot.ui.kit.layouts import Button, Page, paged
from bot.ui.kit.typed import in_english
from bot.ui.kit.words import WORDING_SHOWN, Sentence, level, quoted

WRONG_CHARS = 1000
TITLES = {
    Purpose.ADD: N_("Add a question"),
    Purpose.EDIT: N_("Edit a question"),
    Purpose.SUGGEST: N_("Suggest a question"),
}
STORES = {Purpose.ADD: N_("Save it"), Purpose.EDIT: N_("Save it"), Purpose.SUGGEST: N_("Send it")}
NOTHING_OWN = N_("You have no questions of your own yet. Use `/bank add` to write the first one.")
SHOWN = 5


def _shipped(question: Question) -> str:
    return _(
        "`{question}` comes with Mockingbird, so it can't be changed. Use `/bank add` to write your own.",
        question=question.id,
    )


LONG = {
    "wording": N_("The wording has {chars:,} characters, and a card holds {most:,}. Shorten it a bit."),
    "topic": N_("The topic has {chars:,} characters, and a card holds {most:,}. Shorten it a bit."),
    "answer": N_("The answer has {chars:,} characters, and a card holds {most:,}. Shorten it a bit."),
    "key points": N_("The key points have {chars:,} characters, and a card holds {most:,}. Shorten them a bit."),
    "key point": N_("The key point has {chars:,} characters, and a card holds {most:,}. Shorten it a bit."),
    "quiz question": N_("The quiz question has {chars:,} characters, and a card holds {most:,}. Shorten it a bit."),
    "right answer": N_("The right answer has {chars:,} characters, and a card holds {most:,}. Shorten it a bit."),
    "wrong answer": N_("The wrong answer has {chars:,} characters, and a card holds {most:,}. Shorten it a bit."),
    "explanation": N_("The explanation has {chars:,} characters, and a card holds {most:,}. Shorten it a bit."),
}
UNSHOWN = {
    "wording": N_("The wording has a character that Discord can't show ({sign}). Remove it and try again."),
    "topic": N_("The topic has a character that Discord can't show ({sign}). Remove it and try again."),
    "answer": N_("The answer has a character that Discord can't show ({sign}). Remove it and try again."),
    "key points": N_("The key points have a character that Discord can't show ({sign}). Remove it and try again."),
    "key point": N_("The key point has a character that Discord can't show ({sign}). Remove it and try again."),
    "quiz question": N_(
        "The quiz question has a character that Discord can't show ({sign}). Remove it and try again."
    ),
    "right answer": N_(
        "The right answer has a character that Discord can't show ({sign}). Remove it and try again."
    ),
    "wrong answer": N_(
        "The wrong answer has a character that Discord can't show ({sign}). Remove it and try again."
    ),
    "explanation": N_("The explanation has a character that Discord can't show ({sign}). Remove it and try again."),
}
MISSING = {
    "wording": N_("The wording is missing. Add it and try again."),
    "quiz question": N_("The quiz question is missing. Add it and try again."),
    "right answer": N_("The right answer is missing. Add it and try again."),
}
"""What is wrong with a part of a question that was typed."""


def _long(part: str, chars: int, most: int) -> str:
    return _(LONG[part], chars=chars, most=most)


def _unshown(part: str, sign: str) -> str:
    return _(UNSHOWN[part], sign=sign)


def _missing(part: str) -> str:
    return _(MISSING[part])


def _many_points(count: int, most: int) -> str:
    return ngettext(
        "That's {number} key point, and a form has room for {most}. Merge a few.",
        "That's {number} key points, and a form has room for {most}. Merge a few.",
        count,
        most=most,
    )


REFUSALS: Mapping[str, Sentence] = {
    "bank.pack_shipped": N_("`{pack}` is read-only. Leave `pack` out to put it in your own."),
    "bank.pack_name": N_("“{text}” can't be a pack's name. Use 2 to 20 letters and digits, like `sql`."),
    "bank.question_shipped": _shipped,
    "bank.question_retired": N_("`{question_id}` is retired, so it can't be asked or edited anymore."),
    "bank.draft_gone": N_(
        "That one was already saved or discarded. Use `/bank add` or `/question suggest` to start over."
    ),
    "bank.draft_long": _long,
    "bank.draft_sign": _unshown,
    "bank.draft_empty": _missing,
    "bank.draft_topic": N_("“{topic}” can't be a topic. Give it a name with letters, like Joins."),
    "bank.draft_difficulty": N_("“{text}” isn't a difficulty. Write easy, medium or hard."),
    "bank.draft_points": _many_points,
    "bank.item_many": N_("A question can have {most} quiz items. Remove one first."),
    "bank.item_wrong": N_("A quiz item needs 1 to {most} wrong answers, one per line; this one has {count}."),
    "bank.item_alike": N_("Two of the answers are the same. Change one of them."),
}


def question_form(purpose: Purpose, custom_id: str, typed: QuestionFields) -> Form:
    """Asks for a question; it holds what was typed before."""
    form = Form(_(TITLES[purpose]), custom_id)
    form.ask("prompt", _("Question"), value=typed.prompt[:PROMPT_CHARS], long=True, limit=PROMPT_CHARS)
    form.ask("topic", _("Topic"), hint=_("Joins"), value=typed.topic[:TOPIC_CHARS], limit=TOPIC_CHARS)
    form.ask(
        "answer",
        _("Model answer, if you have one"),
        value=typed.answer[:ANSWER_CHARS],
        long=True,
        limit=ANSWER_CHARS,
        required=False,
    )
    if purpose is not Purpose.SUGGEST:
        form.ask(
            "key_points",
            _("Key points, one per line"),
            hint=_("Keeps every row of the left table"),
            value=typed.key_points[:POINTS_CHARS],
            long=True,
            limit=POINTS_CHARS,
            required=False,
        )
        levels = {difficulty.value: level(difficulty) for difficulty in Difficulty}
        said = levels.get(typed.difficulty or Difficulty.MEDIUM, typed.difficulty)
        label = _("Difficulty: easy, medium or hard")
        form.ask("difficulty", label, value=said[:10], limit=10, required=False)
    return form


def typed_question(interaction: discord.Interaction) -> QuestionFields:
    """What was typed into that form."""
    sent = fields(interaction)
    return QuestionFields(
        prompt=sent["prompt"],
        topic=sent["topic"],
        difficulty=in_english(sent.get("difficulty", ""), *Difficulty),
        answer=sent["answer"],
        key_points=sent.get("key_points", ""),
    )


def item_form(draft_id: int, typed: ItemFields) -> Form:
    """Asks for a quiz item; it holds what was typed before."""
    form = Form(_("Add a quiz item"), f"mb:bank:take:{draft_id}")
    form.ask("stem", _("Quiz question"), value=typed.stem[:STEM_CHARS], long=True, limit=STEM_CHARS)
    form.ask("correct", _("Right answer"), value=typed.correct[:OPTION_CHARS], limit=OPTION_CHARS)
    form.ask(
        "wrong", _("Wrong answers, one per line"), value=typed.wrong[:WRONG_CHARS], long=True, limit=WRONG_CHARS
    )
    form.ask(
        "explanation",
        _("Why it's right, shown after the choice"),
        value=typed.explanation[:WHY_CHARS],
        long=True,
        limit=WHY_CHARS,
        required=False,
    )
    return form


def typed_item(interaction: discord.Interaction) -> ItemFields:
    """What was typed into that form."""
    sent = fields(interaction)
    return ItemFields(**{name: sent.get(name, "") for name in ("stem", "correct", "wrong", "explanation")})


def again_page(view: DraftView, why: str) -> Page:
    """What was typed cannot be stored; nothing of it is lost."""
    draft = view.draft
    verb = "item" if draft.fields.pending is not None else "again"
    return Page(
        why,
        _("-# What you typed is kept."),
        buttons=[
            Button(_("Try again"), f"mb:bank:{verb}:{draft.id}", main=True),
            Button(_("Discard it"), f"mb:bank:drop:{draft.id}"),
        ],
    )


def question_blocks(question: Question, number: int) -> list[str]:
    """A question as its card, its reveal and its quiz items will show it."""
    shown = replace(question, number=number)
    blocks = [question_head(shown), *short_answer(shown)]
    for item in question.items:
        options = [f"✅ {item.correct}", *(f"▫️ {distractor.text}" for distractor in item.distractors)]
        blocks.append("\n".join([_("**Quiz item** {question}", question=item.stem), *options]))
    return blocks


def near_block(near: Sequence[Question]) -> list[str]:
    """Questions that ask much the same; nothing where there is none."""
    if not near:
        return []
    lines = "\n".join(f"- `{question.id}` {quoted(question.wording, WORDING_SHOWN)}" for question in near)
    return ["\n".join((_("⚠️ **This looks a lot like a question you have**"), lines))]


def preview_pages(view: DraftView, results: Sequence[str] = ()) -> list[Page]:
    """A draft as the card will look, with the steps that are left; below it how the question did so far."""
    draft, question = view.draft, view.question
    assert question is not None
    buttons = [
        Button(_(STORES[draft.purpose]), f"mb:bank:store:{draft.id}", main=True),
        Button(_("Edit it"), f"mb:bank:again:{draft.id}"),
    ]
    if draft.purpose is not Purpose.SUGGEST:
        buttons.append(Button(_("Add a quiz item"), f"mb:bank:item:{draft.id}"))
    if question.items:
        buttons.append(Button(_("Remove the last item"), f"mb:bank:unitem:{draft.id}"))
    buttons.append(Button(_("Discard it"), f"mb:bank:drop:{draft.id}"))
    note = _("-# This is a preview: nothing is saved yet.")
    return paged([*near_block(view.near), note, *question_blocks(question, view.number), *results], buttons)


def discarded_text() -> str:
    """A draft was thrown away."""
    return _("Discarded. Nothing was saved.")


def stored_page(question: Question, count: int, pack: str, *, drawn: bool) -> Page:
    """A question was stored; `drawn` is whether a channel draws from its pack."""
    saved = ngettext(
        "Saved as `{question}`. `{pack}` now has {number} question.",
        "Saved as `{question}`. `{pack}` now has {number} questions.",
        count,
        question=question.id,
        pack=pack,
    )
    hint = _("No channel uses `{pack}` yet. To change that, use `/setup packs:{pack}`.", pack=pack)
    return Page(
        saved if drawn else f"{saved}\n{hint}",
        buttons=[Button(_("Add another"), f"mb:bank:more:{pack}", main=True)],
    )


def retire_page(question: Question) -> Page:
    """Asks before a question is retired."""
    return Page(
        _(
            "### {wording}\nRetire `{question}`? It won't be asked again; its history stays.",
            wording=question.wording,
            question=question.id,
        ),
        buttons=[Button(_("Retire it"), f"mb:bank:retire:{question.id}", danger=True)],
    )


def retired_text(question: Question) -> str:
    """A question was retired."""
    return _("`{question}` is retired. Its history stays.", question=question.id)


def packs_page(bank: Bank, waiting: int) -> Page:
    """What there is, with counts and what lacks content."""
    blocks = [_pack_block(pack) for pack in bank.packs]
    if not bank.own.packs:
        blocks.append(_(NOTHING_OWN))
    buttons = [
        Button(_("Results"), "mb:bank:results", main=True),
        Button(_("Add a question"), "mb:bank:more:ours"),
    ]
    if waiting:
        review = ngettext("Review {number} suggestion", "Review {number} suggestions", waiting)
        buttons.append(Button(review, "mb:suggest:list:0"))
    return Page(*blocks[:SHOWN], *(["\n".join(blocks[SHOWN:])] if blocks[SHOWN:] else []), buttons=buttons)


def _pack_block(pack: Pack) -> str:
    bare = [question for question in pack.questions if question.spoken is None]
    unasked = [question for question in pack.questions if not question.items]
    title = _("Your own questions") if pack.id == OWN_PACK else quoted(pack.title)
    kind = pgettext("pack", "yours") if pack.editions else pgettext("pack", "read-only")
    items = sum(len(question.items) for question in pack.questions)
    quizzes = ngettext("{number} quiz item", "{number} quiz items", items)
    lines = [
        f"**{title}** · `{pack.id}` · {kind}",
        f"{_in_topics(len(pack.questions), len(pack.topics))}, {quizzes}",
    ]
    if bare:
        lines.append(_("-# Without a model answer: {questions}", questions=_ids(bare)))
    if unasked:
        lines.append(_("-# Without quiz items: {questions}", questions=_ids(unasked)))
    retired = len({edition.question.id for edition in pack.editions}) - len(pack.questions)
    if pack.editions and retired:
        lines.append(ngettext("-# {number} question retired", "-# {number} questions retired", retired))
    return "\n".join(lines)


def _in_topics(questions: int, topics: int) -> str:
    """How many questions there are; both numbers decide about their nouns."""
    of = ngettext("{number} topic", "{number} topics", topics)
    return ngettext("{number} question in {topics}", "{number} questions in {topics}", questions, topics=of)


def _ids(found: Sequence[Question]) -> str:
    ids, more = ", ".join(f"`{question.id}`" for question in found[:SHOWN]), len(found) - SHOWN
    if more <= 0:
        return ids
    return ngettext("{questions} and {number} more", "{questions} and {number} more", more, questions=ids)
