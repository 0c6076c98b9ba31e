"""Methods by which a bot describes itself: commands by scope and language, descriptions, name, menu button.

Imports ``botapi`` and ``state``.
"""

from __future__ import annotations

import json
import re
from typing import Annotated

from bot.sandbox.botapi.errors import bad
from bot.sandbox.botapi.registry import Call, method
from bot.sandbox.botapi.shapes import BotCommand, BotCommandScope, FromJson, MenuButton, Shape
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.records import Json, Person

MAX_COMMANDS = 100
MAX_MENU_BYTES = 7_800
MAX_DESCRIPTIONS = 4_950
"""The size limits of a menu, which no document names.

Measured on live bots: 7750 bytes of JSON and 4914 letters of descriptions are accepted, 7876 and 5021 are refused
(adolfousier/opencrabs#1613, grandamenium/cortextos#670).
"""
MAX_NAME, MAX_DESCRIPTION = 32, 256
_COMMAND = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"[a-z]{2}")
Scope = Annotated[BotCommandScope, FromJson]


class SetMyCommands(Shape):
    commands: Annotated[list[BotCommand], FromJson]
    scope: Scope | None = None
    language_code: str | None = None


class MyCommands(Shape):
    scope: Scope | None = None
    language_code: str | None = None


class SetMyDescription(Shape):
    description: str | None = None
    language_code: str | None = None


class SetMyShortDescription(Shape):
    short_description: str | None = None
    language_code: str | None = None


class SetMyName(Shape):
    name: str | None = None
    language_code: str | None = None


class Language(Shape):
    language_code: str | None = None


class SetChatMenuButton(Shape):
    chat_id: int | None = None
    menu_button: Annotated[MenuButton, FromJson] | None = None


def _key(scope: BotCommandScope | None, language: str | None) -> str:
    if scope is None:
        return f"commands:default:{language or ''}"
    parts = [scope.type, *(str(part) for part in (scope.chat_id, scope.user_id) if part is not None)]
    return f"commands:{'/'.join(parts)}:{language or ''}"


def _commands_for(backend: Backend, language: str, *scopes: str) -> list[Json]:
    """Return the commands of the first scope that has any: first in the language, then without one, as clients do."""
    for scope in (*scopes, "default"):
        for code in (language.partition("-")[0], ""):
            found = backend.world.profile.get(f"commands:{scope}:{code}")
            if found:
                return list(found)
    return []


def commands_for_people(backend: Backend, person: Person | None = None) -> Json:
    """Return the commands that a person (or anyone) sees in private chats and in groups."""
    language = person.language_code if person else ""
    own = (f"chat/{person.id}",) if person else ()
    return {
        "private": _commands_for(backend, language, *own, "all_private_chats"),
        "group": _commands_for(backend, language, "all_group_chats"),
    }


def _tell(backend: Backend) -> None:
    backend.events.tell("commands", commands=commands_for_people(backend))


def _menu_line(command: BotCommand) -> Json:
    """Return a command as menus show it. The server checks it before it asks Telegram (td, BotCommand.cpp)."""
    name, text = command.command.strip().removeprefix("/").lower(), command.description.strip()
    if not name:
        raise bad("command must be non-empty")
    if len(name) > MAX_NAME:
        raise bad(f"command length must not exceed {MAX_NAME}")
    if not text:
        raise bad("command description must be non-empty")
    if len(text) > MAX_DESCRIPTION:
        raise bad(f"command description length must not exceed {MAX_DESCRIPTION}")
    return {"command": name, "description": text}


@method
async def set_my_commands(call: Call, p: SetMyCommands) -> bool:
    if p.language_code and not _LANGUAGE.fullmatch(p.language_code):
        raise bad("invalid language code specified")
    shown = [_menu_line(command) for command in p.commands]
    size = len(json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode())
    described = sum(len(line["description"]) for line in shown)
    if len(shown) > MAX_COMMANDS or size > MAX_MENU_BYTES or described > MAX_DESCRIPTIONS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    if not all(_COMMAND.fullmatch(line["command"]) for line in shown):
        raise bad("BOT_COMMAND_INVALID")
    call.backend.world.set_profile(_key(p.scope, p.language_code), shown)
    _tell(call.backend)
    return True


@method
async def get_my_commands(call: Call, p: MyCommands) -> list[Json]:
    """Return the commands of exactly this scope and language."""
    return list(call.backend.world.profile.get(_key(p.scope, p.language_code)) or [])


@method
async def delete_my_commands(call: Call, p: MyCommands) -> bool:
    call.backend.world.set_profile(_key(p.scope, p.language_code), [])
    _tell(call.backend)
    return True


def _set(call: Call, name: str, value: str | None, language: str | None, longest: int) -> bool:
    if value and len(value) > longest:
        raise bad(f"{name.replace('_', ' ')} is too long")
    call.backend.world.set_profile(f"{name}:{language or ''}", value or "")
    return True


def _get(call: Call, name: str, language: str | None) -> str:
    profile = call.backend.world.profile
    return str(profile.get(f"{name}:{language or ''}") or profile.get(f"{name}:") or "")


@method
async def set_my_description(call: Call, p: SetMyDescription) -> bool:
    """Set the description that an empty chat shows."""
    return _set(call, "description", p.description, p.language_code, 512)


@method
async def get_my_description(call: Call, p: Language) -> Json:
    return {"description": _get(call, "description", p.language_code)}


@method
async def set_my_short_description(call: Call, p: SetMyShortDescription) -> bool:
    """Set the text on the bot's profile page."""
    return _set(call, "short_description", p.short_description, p.language_code, 120)


@method
async def get_my_short_description(call: Call, p: Language) -> Json:
    return {"short_description": _get(call, "short_description", p.language_code)}


@method
async def set_my_name(call: Call, p: SetMyName) -> bool:
    return _set(call, "name", p.name, p.language_code, 64)


@method
async def get_my_name(call: Call, p: Language) -> Json:
    return {"name": _get(call, "name", p.language_code) or call.backend.config.bot_name}


@method
async def set_chat_menu_button(call: Call, p: SetChatMenuButton) -> bool:
    """Keep the menu button. Nothing in the sandbox shows it."""
    button = p.menu_button.plain() if p.menu_button else {"type": "default"}
    call.backend.world.set_profile(f"menu_button:{p.chat_id or ''}", button)
    return True
