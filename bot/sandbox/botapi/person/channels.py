"""What a person does with channels, their discussion groups and direct messages, and with admins.

Imports ``chats``, ``errors``, ``whispers``, ``acts``, ``orders`` and ``state``. Raises PersonError with a sentence for
the person.
"""

from __future__ import annotations

from dataclasses import replace

from pydantic import Field

from bot.sandbox.botapi.chats.members import set_bot
from bot.sandbox.botapi.chats.post import chat_for_people, tell_chat
from bot.sandbox.botapi.errors import PersonError
from bot.sandbox.botapi.methods.whispers import WHISPERS
from bot.sandbox.botapi.person.acts import chat_of
from bot.sandbox.botapi.person.orders import ChatOrder, Order, SwitchOrder
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.records import Chat, Json
from bot.sandbox.botapi.state.world import FIRST_SUPERGROUP_ID


class ChannelOrder(Order):
    title: str
    members: list[int] = Field(default_factory=list)
    bot: bool = True


class LinkOrder(ChatOrder):
    """``chat_id``: the channel. ``group_id``: the supergroup that discusses its posts."""

    group_id: int


class AdminOrder(ChatOrder):
    """``person_id``: who becomes an admin, or stops being one."""

    who: int
    on: bool = True


class HideOrder(ChatOrder):
    on: bool = True


def _own(backend: Backend, order: ChatOrder, *types: str) -> Chat:
    chat = chat_of(backend, order.person_id, order.chat_id)
    if order.person_id != chat.owner_id or chat.type not in types:
        raise PersonError(f"That is for the owner of a {' or '.join(types)}.")
    return chat


def _new(backend: Backend, person_id: int, title: str, members: list[int], **fields: object) -> Chat:
    people = tuple(dict.fromkeys([person_id, *(backend.world.person(member).id for member in members)]))
    # Channels and supergroups share their numbers.
    number = backend.world.count("supergroup_id", FIRST_SUPERGROUP_ID, -1)
    made = Chat(id=number, type="channel", title=title, owner_id=person_id, members=people, started=True)
    return backend.world.put_chat(replace(made, **fields))  # type: ignore[arg-type]


async def create(backend: Backend, order: ChannelOrder) -> Json:
    """Create a channel. A bot can only be an admin there, and no message announces it."""
    chat = _new(backend, order.person_id, order.title, order.members)
    if order.bot:
        chat = set_bot(backend, chat, order.person_id, bot_status="administrator")
    tell_chat(backend, chat)
    return chat_for_people(backend, chat)


async def link(backend: Backend, order: LinkOrder) -> Json:
    """Make a supergroup the discussion group of a channel: each post also appears there."""
    world = backend.world
    channel = _own(backend, order, "channel")
    group = _own(backend, order.model_copy(update={"chat_id": order.group_id}), "supergroup")
    world.put_chat(replace(group, linked=channel.id))
    return chat_for_people(backend, world.put_chat(replace(channel, linked=group.id)))


async def open_direct_messages(backend: Backend, order: ChatOrder) -> Json:
    """Let every reader write to the channel: in a supergroup of its own, which the channel's admins read."""
    channel = _own(backend, order, "channel")
    fields = {"type": "supergroup", "parent": channel.id, "bot_status": channel.bot_status}
    chat = _new(backend, order.person_id, channel.title or "", list(channel.members), **fields)
    tell_chat(backend, chat)
    return chat_for_people(backend, chat)


async def appoint(backend: Backend, order: AdminOrder) -> Json:
    """Make a person an admin, or undo that. Bots get no update about it."""
    chat = _own(backend, order, "group", "supergroup", "channel")
    rest = tuple(admin for admin in chat.admins if admin != order.who)
    chat = backend.world.put_chat(replace(chat, admins=(*rest, order.who) if order.on else rest))
    tell_chat(backend, chat)
    return chat_for_people(backend, chat)


async def hide_members(backend: Backend, order: HideOrder) -> Json:
    """Show the members of a supergroup only to admins (Bot API, ChatFullInfo.has_hidden_members)."""
    chat = _own(backend, order, "supergroup")
    return chat_for_people(backend, backend.world.put_chat(replace(chat, hides_members=order.on)))


async def thread_private_chats(backend: Backend, order: SwitchOrder) -> Json:
    """Switch topics in private chats with the bot (Bot API, User.has_topics_enabled)."""
    backend.world.set_profile("private_topics", order.on)
    return {"on": order.on}


async def let_whisper(backend: Backend, order: SwitchOrder) -> Json:
    """Switch to a Bot API server that knows ephemeral messages, or back to an older one."""
    backend.world.set_profile(WHISPERS, order.on)
    return {"on": order.on}
