"""All settings, read once from the environment and ``.env``. No other module reads the environment.

Imports pydantic, ``fields``, ``misspelt``, ``proxies`` and ``types``. What settings there are stands in ``fields``. All
errors are collected and reported together, each in one line that never repeats a value. Nothing here opens a connection
or makes a file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError, model_validator

from bot.settings.fields import KEYLESS, PROVIDERS, TELEGRAM, Fields
from bot.settings.misspelt import is_open, misspelt, names_in, set_twice, unread, values_in
from bot.settings.proxies import ProxyFault, also_for, proxy_for, secrets_in
from bot.settings.types import fault_of_access, faults_in, keys_in, password_in

TOKEN_SHAPE = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{35}")
OTHER_SECRETS = (
    "AWS_SESSION_TOKEN",
    "AZURE_STORAGE_ACCOUNT_KEY",
    "AZURE_STORAGE_ACCESS_KEY",
    "AZURE_STORAGE_CLIENT_SECRET",
    "AZURE_STORAGE_SAS_KEY",
    "GOOGLE_SERVICE_ACCOUNT_KEY",
)
"""Variables that object stores read themselves, without a setting here. Logs must not show them either."""

WEBHOOK_SECRET_SHAPE = re.compile(r"[A-Za-z0-9_-]{1,256}")


class SettingsError(Exception):
    """Some settings are missing or wrong. ``faults`` has one line for each, safe to show."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """How to reach one provider. Only the Gemini dialect uses ``api_version`` and ``auth``."""

    name: str
    keys: tuple[str, ...] = field(repr=False)
    """An empty one at an address that may need none."""
    base_url: str
    model: str
    edit_model: str
    api_version: str
    auth: str

    @property
    def usable(self) -> bool:
        """Whether there is a key, or an address that may need none."""
        return bool(self.keys)


class Settings(Fields):
    """All settings, checked and frozen. Make one with :meth:`load`."""

    @model_validator(mode="before")
    @classmethod
    def _drop_blanks(cls, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        return {name: value for name, value in values.items() if not isinstance(value, str) or value.strip()}

    @classmethod
    def load(cls, env_file: str | Path | None = ".env", *, for_run: bool = False) -> Self:
        """Read the environment and ``env_file``; with ``for_run`` also ask for all that ``pentimento run`` needs.

        The environment wins over the file, also with a name that it sets to nothing: then the default counts.
        Raises: :class:`SettingsError` with every fault.
        """
        wrong: dict[str, str] = {}
        try:
            unclear = unread(env_file, _names(), os.environ)
            unknown = misspelt(names_in(env_file), _names())
            given = _not_the_desktop_s(env_file)
            settings = cls(_env_file=env_file, **given)
        except ValidationError as error:
            wrong = faults_in(error)
        except OSError as error:
            raise SettingsError((f"{env_file} cannot be read: {error.strerror}.",)) from None
        except UnicodeDecodeError:
            raise SettingsError((f"{env_file} is not UTF-8 text.",)) from None
        if wrong:
            # With defaults for the wrong settings, the others can be checked too.
            settings = cls(_env_file=env_file, **{**given, **{name: _default(name) for name in wrong}})
        missing = dict(settings._needs()) if for_run else {}
        if "provider" in wrong:
            missing.pop(f"{settings.provider}_api_key", None)
        faults = missing | wrong
        lines = [_line(name, faults[name]) for name in sorted(faults, key=_position)]
        lines += [f"{name} in {env_file} is not a setting. Is {meant} meant?" for name, meant in unknown.items()]
        lines += unclear
        if lines:
            raise SettingsError(tuple(lines))
        return settings

    @staticmethod
    def suspicions(env_file: str | Path | None = ".env") -> tuple[str, ...]:
        """Return a line for each variable of the environment that is no setting but looks like one.

        And for each setting that ``env_file`` sets to two values, and one if it shows a token or a key to other users
        of the machine.
        """
        found = misspelt(os.environ, _names())
        lines = [f"{name} is not a setting. Is {meant} meant?" for name, meant in found.items()]
        with suppress(OSError, UnicodeDecodeError):
            twice = {name: number for name, number in set_twice(env_file).items() if name in _names()}
            lines += [
                f"{env_file} sets {name} to several values; the one of line {number} counts."
                for name, number in twice.items()
            ]
        if is_open(env_file):
            lines.append(f"{env_file} can be read by every user of this machine. To close it: chmod o= {env_file}")
        return tuple(lines)

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
        base_url = getattr(self, f"{name}_base_url")
        keyless = urlsplit(base_url).hostname != urlsplit(KEYLESS.get(name, base_url)).hostname
        return Account(
            name=name,
            keys=keys_in(getattr(self, f"{name}_api_key")) or (("",) if keyless else ()),
            base_url=base_url,
            model=getattr(self, f"{name}_model"),
            edit_model=getattr(self, f"{name}_edit_model", ""),
            api_version=getattr(self, f"{name}_api_version", ""),
            auth=getattr(self, f"{name}_auth", ""),
        )

    @property
    def telegram_proxy(self) -> tuple[str | None, str]:
        """The proxy of the settings for calls to Telegram, and the setting that names it."""
        chosen = also_for(self.telegram_api_url, self.telegram_proxy_url, self.proxy_url)
        return chosen, "TELEGRAM_PROXY_URL" if self.telegram_proxy_url else "PROXY_URL"

    def proxy_to(self, url: str) -> str | None:
        """Return the proxy for calls to a provider's address, and for pictures that it links to.

        Raises: ``ProxyFault``.
        """
        return proxy_for(url, also_for(url, None, self.proxy_url), self.no_proxy)

    @property
    def is_sandbox(self) -> bool:
        """Whether Telegram and the provider are both the sandbox, which serves them at one address."""
        return self.account().base_url == self.telegram_api_url

    def secrets(self) -> tuple[str, ...]:
        """Return all values that must not appear in logs and messages."""
        values = [getattr(self, name) for name in type(self).model_fields]
        plain = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        plain += [key for name in PROVIDERS for key in self.account(name).keys]
        urls = [value for value in values if isinstance(value, str) and "://" in value]
        known = [os.environ.get(name) for name in OTHER_SECRETS]
        return tuple(dict.fromkeys(filter(None, [*plain, *map(password_in, urls), *self.proxy_secrets(), *known])))

    def proxy_secrets(self) -> tuple[str, ...]:
        """Return what is secret of all proxies, of the settings and of the environment: one may repeat it in an error.

        Also of variables that only other programs and libraries read.
        """
        named = [value for name, value in os.environ.items() if name.lower().endswith("_proxy")]
        named += filter(None, [self.proxy_url, self.telegram_proxy_url])
        return tuple(dict.fromkeys(secret for address in named for secret in secrets_in(address)))

    def _providers(self) -> list[str]:
        return [name for name in PROVIDERS if self.account(name).usable]

    def _needs(self) -> Iterator[tuple[str, str]]:
        token = self.telegram_bot_token
        if token is None:
            yield "telegram_bot_token", "is not set: get one from @BotFather on Telegram"
        elif not TOKEN_SHAPE.fullmatch(token.get_secret_value()):
            yield "telegram_bot_token", "is not a bot token: digits, a colon and 35 signs, without quotes"
        if not self.account().usable:
            yield f"{self.provider}_api_key", f"is not set, and PROVIDER={self.provider} needs it"
        for name in dict.fromkeys(name for name, _ in self.fallback if name not in self._providers()):
            if name != self.provider:
                yield f"{name}_api_key", f"is not set, and FALLBACK needs it for {name}"
        try:
            proxy_for(self.telegram_api_url, self.telegram_proxy[0], self.no_proxy)
            for name in self._providers():
                self.proxy_to(self.account(name).base_url)
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


def _names() -> list[str]:
    return [name.upper() for name in Settings.model_fields]


def _position(name: str) -> int:
    """Return the rank of a name: settings in their order, then variables of the environment that are not ours."""
    return [*Settings.model_fields, name].index(name)


def _default(name: str) -> Any:
    field = Settings.model_fields[name]
    return field.get_default(call_default_factory=True, validated_data={"data_dir": Path("data")})


def _line(name: str, fault: str) -> str:
    return f"{name.upper()} {fault}."


def _not_the_desktop_s(env_file: str | Path | None) -> dict[str, Any]:
    """Return the ``LANGUAGE`` of a settings file where the environment's is the desktop's, in gettext's form.

    Desktops, and systemd for services, set ``LANGUAGE=de_AT:de`` themselves (gettext manual, "The LANGUAGE variable").
    Nobody wrote that for the bot, so it wins over no file. Raises: OSError, UnicodeDecodeError.
    """
    written = values_in(env_file).get("LANGUAGE", "")
    return {"language": written} if written.strip() and re.search("[_.:@]", os.environ.get("LANGUAGE", "")) else {}
