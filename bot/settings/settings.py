"""All settings, read once from the environment and ``.env``. No other module reads the environment.

Imports ``limits``, ``proxies``, ``types`` and pydantic. A setting's name is its field's name in capitals, and the
docstring below a field is the sentence in the table of docs/settings.md. All errors are collected and reported
together, each in one line that never repeats a value. Secrets are ``SecretStr``; addresses that may carry a password
stay out of ``repr``. Nothing here opens a connection or makes a file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.settings.limits import TWENTY_DOLLARS, LimitList, Packs, Prices, Zone, of_providers
from bot.settings.proxies import ProxyFault, proxy_for
from bot.settings.types import (
    LOWER,
    OTHER_SECRETS,
    UPPER,
    Account,
    Address,
    ApiKey,
    DatabaseUrl,
    GeminiRoot,
    Hosts,
    Ids,
    LanguageCode,
    Listen,
    MediaUrl,
    Proxy,
    Root,
    Safety,
    TelegramRoot,
    Tools,
    access_by_lists,
    fault_of_access,
    faults_in,
    password_in,
)
from storage.books.values import UNLIMITED

TELEGRAM = "https://api.telegram.org"
TOKEN_SHAPE = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{35}")
WEBHOOK_SECRET_SHAPE = re.compile(r"[A-Za-z0-9_-]{1,256}")

ProviderName = Literal["gemini", "tokaify", "aimlapi", "onemin", "openrouter"]
PROVIDERS: tuple[str, ...] = get_args(ProviderName)
"""The rows of ``bot.providers.factory.KINDS``, which this module may not import; a test compares the two."""
Auth = Annotated[Literal["auto", "key", "bearer"], LOWER]


class SettingsError(Exception):
    """Some settings are missing or wrong. ``faults`` has one line for each, safe to show."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Settings(BaseSettings):
    """All settings, checked and frozen. Make one with :meth:`load`."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        str_strip_whitespace=True,
        hide_input_in_errors=True,
        allow_inf_nan=False,
        enable_decoding=False,
        use_attribute_docstrings=True,
    )

    telegram_bot_token: SecretStr | None = None
    """The token that @BotFather gave; without it `pentimento` starts the sandbox."""
    telegram_api_url: TelegramRoot = TELEGRAM
    """Root of the Bot API server."""
    telegram_proxy_url: Proxy | None = Field(default=None, repr=False)
    """Proxy for calls to Telegram, `http://` or `socks5://`; unset: the environment's, see below."""

    provider: Annotated[ProviderName, LOWER] = "gemini"
    """Provider of pictures: `gemini`, `tokaify`, `aimlapi`, `onemin` or `openrouter`."""
    gemini_api_key: ApiKey | None = None
    """Key for Google's Gemini API, or for the relay that `GEMINI_BASE_URL` names."""
    gemini_base_url: GeminiRoot = "https://generativelanguage.googleapis.com"
    """Root of the Gemini API."""
    gemini_model: str = "gemini-2.5-flash-image"
    """Model with `PROVIDER=gemini`."""
    gemini_api_version: str = "v1beta"
    """Version in the path of the Gemini API."""
    gemini_auth: Auth = "auto"
    """How the key is sent: `key` (x-goog-api-key header), `bearer`, or `auto` (`key` at Google, else `bearer`)."""
    gemini_files: bool = False
    """Upload pictures to Google once (Files API) and name them in later requests; never through a relay."""
    tokaify_api_key: ApiKey | None = None
    """Key for tokaify."""
    tokaify_base_url: GeminiRoot = "https://api.tokaify.com"
    """Root of tokaify's API, or of any other relay that speaks Gemini's dialect."""
    tokaify_model: str = "gemini-2.5-flash-image"
    """Model with `PROVIDER=tokaify`."""
    tokaify_api_version: str = "v1beta"
    """Version in the path of tokaify's API."""
    tokaify_auth: Auth = "bearer"
    """How the key is sent to tokaify: `bearer`, `key` or `auto`."""
    aimlapi_api_key: ApiKey | None = None
    """Key for AIMLAPI."""
    aimlapi_base_url: Root = "https://api.aimlapi.com"
    """Root of AIMLAPI."""
    aimlapi_model: str = "google/gemini-2.5-flash-image"
    """Model with `PROVIDER=aimlapi`."""
    aimlapi_edit_model: str = ""
    """Model of AIMLAPI that edits pictures; unset: the one that belongs to `AIMLAPI_MODEL`."""
    onemin_api_key: ApiKey | None = None
    """Key for 1min.ai."""
    onemin_base_url: Root = "https://api.1min.ai"
    """Root of 1min.ai's API."""
    onemin_model: str = "gemini-2.5-flash-image"
    """Model with `PROVIDER=onemin`."""
    onemin_edit_model: str = ""
    """Model of 1min.ai that edits pictures; unset: the one that belongs to `ONEMIN_MODEL`."""
    onemin_credits_per_usd: int = Field(default=0, ge=0)
    """Credits of 1min.ai that a US dollar buys on your plan, for `/usage`; 0: costs are unknown."""
    openrouter_api_key: ApiKey | None = None
    """Key for OpenRouter."""
    openrouter_base_url: Root = "https://openrouter.ai"
    """Root of OpenRouter's API, without `/api/v1`."""
    openrouter_model: str = "google/gemini-2.5-flash-image"
    """Model with `PROVIDER=openrouter`."""
    proxy_url: Proxy | None = Field(default=None, repr=False)
    """Proxy for calls to providers and for pictures that they link to; unset: the environment's, see below."""
    result_hosts: Hosts = frozenset()
    """Further hosts from which pictures may be fetched when a provider answers with a link."""
    provider_timeout_s: float = Field(default=300, gt=0)
    """Longest wait for one answer of the provider, in seconds."""
    max_parallel_calls: int | None = Field(default=None, ge=1)
    """Calls to a provider at the same time; unset: learned from its answers and refusals, see below."""
    history_budget_bytes: int = Field(default=15_000_000, ge=100_000)
    """How much of a conversation is sent with each wish at most, in bytes of base64."""
    system_prompt: str | None = None
    """Instruction that the model gets with each wish, where the model takes one."""
    google_search: bool = False
    """Let models search on Google if they can; answers then name their sources."""
    gemini_tools: Tools = ()
    """Tools for models of Gemini's dialect, also through a relay: names like `urlContext`, or JSON; see below."""
    safety_threshold: Safety = ()
    """Gemini's threshold for categories of harm: `BLOCK_ONLY_HIGH` for all, `HARASSMENT=OFF` for one; see below."""
    links_in_text: bool | None = None
    """Fetch pictures that an answer shows by links in its words; unset: from all providers but Google itself."""
    max_request_bytes: int = Field(default=0, ge=0)
    """Largest request that the provider's address accepts, in bytes; 0: the model's known limit."""
    on_interrupted: Annotated[Literal["repeat", "ask"], LOWER] = "repeat"
    """What happens to a call that a crash cut off: it is made again (`repeat`), or the person is asked (`ask`)."""

    data_dir: Path = Path("data")
    """Folder for database and pictures, unless the next settings name other places."""
    database_url: DatabaseUrl = Field(
        default_factory=lambda data: f"sqlite+aiosqlite:///{data['data_dir']}/pentimento.db", repr=False
    )
    """Where the tables are; by default an SQLite file in `DATA_DIR`."""
    database_pool_size: int = Field(default=10, ge=2)
    """PostgreSQL: most connections of one process, not counting four more for itself."""
    worker_conversations: int = Field(default=64, ge=1)
    """PostgreSQL: conversations that one worker serves at the same time."""
    media_url: MediaUrl = Field(default_factory=lambda data: f"{data['data_dir']}/media", repr=False)
    """Where the pictures are: a folder (by default in `DATA_DIR`) or an object store like `s3://bucket/prefix`."""
    aws_endpoint_url: Root | None = None
    """Root of an S3 server other than Amazon's, for `MEDIA_URL=s3://...`."""
    aws_region: str | None = None
    """Region of the bucket; unset: `us-east-1`."""
    aws_access_key_id: SecretStr | None = None
    """Key id for the bucket; unset: the machine's own role, if it has one."""
    aws_secret_access_key: SecretStr | None = None
    """Secret that belongs to `AWS_ACCESS_KEY_ID`."""

    webhook_url: Root | None = Field(default=None, repr=False)
    """Public https address to which Telegram delivers updates; unset: the bot polls Telegram."""
    webhook_secret: SecretStr | None = None
    """Secret that proves that a delivery comes from Telegram: 1 to 256 of A-Z, a-z, 0-9, _ and -."""
    listen: Listen = Address("127.0.0.1", 8081)
    """Where the bot answers deliveries, health checks and `/metrics`, as host:port; with a webhook or when set."""
    sandbox_listen: Listen = Address("127.0.0.1", 8080)
    """Where the sandbox's page is served, as host:port; if the port is busy, another free one is used."""

    allowed_chats: Ids = frozenset()
    """Ids of the only groups that the bot serves, also as the supergroups that they become; empty: all."""
    allowed_users: Ids = frozenset()
    """Ids of the only people whom the bot serves; empty: everybody."""
    access: Annotated[Literal["open", "ask", "listed"], LOWER] = Field(default_factory=access_by_lists)
    """Who may use the bot: all (`open`), whom owners let in (`ask`), or the ids above (`listed`); see below."""
    owner_ids: Ids = frozenset()
    """Ids of the people who run this bot; they are always served."""
    limit_person: LimitList = UNLIMITED
    """How much each person may use, like `20/day, $10/month`: pictures or dollars; owners are free of it."""
    limit_group: LimitList = UNLIMITED
    """How much each group may use, written likewise; its admins may lower it there by `/limit`."""
    limit_total: LimitList = TWENTY_DOLLARS
    """How much all together may use, owners too; `none` for any amount."""
    limit_timezone: Zone = "UTC"
    """Time zone in which the days and months of limits begin, like `Europe/Berlin`."""
    price_per_picture: Annotated[Prices, of_providers(PROVIDERS)] = ()
    """Dollars that a picture costs where the price is not known: `0.04`, or `tokaify=0.03, onemin=0.05`."""
    stars_packs: Packs = ()
    """Pictures that people can buy with Telegram Stars, as pictures:stars, like `20:100, 100:400`; empty: none."""
    other_bots: bool = False
    """Let other bots ask for pictures, by a command or a mention; each picture costs as much as a person's."""
    max_waiting_turns: int = Field(default=5, ge=1)
    """How many wishes of one chat may wait."""
    album_wait_s: float = Field(default=0.8, ge=0, le=30)
    """How long to wait for further pictures of an album, in seconds."""
    telegram_limits: bool = True
    """Stay below Telegram's limits on messages; switch off only for a server of your own that has none."""
    language: LanguageCode = "en"
    """Language for people whose own language the bot does not have."""

    stop_grace_s: float = Field(default=25, ge=0)
    """How long running work may take to finish when the bot stops, in seconds."""
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], UPPER] = "INFO"
    """`DEBUG`, `INFO`, `WARNING` or `ERROR`."""
    log_format: Annotated[Literal["text", "json"], LOWER] = "text"
    """`text` for people, `json` for machines."""

    @model_validator(mode="before")
    @classmethod
    def _drop_blanks(cls, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        return {name: value for name, value in values.items() if not isinstance(value, str) or value.strip()}

    @classmethod
    def load(cls, env_file: str | Path | None = ".env", *, for_run: bool = False) -> Self:
        """Read the environment and ``env_file``; with ``for_run`` also ask for all that ``pentimento run`` needs.

        The environment wins over the file. A name that is set to nothing counts as not set.
        Raises: :class:`SettingsError` with every fault.
        """
        wrong: dict[str, str] = {}
        try:
            settings = cls(_env_file=env_file)
        except ValidationError as error:
            wrong = faults_in(error)
        except OSError as error:
            raise SettingsError((f"{env_file} cannot be read: {error.strerror}.",)) from None
        except UnicodeDecodeError:
            raise SettingsError((f"{env_file} is not UTF-8 text.",)) from None
        if wrong:
            # With defaults for the wrong settings, the others can be checked too.
            settings = cls(_env_file=env_file, **{name: _default(name) for name in wrong})
        missing = dict(settings._needs()) if for_run else {}
        if "provider" in wrong:
            missing.pop(f"{settings.provider}_api_key", None)
        if faults := missing | wrong:
            raise SettingsError(tuple(_line(name, faults[name]) for name in sorted(faults, key=_position)))
        return settings

    def faults_for_run(self) -> tuple[str, ...]:
        """Return a line for each setting that keeps the bot from running on Telegram; empty when it can start."""
        return tuple(_line(name, fault) for name, fault in self._needs())

    @property
    def sandbox_dir(self) -> Path:
        """The sandbox bot's own store, apart from that of the bot on Telegram."""
        return self.data_dir / "sandbox" / "bot"

    @property
    def shares(self) -> bool:
        """Whether several processes may work on the store."""
        return not self.database_url.startswith("sqlite")

    def serves(self, *, receives: bool = True) -> bool:
        """Return whether a process listens. By default a polling bot does not, so it never fails at a port in use."""
        return "listen" in self.model_fields_set or (receives and self.webhook_url is not None)

    def account(self, name: str | None = None) -> Account:
        """Return how to reach provider ``name``, by default the chosen one."""
        name = name or self.provider
        return Account(
            name=name,
            key=getattr(self, f"{name}_api_key"),
            base_url=getattr(self, f"{name}_base_url"),
            model=getattr(self, f"{name}_model"),
            edit_model=getattr(self, f"{name}_edit_model", ""),
            api_version=getattr(self, f"{name}_api_version", ""),
            auth=getattr(self, f"{name}_auth", ""),
        )

    @property
    def is_sandbox(self) -> bool:
        """Whether Telegram and the provider are both the sandbox, which serves them at one address."""
        return self.account().base_url == self.telegram_api_url

    def secrets(self) -> tuple[str, ...]:
        """Return all values that must not appear in logs and messages."""
        values = [getattr(self, name) for name in type(self).model_fields]
        plain = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        urls = [value for value in values if isinstance(value, str) and "://" in value]
        urls += [value for name, value in os.environ.items() if name.lower().endswith("_proxy")]
        known = [os.environ.get(name) for name in OTHER_SECRETS]
        return tuple(filter(None, [*plain, *map(password_in, urls), *known]))

    def _providers(self) -> list[str]:
        return [name for name in PROVIDERS if getattr(self, f"{name}_api_key") is not None]

    def _needs(self) -> Iterator[tuple[str, str]]:
        token = self.telegram_bot_token
        if token is None:
            yield "telegram_bot_token", "is not set: get one from @BotFather on Telegram"
        elif not TOKEN_SHAPE.fullmatch(token.get_secret_value()):
            yield "telegram_bot_token", "is not a bot token: digits, a colon and 35 signs, without quotes"
        if getattr(self, f"{self.provider}_api_key") is None:
            yield f"{self.provider}_api_key", f"is not set, and PROVIDER={self.provider} needs it"
        try:
            proxy_for(self.telegram_api_url, self.telegram_proxy_url)
            for name in self._providers():
                proxy_for(self.account(name).base_url, self.proxy_url)
        except ProxyFault as fault:
            yield fault.variable.lower(), str(fault)
        if misfit := fault_of_access(self.access, self.allowed_users | self.allowed_chats, self.owner_ids):
            yield "access", misfit
        if self.webhook_url is None:
            return
        if self.telegram_api_url == TELEGRAM and not self.webhook_url.startswith("https://"):
            yield "webhook_url", "must start with https://, Telegram delivers to nothing else"
        if self.webhook_secret is None:
            yield "webhook_secret", "is not set, and WEBHOOK_URL needs it, so that nobody can forge messages"
        elif not WEBHOOK_SECRET_SHAPE.fullmatch(self.webhook_secret.get_secret_value()):
            yield "webhook_secret", "must be 1 to 256 of A-Z, a-z, 0-9, _ and -"


def _position(name: str) -> int:
    """Return the rank of a name: settings in their order, then variables of the environment that are not ours."""
    return [*Settings.model_fields, name].index(name)


def _default(name: str) -> Any:
    field = Settings.model_fields[name]
    return field.get_default(call_default_factory=True, validated_data={"data_dir": Path("data")})


def _line(name: str, fault: str) -> str:
    return f"{name.upper()} {fault}."
