"""Writing questions: the forms, the preview, and what stands in a server's packs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import discord

from bot.domain.bank import OWN_PACK, Bank, Pack, Question
from bot.domain.bank_drafts import POINTS_CHARS, WHY_CHARS, ItemFields, Purpose, QuestionFields
from bot.domain.bank_limits import ANSWER_CHARS, OPTION_CHARS, PROMPT_CHARS, STEM_CHARS, TOPIC_CHARS
from bot.services.bank import DraftView
from bot.ui.bank import question_head, short_answer
from bot.ui.kit.forms import Form, fields
from bot.ui.kit.layouts import Button, Page, counted, paged
from bot.ui.kit.words import WORDING_SHOWN, Sentence, quoted

WRONG_CHARS = 1000
TITLES = {Purpose.ADD: "Add a question", Purpose.EDIT: "Edit a question", Purpose.SUGGEST: "Suggest a question"}
STORES = {Purpose.ADD: "Save it", Purpose.EDIT: "Save it", Purpose.SUGGEST: "Send it"}
DISCARDED = "Thrown away. Nothing was stored."
NOTHING_OWN = "There's no question of your own yet. `/bank add` writes the first one."
SHOWN = 5


def _shipped(question: Question) -> str:
    return f"`{question.id}` comes with Mockingbird, so it can't be changed. `/bank add` writes your own."


def _long(part: str, chars: int, most: int) -> str:
    return f"The {part} has {chars:,} characters, and a card holds {most:,}. Shorten it a bit."


REFUSALS: Mapping[str, Sentence] = {
    "bank.pack_shipped": "`{pack}` is read-only. Leave `pack` out, and it goes into your own.",
    "bank.pack_name": "“{text}” can't name a pack. Use 2 to 20 letters and digits, like `sql`.",
    "bank.question_shipped": _shipped,
    "bank.question_retired": "`{question_id}` was retired, so it isn't asked or edited anymore.",
    "bank.draft_gone": "That one was saved or thrown away already. `/bank add` or `/question suggest` starts over.",
    "bank.draft_long": _long,
    "bank.draft_sign": "The {part} has a sign that Discord can't show ({sign}). Delete it and send it again.",
    "bank.draft_empty": "The {part} is missing. Add it and send it again.",
    "bank.draft_topic": "“{topic}” can't be a topic. Give it a name with letters, like Joins.",
    "bank.draft_difficulty": "“{text}” isn't a difficulty. Write easy, medium or hard.",
    "bank.draft_points": "That's {count} key points, and a form offers {most} to tick. Merge a few.",
    "bank.item_many": "A question holds {most} quiz items. Take one out first.",
    "bank.item_wrong": "A quiz item needs 1 to {most} wrong answers, one a line; this has {count}.",
    "bank.item_alike": "Two of the answers are the same. Change one of them.",
}


def question_form(purpose: Purpose, custom_id: str, typed: QuestionFields) -> Form:
    """Asks for a question; it holds what was typed before."""
    form = Form(TITLES[purpose], custom_id)
    form.ask("prompt", "Question", value=typed.prompt[:PROMPT_CHARS], long=True, limit=PROMPT_CHARS)
    form.ask("topic", "Topic", hint="Joins", value=typed.topic[:TOPIC_CHARS], limit=TOPIC_CHARS)
    form.ask(
        "answer",
        "Model answer, if you have one",
        value=typed.answer[:ANSWER_CHARS],
        long=True,
        limit=ANSWER_CHARS,
        required=False,
    )
    if purpose is not Purpose.SUGGEST:
        form.ask(
            "key_points",
            "Key points, one a line",
            hint="Keeps every row of the left table",
            value=typed.key_points[:POINTS_CHARS],
            long=True,
            limit=POINTS_CHARS,
            required=False,
        )
        level = typed.difficulty or "medium"
        form.ask("difficulty", "Difficulty: easy, medium or hard", value=level[:10], limit=10, required=False)
    return form


def typed_question(interaction: discord.Interaction) -> QuestionFields:
    """What was typed into that form."""
    sent = fields(interaction)
    return QuestionFields(
        prompt=sent["prompt"],
        topic=sent["topic"],
        difficulty=sent.get("difficulty", ""),
        answer=sent["answer"],
        key_points=sent.get("key_points", ""),
    )


def item_form(draft_id: int, typed: ItemFields) -> Form:
    """Asks for a quiz item; it holds what was typed before."""
    form = Form("Add a quiz item", f"mb:bank:take:{draft_id}")
    form.ask("stem", "Quiz question", value=typed.stem[:STEM_CHARS], long=True, limit=STEM_CHARS)
    form.ask("correct", "Right answer", value=typed.correct[:OPTION_CHARS], limit=OPTION_CHARS)
    form.ask("wrong", "Wrong answers, one a line", value=typed.wrong[:WRONG_CHARS], long=True, limit=WRONG_CHARS)
    form.ask(
        "explanation",
        "Why it's right, shown after the choice",
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
        "-# What you typed is kept.",
        buttons=[
            Button("Try again", f"mb:bank:{verb}:{draft.id}", main=True),
            Button("Throw it away", f"mb:bank:drop:{draft.id}"),
        ],
    )


def question_blocks(question: Question, number: int) -> list[str]:
    """A question as its card, its reveal and its quiz items will show it."""
    shown = replace(question, number=number)
    blocks = [question_head(shown), *short_answer(shown)]
    for item in question.items:
        options = [f"✅ {item.correct}", *(f"▫️ {distractor.text}" for distractor in item.distractors)]
        blocks.append("\n".join([f"**Quiz item** {item.stem}", *options]))
    return blocks


def near_block(near: Sequence[Question]) -> list[str]:
    """Questions that ask much the same; nothing where there is none."""
    if not near:
        return []
    lines = "\n".join(f"- `{question.id}` {quoted(question.wording, WORDING_SHOWN)}" for question in near)
    return [f"⚠️ **This looks a lot like what's already there**\n{lines}"]


def preview_pages(view: DraftView, results: Sequence[str] = ()) -> list[Page]:
    """A draft as the card will look, with the steps that are left; below it how the question did so far."""
    draft, question = view.draft, view.question
    assert question is not None
    buttons = [
        Button(STORES[draft.purpose], f"mb:bank:store:{draft.id}", main=True),
        Button("Change it", f"mb:bank:again:{draft.id}"),
    ]
    if draft.purpose is not Purpose.SUGGEST:
        buttons.append(Button("Add a quiz item", f"mb:bank:item:{draft.id}"))
    if question.items:
        buttons.append(Button("Take the last item out", f"mb:bank:unitem:{draft.id}"))
    buttons.append(Button("Throw it away", f"mb:bank:drop:{draft.id}"))
    note = "-# This is a preview: nothing is stored yet."
    return paged([*near_block(view.near), note, *question_blocks(question, view.number), *results], buttons)


def stored_page(question: Question, count: int, pack: str, *, drawn: bool) -> Page:
    """A question was stored; `drawn` is whether a channel draws from its pack."""
    hint = "" if drawn else f"\nNo channel draws from `{pack}` yet: `/setup packs:{pack}` changes that."
    return Page(
        f"Saved as `{question.id}`. `{pack}` has {counted(count, 'question')} now.{hint}",
        buttons=[Button("Add another", f"mb:bank:more:{pack}", main=True)],
    )


def retire_page(question: Question) -> Page:
    """Asks before a question is retired."""
    return Page(
        f"### {question.wording}\nRetire `{question.id}`? It won't be asked again; its history stays.",
        buttons=[Button("Retire it", f"mb:bank:retire:{question.id}", danger=True)],
    )


def retired_text(question: Question) -> str:
    """A question was retired."""
    return f"`{question.id}` is retired. Its history stays."


def packs_page(bank: Bank, waiting: int) -> Page:
    """What there is, with counts and what lacks content."""
    blocks = [_pack_block(pack) for pack in bank.packs]
    if not bank.own.packs:
        blocks.append(NOTHING_OWN)
    buttons = [Button("Results", "mb:bank:results", main=True), Button("Add a question", "mb:bank:more:ours")]
    if waiting:
        buttons.append(Button(f"Review {counted(waiting, 'suggestion')}", "mb:suggest:list:0"))
    return Page(*blocks[:SHOWN], *(["\n".join(blocks[SHOWN:])] if blocks[SHOWN:] else []), buttons=buttons)


def _pack_block(pack: Pack) -> str:
    bare = [question for question in pack.questions if question.spoken is None]
    unasked = [question for question in pack.questions if not question.items]
    title = "Your own questions" if pack.id == OWN_PACK else quoted(pack.title)
    kind = "yours" if pack.editions else "read-only"
    items = sum(len(question.items) for question in pack.questions)
    lines = [
        f"**{title}** · `{pack.id}` · {kind}",
        f"{counted(len(pack.questions), 'question')} in {counted(len(pack.topics), 'topic')}, "
        f"{counted(items, 'quiz item')}",
    ]
    if bare:
        lines.append(f"-# Without a model answer: {_ids(bare)}")
    if unasked:
        lines.append(f"-# Without quiz items: {_ids(unasked)}")
    retired = len({edition.question.id for edition in pack.editions}) - len(pack.questions)
    if pack.editions and retired:
        lines.append(f"-# {counted(retired, 'question')} retired")
    return "\n".join(lines)


def _ids(found: Sequence[Question]) -> str:
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return ", ".join(f"`{question.id}`" for question in found[:SHOWN]) + more
