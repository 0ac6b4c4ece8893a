"""Live quizzes: lobby, rounds, changes of mind, reveal, podium, and everything that can go wrong in between."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import discord
import pytest
import pytest_asyncio

from bot.domain.bank import Difficulty
from bot.domain.errors import Refusal
from bot.services.live_quizzes import LiveQuizView, NewLiveQuiz, Press
from bot.storage.schema import cards, ledger, live_choices, live_players, live_rounds, lives
from bot.ui.live_quizzes import pressed_text
from tests.discord.conftest import BOTH_ENGINES, HOUR, MESSAGES, PACK, World, labels, new_bot, said, seen
from tests.unit.packs import LAYERED

ROUND = 20
BELL = ROUND + 1.5
PAUSE = 8


class Table:
    """A live quiz in the practice channel, played by anna (its host), ben and chen."""

    def __init__(self, world: World, chen: Any) -> None:
        self.world = world
        self.chen = chen

    @property
    def players(self) -> list[Any]:
        return [self.world.anna, self.world.ben, self.chen]

    def cards(self, place: Any = None) -> list[Any]:
        """The bot's messages in the channel and in the threads of its quizzes, or in one place only."""
        channel = self.world.channel
        places = [channel, *channel.threads] if place is None else [place]
        found = {message.id: message for one in places for message in one.history() if message.components}
        return [found[at] for at in sorted(found)]

    async def lobby(self, **options: Any) -> Any:
        """Anna opens a lobby; returns its card."""
        answer = await self.world.anna.slash(
            self.world.channel, "quiz live", **{"questions": 2, "seconds": ROUND} | options
        )
        assert "lobby's open" in said(answer) and answer.response.ephemeral
        return self.cards()[-1]

    async def begun(self, *, losing: bool = False, **options: Any) -> Any:
        """All three join and the host starts; returns the card of the first round.

        Args:
            losing: the answer to that card's sending is lost.
        """
        lobby = await self.lobby(**options)
        for player in self.players:
            await player.click(lobby, label="Join")
        lost = self.world.lose_answer(MESSAGES, lobby.id) if losing else None
        await self.world.anna.click(lobby, label="Start now")
        assert lost != []
        return self.card()

    def card(self) -> Any:
        """The newest card."""
        return self.cards()[-1]

    async def view(self) -> LiveQuizView:
        """The newest live quiz as stored."""
        view = await self.world.bot.services.live_quizzes.view((await self.world.rows(lives))[-1].id)
        assert view is not None
        return view

    async def right(self) -> int:
        """Which letter is right in the round that is open, as a number."""
        view = await self.view()
        asked = view.at(view.live.position)
        assert asked is not None
        return next(index for index, option in enumerate(asked.options) if option.why is None)

    async def press(self, player: Any, *, off: int = 0, card: Any = None) -> str:
        """Presses the right letter, or the one that is `off` letters further on."""
        letter = "ABCD"[(await self.right() + off) % 4]
        return said(await player.click(card or self.card(), label=letter))


@pytest_asyncio.fixture
async def table(world: World) -> Table:
    return Table(world, world.guild.add_member(world.env.create_user("chen")))


async def test_why_there_are_no_points_is_said_as_it_is(table: Table):
    await table.begun(questions=3)
    for number in range(3):
        await table.press(table.world.anna, off=1)
        if number == 0:
            await table.press(table.world.ben)
        await table.world.beat(BELL)
        await table.world.beat(PAUSE)
    podium = table.card()
    wrong = said(await table.world.anna.click(podium, label="My result"))
    assert "0 of 3 right · no points" in wrong and "half of the rounds" not in wrong
    few = said(await table.world.ben.click(podium, label="My result"))
    assert "1 of 3 right · no points: that takes an answer in at least half of the rounds" in few


async def test_three_people_play_to_the_podium(table: Table):
    world = table.world
    lobby = await table.lobby()
    assert labels(lobby) == ["Join", "Start now", "Cancel"] and "2 rounds · 20 seconds each" in seen(lobby)
    assert "Nobody has joined yet" in seen(lobby)
    for player in table.players:
        assert "You're in!" in said(await player.click(lobby, label="Join"))
    assert "already in" in said(await world.ben.click(lobby, label="Join"))
    await world.beat()
    assert "3 joined" in seen(table.card()) and "anna, ben, chen" in seen(table.card())
    await world.anna.click(lobby, label="Start now")
    assert "is on with 3 players" in seen(table.cards()[-2]) and not labels(table.cards()[-2])
    card = table.card()
    assert "Round 1 of 2" in seen(card) and labels(card) == ["A", "B", "C", "D"] and "Ends <t:" in seen(card)
    assert "or as soon as everybody has answered" in seen(card)
    options = [line for line in seen(card).splitlines() if line.startswith("**")]
    assert "You can change it once" in await table.press(world.anna)
    await world.env.advance_time(10)
    assert "You can change it once" in await table.press(world.ben, off=1)
    assert "That's final" in await table.press(world.ben)
    assert "already" in await table.press(world.ben, off=2) and "already" in await table.press(world.ben)
    await table.press(table.chen, off=1)
    assert "Round 1 of 2" in seen(table.card())  # a moment to change one's mind
    await world.beat(4)
    reveal = seen(table.card())
    for line in options:  # the letters stay where they were
        assert line in reveal
    assert "▰▰▰▰▰▰▰▱▱▱ 2" in reveal and "▰▰▰▱▱▱▱▱▱▱ 1" in reveal and reveal.count("✅") == 1
    assert "2 of 3 right" in reveal and "anna 0.0 s +1,000" in reveal and "ben 10.0 s +750" in reveal
    assert "1. anna 1,000 · 2. ben 750 · 3. chen 0" in reveal and labels(table.card()) == ["Report a mistake"]
    await world.beat(PAUSE)
    assert "Round 2 of 2" in seen(table.card())
    await table.press(world.ben)
    await table.press(table.chen)
    await world.beat(BELL)
    assert "2 of 2 right" in seen(table.card())
    await world.beat(PAUSE)
    podium = seen(table.card())
    assert "🥇 **ben** 1,750 · 2 of 2 right" in podium and labels(table.card()) == ["Play again", "My result"]
    assert [file.filename for file in table.card().attachments] == ["podium.png"]
    assert "🥈 **anna** 1,000 · 1 of 2 right\n🥉" not in podium and podium.count("🥈") == 2
    assert {(row.member_id, row.points, row.reason) for row in await world.rows(ledger)} == {
        (world.ben.id, 13, "live"),
        (world.anna.id, 8, "live"),
        (table.chen.id, 8, "live"),
    }
    mine = said(await world.anna.click(table.card(), label="My result"))
    assert "Rank 2 of 3" in mine and "8 points" in mine and "not answered" in mine
    assert "weren't in this quiz" in said(await world.boss.click(table.card(), label="My result"))
    assert "ben** · 13 points" in await world.reply(world.anna, "leaderboard members")
    await world.beat(60)
    assert len(table.cards()) == 4
    await world.ben.click(table.card(), label="Play again")
    assert "Host: ben" in seen(table.card()) and "2 rounds" in seen(table.card())


async def test_the_lobby_starts_by_itself_and_latecomers_play_along(table: Table):
    world = table.world
    lobby = await table.lobby()
    await world.ben.click(lobby, label="Join")
    await world.beat(61)
    assert "Round 1 of 2" in seen(table.card())
    await table.press(table.chen)  # chen never joined
    assert {row.member_id for row in await world.rows(live_players)} == {world.ben.id, table.chen.id}
    await world.beat(BELL)
    assert "1 of 1 right" in seen(table.card())


async def test_a_lobby_that_nobody_joins_ends_with_a_sentence(table: Table):
    world = table.world
    lobby = await table.lobby()
    assert "Nobody has joined yet" in said(await world.anna.click(lobby, label="Start now"))
    await world.beat(61)
    assert "Nobody joined" in seen(table.card()) and not labels(table.card())
    await world.beat(61)
    assert len(table.cards()) == 1 and (await world.rows(lives))[0].settled


async def test_leaving_is_one_press_and_so_is_coming_back(table: Table):
    world = table.world
    lobby = await table.lobby()
    answer = await world.ben.click(lobby, label="Join")
    await world.ben.click(answer.response.message, label="Leave")
    assert "You've left" in seen(answer.response.message) and await world.rows(live_players) == []
    await world.ben.click(answer.response.message, label="Join")
    assert "You're in!" in seen(answer.response.message) and len(await world.rows(live_players)) == 1


async def test_a_round_waits_for_nobody_who_has_left(table: Table):
    world = table.world
    lobby = await table.lobby()
    await world.anna.click(lobby, label="Join")
    answer = await world.ben.click(lobby, label="Join")
    await world.anna.click(lobby, label="Start now")
    await table.press(world.anna)
    await world.ben.click(answer.response.message, label="Leave")
    await world.beat(4)
    assert "1 of 1 right" in seen(table.card())


async def test_only_host_and_managers_start_cancel_and_stop(table: Table):
    world = table.world
    lobby = await table.lobby()
    await world.ben.click(lobby, label="Join")
    for label in ("Start now", "Cancel"):
        assert "Only the host" in said(await world.ben.click(lobby, label=label))
    assert "Only the host" in await world.reply(world.ben, "quiz stop")
    assert "has been stopped" in said(await world.boss.click(lobby, label="Cancel"))
    assert "called off" in seen(table.card()) and not labels(table.card())
    assert "no live quiz here" in await world.reply(world.anna, "quiz stop")
    await table.begun()
    assert "has been stopped" in await world.reply(world.boss, "quiz stop")


async def test_a_quiz_of_one_brings_no_points_and_says_so(table: Table):
    world = table.world
    await table.begun(questions=1)
    await table.press(world.anna)
    await world.beat(BELL)
    await world.beat(PAUSE)
    podium = seen(table.card())
    assert "🥇 **anna** 1,000 · 1 of 1 right" in podium
    assert "It takes two or more players to earn points; on your own, try `/quiz solo`." in podium
    assert await world.rows(ledger) == []
    assert "no points" in said(await world.anna.click(table.card(), label="My result"))
    await table.begun(questions=1)
    await table.press(world.anna)
    await table.press(world.ben, off=1)
    await world.beat(BELL)
    await world.beat(PAUSE)
    assert "two or more players" not in seen(table.card())
    assert {(row.member_id, row.points) for row in await world.rows(ledger)} == {(world.anna.id, 15)}


async def test_a_stopped_quiz_keeps_its_closed_rounds_and_drops_the_open_one(table: Table):
    world = table.world
    await table.begun()
    for player in table.players:
        await table.press(player)
    await world.beat(4)
    await world.beat(PAUSE)
    card = table.card()
    await table.press(world.ben)
    assert "has been stopped" in await world.reply(world.anna, "quiz stop")
    stopped = next(message for message in table.cards() if message.id == card.id)
    assert "doesn't count" in seen(stopped) and labels(stopped) == ["Report a mistake"]
    podium = seen(table.card())
    assert "stopped early" in podium and "1,000 · 1 of 2 right" in podium and "1,9" not in podium
    assert {row.points for row in await world.rows(ledger)} == {8}
    await world.beat(60)
    assert table.card().id != card.id and len(table.cards()) == 4


async def test_a_quiz_without_players_ends_by_itself(table: Table):
    world = table.world
    await table.begun(questions=5)
    for _ in range(2):
        await world.beat(BELL)
        assert "Nobody answered" in seen(table.card())
        await world.beat(PAUSE)
    assert "Nobody answered for two rounds" in seen(table.card())
    assert [row.state for row in await world.rows(lives)] == ["empty"] and await world.rows(ledger) == []


@BOTH_ENGINES
async def test_two_at_once_in_a_channel_one_wins_and_the_other_gets_a_link(table: Table):
    world = table.world
    now, wish = world.bot.clock(), NewLiveQuiz(None, None, 2, ROUND)
    results = await asyncio.gather(
        *(
            world.bot.services.live_quizzes.open(world.guild.id, world.channel.id, who, "x", wish, now)
            for who in range(5)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(result, int) for result in results) == 1
    assert sum(isinstance(result, Refusal) for result in results) == 4
    await world.beat()
    again = await world.reply(table.chen, "quiz live", seconds=ROUND)
    assert "already a live quiz here" in again and f"/{world.channel.id}/{table.card().id}" in again
    assert len(await world.rows(lives)) == 1 and len(table.cards()) == 1
    other = world.guild.create_text_channel("other")
    assert "lobby's open" in await world.reply(world.ben, "quiz live", other, seconds=ROUND)


async def test_presses_on_old_rounds_ended_quizzes_and_after_the_bell(table: Table):
    world = table.world
    first = await table.begun()
    live_id = (await table.view()).live.id

    async def stale(guild_id: int = world.guild.id) -> str:
        """Ben presses A on the first card as his client still shows it."""
        at = world.bot.clock()
        press = Press(live_id, 0, 0, guild_id, world.ben.id, "ben", at=at, card_at=first.created_at)
        return pressed_text(await world.bot.services.live_quizzes.press(press))

    await table.press(world.anna)
    assert "has ended" in await stale(guild_id=1)
    await world.env.advance_time(ROUND + 0.5)  # after the bell, before the heartbeat has rung
    assert "Time was up" in await table.press(world.ben)
    await world.beat(1)
    assert "round is over" in await stale()
    await world.beat(PAUSE)
    assert "round is over" in await stale()
    await world.reply(world.anna, "quiz stop")
    assert "has ended" in await stale()
    with pytest.raises(Refusal, match=r"live_quizzes\.ended"):
        await world.bot.services.live_quizzes.join(live_id, world.guild.id, world.ben.id, "ben", world.bot.clock())
    assert [row.member_id for row in await world.rows(live_choices)] == [world.anna.id]


async def test_a_restart_in_lobby_round_and_pause(table: Table):
    world = table.world
    lobby = await table.lobby()
    await world.restart()
    for player in table.players:
        await player.click(lobby, label="Join")
    await world.anna.click(lobby, label="Start now")
    await table.press(world.anna)
    await world.restart()
    await world.beat(2)
    assert len(table.cards()) == 2
    await table.press(world.ben)
    await world.env.advance_time(BELL)
    await world.restart()  # killed in the round, back after its bell
    await world.beat()
    assert "2 of 2 right" in seen(table.card())
    await world.restart()
    await world.beat(PAUSE)
    assert "Round 2 of 2" in seen(table.card())
    await world.beat(BELL)
    await world.restart()
    await world.beat(PAUSE)
    assert "🥇 **anna** 1,000" in seen(table.card()) and len(table.cards()) == 4
    assert len(await world.rows(ledger)) == 2


@pytest.mark.parametrize("lost", [1, 2, 3])
async def test_a_card_that_was_sent_but_not_recorded_is_found_again(table: Table, lost: int):
    """The answer to the `lost`-th message never arrives: lobby, round or podium."""
    world = table.world

    def lose(number: int) -> None:
        if number == lost:
            world.lose_answer(MESSAGES, world.channel.id)

    lose(1)
    await world.anna.slash(world.channel, "quiz live", questions=1, seconds=ROUND)
    if lost == 1:
        await world.restart()
        await world.beat()
    for player in table.players:
        await player.click(table.card(), label="Join")
    lose(2)
    await world.anna.click(table.cards()[0], label="Start now")
    if lost == 2:
        await table.press(world.anna)  # the card stands there, so it can be pressed
        await world.restart()
        await world.beat(1)
    else:
        await table.press(world.anna)
    await world.beat(BELL)
    lose(3)
    await world.beat(PAUSE)
    if lost == 3:
        await world.restart()
        await world.beat()
    assert len(table.cards()) == 3 and "🥇 **anna** 1,000" in seen(table.card())
    await world.beat(60)
    assert len(table.cards()) == 3 and (await world.rows(lives))[0].settled


async def test_a_card_that_was_found_after_its_bell_is_closed_and_late_presses_do_not_count(table: Table):
    world = table.world
    card = await table.begun(losing=True)
    await world.restart()
    await world.env.advance_time(ROUND + 5)
    assert "Time was up" in said(await world.ben.click(card, label="A"))
    await world.beat()
    assert "Nobody answered" in seen(table.card()) and len(table.cards()) == 2


@pytest.mark.parametrize("lost", [1, 2])
async def test_a_card_that_was_not_recorded_and_then_stopped_keeps_no_live_buttons(table: Table, lost: int):
    world = table.world
    if lost == 1:
        gone = world.lose_answer(MESSAGES, world.channel.id)
        await world.anna.slash(world.channel, "quiz live", questions=2, seconds=ROUND)
        assert gone
    else:
        await table.begun(losing=True)
    await world.restart()
    assert "has been stopped" in await world.reply(world.anna, "quiz stop")
    assert len(table.cards()) == lost and not {"Join", "A"} & {name for c in table.cards() for name in labels(c)}
    assert (await world.rows(lives))[0].settled


async def test_after_a_long_outage_the_quiz_ends_with_what_was_scored(table: Table):
    world = table.world
    await table.begun(questions=2)
    await table.press(world.anna)
    await table.press(world.ben, off=1)
    await outage(world, 2 * HOUR)
    assert "1 of 2 right" in seen(table.cards()[-2])
    assert "stopped early" in seen(table.card()) and "🥇 **anna** 1,000" in seen(table.card())
    assert [row.points for row in await world.rows(ledger)] == [8]


async def outage(world: World, seconds: float) -> None:
    """The bot is killed, and back after so long."""
    await world.bot.close()
    await world.env.advance_time(seconds)
    world.bot = new_bot(world.settings)
    await world.env.restart_bot(world.bot)
    await world.beat()


async def test_after_minutes_of_discords_own_trouble_the_quiz_ends_visibly(table: Table):
    world = table.world
    card = await table.begun(questions=3)
    await table.press(world.anna)
    await world.beat(BELL)
    await world.env.advance_time(PAUSE)
    request: Any = world.bot.http.request
    broken = True

    async def failing(route: Any, **options: Any) -> Any:
        answer = None if broken and route.method == "PATCH" else await request(route, **options)
        if broken and not route.path.startswith(("/interactions", "/webhooks")):
            raise ConnectionResetError  # also after a message that did arrive
        return answer

    world.bot.http.request = failing  # pyright: ignore[reportAttributeAccessIssue]
    for _ in range(20):
        await world.beat(5)
    assert [(row.state, row.settled) for row in await world.rows(lives)] == [("stopped", False)]
    broken = False
    await world.beat(5)
    assert [(row.state, row.settled) for row in await world.rows(lives)] == [("stopped", True)]
    first, second, podium = table.cards()[1:]
    assert first.id == card.id and "1 of 1 right" in seen(first) and "doesn't count" in seen(second)
    assert "stopped early" in seen(podium) and "🥇 **anna** 1,000" in seen(podium)


@pytest.mark.parametrize("owed", ["lobby", "first round", "second round"])
async def test_a_card_that_was_owed_before_a_long_outage_is_not_posted_hours_later(table: Table, owed: str):
    """Killed after the step was decided and before its card was sent."""
    world, service, rounds = (
        table.world,
        table.world.bot.services.live_quizzes,
        table.world.bot.services.live_rounds,
    )
    now, wish = world.bot.clock(), NewLiveQuiz(None, None, 2, ROUND)
    posted = 0
    if owed == "lobby":
        await service.open(world.guild.id, world.channel.id, world.anna.id, "anna", wish, now)
    elif owed == "first round":
        await world.ben.click(await table.lobby(), label="Join")
        await service.start(1, world.guild.id, world.anna.id, now, manager=False)
        assert await rounds.advance(1, now)
        posted = 1
    else:
        await table.begun()
        await table.press(world.anna)
        await world.beat(BELL)
        await world.env.advance_time(PAUSE)
        assert await rounds.advance(1, world.bot.clock())
        posted = 2
    await outage(world, 2 * HOUR)
    assert [(row.state, row.settled) for row in await world.rows(lives)] == [("stopped", True)]
    assert not {"Join", "A"} & {name for card in table.cards() for name in labels(card)}
    assert len(table.cards()) == posted + (owed == "second round")  # the podium of what was played
    assert "lobby's open" in await world.reply(world.anna, "quiz live", seconds=ROUND)


@pytest.mark.parametrize("seconds", [0.5 * HOUR, 9 * HOUR])
async def test_points_belong_to_the_day_on_which_a_quiz_was_played(table: Table, seconds: float):
    world = table.world
    await table.begun(questions=1)
    await table.press(world.anna)
    await table.press(world.ben, off=1)
    await world.beat(BELL)
    over = world.bot.clock() + timedelta(seconds=PAUSE)
    await outage(world, seconds)
    (entry,) = await world.rows(ledger)
    assert entry.happened_at == over


async def test_a_deleted_card_ends_the_quiz_quietly_and_others_go_on(table: Table):
    world = table.world
    other = world.guild.create_text_channel("other")
    await world.ben.slash(other, "quiz live", questions=1, seconds=ROUND)
    await table.chen.click(table.cards(other)[-1], label="Join")
    card = await table.begun()
    mine = world.bot.get_partial_messageable(card.channel.id).get_partial_message(card.id)
    await mine.delete()
    await world.env.settle()
    assert [row.state for row in await world.rows(lives)] == ["lobby", "gone"]
    (lobby,) = table.cards(world.channel)
    assert "The quiz is over" in seen(lobby) and "Play along" not in seen(lobby)
    await world.beat(61)
    await world.beat(BELL)
    assert [row.state for row in await world.rows(lives)] == ["showing", "gone"]
    assert len(table.cards()) == 1 and "Nobody answered" in seen(table.cards(other.threads[-1])[-1])
    assert "lobby's open" in await world.reply(world.anna, "quiz live", seconds=ROUND)


async def test_a_card_deleted_while_the_bot_was_away_ends_the_quiz_quietly(table: Table):
    world = table.world
    card = await table.begun()
    await world.bot.close()
    await world.boss.delete(card)
    await world.restart()
    await world.beat(BELL)
    assert [(row.state, row.settled) for row in await world.rows(lives)] == [("gone", True)]
    assert len(table.cards()) == 1


async def test_a_deleted_channel_ends_the_quiz_quietly(table: Table):
    world = table.world
    await table.begun()
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.delete()
    await world.env.settle()
    await world.beat(BELL)
    assert [(row.state, row.settled) for row in await world.rows(lives)] == [("gone", True)]


async def test_permissions_are_named_before_and_their_loss_ends_the_quiz(table: Table):
    world = table.world
    await world.deny(send_messages=False)
    answer = await world.reply(world.anna, "quiz live", seconds=ROUND)
    assert "Send Messages" in answer and await world.rows(lives) == []
    await world.deny(send_messages=None)
    await table.begun()
    await table.press(world.anna)
    await table.press(world.ben, off=1)
    await world.beat(BELL)
    await world.deny(send_messages_in_threads=False)
    await world.beat(PAUSE)
    assert [(row.state, row.settled) for row in await world.rows(lives)] == [("gone", True)]
    assert [row.points for row in await world.rows(ledger)] == [8]


async def test_a_server_error_is_tried_again(table: Table):
    world = table.world
    await table.begun()
    request: Any = world.bot.http.request
    broken = True

    async def failing(route: Any, **options: Any) -> Any:
        if broken and not route.path.startswith(("/interactions", "/webhooks")):
            raise ConnectionResetError
        return await request(route, **options)

    world.bot.http.request = failing  # pyright: ignore[reportAttributeAccessIssue]
    await table.press(world.anna)
    await world.beat(BELL)
    await world.beat(5)
    assert "Round 1 of 2" in seen(table.card()) and "1 of 1 right" not in seen(table.card())
    broken = False
    await world.beat(5)
    assert "Round 2 of 2" in seen(table.card()) and "1 of 1 right" in seen(table.cards()[-2])


async def test_a_channel_that_does_not_answer_holds_up_no_other_quiz(table: Table):
    world = table.world
    other = world.guild.create_text_channel("other")
    await world.ben.slash(other, "quiz live", questions=1, seconds=ROUND)
    await table.chen.click(table.cards(other)[-1], label="Join")
    (quiz,) = other.threads
    first = await table.begun(questions=1)
    request: Any = world.bot.http.request
    answered = asyncio.Event()

    async def hanging(route: Any, **options: Any) -> Any:
        if f"/channels/{first.channel.id}/" in route.url:
            await answered.wait()
        return await request(route, **options)

    world.bot.http.request = hanging  # pyright: ignore[reportAttributeAccessIssue]
    for seconds, said_there in ((61, "Round 1 of 1"), (BELL, "Nobody answered"), (PAUSE, "has ended")):
        await world.env.advance_time(seconds)
        await world.bot.beat(0.3)
        assert said_there in seen(table.cards(quiz)[-1])
    assert [row.state for row in await world.rows(lives)] == ["done", "showing"]
    answered.set()
    await world.beat(PAUSE)
    assert "has ended" in seen(table.card())


async def test_a_lobby_that_discord_does_not_take_at_once_is_announced(table: Table):
    world = table.world
    request: Any = world.bot.http.request
    failures = [ConnectionResetError()]

    async def failing(route: Any, **options: Any) -> Any:
        if failures and route.path.endswith("/messages"):
            raise failures.pop()
        return await request(route, **options)

    world.bot.http.request = failing  # pyright: ignore[reportAttributeAccessIssue]
    assert "I'll keep trying" in await world.reply(world.anna, "quiz live", seconds=ROUND)
    await world.beat(5)
    assert labels(table.card()) == ["Join", "Start now", "Cancel"]


async def test_a_round_whose_item_left_the_bank_is_passed_over(table: Table):
    """The bot comes back in the round with another bank."""
    world = table.world
    await table.begun(questions=2)
    await table.press(world.anna)
    asked = (await table.view()).at(0)
    assert asked is not None
    kept = [replace(q, items=tuple(i for i in q.items if i.id != asked.item.id)) for q in PACK.questions]
    await world.restart(pack=replace(PACK, questions=tuple(kept)))
    await world.beat(1)
    assert "the round doesn't count" in seen(table.cards()[-2]) and not labels(table.cards()[-2])
    assert "Round 2 of 2" in seen(table.card())
    await table.press(world.ben)
    await world.beat(BELL)
    await world.beat(PAUSE)
    assert "🥇 **ben** 1,000" in seen(table.card())
    assert not re.search(r"\banna\b", seen(table.card()))


async def test_topics_and_more_questions_than_there_are(table: Table):
    world = table.world
    assert "no topic called" in await world.reply(world.anna, "quiz live", topic="99")
    hard = len(world.bank.items(world.bank.topics[0].title, Difficulty.HARD, sums=False))
    answer = await world.reply(world.anna, "quiz live", topic="1", difficulty="hard", questions=20)
    if hard == 0:
        assert "no hard quiz questions" in answer
    elif hard < 20:
        assert f"Only {hard} questions fit" in answer


async def test_items_do_not_repeat_in_a_channel_while_others_are_left(table: Table):
    world = table.world
    for _ in range(2):
        await table.begun(questions=5, topic="1")
        for _ in range(5):
            await table.press(world.anna)
            await world.beat(BELL)
            await world.beat(PAUSE)
    asked = [row.item_id for row in await world.rows(live_rounds)]
    total = sum(len(q.items) for q in world.bank.questions if q.topic == world.bank.topics[0].title)
    assert len(set(asked)) == min(10, total)


async def test_it_works_in_a_thread(table: Table):
    world = table.world
    await world.set_up()
    await world.post()
    await world.anna.slash(world.thread(), "quiz live", questions=1, seconds=ROUND)
    lobby = table.cards(world.thread())[-1]
    await world.ben.click(lobby, label="Join")
    await world.anna.click(lobby, label="Start now")
    assert "Round 1 of 1" in seen(table.cards(world.thread())[-1])


async def test_names_cannot_ping_link_turn_the_line_or_vanish(table: Table):
    world = table.world
    names = ["\u202eevil", "https://evil.example/x", "<#123456789012345678>", "\u200b\u200b", "<t:0:R>", "شما"]
    lobby = await table.lobby()
    for number, name in enumerate(names):
        user = world.env.create_user(f"u{number}", global_name=name)
        await world.guild.add_member(user).click(lobby, label="Join")
    await world.beat()
    text = seen(table.card())
    assert "6 joined" in text and "\u2068شما\u2069" in text and "A member" in text
    assert not any(part in text for part in ("\u202e", "https://evil", "<#123", "<t:0"))


async def test_who_stays_off_boards_plays_without_a_name(table: Table):
    world = table.world
    card = await table.begun(questions=1)
    hide = f"UPDATE members SET off_boards = TRUE WHERE member_id = {world.ben.id}"
    await world.bot.database.write(lambda conn: conn.exec_driver_sql(hide))
    await table.press(world.ben)
    await table.press(world.anna, off=1)
    await world.beat(BELL)
    reveal = next(message for message in table.cards() if message.id == card.id)
    assert "A member 0.0 s +1,000" in seen(reveal) and not re.search(r"\bben\b", seen(reveal))
    await world.beat(PAUSE)
    podium = seen(table.card())
    assert "🥇 **A member** 1,000" in podium and "ben" not in podium and "🥈 **anna** 0" in podium
    assert "Rank 1 of 2" in said(await world.ben.click(table.card(), label="My result"))


async def test_teams_are_compared_and_what_was_missed_comes_again(table: Table):
    world = table.world
    for name, members in (("Pandas", [world.anna, world.ben]), ("Foxes", [table.chen])):
        await world.reply(world.boss, "team create", name=name)
        for member in members:
            await world.reply(member, "team join", name=name)
    await table.begun(questions=1)
    await table.press(world.anna)
    await table.press(world.ben, off=1)
    await table.press(table.chen)
    await world.beat(BELL)
    await world.beat(PAUSE)
    assert "**Team averages** Foxes 1,000 · Pandas 500" in seen(table.card())
    assert [card.member_id for card in await world.rows(cards)] == [world.ben.id]


async def test_a_round_lasts_as_long_as_its_item_needs_where_nobody_says_how_long(table: Table):
    world = table.world
    long = replace(LAYERED.items[0], id="long", stem="word " * 50)  # 75 words with the options: 25 seconds
    pack = replace(PACK, questions=(replace(LAYERED, items=(long,), topic=PACK.topics[0].title),))
    await world.restart(pack=pack)
    answer = await world.anna.slash(world.channel, "quiz live", questions=1)
    assert "lobby's open" in said(answer) and "1 round · 35 seconds each" in seen(table.card())
    for player in table.players:
        await player.click(table.card(), label="Join")
    await world.anna.click(table.card(), label="Start now")
    began = world.bot.clock()
    assert f"Ends <t:{int(began.timestamp()) + 35}:R>" in seen(table.card()) and "· easy" in seen(table.card())
    await world.env.advance_time(11)
    await table.press(world.anna)
    await world.beat(21)
    await table.press(world.ben)
    await world.beat(5)
    assert "anna 11.0 s +843" in seen(table.card()) and "2 of 2 right" in seen(table.card())
    await world.beat(PAUSE)
    assert (await table.view()).live.seconds == 0
    await world.anna.click(table.card(), label="Play again")
    assert "35 seconds each" in seen(table.card())


async def test_items_with_sums_are_asked_where_they_are_asked_for(table: Table):
    world = table.world
    items = (*LAYERED.items[:2], replace(LAYERED.items[2], stem="word " * 50))
    await world.restart(pack=replace(PACK, questions=(replace(LAYERED, items=items, topic=PACK.topics[0].title),)))
    assert "how many rounds" in await world.reply(world.anna, "quiz live", questions=3)
    assert {row.item_id for row in await world.rows(live_rounds)} == {"p-001-a", "p-001-c"}
    assert "2 rounds · 23 to 34 seconds each" in seen(table.card())
    await world.anna.click(table.card(), label="Cancel")
    other = world.guild.create_text_channel("other")
    await world.anna.slash(other, "quiz live", questions=3, sums=True)
    assert "3 rounds" in seen(table.cards(other)[-1])
    view = await table.view()
    assert {found.item_id: found.seconds for found in view.rounds}["p-001-b"] > 40 and view.live.sums


async def test_a_card_from_before_a_restored_backup_acts_on_no_quiz_of_today(table: Table, world: World):
    backup = world.backup()
    old = await table.lobby()
    await world.env.advance_time(60)
    await world.restart(backup)
    await table.lobby()
    said_now = said(await world.ben.click(old, label="Join"))
    assert "in the lobby" not in said_now and not (await table.view()).players, said_now


async def test_rounds_come_in_a_thread_and_the_channel_keeps_one_card_that_says_who_won(table: Table):
    world = table.world
    lobby = await table.lobby(questions=1)
    quiz = world.thread()
    assert quiz.id == lobby.id and quiz.name == "Live quiz · all topics"
    for player in table.players:
        assert f"in <#{quiz.id}>" in said(await player.click(lobby, label="Join"))
    await world.anna.click(lobby, label="Start now")
    assert f"with 3 players. Play along in <#{quiz.id}>" in seen(table.cards(world.channel)[-1])
    again = await world.reply(table.chen, "quiz live", seconds=ROUND)
    assert f"/{quiz.id}/{table.card().id}" in again
    await table.press(world.ben)
    await world.beat(BELL)
    await world.beat(PAUSE)
    (kept,) = table.cards(world.channel)
    assert "🥇 **ben** 1,000" in seen(kept) and f"Every round is in <#{quiz.id}>" in seen(kept)
    assert [("Round 1" in seen(card), "Play again" in labels(card)) for card in table.cards(quiz)[-2:]] == [
        (True, False),
        (False, True),
    ]
    await world.ben.click(table.card(), label="Play again")
    assert "Host: ben" in seen(table.cards(quiz)[-1]) and labels(table.cards(quiz)[-1])[0] == "Join"
    assert table.cards(world.channel) == [kept] and len(world.channel.threads) == 1
    assert f"/{quiz.id}/{table.card().id}" in await world.reply(world.anna, "quiz live", seconds=ROUND)
    assert "has been stopped" in await world.reply(world.ben, "quiz stop", quiz)
    assert "no live quiz here" in await world.reply(world.ben, "quiz stop")
    assert len({row.channel_id for row in await world.rows(lives)}) == 1


@pytest.mark.parametrize("lacking", ["create_public_threads", "send_messages_in_threads"])
async def test_where_there_may_be_no_thread_all_of_it_comes_in_the_channel(table: Table, lacking: str):
    world = table.world
    await world.deny(**{lacking: False})
    await table.begun(questions=1)
    await world.deny(**{lacking: None})  # what has begun in the channel goes on there
    await world.restart()
    await table.press(world.ben)
    await world.beat(BELL)
    await world.beat(PAUSE)
    assert world.channel.threads == [] and "🥇 **ben** 1,000" in seen(table.card())
    await world.ben.click(table.card(), label="Play again")
    await world.beat(5)
    assert world.thread().id == table.card().id


async def test_a_thread_that_discord_refuses_to_open_stops_no_quiz(table: Table):
    world = table.world
    world.env.inject_error("POST", "/channels/*/messages/*/threads", status=400, code=160006)
    card = await table.begun(questions=1)
    assert card.channel.id == world.channel.id and "Round 1 of 1" in seen(card)


async def test_a_thread_that_discord_fails_to_open_stops_no_quiz_that_starts(table: Table):
    world = table.world
    world.env.inject_error("POST", "/channels/*/messages/*/threads", status=500, times=50)
    await table.lobby(questions=1)
    await world.ben.click(table.card(), label="Join")
    await world.anna.click(table.card(), label="Start now")
    assert table.card().channel.id == world.channel.id and "Round 1 of 1" in seen(table.card())


async def test_a_round_goes_on_in_a_thread_that_was_closed(table: Table):
    world = table.world
    card = await table.begun(questions=1)
    await table.press(world.ben)
    world.env.inject_error("PATCH", f"/channels/{card.channel.id}/messages/*", status=400, code=50083)
    await world.beat(BELL)
    await world.beat(PAUSE)
    assert "🥇 **ben** 1,000" in seen(table.card()) and "A" not in labels(table.cards(world.thread())[0])


async def test_a_lobby_that_was_called_off_leaves_no_open_thread(table: Table):
    world = table.world
    await table.lobby()
    thread = world.bot.get_channel(world.thread().id)
    assert isinstance(thread, discord.Thread) and not thread.archived
    await world.reply(world.anna, "quiz stop")
    assert thread.archived and "called off" in seen(table.cards(world.channel)[-1])


async def test_a_thread_that_was_opened_but_not_recorded_is_the_one(table: Table):
    world = table.world
    lost = world.lose_answer("/channels/{channel_id}/messages/{message_id}/threads", world.channel.id)
    assert "lobby's open" in await world.reply(world.anna, "quiz live", questions=1, seconds=ROUND)
    assert lost
    await world.restart()
    await world.beat()
    (quiz,) = world.channel.threads
    lobby = table.card()
    await world.ben.click(lobby, label="Join")
    await world.anna.click(lobby, label="Start now")
    await table.press(world.ben)
    await world.beat(BELL)
    await world.beat(PAUSE)
    assert "🥇 **ben** 1,000" in seen(table.cards(quiz)[-1]) and len(table.cards(world.channel)) == 1
