"""Who and what exists in the emulated Telegram: the bot, people, chats, messages.

Reads and writes, without rules. Every change goes through ``put_*`` or ``drop_*`` and so reaches the disk. Imports
``errors``, ``keep``, ``records`` and ``config``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.sandbox.botapi.errors import PersonError
from bot.sandbox.botapi.state.keep import Keep
from bot.sandbox.botapi.state.records import Chat, Json, Message, Person
from bot.sandbox.config import SandboxConfig

STANDARD_PEOPLE = (
    Person(id=1001, first_name="Ann", last_name="Albright", username="ann"),
    Person(id=1002, first_name="Boris", username="boris"),
    Person(id=1003, first_name="Chen", last_name="Wei"),
)
OWNER = Person(id=1009, first_name="Olga", last_name="Owner")
"""The person who runs the bot, where the sandbox has one."""
OTHER_BOT: Json = {"id": 7000000002, "is_bot": True, "first_name": "Weather", "username": "weather_bot"}
"""Another bot that can be added to any group."""
ANONYMOUS_ADMIN: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
"""The sender of messages that an admin writes as the group (Bot API, Message.from and Message.sender_chat)."""
CHANNEL_BOT: Json = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
"""The sender of messages that somebody writes as a channel (tdlib UserManager.cpp, get_channel_bot_user_id)."""
SERVICE: Json = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
"""The sender of posts that Telegram forwards to a discussion group (telegram-bot-api Client.cpp, create_message)."""
COUNTING = ("supergroup", "channel")
"""Types of chats that number their own messages from 1."""
FIRST_GROUP_ID = -4_100_000_000
FIRST_SUPERGROUP_ID = -1_002_100_000_000
FIRST_UPDATE_ID = 840_000_000


class World:
    """The records, by their ids."""

    def __init__(self, config: SandboxConfig, keep: Keep) -> None:
        self.config = config
        self.keep = keep
        self.people = {p.id: p for p in (*STANDARD_PEOPLE, *([OWNER] if config.with_owner else []))}
        self.people |= {p.id: p for _, doc in keep.load("person") for p in [Person.from_json(doc)]}
        self.chats: dict[int, Chat] = {}
        self.messages: dict[int, dict[int, Message]] = {}
        self.inline: dict[str, tuple[int, int]] = {}
        self.profile: Json = {}
        self.counters: dict[str, int] = {}
        self._load()

    def _load(self) -> None:
        self.profile.update(self.keep.load("profile"))
        self.counters.update(self.keep.load("counter"))
        for _, doc in self.keep.load("chat"):
            chat = Chat.from_json(doc)
            self.chats[chat.id] = chat
        found = [Message.from_json(self._settled(doc)) for _, doc in self.keep.load("message")]
        for message in sorted(found, key=lambda m: m.message_id):
            self._remember(message)
        for person in self.people.values():
            if person.id not in self.chats:
                self.put_chat(
                    Chat(
                        id=person.id,
                        type="private",
                        members=(person.id,),
                        bot_status="member",
                        started=person.id == OWNER.id,
                    )
                )

    def _settled(self, doc: Json) -> Json:
        """Complete a message from an older version of the sandbox: the bot sees its own messages."""
        own = doc["sender_id"] == self.config.bot_id
        return {"seen": own, "meant": own} | doc

    # -- writing

    def count(self, name: str, first: int = 1, step: int = 1) -> int:
        """Return the next number of a counter that survives a restart."""
        value = self.counters[name] + step if name in self.counters else first
        self.counters[name] = value
        self.keep.put("counter", name, value)
        return value

    def set_profile(self, name: str, value: Any) -> None:
        """Keep what the bot says about itself."""
        self.profile[name] = value
        self.keep.put("profile", name, value)

    def put_person(self, person: Person) -> None:
        """Store a person and their private chat with the bot."""
        self.people[person.id] = person
        self.keep.put("person", person.id, person.to_json())
        if person.id not in self.chats:
            self.put_chat(Chat(id=person.id, type="private", members=(person.id,), bot_status="member"))

    def put_chat(self, chat: Chat) -> Chat:
        self.chats[chat.id] = chat
        self.keep.put("chat", chat.id, chat.to_json())
        return chat

    def put_message(self, message: Message) -> Message:
        """Store a message, new or changed."""
        self._remember(message)
        self.keep.put("message", f"{message.chat_id}/{message.message_id}", message.to_json())
        return message

    def _remember(self, message: Message) -> None:
        self.messages.setdefault(message.chat_id, {})[message.message_id] = message
        if message.inline_id:
            self.inline[message.inline_id] = (message.chat_id, message.message_id)

    def drop_message(self, message: Message) -> None:
        self.messages.get(message.chat_id, {}).pop(message.message_id, None)
        self.keep.drop("message", f"{message.chat_id}/{message.message_id}")

    def next_message_id(self, chat: Chat) -> int:
        """Return the number of a new message.

        Supergroups and channels count by themselves; other chats share the bot's count.
        """
        number = self.coming_message_id(chat)
        if chat.type not in COUNTING:
            self.count("message")
        self.put_chat(replace(self.chats[chat.id], last_message_id=number))
        return number

    def coming_message_id(self, chat: Chat) -> int:
        """Return the number that the next message will get."""
        alone = chat.type in COUNTING
        return (self.chats[chat.id].last_message_id if alone else self.counters.get("message", 0)) + 1

    # -- reading

    def by_inline_id(self, inline_id: str) -> Message | None:
        """Return a message by its inline_message_id; None where it was deleted, or never was."""
        found = self.inline.get(inline_id)
        return self.message(*found) if found else None

    def now(self) -> int:
        """Return the Unix time in whole seconds."""
        return int(self.config.clock())

    def person(self, person_id: int) -> Person:
        """Return a person. Raises PersonError."""
        if person_id not in self.people:
            raise PersonError(f"There is no person {person_id} here.")
        return self.people[person_id]

    def bot(self) -> Json:
        """Return the bot as a ``User``."""
        name = self.profile.get("name:") or self.config.bot_name
        return {
            "id": self.config.bot_id,
            "is_bot": True,
            "first_name": name,
            "username": self.username,
        }

    @property
    def username(self) -> str:
        """The bot's username, as set last at @BotFather."""
        return str(self.profile.get("username") or self.config.bot_username)

    def user(self, user_id: int) -> Json:
        """Return the ``User`` of a bot or a person."""
        if user_id == OTHER_BOT["id"]:
            return dict(OTHER_BOT)
        return self.bot() if user_id == self.config.bot_id else self.people[user_id].as_user()

    def chat_json(self, chat: Chat) -> Json:
        """Return the Bot API ``Chat``."""
        if chat.type == "private":
            user = self.people[chat.id].as_user()
            names = {key: user[key] for key in ("first_name", "last_name", "username") if key in user}
            return {"id": chat.id, "type": "private"} | names
        shown: Json = {"id": chat.id, "type": chat.type, "title": chat.title}
        if chat.is_forum:
            shown["is_forum"] = True
        if chat.parent is not None:
            shown["is_direct_messages"] = True
        return shown

    def message(self, chat_id: int, message_id: int) -> Message | None:
        return self.messages.get(chat_id, {}).get(message_id)

    def in_order(self, chat_id: int) -> Iterator[Message]:
        """Iterate over a chat's messages, oldest first."""
        yield from sorted(self.messages.get(chat_id, {}).values(), key=lambda m: m.message_id)

    def view(self, message: Message, *, with_reply: bool = True) -> Json:
        """Return the Bot API ``Message``. The message that it replies to is shown one level deep."""
        chat = self.chats[message.chat_id]
        shown: Json = {"message_id": message.message_id}
        if chat.type == "channel":
            # Only the channel itself speaks there (Bot API, Message.from).
            shown["sender_chat"] = self.chat_json(chat)
        else:
            shown["from"] = self.user(message.sender_id)
        shown |= {"chat": self.chat_json(chat), "date": message.date}
        if message.edit_date:
            shown["edit_date"] = message.edit_date
        if message.topic:
            shown |= {"message_thread_id": message.topic, "is_topic_message": True}
        elif message.thread:
            shown["message_thread_id"] = message.thread
        if with_reply:
            shown |= self._reply_of(message)
        shown |= message.body
        if message.markup and "inline_keyboard" in message.markup:
            shown["reply_markup"] = message.markup
        return shown

    def _reply_of(self, message: Message) -> Json:
        """Return the message that a message replies to.

        Without a reply it is the first message of its topic or thread, also where it replies to a message of another
        chat, but not in private chats (telegram-bot-api Client.cpp, get_implicit_reply_to_message_id).
        """
        private = self.chats[message.chat_id].type == "private"
        root = 0 if private else message.topic or message.thread
        target_id = message.reply_to or (root if root != message.message_id else 0)
        target = self.message(message.chat_id, target_id) if target_id else None
        if target is None:
            return {}
        shown: Json = {"reply_to_message": self.view(target, with_reply=False)}
        if message.quote and message.reply_to:
            shown["quote"] = message.quote
        return shown
