"""Takes a model's place in the demo: it speaks the same API on the loopback, compares words, and says so."""

import contextlib
import json
import re
from collections.abc import AsyncGenerator

from aiohttp import web

from bot.domain.bank import KeyPoint
from bot.domain.hints import HintReader, Mention
from bot.domain.opinions import Judgment

NAME = "a stand-in (no model)"
SAYS_SO = "I'm a stand-in, not a model: I only compare words."
FOLLOW_UP = "A stand-in can't think of one, so: what would have to change for that to be wrong?"
_POINT = re.compile(r"^\d+\. (.+)$", re.MULTILINE)
_DATA = re.compile(r"--- answer (\w+) begins ---\n(.*)\n--- answer \1 ends ---", re.DOTALL)
VERDICTS = {Mention.MENTIONED: Judgment.COVERED, Mention.UNSURE: Judgment.PARTLY, Mention.NOT_SPOTTED: Judgment.NO}


def _judge(reader: HintReader, content: str) -> str:
    data = _DATA.search(content)
    answer = data[2] if data else ""
    head = content[: data.start()] if data else content
    points = [KeyPoint(text, ()) for text in _POINT.findall(head)]
    found = reader.find(head.splitlines()[0], points, answer).points
    rows = [{"verdict": VERDICTS[point.mention], "evidence": point.quote} for point in found]
    return json.dumps({"key_points": rows, "improve": f"{SAYS_SO} Say one more sentence.", "follow_up": FOLLOW_UP})


@contextlib.asynccontextmanager
async def stand_in(reader: HintReader) -> AsyncGenerator[str]:
    """Serves it while the block runs; gives the address that stands for a model's."""

    async def answer(request: web.Request) -> web.Response:
        asked = await request.json()
        content = _judge(reader, asked["messages"][-1]["content"])
        return web.json_response({"choices": [{"message": {"role": "assistant", "content": content}}]})

    app = web.Application()
    app.router.add_post("/v1/chat/completions", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    finally:
        await runner.cleanup()
