"""What is logged, and how. Texts of answers and secrets never are."""

import logging
import sys
from typing import Any, cast

from bot.domain.errors import OperatorError, is_not_stored
from bot.settings import Settings

_modules = cast("dict[str, Any]", sys.modules)
_modules.setdefault("rich", None)  # structlog would draw tracebacks with it; ours are plain, and it takes 3 MB
import structlog  # noqa: E402

if _modules["rich"] is None:
    del _modules["rich"]


def _told_already(error: object) -> bool:
    """Whether an error is told once for all whom it keeps: nothing can be stored, or the process ends of it."""
    return isinstance(error, OperatorError) or (isinstance(error, BaseException) and is_not_stored(error))


def _once(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    given = event.get("exc_info")
    if _told_already(sys.exc_info()[1] if given is True else given):
        raise structlog.DropEvent
    return event


def _is_news(record: logging.LogRecord) -> bool:
    return not (record.exc_info and _told_already(record.exc_info[1]))


def configure_logs(settings: Settings) -> None:
    """Sends our own lines and those of libraries to standard error, in one format.

    Libraries stay at INFO or WARNING: below that their lines hold whole messages and queries. Tracebacks come
    without local variables for the same reason. Each line has the reference of what it came from. That nothing can
    be stored is told once, by the database.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if settings.log_format == "json":
        last: list[structlog.typing.Processor] = [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ]
    else:
        last = [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    structlog.configure(
        processors=[_once, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[settings.log_level]),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    handler.addFilter(_is_news)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level)
    logging.getLogger("discord").setLevel(max(logging.INFO, root.level))
    for name in ("apscheduler", "alembic", "sqlalchemy", "aiosqlite", "asyncio", "aiohttp"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
