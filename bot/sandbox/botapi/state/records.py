"""The records of the emulated Telegram: people, chats, topics, messages, files.

Frozen values, stored whole with each change. Imports the standard library only. A message's ``body`` holds the content
fields of a Bot API Message; all else about the message is beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Self

Json = dict[str, Any]
GENERAL_TOPIC = 0


class Kept:
    """A record that is stored as JSON."""

    __slots__ = ()

    def to_json(self) -> Json:
        """Return the record as JSON. Inner values are shared, not copied."""
        return {f.name: getattr(self, f.name) for f in fields(self)}  # type: ignore[arg-type]

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """Read a record; unknown fields are left out."""
        names = {f.name for f in fields(cls)}  # type: ignore[arg-type]
        return cls(**{name: value for name, value in data.items() if name in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Kept):
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str = "en"

    def as_user(self) -> Json:
        """Return the Bot API ``User``."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.last_name:
            user["last_name"] = self.last_name
        if self.username:
            user["username"] = self.username
        return user | {"language_code": self.language_code}


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic(Kept):
    """A forum topic; its id is the id of the service message that opened it."""

    id: int
    name: str
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat(Kept):
    """A chat as the bot knows it.

    ``bot_reads_all`` is decided when the bot joins, as on Telegram. ``last_bot_id``: the bot that wrote last here, 0
    if none has. ``admins``: the people who administer it besides its owner. A channel and its discussion group name
    each other in ``linked``; ``parent`` is the channel of a direct messages chat. ``by_code``: a missing right is
    refused by the bare code of Telegram's servers, as happens while TDLib's copy of the rights is old.
    """

    id: int
    type: str
    title: str | None = None
    is_forum: bool = False
    owner_id: int = 0
    members: tuple[int, ...] = ()
    admins: tuple[int, ...] = ()
    hides_members: bool = False
    linked: int | None = None
    parent: int | None = None
    topics: tuple[Topic, ...] = ()
    bot_status: str = "left"
    bot_rights: Json = field(default_factory=dict)
    bot_can: Json = field(default_factory=dict)
    bot_reads_all: bool = False
    by_code: bool = False
    started: bool = False
    slow_mode_s: int = 0
    migrated_to: int | None = None
    migrated_from: int | None = None
    deleted: bool = False
    last_message_id: int = 0
    last_bot_id: int = 0

    def to_json(self) -> Json:
        # ``super()`` without arguments does not work here: ``slots=True`` creates a second class.
        return Kept.to_json(self) | {"topics": [topic.to_json() for topic in self.topics]}

    @classmethod
    def from_json(cls, data: Json) -> Self:
        topics = tuple(Topic.from_json(topic) for topic in data.get("topics", ()))
        people = {name: tuple(data.get(name, ())) for name in ("members", "admins")}
        return cls(**data | people | {"topics": topics})

    @property
    def bot_is_member(self) -> bool:
        return self.bot_status in {"member", "administrator"}

    @property
    def is_group(self) -> bool:
        """Whether more than one person can be in the chat."""
        return self.type != "private"

    def is_run_by(self, person_id: int) -> bool:
        """Whether a person is the owner or an admin."""
        return person_id in self.members and (person_id == self.owner_id or person_id in self.admins)

    def topic(self, topic_id: int) -> Topic | None:
        return next((topic for topic in self.topics if topic.id == topic_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Kept):
    """A message in a chat.

    ``sender_id`` is a person or a bot; ``topic`` is 0 outside forum topics. ``thread``: the message of a supergroup
    whose comments or replies it belongs to; 0 for none. ``seen``: the bot gets it. ``meant``: it is for the bot by the
    rules of privacy mode. Both hold for the bot's own messages. ``inline_id``: the name by which the bot
    changes it, where it was posted for a guest query or an inline query.
    """

    chat_id: int
    message_id: int
    sender_id: int
    date: int
    body: Json
    topic: int = GENERAL_TOPIC
    thread: int = 0
    reply_to: int | None = None
    quote: Json | None = None
    markup: Json | None = None
    edit_date: int | None = None
    service: bool = False
    seen: bool = False
    meant: bool = False
    reactions: dict[str, str] = field(default_factory=dict)
    inline_id: str = ""

    @property
    def words(self) -> str:
        """The text or caption."""
        return str(self.body.get("text") or self.body.get("caption") or "")

    @property
    def word_entities(self) -> list[Json]:
        """The entities of the text or caption."""
        return list(self.body.get("entities") or self.body.get("caption_entities") or ())


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile(Kept):
    """A file that Telegram holds. ``kind`` is photo, document, video ...; ``described`` is its Bot API object."""

    file_id: str
    file_unique_id: str
    sha256: str
    size_bytes: int
    kind: str
    mime: str
    name: str | None = None
    path: str = ""
    described: Json = field(default_factory=dict)
    link_until: float = 0.0
