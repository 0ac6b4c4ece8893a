"""The only reader of the environment: what the operator decides."""

from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.domain.errors import OperatorError

EXIT_BAD_SETTINGS = 78
PREFIX = "MOCKINGBIRD_"
ENV_FILE = ".env"
DATABASE = "sqlite+aiosqlite:///"
POSTGRES = "postgresql+asyncpg://"
POSTGRES_OPTIONS = {"host", "ssl"}
"""What may stand after the ? of such an address."""
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
"""https://www.postgresql.org/docs/current/libpq-ssl.html"""


class BadSettings(OperatorError):
    """A setting that stops the start; said in one sentence."""


class Settings(BaseSettings):
    """Settings from the environment or `.env`; unknown MOCKINGBIRD_* names are refused."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=ENV_FILE, env_ignore_empty=True, extra="ignore", frozen=True
    )

    token: SecretStr = Field(default=SecretStr(""), validation_alias="DISCORD_TOKEN")
    database_url: str = Field(default=f"{DATABASE}var/mockingbird.db", repr=False)
    api_base: str = Field(default="", pattern=r"^(https?://.+)?$")
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=0, ge=0, le=65535)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["console", "json"] = "console"
    shard_count: int | None = Field(default=None, ge=1)
    shard_ids: list[int] | None = None
    lease_seconds: int = Field(default=30, ge=3, le=600)
    retention_days: int = Field(default=90, ge=1)
    late_hours: int = Field(default=6, ge=0, le=24)
    backup_hours: int = Field(default=0, ge=0, le=720)
    min_words: int = Field(default=8, ge=1)
    min_chars: int = Field(default=60, ge=1)
    packs_dir: Path | None = None
    llm_base_url: str = Field(
        default="", pattern=r"^(https?://([\w.-]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?(/[^\s@?#]*)?)?$"
    )
    llm_model: str = ""
    llm_api_key: SecretStr = SecretStr("")
    llm_daily_server: int = Field(default=200, ge=0)
    llm_daily_member: int = Field(default=20, ge=0)

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

    @field_validator("database_url")
    @classmethod
    def _name_a_database(cls, url: str) -> str:
        return usable_url(url)

    @field_validator("packs_dir")
    @classmethod
    def _find_home(cls, folder: Path | None) -> Path | None:
        return folder and _at_home(folder)


def usable_url(url: str) -> str:
    """The address of a database, with a `~` in it resolved; raises PydanticCustomError where it cannot be meant."""
    file = url.removeprefix(DATABASE)
    if file not in (url, "", ":memory:"):
        return f"{DATABASE}{_at_home(Path(file))}" if file.startswith("~") else url
    if url.startswith(POSTGRES) and _is_complete(url):
        asked = parse_qs(urlsplit(url).query).get("ssl", ["prefer"])
        if len(asked) == 1 and asked[0].replace("_", "-") in SSL_MODES:
            return url
        raise PydanticCustomError("no_ssl", f"its ssl must be one of {', '.join(SSL_MODES)}")
    raise PydanticCustomError(
        "no_database",
        f"it must name a file, like {DATABASE}var/mockingbird.db, or a database on PostgreSQL, "
        f"like {POSTGRES}mockingbird:PASSWORD@localhost/mockingbird",
    )


def _is_complete(url: str) -> bool:
    """Whether an address of PostgreSQL can be read and says who asks for which database."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        return False
    known = set(parse_qs(parts.query)) <= POSTGRES_OPTIONS and port != 0
    return known and bool(parts.username and parts.path.strip("/")) and not parts.fragment


def _at_home(path: Path) -> Path:
    """A path whose `~` stands for somebody's home, as in a shell."""
    try:
        return path.expanduser()
    except RuntimeError:
        raise PydanticCustomError("no_home", "there is no home folder for its ~, so write the whole path") from None


def _check_shards(ids: list[int], count: int, url: str) -> None:
    """Raises BadSettings where a process cannot run these shards of so many."""
    if not ids or len(set(ids)) < len(ids) or not set(ids) <= set(range(count)):
        raise BadSettings(f"{PREFIX}SHARD_IDS must name each shard once, by numbers from 0 to {count - 1}.")
    if len(ids) < count and not url.startswith(POSTGRES):
        raise BadSettings(
            f"{PREFIX}SHARD_IDS leaves shards to other processes, which can't share a SQLite file: "
            f"set {PREFIX}DATABASE_URL to a PostgreSQL, or run all shards here."
        )


def setting_names() -> set[str]:
    """The names by which the operator knows the settings."""
    fields = Settings.model_fields.items()
    return {str(field.validation_alias or PREFIX + name.upper()) for name, field in fields}


def load_settings(environ: dict[str, str]) -> Settings:
    """Reads the settings; raises BadSettings with one sentence that names the setting and not its value."""
    known = setting_names()
    for name in sorted({*environ, *dotenv_values(ENV_FILE)}):
        if name.startswith(PREFIX) and name not in known:
            raise BadSettings(f"{name} isn't a setting of Mockingbird; the known ones are in .env.example.")
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "a setting"
        name = name if name == "DISCORD_TOKEN" else PREFIX + name.upper()
        raise BadSettings(f"{name} cannot be used: {first['msg'][0].lower()}{first['msg'][1:]}.") from None
    if settings.shard_ids is not None and settings.shard_count is None:
        raise BadSettings(f"{PREFIX}SHARD_IDS needs {PREFIX}SHARD_COUNT, the number of all shards of the bot.")
    if settings.shard_ids is not None and settings.shard_count is not None:
        _check_shards(settings.shard_ids, settings.shard_count, settings.database_url)
    if bool(settings.llm_base_url) != bool(settings.llm_model):
        raise BadSettings(f"{PREFIX}LLM_BASE_URL and {PREFIX}LLM_MODEL go together: set both, or neither.")
    return settings
