"""A team's first day, through Discord."""

from pathlib import Path

import discord
import simcord
from sqlalchemy import select

from bot.app import PracticeBot
from bot.settings import Settings
from bot.storage.tables import answers, drills


async def test_set_up_post_answer_by_reply_and_form(tmp_path: Path):
    bot = PracticeBot(Settings(database_url=f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"), shard_count=1)
    async with simcord.run(bot, check_errors=False) as env:
        try:
            guild = env.create_guild()
            channel = guild.create_text_channel("practice")
            role = guild.create_role("Managers", permissions=discord.Permissions(administrator=True))
            boss = guild.add_member(env.create_user("boss"), roles=[role])
            anna = guild.add_member(env.create_user("anna"))
            ben = guild.add_member(env.create_user("ben"))
            await boss.slash(channel, "setup", timezone="Europe/Berlin")
            await boss.slash(channel, "daily post")
            drill = (await bot.database.read(lambda conn: conn.execute(select(drills)))).one()
            assert drill.state == "open" and drill.message_id and drill.thread_id == drill.message_id
            card = next(m for m in channel.history() if m.id == drill.message_id)
            await anna.send(channel, "An answer of more than five words", reply_to=card)
            opened = await ben.click(card, label="Answer")
            assert opened.modal is not None
            await ben.submit_modal(opened, {"text": "My answer also has more than five words"})
            rows = (await bot.database.read(lambda conn: conn.execute(select(answers)))).all()
            assert [row.status for row in rows] == ["on_time", "on_time"]
            assert (await bot.streaks.of(drill.track_id, anna.id)).current == 1
            await env.advance_time(7 * 24 * 3600 + 60)
            await bot.courier.tick()
            await env.settle()
            drill = (await bot.database.read(lambda conn: conn.execute(select(drills)))).first()
            assert drill is not None and (drill.state, drill.reveal) == ("closed", "done")
            closed = next(m for m in channel.history() if m.id == drill.message_id)
            assert "Closed." in str([c.to_dict() for c in closed.components])
        finally:
            await bot.close()
