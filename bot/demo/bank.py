"""The server's own questions in the demo: a pack that is there, a suggestion that waits, a file to import."""

from importlib import resources
from typing import Any

from bot.demo.transcript import Transcript, said
from bot.demo.world import World
from bot.ui.kit.layouts import page_text

PACK, FILE = "design", "system-design.md"
TO_IMPORT = "questions-to-import.md"
IDEA = {
    "prompt": "How would you find the query that makes a page slow?",
    "topic": "Databases",
    "answer": "Read its trace, take the slowest statement, and look at its plan with EXPLAIN ANALYZE.",
}
OFFER = "Here's a small list of questions. Save it, view as Maya, and bring it with `/bank import`."


def read_sample(name: str) -> bytes:
    """A file that comes with the demo."""
    return (resources.files("bot.demo") / name).read_bytes()


async def own_questions(world: World) -> None:
    """Gives the server a pack of its own, a suggestion that waits, and a file that anybody can save and import."""
    maya, farah = world.manager, world.members["Farah"]
    file = (FILE, read_sample(FILE))
    preview = await maya.slash(world.lobby, "bank import", file=file, pack=PACK)
    await maya.click(preview.response.message, label="Import 5 questions")
    form = await farah.slash(world.lobby, "question suggest")
    written = await farah.submit_modal(form, IDEA)
    await farah.click(written.response.message, label="Send it")
    await maya.send(world.lobby, OFFER, attachments=[(TO_IMPORT, read_sample(TO_IMPORT))])


async def bank_desk(world: World, told: Transcript) -> None:
    """Maya brings a file, and decides on Farah's suggestion."""
    told.scene("The server's own questions")
    maya = world.manager
    told.does("Maya", f"uses /bank import with {TO_IMPORT}")
    file = (TO_IMPORT, read_sample(TO_IMPORT))
    preview = await maya.slash(world.practice, "bank import", file=file)
    told.sees(said(preview))
    told.check("she sees what is in it before anything is stored", "3 questions for ours" in _plain(said(preview)))
    told.check("what was not understood is named with its line", "Line 15" in said(preview))
    told.does("Maya", "presses See the questions, then Import")
    message = preview.response.message
    cards = await maya.click(message, label="See the questions")
    told.check("they look as their cards will", "Question 1 · Databases" in _plain(said(cards)))
    done = await maya.click(message, label="Import 3 questions")
    told.sees(said(done))
    told.check("all three are there", "3 questions added to ours" in _plain(said(done)))
    told.does("Maya", "uses /bank review")
    queue = await maya.slash(world.practice, "bank review")
    told.sees(said(queue))
    told.check("Farah's suggestion waits there", IDEA["prompt"] in said(queue))
    told.does("Maya", "presses Accept")
    accepted = said(await maya.click(queue.response.message, label="Accept"))
    told.check("it is a question of the server's own now", "Accepted as ours-004" in _plain(accepted))
    told.check("Farah is told", "it's ours-004 now" in _plain(_letters(world.members["Farah"])))
    packs = said(await maya.slash(world.practice, "bank packs"))
    told.sees(packs)
    told.check("the packs show both of the server's own", "design" in packs and "Your own questions" in packs)


def _letters(member: Any) -> str:
    place = member.user.dm_channel
    return "" if place is None else "\n".join(page_text(message.components) for message in place.history())


def _plain(text: str) -> str:
    return text.replace("`", "").replace("**", "")
