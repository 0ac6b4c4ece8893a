"""The running process: health, restarts while people write, withheld text, and a clean end."""

import asyncio
import contextlib
import json
import re
import socket
from collections import defaultdict
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from prometheus_client.parser import text_string_to_metric_families

from bot.storage import schema
from tests.unit.packs import pack_folder
from tests.wire.double import CHANNEL_ID, Double
from tests.wire.process import Case, Running

ANNA = "9100"
TEXT = "The point first, and then how it works"


@pytest_asyncio.fixture
async def case(tmp_path: Path) -> AsyncGenerator[Case]:
    async with Double() as double:
        yield Case(double, tmp_path)
        assert double.violations == [] and double.unknown == []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def look(port: int, at: str) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{at}") as answer:
        return answer.status, await answer.json()


async def well(port: int, bot: Running, at: str) -> Any:
    """What is said there once all is well."""
    async with asyncio.timeout(30):
        while bot.process.returncode is None:
            with contextlib.suppress(aiohttp.ClientError):
                status, said = await look(port, at)
                if status == 200:
                    return said
            await asyncio.sleep(0.1)
    raise AssertionError("the bot ended")


@dataclass
class Numbers:
    """What `/metrics` says."""

    samples: list[tuple[str, dict[str, str], float]]

    def sum(self, name: str, **labels: str) -> float:
        """Of all that have these labels."""
        found = [value for each, has, value in self.samples if each == name and labels.items() <= has.items()]
        assert found, name
        return sum(found)

    @property
    def labels(self) -> dict[str, set[str]]:
        """The values of each label but bounds."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for _, labels, _ in self.samples:
            for name, value in labels.items():
                if name != "le":
                    found[name].add(value)
        return found


async def numbers(port: int) -> Numbers:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/metrics") as answer:
        families = text_string_to_metric_families(await answer.text())
    return Numbers(
        [(s.name.removeprefix("mockingbird_"), s.labels, s.value) for family in families for s in family.samples]
    )


def texts(double: Double, channel_id: str) -> str:
    return json.dumps(list(double.messages[channel_id].values()))


async def test_the_form_and_messages_survive_a_restart(case: Case):
    case.afresh = True
    old = await case.prepare()
    old_id = str(old.message_id)
    reading = case.double.fault("GET", f"/channels/{old_id}/messages")
    port = free_port()
    model = {"BASE_URL": "http://127.0.0.1:9/v1", "MODEL": "m", "API_KEY": "sk-nobody-may-read"}
    settings = {f"MOCKINGBIRD_LLM_{name}": value for name, value in model.items()}
    async with case.running(MOCKINGBIRD_HTTP_PORT=str(port), **settings) as bot:
        assert await well(port, bot, "/healthz") == {"gateway": True, "heartbeat": True, "storage": True}
        await reading.hit.wait()
        assert await look(port, "/readyz") == (503, {"gateway": True, "migrated": True, "caught_up": False})
        reading.release.set()
        assert await well(port, bot, "/readyz") == {"gateway": True, "migrated": True, "caught_up": True}
        await case.settled()
        new_id = next(m for m in case.double.messages[CHANNEL_ID] if m != old_id)
        card = case.double.messages[CHANNEL_ID][new_id]
        button = card["components"][1]["components"][0]
        asked = {"component_type": 2, "custom_id": button["custom_id"]}
        form = await case.double.interacts(3, asked, ANNA, card)
        assert form["type"] == 9
        await bot.kill()
    # While the bot is away, somebody else writes in the thread.
    await case.double.says(new_id, "9200", TEXT)
    field = {"type": 4, "custom_id": "text", "value": TEXT}
    sent = {"custom_id": form["data"]["custom_id"], "components": [{"type": 18, "component": field}]}
    case.double.sessions_left = 0
    async with case.running(MOCKINGBIRD_HTTP_PORT=str(port)) as bot:
        await case.double.connected()
        receipt = await case.double.interacts(5, sent, ANNA, card)
        assert "You're in!" in json.dumps(receipt)
        await case.double.until(lambda: f"user{ANNA}" in texts(case.double, new_id))
        written = next(m["id"] for m in case.double.messages[new_id].values() if m["author"]["id"] == "9200")
        await case.double.until(lambda: bool(case.double.reactions[written]))
        await well(port, bot, "/readyz")
        measured = await numbers(port)
        assert await bot.stop() == 0
    for name, labels in (
        ("interactions_total", {"feature": "drill:form"}),
        ("interaction_seconds_count", {"feature": "drill:form"}),
        ("answers_total", {"way": "form", "kind": "on_time"}),
        ("answers_total", {"way": "thread", "kind": "on_time"}),
        ("identifies_total", {}),
        ("gateway", {"figure": "shards"}),
        ("gateway", {"figure": "servers"}),
    ):
        assert measured.sum(name, **labels) == 1, (name, labels)
    for name, labels in (
        ("discord_request_seconds_count", {"route": "GET /channels/{channel_id}/messages", "result": "200"}),
        ("outbox_total", {"kind": "answer", "result": "sent"}),
        ("database_seconds_count", {"kind": "write", "phase": "rest"}),
        ("log_lines_total", {"level": "info"}),
        ("event_loop_lag_seconds_count", {}),
        ("process_resident_memory_bytes", {}),
    ):
        assert measured.sum(name, **labels) > 0, (name, labels)
    for name in ("due_lag_seconds", "deliveries", "queue"):
        assert measured.sum(name) == 0
    # Nothing of anybody: no id, no name, no text, and never more values than the code has words for.
    for values in measured.labels.values():
        assert len(values) < 200
        assert all(
            re.fullmatch(r"[\w:./{}@ +-]{0,80}", value) and not re.search(r"\d{5}", value) for value in values
        )
        assert not values & {TEXT, f"user{ANNA}", ANNA}
    answers = await case.stored(schema.answers)
    assert sorted(str(answer.member_id) for answer in answers) == [ANNA, "9200"]
    assert {answer.status for answer in answers} == {"on_time"}
    log = (case.folder / "bot.log").read_text()
    assert log.count(" ready ") == 2 and log.count(" stopping ") == 1
    assert log.count("sessions.none_left") == 1 and "Does another machine use it?" in log
    assert TEXT not in log and model["API_KEY"] not in log
    # The first one asks a model about answers, the second none.
    assert "model.asked" in log and "127.0.0.1:9" in log and "model.none" in log


async def test_without_the_intent_every_message_counts_and_the_thread_says_so(case: Case):
    case.double.allow_text = False
    old = await case.prepare()
    async with case.running() as bot:
        await case.settled()
        new_id = next(m for m in case.double.messages[CHANNEL_ID] if m != str(old.message_id))
        assert "but not what you say" in texts(case.double, new_id)
        message_id = await case.double.says(new_id, ANNA, TEXT)
        await case.double.until(lambda: bool(case.double.reactions[message_id]))
        assert await bot.stop() == 0
    assert "Message Content Intent" in bot.log.read_text()
    assert [part.text for part in await case.stored(schema.parts)] == [""]


async def test_a_refused_token_stops_with_one_sentence(case: Case):
    case.double.fault("GET", "/users/@me", status=401)
    async with case.running() as bot, asyncio.timeout(20):
        assert await bot.process.wait() == 78
    assert "Discord refuses the token" in bot.log.read_text()
    assert "a.test.token" not in bot.log.read_text()


async def test_discord_out_of_reach_is_waited_for(case: Case):
    case.double.fault("GET", "/users/@me", status=503)
    async with case.running() as bot:
        await case.double.until(lambda: len(case.double.requests) > 3)
        assert await bot.stop() == 0
    assert "discord.unreachable" in bot.log.read_text()


async def test_a_second_bot_on_the_same_database_stops_with_one_sentence(case: Case):
    async with case.running() as first:
        await case.double.connected()
        async with case.running() as second, asyncio.timeout(20):
            assert await second.process.wait() == 78
        assert "Another Mockingbird writes" in second.log.read_text()
        assert await first.stop() == 0


async def test_a_message_of_four_thousand_characters_is_carried_whole(case: Case):
    old = await case.prepare()
    text = "word " * 799 + "last."
    async with case.running() as bot:
        await case.settled()
        new_id = next(m for m in case.double.messages[CHANNEL_ID] if m != str(old.message_id))
        for _ in range(2):  # a resumed connection may deliver an event twice
            await case.double.says(CHANNEL_ID, ANNA, text, reply_to=new_id)
        await case.double.until(lambda: texts(case.double, new_id).count("last.") == 2)
        assert await bot.stop() == 0
    carried = texts(case.double, new_id)
    assert len(re.findall(r"\bword\b", carried)) == 2 * 799
    assert [part.text for part in await case.stored(schema.parts)] == [text, text]


async def test_what_was_written_between_two_sessions_is_collected_once(case: Case):
    old = await case.prepare()
    async with case.running() as bot:
        await case.settled()
        new_id = next(m for m in case.double.messages[CHANNEL_ID] if m != str(old.message_id))
        await case.double.disconnect()
        in_thread = await case.double.says(new_id, ANNA, TEXT)
        replied = await case.double.says(CHANNEL_ID, "9200", TEXT, reply_to=new_id)
        await case.double.connected()  # the double refuses to resume, so that the bot identifies anew
        for message_id in (in_thread, replied):
            await case.double.until(lambda at=message_id: bool(case.double.reactions[at]))
        assert await bot.stop() == 0
    assert sorted(part.message_id for part in await case.stored(schema.parts)) == [int(in_thread), int(replied)]
    assert len(await case.stored(schema.ledger)) == 2


async def ended(bot: Running) -> tuple[int, str]:
    async with asyncio.timeout(20):
        return await bot.process.wait(), bot.log.read_text()


async def test_what_the_operator_can_mend_stops_the_start_with_one_sentence(case: Case):
    (case.folder / "file").write_text("")
    (case.folder / "packs").mkdir()
    packs = pack_folder(case.folder / "packs", "\n- {id: p-001}\n")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        for name, value, sentence in (
            ("DATABASE_URL", f"sqlite+aiosqlite:///{case.folder}/file/bot.db", "I cannot write to the folder"),
            ("HTTP_PORT", str(taken.getsockname()[1]), "choose another port"),
            ("HTTP_HOST", "192.0.2.1", "another address of this machine"),
            ("PACKS_DIR", str(packs), "p/t.yaml:2: number: field required"),
            ("SHARD_IDS", "[0]", "needs MOCKINGBIRD_SHARD_COUNT"),
        ):
            port = str(free_port())
            async with case.running(**{"MOCKINGBIRD_HTTP_PORT": port, f"MOCKINGBIRD_{name}": value}) as bot:
                code, log = await ended(bot)
            assert code == 78 and sentence in log and "Traceback" not in log, (name, log)
            bot.log.unlink()


@pytest.mark.parametrize("command", ["streak", "help"])
async def test_an_answer_that_discord_took_without_a_word_is_not_lost_and_comes_once(case: Case, command: str):
    await case.prepare()
    async with case.running() as bot:
        await case.settled()
        lost = case.double.fault("POST", r"/interactions/.*/callback", after=True, status=502)
        taken = await case.double.uses(command, "9001")
        await lost.hit.wait()
        await case.double.until(lambda: taken["type"] != 5 or any(case.double.followups.values()))
        assert await bot.stop() == 0
        assert "interaction.unanswered" not in bot.log.read_text()
    assert sum(map(len, case.double.followups.values())) == (taken["type"] == 5)
