"""The types of settings, each with its own error message.

Imports ``proxies`` and never reads the environment. A message says what the value must be and never repeats it, because
any setting may contain a secret by mistake.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr, ValidationError

from bot.settings.proxies import usable

DATABASE_SCHEMES = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
MEDIA_SCHEMES = {"file", "memory", "s3", "s3a", "gs", "az", "adl", "azure", "abfs", "abfss", "https"}
LOCAL_SCHEMES = {"file", "memory"}
"""Those whose addresses have a path alone."""

THRESHOLDS = ("BLOCK_LOW_AND_ABOVE", "BLOCK_MEDIUM_AND_ABOVE", "BLOCK_ONLY_HIGH", "BLOCK_NONE", "OFF")
CATEGORIES = tuple(
    f"HARM_CATEGORY_{name}"
    for name in (
        *("HARASSMENT", "HATE_SPEECH", "SEXUALLY_EXPLICIT", "DANGEROUS_CONTENT", "CIVIC_INTEGRITY", "JAILBREAK"),
        *("IMAGE_HATE", "IMAGE_DANGEROUS_CONTENT", "IMAGE_HARASSMENT", "IMAGE_SEXUALLY_EXPLICIT"),
    )
)
"""The four of text first; those of pictures are Vertex AI's (google-genai, types.HarmCategory)."""
CARRIED_OUT = {"functionDeclarations", "computerUse"}
"""Tools whose calls a program has to carry out for the model."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens. Port 0 lets the system choose."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def password_in(url: str) -> str | None:
    """Return the password that a URL carries, or None."""
    try:
        return unquote(urlsplit(url).password or "") or None
    except ValueError:
        return None


def access_by_lists(settings: Mapping[str, Any]) -> Literal["open", "listed"]:
    """Return the default of ACCESS: a bot with a list stays closed to all others."""
    return "listed" if settings.get("allowed_users") or settings.get("allowed_chats") else "open"


def fault_of_access(access: str, listed: frozenset[int], owners: frozenset[int]) -> str | None:
    """Return why a value of ACCESS does not fit the ids of lists and owners."""
    if access == "open" and listed:
        return "is open, but ALLOWED_USERS or ALLOWED_CHATS is set: remove one of them"
    if access == "ask" and not any(owner_id > 0 for owner_id in owners):
        return "is ask, and OWNER_IDS names nobody who could be asked"
    return None


def _address(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise ValueError("must be host:port, like 127.0.0.1:8081")
    return Address(host.strip("[]"), int(port))


def _words(value: str) -> list[str]:
    return [word for word in re.split(r"[,;\s]+", value) if word]


def _ids(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return frozenset(int(word) for word in _words(value))
    except ValueError:
        raise ValueError("must be whole numbers with commas or spaces between them") from None


def _hosts(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    hosts = frozenset(word.lower() for word in _words(value))
    if any("/" in host for host in hosts):
        raise ValueError("must be host names with commas or spaces between them, without http://")
    return hosts


def _is_host(name: str) -> bool:
    """Return whether something looks like a host: an address, or a name in any script."""
    pattern = r"[0-9a-f:.]+(%\w+)?" if ":" in name else r"[\w.-]*\w\.?"
    return re.fullmatch(pattern, name) is not None


def _root(value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and _is_host(parts.hostname or "") and parts.port != 0
    except ValueError:
        usable = False
    # urlsplit ignores tabs and newlines, but they would still be in the value.
    if not usable or parts.query or parts.fragment or re.search(r"\s", value):
        raise ValueError("must be an address that starts with https:// or http://, without ? and #")
    return value.rstrip("/")


def _gemini_root(value: str) -> str:
    # People copy a whole address from an example; a relay then answers 404 for the model.
    if re.search(r":\w+$|/models(/|$)|/openai$", urlsplit(_root(value)).path):
        raise ValueError("must be the root of the API: leave out /openai, /models and what follows")
    return _root(value)


def _api_root(value: str) -> str:
    # People copy a whole address from an example here, too.
    if re.search(r"/(images|chat|models)(/|$)", urlsplit(_root(value)).path):
        raise ValueError("must be the root of the API: leave out /images, /chat or /models and what follows")
    return _root(value)


def _telegram_root(value: str) -> str:
    # With /bot at the end, Telegram answers each call as if the token were wrong.
    if re.search(r"/(file/)?bot[^/]*$", urlsplit(_root(value)).path):
        raise ValueError("must be the root of a Bot API server: leave out /bot and what follows")
    return _root(value)


def _database_url(value: str) -> str:
    scheme, _, rest = value.partition("://")
    if not rest or scheme not in DATABASE_SCHEMES:
        raise ValueError("must start with sqlite+aiosqlite:/// or postgresql+psycopg://")
    if rest in ("/", "/:memory:"):
        raise ValueError("must name a file: what lies in memory is lost with the process")
    return f"{DATABASE_SCHEMES[scheme]}://{rest}"


def _media_url(value: str) -> str:
    scheme, found, rest = value.partition("://")
    # "s3:/pictures" and "s3:bucket" would make a folder of that name here.
    is_misspelt = value.partition(":")[0].lower() in MEDIA_SCHEMES and not found and ":" in value
    no_bucket = not rest or (rest.startswith("/") and scheme not in LOCAL_SCHEMES)
    if is_misspelt or (found and (scheme not in MEDIA_SCHEMES or no_bucket)):
        raise ValueError("must be a folder, or start with s3://, gs:// or az:// and name a bucket")
    return value


def _language(value: str) -> str:
    # Desktops set LANGUAGE themselves, in gettext's form: "de_AT:de:en"; C and POSIX mean no language at all.
    code = re.split(r"[_.:@-]", value.lower(), maxsplit=1)[0]
    if code in {"c", "posix"}:
        return "en"
    if not re.fullmatch(r"[a-z]{2,3}", code):
        raise ValueError("must be a language code like en or de")
    return code


def _key(value: SecretStr) -> SecretStr:
    keys = keys_in(value)
    text = "".join(keys)
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("contains a sign that no key has; copy it once more")
    if not keys or len(set(keys)) < len(keys):
        raise ValueError("must be a key, or several different ones with commas between them")
    return value


def keys_in(value: SecretStr | None) -> tuple[str, ...]:
    """Return the keys of a setting, in order; none if it is not set."""
    words = value.get_secret_value().split(",") if value is not None else ()
    return tuple(word.strip() for word in words if word.strip())


def _safety(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    words = [word.partition("=") for word in _words(value.upper())]
    if any((threshold or first) not in THRESHOLDS for first, _, threshold in words):
        raise ValueError(f"must be {' or '.join(THRESHOLDS)}, or pairs like HARASSMENT=BLOCK_NONE")
    for_all = [first for first, pair, _ in words if not pair]
    if len(for_all) > 1:
        raise ValueError("must hold one threshold for all; others name their category, like HARASSMENT=BLOCK_NONE")
    chosen = {name: first for first in for_all for name in CATEGORIES[:4]}
    for first, pair, threshold in words:
        name = f"HARM_CATEGORY_{first.removeprefix('HARM_CATEGORY_')}"
        if pair and name not in CATEGORIES:
            known = ", ".join(known.removeprefix("HARM_CATEGORY_") for known in CATEGORIES)
            raise ValueError(f"must name categories of harm: {known}")
        chosen |= {name: threshold} if pair else {}
    return tuple(chosen.items())


def _tools(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        found = json.loads(value) if value[:1] in "[{" else [{name: {}} for name in _words(value)]
    except (ValueError, RecursionError):
        raise ValueError("must be names like googleSearch, or JSON as the API takes it") from None
    tools = [found] if isinstance(found, dict) else found
    if not all(isinstance(tool, dict) and tool and all(map(str.isidentifier, tool)) for tool in tools):
        raise ValueError('must be tools like [{"googleSearch": {}}]')
    # Relays drop or refuse snake case, in which the SDKs name the same fields.
    tools = [{re.sub(r"_([a-z])", lambda at: at[1].upper(), name): how for name, how in t.items()} for t in tools]
    if any(CARRIED_OUT & tool.keys() for tool in tools):
        raise ValueError("must not declare functions or a computer: nobody here could carry out what a model asks for")
    return tuple(tools)


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


Listen = Annotated[Address, BeforeValidator(_address)]
"""``host:port``."""

Ids = Annotated[frozenset[int], BeforeValidator(_ids)]
"""Telegram ids with commas or spaces between them."""

Hosts = Annotated[frozenset[str], BeforeValidator(_hosts)]
"""Host names with commas or spaces between them."""

Root = Annotated[str, AfterValidator(_root)]
"""An HTTP address to which paths are added; kept without a slash at its end."""

ApiRoot = Annotated[str, AfterValidator(_api_root)]
"""The root of an API with routes like those of OpenAI."""

GeminiRoot = Annotated[str, AfterValidator(_gemini_root)]
"""The root of an API in Gemini's dialect."""

TelegramRoot = Annotated[str, AfterValidator(_telegram_root)]
"""The root of a Bot API server."""

Proxy = Annotated[str, AfterValidator(usable)]
"""The address of a proxy."""

DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
"""An SQLAlchemy URL; the driver is filled in where the common short form leaves it out."""

MediaUrl = Annotated[str, AfterValidator(_media_url)]
"""A folder, or the address of an object store."""

LanguageCode = Annotated[str, AfterValidator(_language)]
"""The two or three letters of a language."""

ApiKeys = Annotated[SecretStr, AfterValidator(_key)]
"""One or several secrets with commas between them, each sent in an HTTP header; see :func:`keys_in`."""

Safety = Annotated[tuple[tuple[str, str], ...], BeforeValidator(_safety)]
"""Categories of harm with thresholds, from one threshold for the four of text, pairs, or both: then the pairs win."""

Tools = Annotated[tuple[dict[str, Any], ...], BeforeValidator(_tools)]
"""Tools of Gemini's API."""

LOWER = BeforeValidator(_lower)
UPPER = BeforeValidator(_upper)


def faults_in(error: ValidationError) -> dict[str, str]:
    """Return a sentence for each wrong field, by its name."""
    found = {}
    for detail in error.errors(include_url=False, include_input=False):
        if detail["type"] != "default_factory_not_called":
            found[str(detail["loc"][0])] = _sentence(detail["type"], detail.get("ctx", {}))
    return found


def _sentence(kind: str, facts: Mapping[str, Any]) -> str:
    match kind:
        case "value_error":
            return str(facts["error"])
        case "literal_error":
            return f"must be {facts['expected']}"
        case "int_parsing" | "int_type" | "int_from_float":
            return "must be a whole number"
        case "bool_parsing" | "bool_type":
            return "must be true or false"
        case "float_parsing" | "float_type" | "finite_number":
            return "must be a number"
        case "greater_than_equal":
            return f"must be at least {facts['ge']:g}"
        case "greater_than":
            return f"must be more than {facts['gt']:g}"
        case "less_than_equal":
            return f"must be at most {facts['le']:g}"
        case _:
            return "has a value that cannot be used"
