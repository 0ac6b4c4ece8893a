"""Asks a model for its opinion on answers, where the operator has set one up and the member lets it read them."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from bot.clock import Clock
from bot.delivery.chat_models import ChatModel, ModelFailed
from bot.delivery.worker import Worker
from bot.domain.backoff import LONGEST, pause
from bot.domain.bank import Question
from bot.domain.opinions import Opinion, read_reply
from bot.services.opinions import OpinionService
from bot.ui.opinion_prompts import prompt

FAILURES = 3
"""After so many failures in a row the model rests, each time longer."""
OF_THE_REQUEST = (400, 413, 422)
AT_ONCE = 8
"""How many requests may be under way; whoever comes then gets no opinion."""

log = structlog.get_logger()


def _unheard(result: str) -> None:
    """Nobody counts."""


@dataclass(eq=False, repr=False)
class OpinionAsker(Worker):
    """Asks the model, and never again and again one that fails.

    Texts, replies and the key are never logged.

    Args:
        seconds: says seconds that never go back.
    """

    _model: ChatModel | None
    _service: OpinionService
    _clock: Clock
    _seconds: Callable[[], float] = time.monotonic
    _failures: int = field(default=0, init=False)
    _rests_until: float = field(default=-math.inf, init=False)
    _under_way: int = field(default=0, init=False)
    hear: Callable[[str], None] = field(default_factory=lambda: _unheard, init=False)
    """Is told what became of each request."""

    async def ask(self, guild_id: int, member_id: int, question: Question, answer: str) -> Opinion | None:
        """A model's opinion on an answer; None where there is none to be had, for whatever reason."""
        model = self._model
        if model is None or not answer.strip() or self._under_way >= AT_ONCE or self._seconds() < self._rests_until:
            return None
        self._under_way += 1
        try:
            if not await self._service.claim(guild_id, member_id, self._clock()):
                return None
            reply = await model.ask(prompt(question, answer))
        except ModelFailed as error:
            self._failed(error)
            self.hear("failed")
            return None
        finally:
            self._under_way -= 1
        self._failures = 0
        opinion = read_reply(reply, question, answer)
        self.hear("not_understood" if opinion is None else "understood")
        if opinion is None:
            log.info("opinion.not_understood", server=guild_id, question=question.id, reply_chars=len(reply))
        return opinion

    async def follow_up(self, interview_id: int, position: int, member_id: int, guild_id: int) -> str | None:
        """The question that a model asks next in an interview; None for the prepared one.

        Raises:
            Refusal: `interviews.not_yours`.
        """
        if self._model is None:
            return None
        found = await self._service.open_answer(interview_id, position, member_id)
        opinion = found and await self.ask(guild_id, member_id, found.question, found.text)
        return opinion.follow_up if opinion else None

    def _failed(self, error: ModelFailed) -> None:
        """Rests after several failures; at once where the model asks for it, or will not change its mind.

        A request that is refused for what it says proves nothing about the next one.
        """
        self._failures += error.status not in OF_THE_REQUEST
        rest = error.rest
        if error.status in (401, 403, 404):
            rest = LONGEST.total_seconds()
        elif self._failures >= FAILURES:
            rest = max(rest, pause(self._failures).total_seconds())
        rest = min(rest, LONGEST.total_seconds())
        self._rests_until = max(self._rests_until, self._seconds() + rest)
        log.warning("opinion.failed", reason=error.reason, status=error.status or None, rests_seconds=round(rest))

    async def stop(self) -> None:
        """Ends the connections to the model; who waits for it gets no opinion."""
        await super().stop()
        model, self._model = self._model, None
        if model is not None:
            await model.close()
