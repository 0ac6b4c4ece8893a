"""A forum post takes no nonce: killed at any step and started again, there is one post and one reveal."""

import json
import re
import time
from functools import partial
from pathlib import Path
from typing import Any

from tests.wire.double import BOT_ID, CHANNEL_ID, GUILD_ID, Answer, Double, Json, snowflake
from tests.wire.process import Case
from tests.wire.test_delivery import finished, killed_and_restarted, together

FORUM_TYPE, NEEDS_TAG, TAG_ID = 15, 1 << 4, "8001"
POSTS = rf"/channels/{CHANNEL_ID}/threads"
IN_POST = rf"/channels/(?!{CHANNEL_ID})\d+/messages"
STEPS = [("POST", POSTS), ("POST", IN_POST), ("PATCH", rf"{IN_POST}/\d+")]


class ForumDouble(Double):
    """Discord with a forum, which asks for a tag, in the place of the text channel."""

    def _channel(self) -> Json:
        tag = {"id": TAG_ID, "name": "Practice", "moderated": False, "emoji_id": None, "emoji_name": None}
        return {**super()._channel(), "type": FORUM_TYPE, "flags": NEEDS_TAG, "available_tags": [tag]}

    def has_drill(self, seconds: float, card: Json) -> tuple[str, str | None]:
        """A post whose first message has the post's id."""
        post_id = self._has_post(seconds, "#1", card)
        return post_id, post_id

    def _has_post(self, seconds: float, name: str, card: Json) -> str:
        self._number += 1
        post_id = snowflake(seconds, self._number)
        self.threads[post_id] = self._thread(CHANNEL_ID, post_id, name)
        self.messages[post_id][post_id] = self._message(post_id, post_id, BOT_ID, **card)
        return post_id

    async def _effect(self, method: str, path: str, body: Any, query: dict[str, str]) -> Answer:
        if (method, path) == ("GET", f"/guilds/{GUILD_ID}/threads/active"):
            return 200, {"threads": list(self.threads.values()), "members": []}
        if (method, path) == ("GET", f"{POSTS}/archived/public"):
            return 200, {"threads": [], "members": [], "has_more": False}
        if method == "POST" and re.fullmatch(POSTS, path):
            if body.get("applied_tags") != [TAG_ID]:
                return 400, {"code": 40067, "message": "A tag is required to create a forum post in this channel"}
            card = {key: body["message"][key] for key in ("components", "flags")}
            post_id = self._has_post(time.time(), body["name"], card)
            await self._dispatch("THREAD_CREATE", {**self.threads[post_id], "newly_created": True})
            return 201, {**self.threads[post_id], "message": self.messages[post_id][post_id]}
        return await super()._effect(method, path, body, query)


def one_post(double: Double, old_id: str) -> None:
    """What the forum shows after a question was posted and the one before was closed."""
    (new_id,) = set(double.threads) - {old_id}
    assert "mb:drill:answer:" in json.dumps(double.messages[new_id][new_id]["components"])
    old, *reveals = [json.dumps(message["components"]) for message in double.messages[old_id].values()]
    assert "Closed" in old
    assert len(reveals) == len(set(reveals)) >= 1 and "has closed" in reveals[0]
    assert double.violations == [] and double.unknown == []


async def test_killed_at_any_step_or_left_without_an_answer_there_is_one_post(tmp_path: Path):
    async def failing(case: Case, status: int | None, drop: bool) -> None:
        for method, path in STEPS:
            case.double.fault(method, path, after=True, status=status, drop=drop)
        await finished(case)

    killed = [
        partial(killed_and_restarted, method=method, path=path, after=after, forget=True)
        for method, path, after in ((*STEPS[0], False), *((*step, True) for step in STEPS))
    ]
    unanswered = [partial(failing, status=status, drop=status is None) for status in (502, None)]
    await together(tmp_path, [*killed, *unanswered], ForumDouble, one_post)
