"""The fields of the settings: names, types, defaults and meanings. ``settings`` reads and checks them.

Imports pydantic, ``keys``, ``limits``, ``types`` and ``books``. A setting's name is its field's name in capitals, and
the docstring below a field is the sentence in the table of docs/settings.md, in this order. Secrets are ``SecretStr``;
addresses that may carry a password stay out of ``repr``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.settings.keys import Fallback, only_of
from bot.settings.limits import TWENTY_DOLLARS, LimitList, Packs, Prices, Zone, of_providers
from bot.settings.types import (
    LOWER,
    UPPER,
    Address,
    ApiKeys,
    ApiRoot,
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
)
from storage.books.values import UNLIMITED

TELEGRAM = "https://api.telegram.org"
OPENAI = "https://api.openai.com/v1"

ProviderName = Literal["gemini", "tokaify", "aimlapi", "onemin", "openrouter", "openai"]
PROVIDERS: tuple[str, ...] = get_args(ProviderName)
"""The rows of ``bot.providers.factory.KINDS``, which this module may not import; a test compares the two."""
KEYLESS = {"openai": OPENAI}
"""Providers that may do without a key, each with the address at which it needs one."""
Auth = Annotated[Literal["auto", "key", "bearer"], LOWER]


class Fields(BaseSettings):
    """Every setting as a frozen field. Only ``Settings`` is made from it."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        # A name that the environment sets to nothing takes away what ``.env`` says; ``Settings`` drops it afterwards.
        env_ignore_empty=False,
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
    """Proxy for calls to Telegram, `http://` or `socks5://`; unset: `PROXY_URL`; `direct`: none, see below."""

    provider: Annotated[ProviderName, LOWER] = "gemini"
    """Provider of pictures: `gemini`, `tokaify`, `aimlapi`, `onemin`, `openrouter` or `openai`."""
    fallback: Annotated[Fallback, only_of(PROVIDERS)] = ()
    """Whom to ask where the chosen model cannot answer, in this order: `tokaify, openrouter:MODEL`; see below."""
    gemini_api_key: ApiKeys | None = None
    """Key for Google's Gemini API, or for the relay that `GEMINI_BASE_URL` names; several with commas, see below."""
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
    tokaify_api_key: ApiKeys | None = None
    """Key for tokaify; several with commas, see below."""
    tokaify_base_url: GeminiRoot = "https://api.tokaify.com"
    """Root of tokaify's API, or of any other relay that speaks Gemini's dialect."""
    tokaify_model: str = "gemini-2.5-flash-image"
    """Model with `PROVIDER=tokaify`."""
    tokaify_api_version: str = "v1beta"
    """Version in the path of tokaify's API."""
    tokaify_auth: Auth = "bearer"
    """How the key is sent to tokaify: `bearer`, `key` or `auto`."""
    aimlapi_api_key: ApiKeys | None = None
    """Key for AIMLAPI; several with commas, see below."""
    aimlapi_base_url: ApiRoot = "https://api.aimlapi.com"
    """Root of AIMLAPI."""
    aimlapi_model: str = "google/gemini-2.5-flash-image"
    """Model with `PROVIDER=aimlapi`."""
    aimlapi_edit_model: str = ""
    """Model of AIMLAPI that edits pictures; unset: the one that belongs to `AIMLAPI_MODEL`."""
    onemin_api_key: ApiKeys | None = None
    """Key for 1min.ai; several with commas, see below."""
    onemin_base_url: Root = "https://api.1min.ai"
    """Root of 1min.ai's API."""
    onemin_model: str = "gemini-2.5-flash-image"
    """Model with `PROVIDER=onemin`."""
    onemin_edit_model: str = ""
    """Model of 1min.ai that edits pictures; unset: the one that belongs to `ONEMIN_MODEL`."""
    onemin_credits_per_usd: int = Field(default=0, ge=0)
    """Credits of 1min.ai that a US dollar buys on your plan, for `/usage`; 0: costs are unknown."""
    openrouter_api_key: ApiKeys | None = None
    """Key for OpenRouter; several with commas, see below."""
    openrouter_base_url: ApiRoot = "https://openrouter.ai"
    """Root of OpenRouter's API, without `/api/v1`."""
    openrouter_model: str = "google/gemini-2.5-flash-image"
    """Model with `PROVIDER=openrouter`."""
    openai_api_key: ApiKeys | None = None
    """Key for OpenAI; several with commas, see below. A server of your own may need none."""
    openai_base_url: ApiRoot = OPENAI
    """Root of OpenAI's API, or of a server that speaks it, such as [one at home](local-models.md)."""
    openai_model: str = "gpt-image-2.5-sunburst"
    """Model with `PROVIDER=openai`."""
    listen_model: str = ""
    """Text model that writes down voice messages, in Gemini's dialect; unset: one at Google, else none; `off`: none."""
    proxy_url: Proxy | None = Field(default=None, repr=False)
    """Proxy for all calls to the outside, `http://` or `socks5://`; unset: the environment's; `direct`: none."""
    no_proxy: str | None = None
    """Hosts that are reached without any proxy, like `192.168.1.20, .lan, 10.0.0.0/8`; see below."""
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

    keep_days: int | None = Field(default=None, ge=1)
    """How many days turns and pictures are kept after the last one that goes on from them; unset: for ever."""
    keep_gb: float | None = Field(default=None, gt=0)
    """How many gigabytes of pictures are kept; what is over goes, the oldest first; unset: any amount."""

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
    staging_chat: int | None = None
    """Id of a chat of your own in which the bot may post, for pictures of guests who have no private chat with it."""
    weekly_report: bool = True
    """Send the owners a message once a week: pictures, people, cost, failures, last backup, disk."""
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
    """How many pictures may wait in one chat, in all its topics together."""
    album_wait_s: float = Field(default=0.8, ge=0, le=30)
    """How long to wait for further pictures of an album, in seconds."""
    new_opens_topic: bool = False
    """Let `/new` in a private chat open a topic, where the bot's account has topics (@BotFather, Threaded Mode)."""
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
