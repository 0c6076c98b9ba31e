"""The objects inside Bot API requests, declared: buttons, entities, media, replies, scopes.

A field that is not declared here, or has the wrong type, is refused. A test compares the declarations with an
independent model of the Bot API. Imports pydantic and ``files``.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Tag
from pydantic_core import PydanticCustomError

from bot.sandbox.botapi.state.files import Upload


class Shape(BaseModel):
    """An object in a request. Undeclared fields are refused."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    def plain(self) -> dict[str, Any]:
        """Return it as JSON, without fields that were not given."""
        return self.model_dump(exclude_none=True)


def _from_text(value: Any) -> Any:
    """Read JSON that arrived as text, as in forms."""
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            raise ValueError("JSON object") from None
    return value


FromJson = BeforeValidator(_from_text)


class User(BaseModel):
    """A user inside an entity. Only the id counts."""

    id: int


class MessageEntity(Shape):
    type: str
    offset: int
    length: int
    url: str | None = None
    user: User | None = None
    language: str | None = None
    custom_emoji_id: str | None = None
    unix_time: int | None = None
    date_time_format: str | None = None


class CopyTextButton(Shape):
    text: str


class WebAppInfo(Shape):
    url: str


class InlineKeyboardButton(Shape):
    text: str
    icon_custom_emoji_id: str | None = None
    style: Literal["danger", "success", "primary"] | None = None
    url: str | None = None
    callback_data: str | None = None
    web_app: WebAppInfo | None = None
    login_url: dict[str, Any] | None = None
    switch_inline_query: str | None = None
    switch_inline_query_current_chat: str | None = None
    switch_inline_query_chosen_chat: dict[str, Any] | None = None
    copy_text: CopyTextButton | None = None
    callback_game: dict[str, Any] | None = None
    pay: bool | None = None
    disabled: dict[str, Any] | None = None


class InlineKeyboardMarkup(Shape):
    inline_keyboard: list[list[InlineKeyboardButton]]
    force_reply: bool | None = None


class LabeledPrice(Shape):
    label: str
    amount: int


class KeyboardButton(Shape):
    text: str
    icon_custom_emoji_id: str | None = None
    style: str | None = None
    request_users: dict[str, Any] | None = None
    request_chat: dict[str, Any] | None = None
    request_managed_bot: dict[str, Any] | None = None
    request_contact: bool | None = None
    request_location: bool | None = None
    request_poll: dict[str, Any] | None = None
    web_app: WebAppInfo | None = None


class ReplyKeyboardMarkup(Shape):
    keyboard: list[list[KeyboardButton]]
    is_persistent: bool | None = None
    resize_keyboard: bool | None = None
    one_time_keyboard: bool | None = None
    input_field_placeholder: str | None = None
    selective: bool | None = None
    force_reply: bool | None = None


class ReplyKeyboardRemove(Shape):
    remove_keyboard: Literal[True]
    selective: bool | None = None


class ForceReply(Shape):
    force_reply: Literal[True]
    input_field_placeholder: str | None = None
    selective: bool | None = None


def _keyboard_kind(value: Any) -> str:
    if isinstance(value, dict):
        kinds = ("inline_keyboard", "keyboard", "remove_keyboard", "force_reply")
        return next((kind for kind in kinds if kind in value), "inline_keyboard")
    return "inline_keyboard"


Inline = Annotated[InlineKeyboardMarkup, FromJson]
ReplyMarkup = Annotated[
    Annotated[InlineKeyboardMarkup, Tag("inline_keyboard")]
    | Annotated[ReplyKeyboardMarkup, Tag("keyboard")]
    | Annotated[ReplyKeyboardRemove, Tag("remove_keyboard")]
    | Annotated[ForceReply, Tag("force_reply")],
    Discriminator(_keyboard_kind),
    FromJson,
]


def _int32(value: Any) -> Any:
    """Read a number as the server's JSON reader does (td, JsonBuilder.cpp, get_required_int_field)."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise PydanticCustomError("td", 'Field "message_id" must be a Number')
    if not re.fullmatch(r"-?\d+", str(value)) or not -(2**31) <= int(value) < 2**31:
        raise PydanticCustomError("td", 'Field "message_id" must be a valid Number')
    # A number below zero names no message (telegram-bot-api, Client.cpp, get_reply_parameters).
    return max(int(value), 0)


class ReplyParameters(Shape):
    message_id: Annotated[int | None, BeforeValidator(_int32)] = None
    chat_id: int | str | None = None
    allow_sending_without_reply: bool | None = None
    quote: str | None = None
    quote_parse_mode: str | None = None
    quote_entities: list[MessageEntity] | None = None
    quote_position: int | None = None
    checklist_task_id: int | None = None
    poll_option_id: str | None = None
    ephemeral_message_id: int | None = None


class LinkPreviewOptions(Shape):
    is_disabled: bool | None = None
    url: str | None = None
    prefer_small_media: bool | None = None
    prefer_large_media: bool | None = None
    show_above_text: bool | None = None


class _Media(Shape):
    media: str
    caption: str | None = None
    parse_mode: str | None = None
    caption_entities: list[MessageEntity] | None = None


class InputMediaPhoto(_Media):
    type: Literal["photo"]
    show_caption_above_media: bool | None = None
    has_spoiler: bool | None = None


class InputMediaDocument(_Media):
    type: Literal["document"]
    thumbnail: str | None = None
    disable_content_type_detection: bool | None = None


class InputMediaVideo(_Media):
    type: Literal["video"]
    thumbnail: str | None = None
    cover: str | None = None
    start_timestamp: int | None = None
    show_caption_above_media: bool | None = None
    width: int | None = None
    height: int | None = None
    duration: int | None = None
    supports_streaming: bool | None = None
    has_spoiler: bool | None = None


class InputMediaAnimation(_Media):
    type: Literal["animation"]
    thumbnail: str | None = None
    show_caption_above_media: bool | None = None
    width: int | None = None
    height: int | None = None
    duration: int | None = None
    has_spoiler: bool | None = None


class InputMediaAudio(_Media):
    type: Literal["audio"]
    thumbnail: str | None = None
    duration: int | None = None
    performer: str | None = None
    title: str | None = None


InputMedia = InputMediaPhoto | InputMediaDocument | InputMediaVideo | InputMediaAnimation | InputMediaAudio
AnyMedia = Annotated[InputMedia, Discriminator("type")]


class InputTextMessageContent(Shape):
    message_text: str
    parse_mode: str | None = None
    entities: list[MessageEntity] | None = None
    link_preview_options: LinkPreviewOptions | None = None


class InlineQueryResultArticle(Shape):
    type: Literal["article"]
    id: str
    title: str
    input_message_content: InputTextMessageContent
    reply_markup: InlineKeyboardMarkup | None = None
    url: str | None = None
    description: str | None = None
    thumbnail_url: str | None = None
    thumbnail_width: int | None = None
    thumbnail_height: int | None = None


class InlineQueryResultCachedPhoto(Shape):
    type: Literal["photo"]
    id: str
    photo_file_id: str
    title: str | None = None
    description: str | None = None
    caption: str | None = None
    parse_mode: str | None = None
    caption_entities: list[MessageEntity] | None = None
    show_caption_above_media: bool | None = None
    reply_markup: InlineKeyboardMarkup | None = None
    input_message_content: InputTextMessageContent | None = None


InlineResult = Annotated[InlineQueryResultArticle | InlineQueryResultCachedPhoto, Discriminator("type")]


class InlineQueryResultsButton(Shape):
    text: str
    web_app: WebAppInfo | None = None
    start_parameter: str | None = None


class BotCommand(Shape):
    command: str
    description: str
    is_ephemeral: bool | None = None


class BotCommandScope(Shape):
    type: Literal[
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    ]
    chat_id: int | str | None = None
    user_id: int | None = None


class ReactionTypeEmoji(Shape):
    type: Literal["emoji"]
    emoji: str


class ReactionTypeCustomEmoji(Shape):
    type: Literal["custom_emoji"]
    custom_emoji_id: str


class ReactionTypePaid(Shape):
    type: Literal["paid"]


ReactionType = Annotated[ReactionTypeEmoji | ReactionTypeCustomEmoji | ReactionTypePaid, Discriminator("type")]


class MenuButton(Shape):
    type: Literal["commands", "web_app", "default"]
    text: str | None = None
    web_app: WebAppInfo | None = None


class EphemeralMessageParameters(Shape):
    receiver_user_id: int
    callback_query_id: str | None = None
    replace_callback_query_message: bool | None = None


ChatId = int | str
InputFile = Upload | str
