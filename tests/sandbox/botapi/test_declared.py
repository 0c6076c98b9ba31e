"""The declared methods and objects against aiogram's models of the Bot API: an independent second opinion."""

from __future__ import annotations

import datetime
import inspect
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from bot.sandbox.botapi import methods, shapes
from bot.sandbox.botapi.registry import METHODS
from bot.sandbox.botapi.state.files import Upload
from tests.support.second_opinion import aiogram

assert methods
DECLARED = {method.name: method.parameters for method in METHODS.values()}
OBJECTS = {
    name: shape
    for name, shape in vars(shapes).items()
    if inspect.isclass(shape) and issubclass(shape, shapes.Shape) and shape is not shapes.Shape and name[0] != "_"
}
# Unions that are one class here, with the fields of all their members.
OF_MANY = {"BotCommandScope", "MenuButton"}
SCOPES = (
    "Default",
    "AllPrivateChats",
    "AllGroupChats",
    "AllChatAdministrators",
    "Chat",
    "ChatAdministrators",
    "ChatMember",
)
BUTTONS = ("Commands", "WebApp", "Default")
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
    "deleteMessages", "sendInvoice", "answerPreCheckoutQuery", "refundStarPayment",
}
# fmt: on


def fields_of(model: type[BaseModel]) -> dict[str, bool]:
    """Return the names of a model's fields that are not deprecated, and whether each is required."""
    found = {}
    for name, field in model.model_fields.items():
        extra = field.json_schema_extra
        if not (isinstance(extra, dict) and extra.get("deprecated")):
            found[name] = field.is_required()
    return found


def kinds_of(annotation: Any) -> set[str]:
    """Return the kinds of JSON value that a type takes: "int", "str", "list of object" ..."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return kinds_of(arguments[0])
    if origin in {Union, UnionType}:
        return set().union(*(kinds_of(argument) for argument in arguments))
    if origin is Literal:
        return set().union(*(kinds_of(type(value)) for value in arguments))
    if origin is list:
        return {f"list of {kind}" for kind in kinds_of(arguments[0])}
    if annotation in {NoneType, aiogram("client.default").Default}:
        return set()
    if origin is dict or (inspect.isclass(annotation) and issubclass(annotation, BaseModel)):
        return {"object"}
    # A file is named on the wire: by its file_id, by the part of the request that holds it.
    if annotation in {Upload, aiogram("types").InputFile}:
        return {"str"}
    # Moments and spans of time are numbers on the wire; so are enumerations strings.
    if annotation in {datetime.datetime, datetime.timedelta}:
        return {"int"}
    return {"str" if issubclass(annotation, str) else annotation.__name__}


def types_of(model: type[BaseModel]) -> dict[str, set[str]]:
    """Return the kinds of value that each field of a model takes."""
    return {name: kinds_of(model.model_fields[name].annotation) for name in fields_of(model)}


def aiogram_method(name: str) -> type[BaseModel]:
    model: type[BaseModel] = getattr(aiogram("methods"), name[0].upper() + name[1:])
    return model


def test_the_methods_that_the_bot_needs_are_there() -> None:
    assert set(DECLARED) >= NEEDED


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_a_method_takes_the_parameters_of_the_bot_api(name: str) -> None:
    assert fields_of(DECLARED[name]) == fields_of(aiogram_method(name))


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_a_parameter_has_the_type_of_the_bot_api(name: str) -> None:
    assert types_of(DECLARED[name]) == types_of(aiogram_method(name))


@pytest.mark.parametrize("name", sorted(set(OBJECTS) - OF_MANY))
def test_an_object_has_the_fields_and_types_of_the_bot_api(name: str) -> None:
    theirs: Any = getattr(aiogram("types"), name)
    assert types_of(OBJECTS[name]) == types_of(theirs)


@pytest.mark.parametrize(("ours", "kinds"), [("BotCommandScope", SCOPES), ("MenuButton", BUTTONS)])
def test_a_union_has_the_fields_of_its_members(ours: str, kinds: tuple[str, ...]) -> None:
    expected = {name for kind in kinds for name in fields_of(getattr(aiogram("types"), ours + kind))}
    assert set(fields_of(getattr(shapes, ours))) == expected
