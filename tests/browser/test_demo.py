"""A newcomer opens the demo in a browser, follows its guide, and types things of their own, wrong ones too."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, FrameLocator, Locator, Page, ViewportSize, expect

from tests.browser.demo import PATIENCE, Demo, chromium, open_room, running_demo

FORM = "Without a non-linear function the layers collapse into one"
MESSAGE = "A product of matrices is just one more matrix in the end"
LONG = 4 * PATIENCE
PHONE = 390
SIZES: list[ViewportSize] = [{"width": PHONE, "height": 844}, {"width": 1200, "height": 900}]
MORNINGS, FIRST = 10, 22
WRONG = (
    ("Newcomer", "team leave", "You're not on a team"),
    ("Ben", "quiz stop", "no live quiz here"),
    ("Maya", "daily resume", "isn't paused"),
)
"""What people of each kind type though there is nothing to do, and what the bot says."""


def shown(hub: Page) -> FrameLocator:
    """The room that the page shows."""
    return hub.frame_locator("iframe.shown")


def told(hub: Page) -> Locator:
    """Its conversation, without the page's sidebar, which repeats its texts."""
    return shown(hub).locator("#channel-message-list")


async def step(hub: Page, name: str, says: str) -> None:
    """Presses a button of the guide and waits until it has done its work."""
    button = hub.get_by_role("button", name=name)
    await button.click(timeout=LONG)
    await expect(hub.locator("#said")).to_have_text(re.compile(says), timeout=LONG)
    await expect(button).to_be_enabled(timeout=LONG)


LIST = "# Queues\n\n" + "\n".join(f"{at}. What does fact {at} about queues mean?" for at in range(1, 31))
"""Thirty questions, as a manager has them in a file."""


@pytest.fixture
def queues(tmp_path: Path) -> Path:
    """The list as a file."""
    (tmp_path / "queues.md").write_text(LIST, "utf-8")
    return tmp_path / "queues.md"


async def test_a_newcomer_uses_the_demo(queues: Path):
    with running_demo() as demo:
        async with chromium() as browser:
            await _uses_the_rooms(browser, demo)
            await _follows_the_guide(browser, demo)
            await _brings_a_list(browser, demo, queues)
        assert demo.stop() == 0


async def test_ten_mornings_in_a_row_and_whatever_one_types_then_is_in_sight():
    with running_demo() as demo:
        async with chromium() as browser:
            hub = await (await browser.new_context(viewport=SIZES[0], color_scheme="light")).new_page()
            await hub.goto(demo.address)
            await expect(told(hub).get_by_text("Question 21", exact=True)).to_be_in_viewport(timeout=LONG)
            for number in range(MORNINGS):
                await hub.get_by_role("button", name="Go to the next morning").dblclick(timeout=LONG)
                tab = hub.get_by_role("tab", name=f"Thread of question {FIRST + number}", exact=True)
                await tab.wait_for(timeout=LONG)
                await expect(hub.locator("#said")).to_have_text(re.compile("It's the next morning"), timeout=LONG)
                await expect(hub.locator("[data-act=morning]")).to_be_enabled(timeout=LONG)
            await hub.close()
            for size in SIZES:
                practice = await open_room(browser, demo, "# practice", **size)
                for name, command, answer in WRONG:
                    await practice.view_as(name)
                    await practice.command(command)
                    await expect(practice.messages.get_by_text(answer).last).to_be_in_viewport(timeout=LONG)
                await expect(practice.page.locator("#toolbar")).not_to_contain_text("uncertain")
                assert await practice.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
                stamps = await practice.messages.locator("time.message-time").evaluate_all(
                    "all => all.map((one) => one.dateTime)"
                )
                assert stamps == sorted(stamps)
                await practice.page.close()
        assert demo.stop() == 0


async def _uses_the_rooms(browser: Browser, demo: Demo) -> None:
    thread = await open_room(browser, demo, "Thread of question 21")
    await thread.view_as("Ben")
    await thread.write(MESSAGE)
    await thread.sees(MESSAGE)
    await thread.sees("✅")

    practice = await open_room(browser, demo, "# practice")
    await practice.view_as("Newcomer")
    await practice.command("team leave")
    await practice.sees("You're not on a team")
    await expect(practice.page.locator("#toolbar")).not_to_contain_text("uncertain")
    await practice.command("leaderboard members")
    await practice.sees("no points here yet")
    await practice.command("quiz solo")
    await practice.sees(re.compile("Question 1 of 5"))
    await practice.press("A")
    await practice.sees(re.compile("is right|Right: A"))
    await practice.press("Next")
    await practice.sees(re.compile("Question 2 of 5"))

    lobby = await open_room(browser, demo, "# lobby")
    await lobby.view_as("Maya")
    await lobby.command("setup", channel="lobby")
    await lobby.sees("Run both")
    # Each open page asks for news twice a second.
    for room in (thread, practice, lobby):
        assert await room.heard() == 0, "a room that no page shows talks to itself"
        await room.page.close()


async def _follows_the_guide(browser: Browser, demo: Demo) -> None:
    left: list[str] = []
    context = await browser.new_context(viewport={"width": 1200, "height": 900})
    context.on("request", lambda request: left.append(request.url))
    hub = await context.new_page()
    await hub.goto(demo.address)
    await hub.get_by_text("The real bot in a made-up Discord server").wait_for()

    await step(hub, "Let the team answer", "The team has answered")
    await told(hub).get_by_text("Decision boundaries stay straight").first.wait_for(timeout=LONG)
    await step(hub, "Answer it yourself", "Write what you know")
    form = shown(hub).locator("[role=dialog]")
    await form.get_by_role("textbox").fill(FORM, timeout=LONG)
    await form.get_by_role("button", name="Submit").click()
    await expect(told(hub).get_by_text("You're in!")).to_be_in_viewport(timeout=LONG)

    await step(hub, "Play a live quiz", "You're in")
    await told(hub).get_by_text("Round 1 of 3").wait_for(timeout=LONG)
    await step(hub, "Take a mock interview", "Two minutes, one question")
    await told(hub).get_by_text("Question 1 of 1").wait_for(timeout=LONG)
    await step(hub, "Be the manager", "You're Maya")
    await told(hub).get_by_role("button", name="Skip next").wait_for(timeout=LONG)

    await step(hub, "Go to the next morning", "next morning")
    await told(hub).get_by_text("Model answer").first.wait_for(timeout=LONG)
    await hub.get_by_role("tab", name="# practice").click()
    card = told(hub)
    await card.get_by_text("Question 22", exact=True).wait_for(timeout=LONG)
    await card.locator(".thread-summary").last.click()
    await expect(hub.get_by_role("tab", name="Thread of question 22")).to_have_attribute(
        "aria-selected", "true", timeout=LONG
    )
    await hub.set_viewport_size({"width": PHONE, "height": 844})
    assert await hub.evaluate("document.documentElement.scrollWidth") <= PHONE
    assert left and all(url.startswith(("http://127.0.0.1:", "data:", "blob:")) for url in left)


async def _brings_a_list(browser: Browser, demo: Demo, file: Path) -> None:
    """A manager brings a list of questions, and the next day it's asked."""
    lobby = await open_room(browser, demo, "# lobby")
    await lobby.view_as("Maya")
    await lobby.command("bank import", file=file)
    await lobby.sees("30 questions for")
    await lobby.press("Import 30 questions")
    await lobby.sees("30 questions added to")
    await lobby.press("Ask only these in #practice")
    await lobby.sees("(30 questions)")
    hub = await browser.new_page()
    await hub.goto(demo.address)
    await step(hub, "Go to the next morning", "next morning")
    practice = await open_room(browser, demo, "# practice")
    await practice.sees("What does fact 1 about queues mean?")
