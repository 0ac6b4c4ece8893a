"""A solo quiz as its player sees it."""

from collections.abc import Mapping, Sequence

from bot.domain.bank import Bank, Difficulty, Option
from bot.domain.points import SOLO_DAILY_BOUND
from bot.services.quizzes import Quiz, Round
from bot.ui.kit.catalog import N_, _, ngettext
from bot.ui.kit.layouts import RIGHT_ACCENT, WRONG_ACCENT, Button, Page, progress
from bot.ui.kit.words import WORDING_SHOWN, Sentence, level, quoted
from bot.ui.mistakes import report_button
from bot.ui.reviews import review_button

LETTERS = "ABCD"
NOTHING_FITS = {
    Difficulty.EASY: N_("There are no easy quiz questions on {topic} yet. Topics that have some: {topics}."),
    Difficulty.MEDIUM: N_("There are no medium quiz questions on {topic} yet. Topics that have some: {topics}."),
    Difficulty.HARD: N_("There are no hard quiz questions on {topic} yet. Topics that have some: {topics}."),
}


def _nothing_fits(topics: Sequence[str], topic: str | None, difficulty: Difficulty | None) -> str:
    """What somebody reads whose wish no item fits; `topics` are those with items of this difficulty."""
    if not topics:
        return _("There are no quiz questions of this kind yet. Try another difficulty.")
    values = {"topic": topic, "topics": ", ".join(topics)}
    if difficulty is None:
        return _("There are no quiz questions on {topic} yet. Topics that have some: {topics}.", **values)
    return _(NOTHING_FITS[difficulty], **values)


REFUSALS: Mapping[str, Sentence] = {
    "quizzes.nothing_fits": _nothing_fits,
    "quizzes.only_open": N_(
        "Those quiz questions belong to the daily question that's open right now. Answer it "
        "first, or pick another topic."
    ),
    "quizzes.not_yours": N_("This isn't your quiz. Use `/quiz solo` to start your own."),
    "quizzes.round_gone": N_(
        "This one was taken out: its question is open right now, or left the bank. Use `/quiz solo` to go on."
    ),
    "quizzes.ended": N_(
        "This quiz ended when you started another one. Use `/quiz solo` to pick that one up or start over."
    ),
}


def round_page(asked: Round, note: str = "", *, feature: str = "quiz") -> Page:
    """One item with its four options and a button for each, which `feature` answers."""
    about = f"-# {quoted(asked.question.topic)} · {level(asked.question.difficulty_of(asked.item))}"
    head = f"{_count(asked)} {progress(asked.position, asked.of)}\n{about}"
    options = "\n".join(
        f"**{letter}** {option.text}" for letter, option in zip(LETTERS, asked.options, strict=False)
    )
    buttons = [
        Button(letter, f"mb:{feature}:pick:{asked.quiz_id}:{asked.position}:{index}", main=True)
        for index, letter in enumerate(LETTERS[: len(asked.options)])
    ]
    return Page(*filter(None, [note]), f"{head}\n### {asked.item.stem}", options, buttons=buttons)


def _count(asked: Round) -> str:
    return _("-# Question {number} of {questions}", number=asked.position + 1, questions=asked.of)


def verdict_page(quiz: Quiz, answered: Round, points: int | None, *, feature: str = "quiz") -> Page:
    """Right or wrong, why, and why each other option is wrong; the letters stay where they were."""
    assert answered.chosen is not None
    correct = next(i for i, option in enumerate(answered.options) if option.why is None)
    if answered.right:
        verdict = _right(LETTERS[correct], points)
    else:
        verdict = _(
            "### ❌ {chosen} is wrong; {letter} is right", chosen=LETTERS[answered.chosen], letter=LETTERS[correct]
        )
    lines = [_explained(index, option, answered.chosen) for index, option in enumerate(answered.options)]
    label = _("Next") if quiz.waiting else _("See the result")
    return Page(
        f"{_count(answered)} {progress(answered.position + 1, answered.of)}\n{answered.item.stem}",
        f"{verdict}\n{answered.item.explanation}",
        "\n".join(lines),
        buttons=[Button(label, f"mb:{feature}:next:{quiz.id}", main=True), report_button(answered.item.id)],
        accent=RIGHT_ACCENT if answered.right else WRONG_ACCENT,
    )


def _right(letter: str, points: int | None) -> str:
    said = _("### ✅ Right: {letter}", letter=letter)
    if points is None:
        bound = _("-# You've earned all {number} quiz points for today.", number=SOLO_DAILY_BOUND)
        return f"{said}\n{bound}"
    if not points:
        return said
    earned = ngettext("+{number} point", "+{number} points", points)
    return f"{said} · {earned}"


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
    title = _("### Your result")
    blocks = [f"{title}\n# {quiz.score} / {of}\n{progress(quiz.score, of)}"]
    if quiz.missed:
        numbers = {r.question.number: r.question for r in quiz.missed}
        missed = [f"- {q.number} · {quoted(q.wording, WORDING_SHOWN)}" for q in numbers.values()]
        again = _("**Worth another look**\n-# `/quiz review` brings these back until you know them.")
        blocks.append("\n".join([again, *missed]))
    elif of and quiz.difficulty is Difficulty.HARD:
        blocks.append(
            _("All correct! It doesn't get harder than that. Use `/progress` to see what to practice next.")
        )
    elif of:
        harder = Difficulty.MEDIUM if quiz.difficulty is Difficulty.EASY else Difficulty.HARD
        blocks.append(
            _("All correct! Try a harder one: `/quiz solo difficulty:{difficulty}`.", difficulty=level(harder))
        )
    return Page(*blocks, buttons=[Button(_("Go again"), again_id(quiz, bank), main=True), *review_button(due)])


def running_page(running: Quiz, fresh: str) -> Page:
    """What somebody reads who asks for a quiz while theirs is running; `fresh` is what a new one would be like."""
    answered = sum(r.chosen is not None for r in running.rounds)
    return Page(
        ngettext(
            "You have an unfinished quiz: {number} question, {answered} answered, {right} right so far.",
            "You have an unfinished quiz: {number} questions, {answered} answered, {right} right so far.",
            len(running.rounds),
            answered=answered,
            right=running.score,
        ),
        buttons=[
            Button(_("Continue"), f"mb:quiz:next:{running.id}", main=True),
            Button(_("Start a new one"), f"mb:quiz:fresh:{fresh}"),
        ],
    )


def again_id(quiz: Quiz, bank: Bank) -> str:
    """The custom_id that starts a quiz of the same kind."""
    return f"mb:quiz:again:{bank.topic_number(quiz.topic)}:{max(1, len(quiz.rounds))}:{quiz.difficulty or 'any'}"
