"""Makes the README's pictures from the demo: `make screenshots`."""

import asyncio
import re
from pathlib import Path

from playwright.async_api import Browser, Locator

from tests.browser.demo import Demo, Room, chromium, open_room, running_demo

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
ANSWERS = {
    "Anna": "Without a non-linearity, stacked layers collapse into one linear map, however deep the network is.",
    "Chen": "The bend is what lets a hidden layer carve out regions: no line separates XOR, but two ReLU units do.",
}


def _message(room: Room, text: str | re.Pattern[str]) -> Locator:
    return room.messages.locator("article").filter(has_text=text).last


async def _shoot(what: Locator, name: str) -> None:
    await what.page.mouse.move(0, 0)
    await what.scroll_into_view_if_needed()
    # A moment for the page's own highlights and scrolling to end.
    await what.page.wait_for_timeout(700)
    await what.screenshot(path=FOLDER / f"{name}.png")


async def make_pictures(browser: Browser, demo: Demo) -> None:
    """Uses the demo and takes a picture of each thing that the README shows."""
    hub = await browser.new_page(viewport={"width": 900, "height": 700}, device_scale_factor=2)
    await hub.goto(demo.address)
    await hub.get_by_role("link", name="# practice").wait_for()
    await hub.screenshot(path=FOLDER / "hub.png", full_page=True)

    thread = await open_room(browser, demo, "Thread of question 21", 820, 1000)
    for name, text in ANSWERS.items():
        await thread.view_as(name)
        await thread.write(text)
        await thread.sees(text)
    practice = await open_room(browser, demo, "# practice", 820, 1000)
    await practice.view_as("Ben")
    await practice.press("Answer")
    await practice.form.get_by_role("textbox").fill(
        "W2(W1 x) is (W2 W1) x, one matrix; a ReLU in between breaks that."
    )
    await practice.form.get_by_role("button", name="Submit").click()
    await practice.sees("Your answer counts")
    await thread.sees("✅")
    await practice.page.get_by_role("button", name="Refresh preview").click()
    await _shoot(_message(practice, "Write in the thread"), "card")
    await _shoot(thread.page.locator("#channel-message-list"), "thread")

    await practice.view_as("Newcomer")
    await practice.command("quiz solo")
    await practice.sees(re.compile("Question 1 of 5"))
    await practice.press("B")
    await practice.sees(re.compile("is right|Right: B"))
    await _shoot(_message(practice, re.compile("is right|Right: B")), "quiz")
    await practice.view_as("Anna")
    await practice.command("progress")
    await practice.sees("Your progress")
    await _shoot(_message(practice, "Your progress"), "progress")
    await practice.view_as("Chen")
    await practice.command("leaderboard members")
    await practice.sees("the whole server")
    await _shoot(_message(practice, "the whole server"), "board")
    await practice.press("My streak")
    await practice.sees("Your streak")
    await _shoot(_message(practice, "Your streak in"), "streak")
    await practice.view_as("Maya")
    await practice.command("daily status")
    await practice.sees("Open now")
    await _shoot(_message(practice, "Open now"), "status")

    await practice.view_as("Ben")
    await practice.command("quiz live")
    await practice.sees("Nobody has joined yet")
    await practice.press("Join")
    await practice.sees("You are in")
    await practice.press("Start now")
    await practice.sees(re.compile("Round 1 of 5"))
    await _shoot(_message(practice, re.compile("Round 1 of 5")), "live")

    reveal = await open_room(browser, demo, "Thread of question 20", 820, 2400)
    await _shoot(_message(reveal, "Model answer"), "reveal")
    phone = await open_room(browser, demo, "# practice", 390, 780)
    await phone.sees("Write in the thread")
    await _shoot(phone.page.locator("body"), "phone")


async def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with running_demo() as demo:
        async with chromium() as browser:
            await make_pictures(browser, demo)
        demo.stop()


if __name__ == "__main__":
    asyncio.run(main())
