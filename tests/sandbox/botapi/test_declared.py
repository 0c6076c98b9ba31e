"""What the emulated Bot API declares and says, against aiogram's models of it: an independent second opinion.

All tests that ask aiogram are in this file, since each process that loads it spends seconds on that.
"""

from __future__ import annotations

import datetime
import inspect
from collections.abc import AsyncIterator, Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from bot.chat.updates.kinds import BESIDE, EVENTS
from bot.sandbox.botapi import methods, shapes
from bot.sandbox.botapi.registry import METHODS
from bot.sandbox.botapi.state.files import Upload
from tests.sandbox.botapi.test_clients import everything
from tests.support.bots import PlainBot
from tests.support.messages import Json
from tests.support.people import Telegram
from tests.support.pictures import picture
from tests.support.second_opinion import aiogram
from tests.support.sent import SENT

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
    "deleteMessages", "sendInvoice", "answerPreCheckoutQuery", "refundStarPayment", "answerGuestQuery",
    "answerInlineQuery",
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


def test_each_field_of_a_message_is_something_sent_or_known_to_say_nothing_by_itself() -> None:
    """What is in neither list would be answered as an unknown kind (``bot.chat.updates.kinds``)."""
    theirs = {field.alias or name for name, field in aiogram("types").Message.model_fields.items()}
    assert theirs - {"new_chat_member", *BESIDE, *EVENTS, *SENT} == set()
    assert {*BESIDE, *EVENTS, *SENT} - theirs == set()


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


@pytest.fixture
async def second_bot(telegram: Telegram) -> AsyncIterator[Any]:
    """Yield a bot of aiogram."""
    server = aiogram("client.telegram").TelegramAPIServer.from_base(telegram.base_url)
    session = aiogram("client.session.aiohttp").AiohttpSession(api=server)
    bot = aiogram("client.bot").Bot(telegram.token, session=session)
    yield bot
    await session.close()


def unknown_fields(value: Any, path: str = "") -> Iterator[str]:
    """Walk what aiogram read and give each field that it has no name for."""
    if isinstance(value, BaseModel):
        for name in value.model_extra or {}:
            yield f"{path}.{name}"
        for name in type(value).model_fields:
            yield from unknown_fields(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from unknown_fields(item, f"{path}[{index}]")


async def test_every_update_is_one_to_aiogram_without_unknown_fields(telegram: Telegram, bot: PlainBot) -> None:
    updates = await everything(telegram, bot)
    kinds = {key for update in updates for key in update} - {"update_id"}
    assert kinds == {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "message_reaction",
        "callback_query",
        "my_chat_member",
        "chat_member",
        "stopped_message_generation",
    }
    for update in updates:
        read = aiogram("types").Update.model_validate(update)
        assert list(unknown_fields(read, read.event_type)) == []


async def test_what_calls_give_back_is_known_to_aiogram(telegram: Telegram, bot: PlainBot) -> None:
    await telegram.ann.say("/start")
    group = await telegram.group()
    channel, supergroup = await telegram.channel(), await telegram.group(kind="supergroup")
    await channel.act("link", group_id=supergroup.id)
    await supergroup.act("hide-members")
    ann, theirs = telegram.ann.id, aiogram("types")
    me = await bot("getMe")
    sent = await bot.photo(ann, picture(400, 300), caption="x", show_caption_above_media="true")
    judged: list[tuple[type[BaseModel], Json]] = [
        (theirs.User, me),
        (theirs.Message, sent),
        (theirs.Message, await bot.say(ann, "<b>x</b>", parse_mode="HTML", link_preview_options={"is_disabled": True})),
        (theirs.Message, await bot("forwardMessage", chat_id=ann, from_chat_id=ann, message_id=sent["message_id"])),
        (theirs.MessageId, await bot("copyMessage", chat_id=ann, from_chat_id=ann, message_id=sent["message_id"])),
        (theirs.File, await bot("getFile", file_id=sent["photo"][0]["file_id"])),
        (theirs.ChatFullInfo, await bot("getChat", chat_id=ann)),
        (theirs.ChatFullInfo, await bot("getChat", chat_id=group.id)),
        (theirs.ChatFullInfo, await bot("getChat", chat_id=channel.id)),
        (theirs.ChatFullInfo, await bot("getChat", chat_id=supergroup.id)),
        (theirs.ChatMemberAdministrator, await bot("getChatMember", chat_id=channel.id, user_id=me["id"])),
        (theirs.Message, await bot.say(channel.id, "x")),
        (theirs.ChatMemberOwner, await bot("getChatMember", chat_id=group.id, user_id=ann)),
        (theirs.ChatMemberMember, await bot("getChatMember", chat_id=group.id, user_id=me["id"])),
        (theirs.WebhookInfo, await bot("getWebhookInfo")),
        (theirs.BotName, await bot("getMyName")),
        (theirs.BotDescription, await bot("getMyDescription")),
        (theirs.BotShortDescription, await bot("getMyShortDescription")),
    ]
    for model, result in judged:
        assert list(unknown_fields(model.model_validate(result), model.__name__)) == []


async def test_aiogram_is_served_as_well(telegram: Telegram, second_bot: Any) -> None:
    await telegram.ann.say("hello")
    assert (await second_bot.get_me()).can_join_groups
    (update,) = await second_bot.get_updates()
    assert update.message is not None
    data = aiogram("types").BufferedInputFile(picture(300, 200), "a.jpg")
    await second_bot.send_photo(telegram.ann.id, data, caption="from the other one")
    assert (await telegram.ann.answer()).caption == "from the other one"
    await telegram.fault("sendMessage", retry_after=3)
    with pytest.raises(aiogram("exceptions").TelegramRetryAfter) as flood:
        await second_bot.send_message(telegram.ann.id, "x")
    assert flood.value.retry_after == 3
