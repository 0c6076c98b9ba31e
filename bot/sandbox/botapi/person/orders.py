"""The requests of the person API, declared. Imports ``groups`` and ``records``."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from bot.sandbox.botapi.person.groups import UPGRADE_NEWS
from bot.sandbox.botapi.state.records import Json


class Order(BaseModel):
    """The base of all requests. ``as`` is the person who acts."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    person_id: int = Field(alias="as", default=0)


class Attachment(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = "file"
    mime: str = ""
    base64: str = ""
    data: bytes | None = None
    kind: str | None = None
    caption: str | None = None
    preview: str = ""
    """The small picture that the client makes of a video, an animation or a document, in base64."""
    cover: str = ""
    """The picture that the sender chose for a video, in base64 (Bot API, Video.cover)."""
    duration_s: int | None = None


class FilesOrder(Order):
    """Files, and how to show them."""

    chat_id: int
    text: str = ""
    files: list[Attachment] = []
    sample: list[str] = []
    captions: list[str] | None = None
    as_file: bool = False
    spoiler: bool = False


class SendOrder(FilesOrder):
    entities: list[Json] = []
    topic: int | None = None
    reply_to: int | None = None
    quote: str | None = None
    hd: bool = False
    ungrouped: bool = False
    stagger_s: float = 0.0
    order: list[int] | None = None
    anonymous: bool = False
    as_channel: int = 0
    thread: int | None = None
    extra: Json | None = None
    rich: list[Json] | None = None
    """The blocks of a rich message. ``{"type": "photo", "file": 0}`` shows a photo of ``files``."""


class ForwardOrder(Order):
    from_chat_id: int
    message_id: int | list[int]
    chat_id: int
    comment: str = ""
    stagger_s: float = 0.0


class EditOrder(FilesOrder):
    message_id: int


class DeleteOrder(Order):
    chat_id: int
    message_id: int


class PressOrder(Order):
    chat_id: int
    message_id: int
    data: str
    whisper: int | None = None
    """The number of a message that only this person sees (Bot API, Message.ephemeral_message_id)."""


class ReactOrder(Order):
    chat_id: int
    message_id: int
    emoji: str | None = None


class GroupOrder(Order):
    title: str
    members: list[int] = []
    bot: bool = True
    bot_admin: bool = False
    type: str = Field("group", pattern="^(group|supergroup)$")
    is_forum: bool = False


class MembersOrder(Order):
    chat_id: int
    add: list[int | str] = []
    remove: list[int | str] = []
    bot_admin: bool = False


class ChatOrder(Order):
    chat_id: int


class UpgradeOrder(ChatOrder):
    order: list[str] = list(UPGRADE_NEWS)
    gap_s: float = 0.0


class TopicOrder(Order):
    chat_id: int
    name: str | None = None
    topic: int | None = None
    close: bool = True
    delete: bool = False


class RightsOrder(Order):
    chat_id: int
    bot_admin: bool | None = None
    bot_can: Json | None = None
    slow_mode_s: int | None = None
    by_code: bool | None = None


class SwitchOrder(Order):
    on: bool


class OtherBotOrder(BaseModel):
    model_config = ConfigDict(extra="forbid")
    chat_id: int
    text: str
    reply_to: int | None = None


class NameOrder(BaseModel):
    """A new username of the bot; a real owner would set it at @BotFather."""

    model_config = ConfigDict(extra="forbid")
    username: str = Field(pattern=r"^(?i:[a-z][a-z0-9_]{1,28}bot)$")


class PersonOrder(BaseModel):
    """A new made-up person."""

    model_config = ConfigDict(extra="forbid")
    first_name: str
    username: str | None = None
    language_code: str = "en"


class StopOrder(Order):
    chat_id: int
    draft_id: int
    topic: int | None = None
