"""A solo quiz as its player sees it."""

from collections.abc import Mapping, Sequence

from bot.domain.bank import Bank, Difficulty, Option
from bot.domain.points import SOLO_DAILY_BOUND
from bot.services.quizzes import Quiz, Round
from bot.ui.kit.layouts import RIGHT_ACCENT, WRONG_ACCENT, Button, Page, counted, progress
from bot.ui.kit.words import WORDING_SHOWN, Sentence, quoted
from bot.ui.mistakes import report_button
from bot.ui.reviews import review_button

LETTERS = "ABCD"


def _nothing_fits(topics: Sequence[str], topic: str | None, difficulty: Difficulty | None) -> str:
    """What somebody reads whose wish no item fits; `topics` are those with items of this difficulty."""
    if not topics:
        return "There are no quiz items of this kind yet. Try another difficulty."
    items = f"{difficulty} items" if difficulty else "items"
    return f"There are no {items} on {topic or 'this'} yet. Topics with {items}: {', '.join(topics)}."


REFUSALS: Mapping[str, Sentence] = {
    "quizzes.nothing_fits": _nothing_fits,
    "quizzes.only_open": (
        "Items like that belong to the question that's open right now. Answer it first, or pick another topic."
    ),
    "quizzes.not_yours": "This isn't your quiz. `/quiz solo` starts your own.",
    "quizzes.round_gone": (
        "This round was taken out: its question is open right now, or left the bank. `/quiz solo` goes on."
    ),
    "quizzes.ended": (
        "This quiz ended when you started another one. `/quiz solo` picks that one up or starts over."
    ),
}


def round_page(asked: Round, note: str = "", *, feature: str = "quiz") -> Page:
    """One item with its four options and a button for each, which `feature` answers."""
    head = f"-# Question {asked.position + 1} of {asked.of} {progress(asked.position, asked.of)}\n"
    head += f"-# {quoted(asked.question.topic)} · {asked.question.difficulty_of(asked.item)}"
    options = "\n".join(
        f"**{letter}** {option.text}" for letter, option in zip(LETTERS, asked.options, strict=False)
    )
    buttons = [
        Button(letter, f"mb:{feature}:pick:{asked.quiz_id}:{asked.position}:{index}", main=True)
        for index, letter in enumerate(LETTERS[: len(asked.options)])
    ]
    return Page(*filter(None, [note]), f"{head}\n### {asked.item.stem}", options, buttons=buttons)


def verdict_page(quiz: Quiz, answered: Round, points: int | None, *, feature: str = "quiz") -> Page:
    """Right or wrong, why, and why each other option is wrong; the letters stay where they were."""
    assert answered.chosen is not None
    correct = next(i for i, option in enumerate(answered.options) if option.why is None)
    if answered.right:
        verdict = f"### ✅ Right: {LETTERS[correct]}" + (f" · +{counted(points, 'point')}" if points else "")
        verdict += f"\n-# You have the {SOLO_DAILY_BOUND} quiz points of today." if points is None else ""
    else:
        verdict = f"### ❌ {LETTERS[answered.chosen]} is wrong; {LETTERS[correct]} is right"
    lines = [_explained(index, option, answered.chosen) for index, option in enumerate(answered.options)]
    label = "Next" if quiz.waiting else "See the result"
    return Page(
        f"-# Question {answered.position + 1} of {answered.of} {progress(answered.position + 1, answered.of)}\n"
        f"{answered.item.stem}",
        f"{verdict}\n{answered.item.explanation}",
        "\n".join(lines),
        buttons=[Button(label, f"mb:{feature}:next:{quiz.id}", main=True), report_button(answered.item.id)],
        accent=RIGHT_ACCENT if answered.right else WRONG_ACCENT,
    )


def _explained(index: int, option: Option, chosen: int) -> str:
    """An option after the choice: which one was right, which one was taken, and why it is wrong."""
    if option.why is None:
        return f"✅ **{LETTERS[index]}** {option.text}"
    return f"{'❌' if index == chosen else '▫️'} **{LETTERS[index]}** {option.text}" + (
        f"\n-# {option.why}" if option.why else ""
    )


def result_page(quiz: Quiz, bank: Bank, due: int) -> Page:
    """The score, what was missed, and the way on; `due` cards wait to be reviewed."""
    of = len(quiz.rounds)
    blocks = [f"### Your result\n# {quiz.score} / {of}\n{progress(quiz.score, of)}"]
    if quiz.missed:
        numbers = {r.question.number: r.question for r in quiz.missed}
        missed = "\n".join(f"- {q.number} · {quoted(q.wording, WORDING_SHOWN)}" for q in numbers.values())
        blocks.append(f"**To look at again**\n-# `/quiz review` brings these back until you know them.\n{missed}")
    elif of:
        harder = Difficulty.MEDIUM if quiz.difficulty is Difficulty.EASY else Difficulty.HARD
        following = f"Try a harder one: `/quiz solo difficulty:{harder}`."
        if quiz.difficulty is Difficulty.HARD:
            following = "There's none harder; `/progress` says what to practice next."
        blocks.append(f"Everything right. {following}")
    return Page(*blocks, buttons=[Button("Go again", again_id(quiz, bank), main=True), *review_button(due)])


def running_page(running: Quiz, fresh: str) -> Page:
    """What somebody reads who asks for a quiz while theirs is running; `fresh` is what a new one would be like."""
    answered = sum(r.chosen is not None for r in running.rounds)
    return Page(
        f"You have an unfinished quiz: {counted(len(running.rounds), 'item')}, {answered} answered, "
        f"{running.score} right so far.",
        buttons=[
            Button("Go on", f"mb:quiz:next:{running.id}", main=True),
            Button("Start a new one", f"mb:quiz:fresh:{fresh}"),
        ],
    )


def again_id(quiz: Quiz, bank: Bank) -> str:
    """The custom_id that starts a quiz of the same kind."""
    return f"mb:quiz:again:{bank.topic_number(quiz.topic)}:{max(1, len(quiz.rounds))}:{quiz.difficulty or 'any'}"
