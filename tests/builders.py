"""Steps of storage that several tests take."""

from datetime import datetime

from bot.domain.drills import Drill
from bot.services import drills, live_rounds
from bot.storage.database import Database


async def posted(
    database: Database, drill: Drill, message_id: int, at: datetime, forum_post_id: int | None = None
) -> Drill:
    """Records that a claimed drill stands in its channel since an instant."""
    question_id = drill.question_id
    assert question_id is not None
    return await database.write(
        lambda conn: drills.mark_posted(
            conn, drill, message_id=message_id, question_id=question_id, opened_at=at, forum_post_id=forum_post_id
        )
    )


async def asked(database: Database, live_id: int, position: int, message_id: int, at: datetime) -> None:
    """Records that a round's card stands in its channel since an instant."""
    await database.write(
        lambda conn: live_rounds.mark_asked(conn, live_id, position=position, message_id=message_id, at=at)
    )
