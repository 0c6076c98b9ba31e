"""The declared methods and objects against aiogram's models of the Bot API: an independent second opinion."""

from __future__ import annotations

import inspect
from typing import Any

import aiogram.methods
import aiogram.types
import pytest
from pydantic import BaseModel

from bot.sandbox.botapi import methods, shapes
from bot.sandbox.botapi.registry import METHODS

assert methods
DECLARED = {method.name: method.parameters for method in METHODS.values()}
OBJECTS = {
    name: shape
    for name, shape in vars(shapes).items()
    if inspect.isclass(shape) and issubclass(shape, shapes.Shape) and hasattr(aiogram.types, name)
}
# Unions that are one class here, with the fields of all their members.
OF_MANY = {"BotCommandScope", "MenuButton"}
SCOPES = [
    getattr(aiogram.types, f"BotCommandScope{kind}")
    for kind in (
        "Default",
        "AllPrivateChats",
        "AllGroupChats",
        "AllChatAdministrators",
        "Chat",
        "ChatAdministrators",
        "ChatMember",
    )
]
BUTTONS = [getattr(aiogram.types, f"MenuButton{kind}") for kind in ("Commands", "WebApp", "Default")]
# Methods that this bot cannot do without.
# fmt: off
NEEDED = {
    "getMe", "getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo", "logOut", "close", "sendMessage",
    "sendPhoto", "sendDocument", "sendVideo", "sendAnimation", "sendMediaGroup", "sendChatAction",
    "sendMessageDraft", "copyMessage", "copyMessages", "forwardMessage", "forwardMessages", "getFile", "getChat",
    "getChatMember", "getChatAdministrators", "getChatMemberCount", "leaveChat", "setMessageReaction",
    "answerCallbackQuery", "setMyCommands", "getMyCommands", "deleteMyCommands", "setMyName", "getMyName",
    "setMyDescription", "getMyDescription", "setMyShortDescription", "getMyShortDescription", "setChatMenuButton",
    "editMessageText", "editMessageCaption", "editMessageMedia", "editMessageReplyMarkup", "deleteMessage",
    "deleteMessages",
}
# fmt: on


def fields_of(model: type[BaseModel]) -> dict[str, bool]:
    """Give the names of a model's fields that are not deprecated, and whether each is required."""
    found = {}
    for name, field in model.model_fields.items():
        extra = field.json_schema_extra
        if not (isinstance(extra, dict) and extra.get("deprecated")):
            found[name] = field.is_required()
    return found


def aiogram_method(name: str) -> type[BaseModel]:
    model: type[BaseModel] = getattr(aiogram.methods, name[0].upper() + name[1:])
    return model


def test_the_methods_that_the_bot_needs_are_there() -> None:
    assert set(DECLARED) >= NEEDED


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_a_method_takes_the_parameters_of_the_bot_api(name: str) -> None:
    assert fields_of(DECLARED[name]) == fields_of(aiogram_method(name))


@pytest.mark.parametrize("name", sorted(set(OBJECTS) - OF_MANY))
def test_an_object_has_the_fields_of_the_bot_api(name: str) -> None:
    theirs: Any = getattr(aiogram.types, name)
    assert set(fields_of(OBJECTS[name])) == set(fields_of(theirs))


@pytest.mark.parametrize(("ours", "theirs"), [("BotCommandScope", SCOPES), ("MenuButton", BUTTONS)])
def test_a_union_has_the_fields_of_its_members(ours: str, theirs: list[type[BaseModel]]) -> None:
    expected = {name for member in theirs for name in fields_of(member)}
    assert set(fields_of(getattr(shapes, ours))) == expected
