"""The only reader of the environment: what the operator decides."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any, Literal, cast, get_args, get_type_hints
from urllib.parse import parse_qs, urlsplit

from dotenv import dotenv_values

from bot.domain.errors import OperatorError

EXIT_BAD_SETTINGS = 78
PREFIX = "MOCKINGBIRD_"
TOKEN = "DISCORD_TOKEN"
ENV_FILE = ".env"
DATABASE = "sqlite+aiosqlite:///"
POSTGRES = "postgresql+asyncpg://"
POSTGRES_OPTIONS = {"host", "ssl"}
"""What may stand after the ? of such an address."""
LLM_ADDRESS = r"(https?://([\w.-]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?(/[^\s@?#]*)?)?"
LLM_ADDRESS_SAID = "an address like https://api.example.com/v1, without a user name, password, or query"
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
"""https://www.postgresql.org/docs/current/libpq-ssl.html"""


class BadSettings(OperatorError):
    """A setting that stops the start; said in one sentence."""


class BadValue(ValueError):
    """A value that cannot be used, with the reason, which doesn't repeat it."""


def _whole(least: int, most: int | None = None) -> Callable[[str], int]:
    """Reads a whole number between these two."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if number < least or (most is not None and number > most):
            limits = f"of {least} or more" if most is None else f"from {least} to {most}"
            raise BadValue(f"it must be a whole number {limits}")
        return number

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    """Reads one of these words."""

    def read(text: str) -> str:
        if text not in words:
            *others, last = words
            raise BadValue(f"it must be {', '.join(others)}{',' * (len(others) > 1)} or {last}")
        return text

    return read


def _like(pattern: str, said: str) -> Callable[[str], str]:
    """Reads a text that matches a pattern as a whole; `said` tells what it must be."""

    def read(text: str) -> str:
        if re.fullmatch(pattern, text) is None:
            raise BadValue(f"it must be {said}")
        return text

    return read


def _shards(text: str) -> list[int]:
    """Reads a list of numbers, written as JSON."""
    try:
        found: object = json.loads(text)
    except ValueError:
        found = None
    # A list of what can't be a shard is refused with the reason where the shards are counted.
    if not isinstance(found, list) or any(type(one) is not int for one in cast("list[object]", found)):
        raise BadValue("it must be a list of numbers such as [0, 1]")
    return cast("list[int]", found)


def usable_url(url: str) -> str:
    """The address of a database, with a `~` in it resolved; raises BadValue where it cannot be meant."""
    file = url.removeprefix(DATABASE)
    if file not in (url, "", ":memory:"):
        return f"{DATABASE}{_at_home(Path(file))}" if file.startswith("~") else url
    if url.startswith(POSTGRES) and _is_complete(url):
        asked = parse_qs(urlsplit(url).query).get("ssl", ["prefer"])
        if len(asked) == 1 and asked[0].replace("_", "-") in SSL_MODES:
            return url
        raise BadValue(f"its ssl must be one of {', '.join(SSL_MODES)}")
    raise BadValue(
        f"it must name a file, like {DATABASE}var/mockingbird.db, or a database on PostgreSQL, "
        f"like {POSTGRES}mockingbird:PASSWORD@localhost/mockingbird"
    )


def _is_complete(url: str) -> bool:
    """Whether an address of PostgreSQL can be read and says who asks for which database."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    known = set(parse_qs(parts.query)) <= POSTGRES_OPTIONS and port != 0
    return known and bool(parts.username and parts.path.strip("/")) and not parts.fragment


def _folder(text: str) -> Path:
    return _at_home(Path(text))


def _at_home(path: Path) -> Path:
    """A path whose `~` stands for somebody's home, as in a shell."""
    try:
        return path.expanduser()
    except RuntimeError:
        raise BadValue("there is no home folder for its ~, so write the whole path") from None


LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
LogFormat = Literal["console", "json"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the operator decides; what is left out has its default.

    A type names the function, if any, that makes a value of what was written, or raises BadValue.
    """

    token: str = field(default="", repr=False)
    database_url: Annotated[str, usable_url] = field(default=f"{DATABASE}var/mockingbird.db", repr=False)
    api_base: Annotated[str, _like("(https?://.+)?", "an address that begins with http:// or https://")] = ""
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, _whole(0, 65535)] = 0
    log_level: Annotated[LogLevel, _one_of(*get_args(LogLevel))] = "INFO"
    log_format: Annotated[LogFormat, _one_of(*get_args(LogFormat))] = "console"
    shard_count: Annotated[int | None, _whole(1)] = None
    shard_ids: Annotated[list[int] | None, _shards] = None
    lease_seconds: Annotated[int, _whole(3, 600)] = 30
    retention_days: Annotated[int, _whole(1)] = 90
    late_hours: Annotated[int, _whole(0, 24)] = 6
    backup_hours: Annotated[int, _whole(0, 720)] = 0
    min_words: Annotated[int, _whole(1)] = 8
    min_chars: Annotated[int, _whole(1)] = 60
    packs_dir: Annotated[Path | None, _folder] = None
    llm_base_url: Annotated[str, _like(LLM_ADDRESS, LLM_ADDRESS_SAID)] = ""
    llm_model: str = ""
    llm_api_key: str = field(default="", repr=False)
    llm_daily_server: Annotated[int, _whole(0)] = 200
    llm_daily_member: Annotated[int, _whole(0)] = 20

    @property
    def share(self) -> tuple[int, tuple[int, ...]]:
        """How many shards there are, as far as it matters who runs them, and which of them this process runs."""
        if self.shard_count is None or self.shard_ids is None:
            return 1, (0,)
        return self.shard_count, tuple(self.shard_ids)

    @property
    def llm_host(self) -> str:
        """The host, with its port where it names one, that answers may be sent to; empty where none is set."""
        return urlsplit(self.llm_base_url).netloc


def _check_shards(ids: list[int], count: int, url: str) -> None:
    """Raises BadSettings where a process cannot run these shards of so many."""
    if not ids or len(set(ids)) < len(ids) or not set(ids) <= set(range(count)):
        raise BadSettings(f"{PREFIX}SHARD_IDS must name each shard once, by numbers from 0 to {count - 1}.")
    if len(ids) < count and not url.startswith(POSTGRES):
        raise BadSettings(
            f"{PREFIX}SHARD_IDS leaves shards to other processes, which can't share a SQLite file: "
            f"set {PREFIX}DATABASE_URL to a PostgreSQL, or run all shards here."
        )


def setting_names() -> dict[str, str]:
    """The attributes of the settings by the names by which the operator knows them."""
    return {TOKEN if one.name == "token" else PREFIX + one.name.upper(): one.name for one in fields(Settings)}


def _in_file() -> Mapping[str, str | None]:
    """What stands in the file of settings, where there is one."""
    try:
        return dotenv_values(ENV_FILE)
    except OSError as error:
        raise BadSettings(f"{ENV_FILE} cannot be read: {error.strerror}.") from None
    except UnicodeError:
        raise BadSettings(f"{ENV_FILE} can't be read: save it as UTF-8.") from None


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Reads the settings; raises BadSettings with one sentence that names the setting and not its value.

    A name may be written in small letters, too, and an empty value counts as none.

    Args:
        environ: the environment, which comes before the file.
    """
    names = setting_names()
    types = get_type_hints(Settings, include_extras=True)
    written: dict[str, str] = {}
    values: dict[str, object] = {}
    for where in (_in_file(), environ):
        for name, text in where.items():
            if name.startswith(PREFIX) and name not in names:
                raise BadSettings(f"{name} isn't a setting of Mockingbird; the known ones are in .env.example.")
            if text and name.upper() in names:
                written[name.upper()] = text
    for name, text in written.items():
        (read,) = getattr(types[names[name]], "__metadata__", (str,))
        try:
            values[names[name]] = read(text)
        except BadValue as error:
            raise BadSettings(f"{name} can't be used: {error}.") from None
    settings = Settings(**cast("dict[str, Any]", values))
    if settings.shard_ids is not None and settings.shard_count is None:
        raise BadSettings(f"{PREFIX}SHARD_IDS needs {PREFIX}SHARD_COUNT, the number of all shards of the bot.")
    if settings.shard_ids is not None and settings.shard_count is not None:
        _check_shards(settings.shard_ids, settings.shard_count, settings.database_url)
    if bool(settings.llm_base_url) != bool(settings.llm_model):
        raise BadSettings(f"{PREFIX}LLM_BASE_URL and {PREFIX}LLM_MODEL go together: set both, or neither.")
    return settings
