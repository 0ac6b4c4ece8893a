"""Makes the pictures of README and docs: most from the demo. `make screenshots`."""

import asyncio
import io
import re
import tempfile
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from playwright.async_api import Browser, Locator, expect

from bot.domain.bank import Question
from bot.storage.bank_files import shipped_pack
from bot.ui.charts import palette
from bot.ui.charts.fonts import font_files
from bot.ui.charts.questions import DRAWINGS
from bot.ui.charts.rendering import render
from tests.browser.demo import PATIENCE, Demo, Room, chromium, open_room, running_demo

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
ANSWERS = {
    "Anna": "Without a non-linearity, stacked layers collapse into one linear map.",
    "Chen": "The bend carves out regions: no line separates XOR, two ReLU units do.",
}

OWN_TOPICS = {
    "Caching": ("a write-through cache", "a cache stampede", "an eviction policy", "a TTL", "a bloom filter"),
    "Queues": ("a dead letter queue", "a consumer group", "a partition", "backpressure", "an offset"),
    "Databases": ("a covering index", "a deadlock", "a read replica", "an isolation level", "a query plan"),
}
ASKED = (
    ("What is {} for?", "Say what goes wrong without {}."),
    ("When would you do without {}?", "Name the cost of {} and a load that is too small for it."),
)
PACK = shipped_pack("genai")
QUESTIONS = (*PACK.questions, *shipped_pack("genai-2026").questions)
"""What the demo's server may ask."""
WIDE, CARD_HIGH = 1366, 1356
"""As wide as messages are, in dots, and how high one that begins with a card is kept: its card, and no more."""
A_ROW, SMALL, APART = 5, 196, 8
"""How many drawings stand in a row of their sheet, how wide each is there, and what lies between them."""
OWN_LIST = "# Backend interviews\n" + "".join(
    f"\n## {topic}\n\n"
    + "".join(f"### {asks.format(part)}\n\n{answer.format(part)}\n\n" for part in parts for asks, answer in ASKED)
    for topic, parts in OWN_TOPICS.items()
).replace("When would you do without a partition?", "Explain how a circuit breaker differs from retries.")
OWN_LIST += "\n## Later\n\nAsk Ben for his list on search engines.\n"
"""Thirty questions, one of which the demo's server has already in other words, and a line that is none."""
HAD = (0, 1, 3)
"""The key points that the interview's answer has, and that are ticked."""
STORY = (
    ("card", "Every practice day: one question"),
    ("thread", "Everyone answers in the same thread"),
    ("receipt", "In private: which key points you mentioned"),
    ("reveal", "The next morning: a model answer"),
    ("streak", "Days off never break a streak"),
    ("quiz", "Quizzes explain every option"),
    ("review", "What you miss comes back in time"),
    ("board", "Points for members and teams"),
    ("digest", "And once a week, how it went"),
)
"""The pictures that tell what the bot is for, and what stands above each."""
STORY_SIZE, STORY_HEAD, STORY_SECONDS = (720, 600), 64, 2.8


def _message(room: Room, text: str | re.Pattern[str]) -> Locator:
    return room.messages.locator("article").filter(has_text=text, visible=True).last


async def _shoot(what: Locator, name: str, *, high: int | None = None) -> None:
    """Takes a picture of a message.

    Args:
        high: how many dots of it are kept from its top, where it is higher.
    """
    await Room(what.page).rests()
    await Room(what.page).scrolls()
    await what.page.mouse.move(0, 0)
    await what.page.evaluate("document.activeElement?.blur()")
    await what.scroll_into_view_if_needed()
    for picture in await what.locator("img").all():
        await expect(picture).to_have_js_property("complete", True, timeout=PATIENCE)
        await expect(picture).not_to_have_js_property("naturalWidth", 0, timeout=PATIENCE)
    # A moment for the page's own highlights and scrolling to end.
    await what.page.wait_for_timeout(700)
    _keep(await what.screenshot(), name, high)


def _keep(picture: bytes, name: str, high: int | None = None) -> None:
    """Writes a picture with 256 colours: a page has few, and a reader loads a third of the bytes."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image = image.crop((0, 0, min(WIDE, image.width), min(high or image.height, image.height)))
    image.quantize(256).save(FOLDER / f"{name}.png", optimize=True)


def _draw_sheet() -> None:
    """All drawings that explain answers, side by side on one sheet."""
    drawn = [Image.open(io.BytesIO(render(draw()))).convert("RGBA") for draw in DRAWINGS.values()]
    drawn = [one.resize((SMALL, round(one.height * SMALL / one.width)), Image.Resampling.LANCZOS) for one in drawn]
    rows = [drawn[at : at + A_ROW] for at in range(0, len(drawn), A_ROW)]
    tops = list(accumulate((max(one.height for one in row) + APART for row in rows), initial=APART))
    sheet = Image.new("RGB", (A_ROW * (SMALL + APART) + APART, tops[-1]), "white")
    for row, top in zip(rows, tops, strict=False):
        for at, one in enumerate(row):
            sheet.paste(one, (APART + at * (SMALL + APART), top), one)
    sheet.quantize(64).save(FOLDER / "answers.png", optimize=True)


def _tell_story() -> None:
    """One moving picture of the others, each below its line."""
    width, height = STORY_SIZE
    frames = list[Image.Image]()
    for name, line in STORY:
        frame = Image.new("RGB", STORY_SIZE, palette.CARD)
        shot = Image.open(FOLDER / f"{name}.png").convert("RGB")
        shot = shot.resize((width, round(shot.height * width / shot.width)), Image.Resampling.LANCZOS)
        frame.paste(shot.crop((0, 0, width, min(shot.height, height - STORY_HEAD))), (0, STORY_HEAD))
        font = ImageFont.truetype(next(file for file in font_files() if "bold" in file), 28)
        ImageDraw.Draw(frame).text((24, STORY_HEAD / 2), line, palette.INK, font, anchor="lm")
        frames.append(frame.quantize(128))
    first, *others = frames
    first.save(
        FOLDER / "story.gif",
        save_all=True,
        append_images=others,
        duration=round(STORY_SECONDS * 1000),
        loop=0,
        optimize=True,
    )


async def make_pictures(browser: Browser, demo: Demo) -> None:
    """Uses the demo and takes a picture of each thing that the README shows."""
    practice = await open_room(browser, demo, "# practice", 820, 1400)
    await _answers(browser, demo, practice)
    await _quizzes(browser, demo, practice)
    await _boards(practice)
    await _interview(browser, demo, practice)
    await _own_questions(browser, demo)
    await _managing(browser, demo)
    await _digest(browser, demo, practice)
    reveal = await open_room(browser, demo, "Thread of question 20", 820, 2400)
    await _shoot(_message(reveal, "Model answer"), "reveal")


async def _answers(browser: Browser, demo: Demo, practice: Room) -> None:
    thread = await open_room(browser, demo, "Thread of question 21", 820, 1000)
    for name, text in ANSWERS.items():
        await thread.view_as(name)
        await thread.write(text)
        await thread.sees(text)
    await practice.view_as("Ben")
    await practice.press("Answer")
    await practice.form.get_by_role("textbox").fill(
        "W2(W1 x) is (W2 W1) x, one matrix; a ReLU in between breaks that."
    )
    await practice.form.get_by_role("button", name="Submit").click()
    await practice.sees("You're in!")
    await _shoot(_message(practice, "You're in!"), "receipt")
    await thread.sees("✅")
    await _shoot(_message(practice, "Write in the thread"), "card")
    await _shoot(thread.page.locator("#channel-message-list"), "thread")


async def _quizzes(browser: Browser, demo: Demo, practice: Room) -> None:
    """A solo quiz until something is missed and shown, the review of it, and a live round."""
    await practice.view_as("Newcomer")
    await practice.command("quiz solo")
    shown = False
    for number in range(1, 6):
        await practice.sees(f"Question {number} of 5")
        await practice.press("B")
        verdict = _message(practice, re.compile("is right|Right: B"))
        await verdict.wait_for()
        if not shown and "is wrong" in await verdict.inner_text():
            await _shoot(verdict, "quiz")
            shown = True
        await practice.press("Next" if number < 5 else "See the result")
    assert shown, "no wrong answer: let somebody else take the quiz"
    await practice.sees("Your result")
    await practice.command("quiz review")
    await practice.press("Show the answer")
    await practice.sees("How well did you know it?")
    await _shoot(_message(practice, "How well did you know it?"), "review")
    await practice.view_as("Ben")
    await practice.command("quiz live")
    await practice.sees("Nobody has joined yet")
    await practice.press("Join")
    await practice.sees("You're in")
    await practice.press("Start now")
    quiz = await open_room(browser, demo, "Live quiz", 820, 1400)
    await quiz.sees(re.compile("Round 1 of 5"))
    await _shoot(_message(quiz, re.compile("Round 1 of 5")), "live")
    await practice.command("quiz stop")
    await practice.sees("has been stopped")


async def _boards(practice: Room) -> None:
    await practice.view_as("Anna")
    await practice.command("progress")
    await practice.sees("Your progress")
    await _shoot(_message(practice, "Your progress"), "progress")
    await practice.view_as("Chen")
    await practice.command("leaderboard members")
    await practice.sees("Leaderboard: This week")
    await _shoot(_message(practice, "Leaderboard: This week"), "board", high=CARD_HIGH)
    await practice.command("leaderboard teams")
    await practice.sees("Teams: This week")
    await _shoot(_message(practice, "Teams: This week"), "teams", high=CARD_HIGH)
    await practice.command("streak")
    await practice.sees("Your streak")
    await _shoot(_message(practice, "Your streak in"), "streak", high=CARD_HIGH)
    await practice.view_as("Maya")
    await practice.command("daily status")
    await practice.sees("Open now")
    await _shoot(_message(practice, "Open now"), "status")


async def _interview(browser: Browser, demo: Demo, practice: Room) -> None:
    """A question, given up at its follow-up, with some key points ticked."""
    await practice.view_as("Chen")
    await practice.command("interview start")
    await practice.sees("It's in your private thread")
    thread = await open_room(browser, demo, "Interview 2", 820, 2400)
    await thread.sees(re.compile("^Question 1 of", re.IGNORECASE))
    asked = _letters(await thread.messages.inner_text())
    question = next(question for question in QUESTIONS if _letters(question.wording) in asked)
    await thread.write(" ".join(f"{text[0].upper()}{text[1:]}." for text in _points(question)))
    await thread.sees("✅")
    await thread.press("Next")
    await thread.sees("Follow-up to question 1")
    await thread.press("End interview")
    await thread.sees("End the interview now?")
    await thread.press("End it")
    await thread.sees("Interview ended early")
    await thread.press("Tick the key points you had")
    for at, box in enumerate(await thread.form.get_by_role("checkbox").all()):
        await box.set_checked(at in HAD)
    await thread.form.get_by_role("button", name="Submit").click()
    await thread.sees(f"Key points {len(HAD)} of")
    await _shoot(_message(thread, "You said"), "scorecard")


def _letters(text: str) -> str:
    """A text without what a page may show otherwise: markup, lines and spaces."""
    return "".join(filter(str.isalnum, text))


def _points(question: Question) -> list[str]:
    return [question.key_points[at].text for at in HAD]


async def _own_questions(browser: Browser, demo: Demo) -> None:
    """A file that is brought, before it is stored, and a suggestion that waits."""
    lobby = await open_room(browser, demo, "# lobby", 820, 1400)
    await lobby.view_as("Maya")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "backend-interviews.md"
        file.write_text(OWN_LIST, "utf-8")
        await lobby.command("bank import", file=file)
        await lobby.sees("30 questions for")
        await _shoot(_message(lobby, "30 questions for"), "bank-import")
    await lobby.press("Cancel")
    await lobby.sees("Nothing was saved")
    await lobby.command("bank review")
    await lobby.sees("Suggestion 1 of 1")
    await _shoot(_message(lobby, "Suggestion 1 of 1"), "bank-review")


async def _managing(browser: Browser, demo: Demo) -> None:
    """What comes next, with one question queued for it, and the settings."""
    practice = await open_room(browser, demo, "# practice", 820, 1400)
    await practice.view_as("Maya")
    await practice.command("daily queue")
    await practice.sees("Nothing is queued")
    await practice.press("To the front")
    await practice.sees("Next up")
    await _shoot(_message(practice, "What comes next"), "queue")
    await practice.press("Take it back")
    await practice.sees("Removed from the queue")
    await practice.command("setup")
    await practice.sees("Settings for")
    await _shoot(_message(practice, "Settings for"), "panel")


async def _digest(browser: Browser, demo: Demo, practice: Room) -> None:
    """Planned for tomorrow, just before the next question; then the next day comes."""
    await practice.view_as("Maya")
    await practice.command("setup")
    await practice.press("Weekly digest")
    # The demo's question came 20 minutes before it was opened.
    due = datetime.now(UTC) - timedelta(minutes=30) + timedelta(days=1)
    for label, value in (("Day", f"{due:%a}"), ("Hour", f"{due.hour}")):
        await practice.form.get_by_label(re.compile(f"^{label}")).fill(value)
    await practice.form.get_by_role("button", name="Submit").click()
    await practice.sees("gets a digest every week")
    hub = await browser.new_page()
    await hub.goto(demo.address)
    await hub.get_by_role("button", name="Go to the next morning").click()
    await hub.get_by_text(re.compile("next morning\\.")).wait_for()
    # A page of its own: one that is scrolled up does not follow what comes.
    tomorrow = await open_room(browser, demo, "# practice", 820, 1400)
    await tomorrow.sees("The week in")
    await _shoot(_message(tomorrow, "The week in"), "digest", high=CARD_HIGH)


async def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    _draw_sheet()
    with running_demo() as demo:
        async with chromium() as browser:
            await make_pictures(browser, demo)
        demo.stop()
    _tell_story()


if __name__ == "__main__":
    asyncio.run(main())
