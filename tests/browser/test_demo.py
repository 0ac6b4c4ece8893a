"""A newcomer opens the demo in a browser and uses everything that its page proposes."""

import re
from pathlib import Path

from tests.browser.demo import chromium, open_room, running_demo

FORM = "Without a non-linear function the layers collapse into one"
MESSAGE = "A product of matrices is just one more matrix in the end"


LIST = "# Queues\n\n" + "\n".join(f"{at}. What does fact {at} about queues mean?" for at in range(1, 31))
"""Thirty questions, as a manager has them in a file."""


async def test_a_newcomer_uses_the_demo(tmp_path: Path):
    with running_demo() as demo:
        async with chromium() as browser:
            hub = await browser.new_page()
            await hub.goto(demo.address)
            await hub.get_by_role("link", name="# practice").wait_for()

            practice = await open_room(browser, demo, "# practice")
            await practice.sees("Question 21")
            await practice.press("Answer")
            await practice.form.get_by_role("textbox").fill(FORM)
            await practice.form.get_by_role("button", name="Submit").click()
            await practice.sees("Your answer counts")

            thread = await open_room(browser, demo, "Thread of question 21")
            await thread.sees(FORM)
            await thread.view_as("Ben")
            await thread.write(MESSAGE)
            await thread.sees(MESSAGE)
            await thread.sees("✅")

            await practice.view_as("Newcomer")
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
            await lobby.sees("Add a second one")

            await hub.get_by_role("button", name="Go to the next question").click()
            await hub.get_by_text("The next question is there").wait_for()
            await practice.sees("Question 22")
            await thread.sees("Model answer")
            await hub.get_by_role("link", name="Thread of question 22").wait_for()

            # A manager brings a list, and the next day it is asked.
            (tmp_path / "queues.md").write_text(LIST, "utf-8")
            await lobby.command("bank import", file=tmp_path / "queues.md")
            await lobby.sees("30 questions for")
            await lobby.press("Import 30 questions")
            await lobby.sees("30 questions added to")
            await lobby.press("Ask only these in #practice")
            await lobby.sees("(30 questions)")
            await hub.get_by_role("button", name="Go to the next question").click()
            await practice.sees("What does fact 1 about queues mean?")
        assert demo.stop() == 0
