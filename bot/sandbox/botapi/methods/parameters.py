"""Parameters that several methods share, declared once. Imports ``shapes``.

Parameters of the Bot API that have no effect here (message effects, paid broadcasts ...) are declared as well.
Otherwise requests that Telegram accepts would be refused.
"""

from __future__ import annotations

from typing import Annotated, Any

from bot.sandbox.botapi.shapes import (
    ChatId,
    EphemeralMessageParameters,
    FromJson,
    LinkPreviewOptions,
    MessageEntity,
    ReplyMarkup,
    ReplyParameters,
    Shape,
)

Entities = Annotated[list[MessageEntity], FromJson]
Strings = Annotated[list[str], FromJson]
Numbers = Annotated[list[int], FromJson]
Reply = Annotated[ReplyParameters, FromJson]
Preview = Annotated[LinkPreviewOptions, FromJson]


class Quiet(Shape):
    """Silent sending and content protection."""

    disable_notification: bool | None = None
    protect_content: bool | None = None


class Target(Quiet):
    """Where a new message goes."""

    chat_id: ChatId
    message_thread_id: int | None = None
    direct_messages_topic_id: int | None = None


class Sent(Target):
    """Parameters of every method that sends."""

    business_connection_id: str | None = None
    allow_paid_broadcast: bool | None = None
    message_effect_id: str | None = None
    reply_parameters: Reply | None = None


class SentOne(Sent):
    """Parameters of every method that sends a single message."""

    suggested_post_parameters: Annotated[dict[str, Any], FromJson] | None = None
    reply_markup: ReplyMarkup | None = None
    ephemeral_message_parameters: Annotated[EphemeralMessageParameters, FromJson] | None = None


class Captioned(SentOne):
    """A message with a caption."""

    caption: str | None = None
    parse_mode: str | None = None
    caption_entities: Entities | None = None


class EditTarget(Shape):
    business_connection_id: str | None = None
    chat_id: ChatId | None = None
    message_id: int | None = None
    inline_message_id: str | None = None
