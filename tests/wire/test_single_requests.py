"""What carries no nonce is sent once: discord.py would repeat it after an error, and make two of it."""

import discord.http
import pytest

from bot.delivery.backoff import Outage
from bot.delivery.limiter import Limiter
from tests.wire.double import CHANNEL_ID, Double


async def test_a_forum_post_is_not_repeated_after_an_error(monkeypatch: pytest.MonkeyPatch):
    async with Double() as double:
        monkeypatch.setattr(discord.http.Route, "BASE", double.api_base)
        http = discord.Client(intents=discord.Intents.none()).http
        Limiter().guard(http, Outage())
        double.fault("POST", f"/channels/{CHANNEL_ID}/threads", status=502, times=9)
        try:
            await http.static_login("a.test.token")
            route = discord.http.Route("POST", "/channels/{channel_id}/threads", channel_id=CHANNEL_ID)
            with pytest.raises(discord.DiscordServerError) as caught:
                await http.request(route, json={"name": "#1"})
            assert caught.value.status == 502
        finally:
            await http.close()
        assert [path for method, path, _ in double.requests if method == "POST"] == [
            f"/channels/{CHANNEL_ID}/threads"
        ]
