"""What a person does with groups: create, add, remove, upgrade, topics, rights, blocking.

Also privacy mode, and people who arrive or leave Telegram. Imports ``chats``, ``text``, ``errors``, ``acts`` and
``state``. Raises PersonError with a sentence for the person.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bot.sandbox.botapi.chats.members import as_member, bot_joins, bot_leaves, set_bot, tell_bot
from bot.sandbox.botapi.chats.post import delete, new_message, publish, service, tell_chat
from bot.sandbox.botapi.content.text import find_entities
from bot.sandbox.botapi.errors import PersonError
from bot.sandbox.botapi.person.acts import chat_of
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.records import Chat, Json, Message, Person, Topic
from bot.sandbox.botapi.state.world import FIRST_GROUP_ID, FIRST_SUPERGROUP_ID, OTHER_BOT

MAX_TITLE = 128
UPGRADE_NEWS = ("migrate_to", "my_chat_member", "migrate_from")
"""The updates by which a bot learns of an upgrade."""


def _group(backend: Backend, person_id: int, chat_id: int) -> Chat:
    chat = chat_of(backend, person_id, chat_id)
    if not chat.is_group:
        raise PersonError("That works in groups only.")
    return chat


def create(
    backend: Backend,
    person_id: int,
    title: str,
    members: Iterable[int],
    *,
    with_bot: bool,
    as_admin: bool = False,
    kind: str = "group",
    is_forum: bool = False,
) -> Chat:
    world = backend.world
    title = title.strip()
    if not 1 <= len(title) <= MAX_TITLE:
        raise PersonError(f"A group needs a title of 1-{MAX_TITLE} characters.")
    people = tuple(dict.fromkeys([person_id, *(world.person(member).id for member in members)]))
    kind = "supergroup" if is_forum else kind
    chat = world.put_chat(
        Chat(
            id=_new_id(backend, kind),
            type=kind,
            title=title,
            is_forum=is_forum,
            owner_id=person_id,
            members=people,
            started=True,
        )
    )
    if with_bot:
        chat = bot_joins(backend, chat, person_id, as_admin=as_admin)
    if kind == "group":
        service(backend, chat, person_id, {"group_chat_created": True})
    elif with_bot:
        service(backend, chat, person_id, _newcomers([backend.world.bot()]))
    tell_chat(backend, world.chats[chat.id])
    return world.chats[chat.id]


def _new_id(backend: Backend, kind: str) -> int:
    first = FIRST_SUPERGROUP_ID if kind == "supergroup" else FIRST_GROUP_ID
    return backend.world.count(f"{kind}_id", first, -1)


def _newcomers(users: list[Json]) -> Json:
    return {"new_chat_members": users}


def change_members(
    backend: Backend,
    person_id: int,
    chat_id: int,
    add: Sequence[int | str],
    remove: Sequence[int | str],
    *,
    as_admin: bool = False,
) -> Chat:
    """Add and remove people and the bot ("bot"), the bot as an admin if asked. Raises PersonError."""
    chat = _group(backend, person_id, chat_id)
    for who in add:
        if who == "bot":
            chat = _add_bot(backend, chat, person_id, as_admin=as_admin)
        else:
            chat = _add(backend, chat, person_id, int(who))
    for who in remove:
        chat = _remove_bot(backend, chat, person_id) if who == "bot" else _remove(backend, chat, person_id, int(who))
    tell_chat(backend, chat)
    return chat


def _add_bot(backend: Backend, chat: Chat, by: int, *, as_admin: bool) -> Chat:
    if chat.bot_is_member:
        raise PersonError("The bot is in this group already.")
    if chat.type == "channel":
        return set_bot(backend, chat, by, bot_status="administrator", bot_can={}, bot_rights={})
    chat = bot_joins(backend, chat, by, as_admin=as_admin)
    service(backend, chat, by, _newcomers([backend.world.bot()]))
    return backend.world.chats[chat.id]


def _remove_bot(backend: Backend, chat: Chat, by: int) -> Chat:
    if not chat.bot_is_member:
        raise PersonError("The bot is not in this group.")
    return bot_leaves(backend, chat, by)


def _add(backend: Backend, chat: Chat, by: int, who: int) -> Chat:
    person = backend.world.person(who)
    if who in chat.members:
        raise PersonError(f"{person.first_name} is in this group already.")
    return _change(backend, chat, by, who, (*chat.members, who), _newcomers([person.as_user()]))


def _remove(backend: Backend, chat: Chat, by: int, who: int) -> Chat:
    person = backend.world.person(who)
    if who not in chat.members:
        raise PersonError(f"{person.first_name} is not in this group.")
    left = tuple(member for member in chat.members if member != who)
    return _change(backend, chat, by, who, left, {"left_chat_member": person.as_user()})


def _change(backend: Backend, chat: Chat, by: int, who: int, members: tuple[int, ...], body: Json) -> Chat:
    """Change one person's membership. A bot that is an admin and asked for chat_member gets that update."""
    world = backend.world
    before = as_member(backend, chat, who)
    service(backend, chat, by, body)
    chat = world.put_chat(replace(world.chats[chat.id], members=members))
    if chat.bot_status == "administrator":
        update = {
            "chat": world.chat_json(chat),
            "from": world.user(by),
            "date": world.now(),
            "old_chat_member": before,
            "new_chat_member": as_member(backend, chat, who),
        }
        backend.updates.add("chat_member", update, lane=f"member:{chat.id}")
    return chat


def upgrade(
    backend: Backend, person_id: int, chat_id: int, *, order: Sequence[str] = UPGRADE_NEWS, gap_s: float = 0.0
) -> Chat:
    """Turn a group into a supergroup, with a new chat id and message ids from 1. Raises PersonError.

    ``order``: in which order the bot gets the three updates, with pauses of ``gap_s`` between them. They come from
    three queues; nothing promises their order, or that one poll brings all of them (telegram-bot-api#266,
    telebot#187).
    """
    world = backend.world
    old = _group(backend, person_id, chat_id)
    if old.type != "group":
        raise PersonError("This is a supergroup already.")
    if sorted(order) != sorted(UPGRADE_NEWS):
        raise PersonError(f"The order must name {', '.join(UPGRADE_NEWS)} once each.")
    made = replace(old, id=_new_id(backend, "supergroup"), type="supergroup", migrated_from=old.id)
    new = world.put_chat(replace(made, bot_status="left", last_message_id=0, last_bot_id=0))
    before = as_member(backend, new, backend.config.bot_id)
    farewell = new_message(backend, old, person_id, {"migrate_to_chat_id": new.id}, service=True)
    world.put_chat(replace(world.chats[old.id], migrated_to=new.id))
    world.put_chat(replace(world.chats[new.id], bot_status=old.bot_status))
    welcome = new_message(backend, new, person_id, {"migrate_from_chat_id": old.id}, service=True)
    news: dict[str, Callable[[], object]] = {
        "migrate_to": lambda: publish(backend, farewell),
        "my_chat_member": lambda: tell_bot(backend, world.chats[new.id], person_id, before),
        "migrate_from": lambda: publish(backend, welcome),
    }
    _one_by_one(backend, [news[name] for name in order], gap_s)
    tell_chat(backend, world.chats[old.id])
    tell_chat(backend, world.chats[new.id])
    return world.chats[new.id]


def _one_by_one(backend: Backend, acts: Sequence[Callable[[], object]], gap_s: float) -> None:
    """Do the first act at once. Do the others at once, too, or each after a pause."""

    async def later() -> None:
        for act in acts[1:]:
            await asyncio.sleep(gap_s)
            act()
            backend.keep.commit()

    acts[0]()
    if gap_s > 0:
        backend.do_later(later())
        return
    for act in acts[1:]:
        act()


def open_topic(backend: Backend, person_id: int, chat_id: int, name: str) -> Chat:
    world = backend.world
    chat = chat_of(backend, person_id, chat_id)
    if not (chat.is_forum or (chat.type == "private" and world.profile.get("private_topics"))):
        raise PersonError("This chat has no topics.")
    if not name.strip():
        raise PersonError("A topic needs a name.")
    number = world.coming_message_id(chat)
    topic = Topic(id=number, name=name.strip())
    chat = world.put_chat(replace(chat, topics=(*chat.topics, topic)))
    service(
        backend,
        chat,
        person_id,
        {"forum_topic_created": {"name": topic.name, "icon_color": 7322096}},
        topic=number,
    )
    tell_chat(backend, world.chats[chat.id])
    return world.chats[chat.id]


def close_topic(backend: Backend, person_id: int, chat_id: int, topic_id: int, *, close: bool) -> Chat:
    """Close a topic, or open it again. Raises PersonError."""
    world = backend.world
    chat = _group(backend, person_id, chat_id)
    if chat.topic(topic_id) is None:
        raise PersonError("There is no such topic.")
    topics = tuple(replace(topic, closed=close) if topic.id == topic_id else topic for topic in chat.topics)
    chat = world.put_chat(replace(chat, topics=topics))
    service(backend, chat, person_id, {"forum_topic_closed" if close else "forum_topic_reopened": {}}, topic=topic_id)
    tell_chat(backend, world.chats[chat.id])
    return world.chats[chat.id]


def delete_topic(backend: Backend, person_id: int, chat_id: int, topic_id: int) -> Chat:
    """Delete a topic with all its messages; bots get no update about it. Raises PersonError."""
    world = backend.world
    chat = chat_of(backend, person_id, chat_id)
    if chat.topic(topic_id) is None:
        raise PersonError("There is no such topic.")
    for message in [one for one in world.in_order(chat.id) if one.topic == topic_id]:
        delete(backend, message)
    chat = world.put_chat(replace(chat, topics=tuple(topic for topic in chat.topics if topic.id != topic_id)))
    tell_chat(backend, chat)
    return chat


def set_rights(
    backend: Backend,
    person_id: int,
    chat_id: int,
    *,
    bot_admin: bool | None,
    bot_can: Json | None,
    slow_mode_s: int | None,
    by_code: bool | None = None,
) -> Chat:
    """Make the bot an administrator or not, change its rights, set slow mode. Raises PersonError.

    ``by_code``: what is not allowed is refused by Telegram's server with a bare code, and not by TDLib before that.
    """
    chat = _group(backend, person_id, chat_id)
    if not chat.bot_is_member:
        raise PersonError("The bot is not in this group.")
    fields: dict[str, object] = {}
    if bot_admin is not None:
        fields["bot_status"] = "administrator" if bot_admin else "member"
    if bot_can is not None:
        rights = {key if key.startswith("can_") else f"can_{key}": bool(value) for key, value in bot_can.items()}
        fields["bot_rights" if fields.get("bot_status", chat.bot_status) == "administrator" else "bot_can"] = rights
    if slow_mode_s is not None:
        fields["slow_mode_s"] = slow_mode_s
    if by_code is not None:
        fields["by_code"] = by_code
    return set_bot(backend, chat, person_id, **fields)


def set_privacy(backend: Backend, *, on: bool) -> None:
    """Switch privacy mode. A group follows only when the bot joins it again."""
    backend.world.set_profile("privacy", on)
    backend.events.tell("state", reload=True)


def speak_as_other_bot(backend: Backend, chat_id: int, text: str, reply_to: int | None = None) -> Message:
    """Send a message of another bot in a group. Raises PersonError."""
    chat = backend.world.chats.get(chat_id)
    if chat is None or not chat.is_group:
        raise PersonError("That works in groups only.")
    found = find_entities(text)
    body: Json = {"text": text} | ({"entities": found} if found else {})
    return publish(backend, new_message(backend, chat, OTHER_BOT["id"], body, reply_to=reply_to))


def block(backend: Backend, person_id: int, *, on: bool) -> Chat:
    """Block the bot, or unblock it."""
    chat = backend.world.chats[backend.world.person(person_id).id]
    return set_bot(backend, chat, person_id, bot_status="kicked" if on else "member")


def dissolve(backend: Backend, person_id: int, chat_id: int) -> Chat:
    """Delete a group for everyone. The bot notices when its next call is refused. Raises PersonError."""
    chat = _group(backend, person_id, chat_id)
    if person_id != chat.owner_id:
        raise PersonError("Only the owner can delete a group.")
    chat = backend.world.put_chat(replace(chat, deleted=True, members=()))
    tell_chat(backend, chat)
    return chat


def deactivate(backend: Backend, person_id: int, *, on: bool) -> Chat:
    """Delete a person's account, or undo that. The bot notices when its next call is refused."""
    chat = backend.world.chats[backend.world.person(person_id).id]
    chat = backend.world.put_chat(replace(chat, deleted=on))
    tell_chat(backend, chat)
    return chat


def add_person(backend: Backend, first_name: str, username: str | None, language_code: str) -> Person:
    if not first_name.strip():
        raise PersonError("A person needs a first name.")
    number = max(backend.world.people) + 1
    person = Person(id=number, first_name=first_name.strip(), username=username, language_code=language_code)
    backend.world.put_person(person)
    backend.events.tell("state", reload=True)
    return person
