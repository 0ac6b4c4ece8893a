"""The log as machines read it: quiet at the start, and each line with the reference of what it came from."""

import json
import re

from tests.faults.process import FaultyCase, until
from tests.wire.double import Json
from tests.wire.process import Running

CALLBACK = r"/interactions/\d+/[^/]+/callback"


def lines(bot: Running) -> list[Json]:
    """Every line: none is plain text, whoever wrote it."""
    return [json.loads(line) for line in bot.log.read_text().splitlines()]


def said(bot: Running, event: str) -> list[Json]:
    return [line for line in lines(bot) if line["event"] == event]


async def test_what_comes_of_a_form_stands_under_one_reference_which_a_person_can_quote(case: FaultyCase):
    # With an operator's beats of five seconds none comes between an answer and what is done for it right away.
    case.afresh = True
    await case.prepare()
    async with case.running(MOCKINGBIRD_LOG_FORMAT="json") as bot:
        card = await case.today()
        assert not [line for line in lines(bot) if line["level"] not in ("debug", "info")]
        assert not re.search(r"voice|nacl|davey", bot.log.read_text(), re.IGNORECASE)
        form = await case.form(card, "9101")
        # The first word on the form is lost; carrying the answer into the thread, in the background, is refused.
        case.double.fault("POST", CALLBACK, drop=True)
        case.double.fault("POST", f"/channels/{card}/messages", status=400)
        assert "You're in!" in str(await case.double.interacts(5, form, "9101"))
        await until(lambda: bool(said(bot, "answer.refused")))
        (again,) = said(bot, "interaction.sent_again")
        of_form = [line["event"] for line in lines(bot) if line.get("reference") == again["reference"]]
        assert {"interaction.sent_again", "answer.refused"} <= set(of_form)
        assert {line["interaction"] for line in lines(bot) if line["event"] in of_form} == {again["interaction"]}
        # What is our fault is told with the reference under which everything about it is found.
        case.double.fault("POST", CALLBACK, status=400)
        await case.double.uses("streak", "9101")
        await until(lambda: "this code: `" in case.said_to("9101"))
        (failed,) = said(bot, "interaction.failed")
        assert f"this code: `{failed['reference']}`" in case.said_to("9101")
        assert failed["reference"] != again["reference"] and failed["interaction"] != again["interaction"]
        # A delivery, which nobody began, has one of its own.
        (posted,) = said(bot, "drill.posted")
        assert re.fullmatch(r"[0-9a-f]{8}", posted["reference"])
        assert await bot.stop() == 0
