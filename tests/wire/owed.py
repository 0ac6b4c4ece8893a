"""What the bot owes Discord at a moment: one message or thread of each kind."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from bot.domain.answers import AnswerRules
from bot.domain.drills import Drill, DrillState, Mode, Reveal
from bot.domain.interviews import InterviewWay
from bot.services import answers, interview_answers, interviews, live_quizzes, live_rounds, reminders, votes
from bot.services.answers import SubmittedForm, Turnouts
from bot.services.interviews import InterviewService, NewInterview
from bot.services.live_quizzes import LiveQuizService, NewLiveQuiz, Press
from bot.storage import drills, members, milestones, schema, tracks
from bot.storage import live_quizzes as stored_live_quizzes
from bot.storage import reminders as stored_reminders
from bot.storage.database import Database
from bot.storage.milestones import Milestone
from tests.builders import banks
from tests.services.rows import add_drill
from tests.wire.double import BOT_ID, CHANNEL_ID, GUILD_ID, Double
from tests.wire.process import Case

GUILD, CHANNEL = int(GUILD_ID), int(CHANNEL_ID)
RULES = AnswerRules(min_words=5, min_chars=30)
ANNA, BEN, VOTER, *CANDIDATES = range(int(BOT_ID) + 101, int(BOT_ID) + 108)
DAY, LONG = timedelta(days=1), timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Owed:
    """A message that the bot has yet to send, or a thread that it has yet to open.

    Attributes:
        place: the channel or thread in which it will stand.
        says: what the request for it holds, and no other one at that place.
    """

    place: str
    says: str
    thread: bool = False

    @property
    def path(self) -> str:
        """Where it is sent to."""
        return f"/channels/{self.place}/{'threads' if self.thread else 'messages'}"

    def standing(self, double: Double) -> list[str]:
        """The ids of those that stand there."""
        if self.thread:
            found = [(thread["id"], thread["name"]) for thread in double.threads.values()]
        else:
            own = [m for m in double.messages[self.place].values() if m["author"]["id"] == BOT_ID]
            found = [(message["id"], str(message["components"])) for message in own]
        return [found_id for found_id, said in found if self.says in said]


@dataclass(frozen=True, slots=True)
class Scene:
    """A practice channel whose open question stands in it, and where people play and talk in threads."""

    double: Double
    database: Database
    drill: Drill
    now: datetime

    def card(self) -> str:
        """A message of the bot, with a thread."""
        message_id = self.double.has_message(CHANNEL_ID, BOT_ID, self.now.timestamp())
        self.double.has_thread(message_id, "#2")
        return message_id

    async def past(self, days: int, **changes: object) -> Drill:
        """A question of some days ago that was closed the day after, and its thread."""
        closed = self.now - days * DAY
        message_id = int(self.card())
        values: dict[str, object] = {
            "guild_id": GUILD,
            "channel_id": CHANNEL,
            "date": (closed - DAY).date(),
            "message_id": message_id,
            "thread_id": message_id,
            "claimed_at": closed - DAY,
            "opened_at": closed - DAY,
            "closes_at": closed,
            "closed_at": closed,
            "state": DrillState.CLOSED,
            "reveal": Reveal.DONE,
            **changes,
        }
        return await self.database.write(lambda c: add_drill(c, self.drill.track_id, days, **values))

    async def answer(self, drill: Drill, member_id: int, text: str, at: datetime) -> int:
        """An answer by form, which nothing in Discord shows yet."""
        form = SubmittedForm(drill.id, member_id, f"user{member_id}", text, at)
        stored = await self.database.write(lambda c: answers.submit(c, RULES, Turnouts(), form, telling=False))
        assert stored is not None
        return stored.answer.id


TEXT, BETTER_TEXT = "The point first, and then how it works", "How it works first, and then the point"


async def form_answer(scene: Scene) -> Owed:
    """The copy of a form's answer in the thread."""
    await scene.answer(scene.drill, ANNA, TEXT, scene.now)
    return Owed(str(scene.drill.message_id), TEXT)


async def blind_answer(scene: Scene) -> Owed:
    """An answer to a blind question, shown with its reveal."""
    drill = await scene.past(2, mode=Mode.BLIND, thread_id=None, state=DrillState.OPEN, reveal=Reveal.NONE)
    text = "Nobody has read this until the reveal"
    await scene.answer(drill, ANNA, text, scene.now - 3 * DAY)
    await scene.database.write(lambda c: drills.close(c, drill.id, scene.now - 2 * DAY))
    return Owed(str(drill.message_id), text)


async def best_answer(scene: Scene) -> Owed:
    """A blind question's best answer, once its votes have ended."""
    drill = await scene.past(4, mode=Mode.BLIND, state=DrillState.OPEN, reveal=Reveal.NONE)
    answer_id = await scene.answer(drill, ANNA, "Five words and the votes of a few", scene.now - 5 * DAY)
    message_id = int(scene.double.has_message(str(drill.thread_id), BOT_ID, scene.now.timestamp()))

    def vote(conn: Connection) -> None:
        drills.close(conn, drill.id, scene.now - 4 * DAY)
        drills.mark_revealed(conn, drill.id, Reveal.DONE)
        assert votes.give(conn, answer_id, message_id, (VOTER, "👍"), scene.now - 4 * DAY)

    await scene.database.write(vote)
    await scene.past(3)  # with its closing the votes end
    best = await scene.database.write(lambda c: votes.tally(c, drill.id))
    assert best is not None and best.votes == 1
    return Owed(str(drill.thread_id), "The votes for question")


async def milestone(scene: Scene) -> Owed:
    """What a thread reads of a run of answers."""
    drill = await scene.past(1)
    reached = Milestone(GUILD, drill.track_id, ANNA, 7, drill.id, scene.now, told=False)

    def reach(conn: Connection) -> None:
        # What Anna's answers above have reached belongs to a thread in which another message is held up.
        for earlier in milestones.unannounced(conn, 10):
            milestones.mark_announced(conn, earlier)
        milestones.add(conn, reached)

    await scene.database.write(reach)
    return Owed(str(drill.thread_id), "-question streak")


async def reminder(scene: Scene) -> Owed:
    """A direct message that the question is open."""

    def plan(conn: Connection) -> None:
        track = tracks.get(conn, scene.drill.track_id)
        assert track is not None
        reminders.turn_on(conn, GUILD, BEN, "Ben", None, scene.now)
        stored_reminders.plan(conn, GUILD, scene.drill.id, {BEN: scene.now})

    await scene.database.write(plan)
    return Owed(scene.double.has_direct(str(BEN)), "waiting for your answer")


async def digest(scene: Scene) -> Owed:
    """The week's digest, with its picture."""
    due = scene.now.replace(minute=0, second=0, microsecond=0)
    week_ago = await scene.past(7, state=DrillState.OPEN)
    await scene.answer(week_ago, ANNA, "An answer of last week, to tell of it", scene.now - 8 * DAY)
    planned = schema.tracks.update().values(
        digest_day=due.weekday(), digest_hour=due.hour, digest_due_utc=due, next_due_utc=scene.now + 2 * DAY
    )
    await scene.database.write(lambda c: c.execute(planned).rowcount)
    return Owed(CHANNEL_ID, "The week in")


async def _quiz(scene: Scene, place: str) -> int:
    service = LiveQuizService(scene.database, banks())
    wish = NewLiveQuiz(None, None, count=1, seconds=900)
    live_id = await service.open(GUILD, int(place), ANNA, "Anna", wish, scene.now)
    await service.join(live_id, GUILD, ANNA, "Anna", scene.now)
    later = scene.now + LONG
    await scene.database.write(lambda c: stored_live_quizzes.set_next_at(c, live_id, later))
    return live_id


async def lobby(scene: Scene) -> Owed:
    """The card with which a live quiz invites."""
    place = scene.card()
    return Owed(place, f"mb:live:join:{await _quiz(scene, place)}")


async def _begin(scene: Scene, place: str) -> int:
    live_id = await _quiz(scene, place)

    def begin(conn: Connection) -> None:
        live_quizzes.start(conn, live_id, GUILD, None, scene.now)
        assert live_rounds.advance(conn, banks(), live_id, scene.now)

    await scene.database.write(begin)
    return live_id


async def live_round(scene: Scene) -> Owed:
    """The card of a round."""
    place = scene.card()
    return Owed(place, f"mb:live:pick:{await _begin(scene, place)}:0:")


async def podium(scene: Scene) -> Owed:
    """The end of a live quiz."""
    place = scene.card()
    live_id = await _begin(scene, place)
    message_id = int(scene.double.has_message(place, BOT_ID, scene.now.timestamp()))
    ago = scene.now - LONG

    def play(conn: Connection) -> None:
        live_rounds.mark_asked(conn, live_id, position=0, message_id=message_id, at=ago)
        press = Press(live_id, 0, 1, GUILD, ANNA, "Anna", ago + timedelta(seconds=2), ago)
        live_quizzes.press(conn, banks(), press)
        assert live_rounds.advance(conn, banks(), live_id, ago + timedelta(minutes=2))
        assert live_rounds.advance(conn, banks(), live_id, ago + timedelta(minutes=3))

    await scene.database.write(play)
    return Owed(place, f"mb:live:again:{live_id}")


async def _interview(scene: Scene, member_id: int) -> int:
    service = InterviewService(scene.database, banks())
    wish = NewInterview(None, 1, 10)
    name = f"user{member_id}"
    started = await service.start(GUILD, CHANNEL, member_id, name, InterviewWay.THREAD, wish, scene.now)
    return started.id


async def interview_thread(scene: Scene) -> Owed:
    """The private thread of an interview."""
    return Owed(CHANNEL_ID, f"Interview {await _interview(scene, CANDIDATES[0])} ·", thread=True)


async def _opened(scene: Scene, member_id: int) -> tuple[int, str]:
    interview_id, place = await _interview(scene, member_id), scene.card()
    await scene.database.write(lambda c: interviews.interviews.set_thread(c, interview_id, int(place)))
    return interview_id, place


async def question(scene: Scene) -> Owed:
    """A question of an interview."""
    interview_id, place = await _opened(scene, CANDIDATES[1])
    return Owed(place, f"mb:interview:answer:{interview_id}:0")


async def _ended(scene: Scene, member_id: int) -> tuple[int, str]:
    interview_id, place = await _opened(scene, member_id)

    def end(conn: Connection) -> None:
        interviews.begin(conn, interview_id, scene.now)
        assert interview_answers.submit(
            conn, interview_id, 0, 0, member_id, f"user{member_id}", "My answer", scene.now
        )
        assert interviews.give_up(conn, interview_id, member_id, scene.now).done

    await scene.database.write(end)
    return interview_id, place


async def scorecard(scene: Scene) -> Owed:
    """A question of an interview's scorecard."""
    interview_id, place = await _ended(scene, CANDIDATES[2])
    return Owed(place, f"mb:interview:tick:{interview_id}:0")


async def scorecard_end(scene: Scene) -> Owed:
    """The sum of an interview's scorecard."""
    _, place = await _ended(scene, CANDIDATES[3])
    return Owed(place, "mb:interview:again:")


KINDS: tuple[Callable[[Scene], Awaitable[Owed]], ...] = (
    form_answer,
    blind_answer,
    best_answer,
    milestone,
    reminder,
    digest,
    lobby,
    live_round,
    podium,
    interview_thread,
    question,
    scorecard,
    scorecard_end,
)


async def reword(case: Case, owed: dict[str, Owed]) -> None:
    """What was sent, and is not recorded, comes to say something else: a form is sent again, and names change."""
    async with Database(case.url) as database:

        def again(conn: Connection) -> None:
            now = datetime.now(UTC)
            form = SubmittedForm(1, ANNA, "Ann", BETTER_TEXT, now)
            assert answers.submit(conn, RULES, Turnouts(), form, telling=False) is not None
            members.record(conn, GUILD, CANDIDATES[0], "Candidate", now)

        await database.write(again)
    owed["form_answer"] = replace(owed["form_answer"], says=BETTER_TEXT)


async def owe_everything(case: Case) -> dict[str, Owed]:
    """Prepares one of each kind, in a channel whose next question is not due."""
    drill = await case.prepare()
    now = datetime.now(UTC)
    async with Database(case.url) as database:
        later = now + 2 * DAY
        resting = schema.tracks.update().values(next_date=later.date(), next_due_utc=later)
        await database.write(lambda c: c.execute(resting).rowcount)
        scene = Scene(case.double, database, drill, now)
        return {kind.__name__: await kind(scene) for kind in KINDS}
