"""The acts of the person API: from a request to the function that does it.

Imports ``chats``, ``rich``, ``errors``, ``acts``, ``edits``, ``groups``, ``orders`` and ``state``. The browser page and
the tests use them; the bot never does.
"""

from __future__ import annotations

import mimetypes
from dataclasses import replace

import pybase64

from bot.sandbox.botapi.chats.post import chat_for_people, shown_reactions
from bot.sandbox.botapi.chats.privacy import BotsTalk, Doubts
from bot.sandbox.botapi.content.rich import filled
from bot.sandbox.botapi.errors import PersonError
from bot.sandbox.botapi.person import acts, edits, groups
from bot.sandbox.botapi.person.orders import (
    ChatOrder,
    DeleteOrder,
    EditOrder,
    FilesOrder,
    ForwardOrder,
    GroupOrder,
    MembersOrder,
    NameOrder,
    OtherBotOrder,
    PersonOrder,
    PressOrder,
    ReactOrder,
    RightsOrder,
    SendOrder,
    StopOrder,
    SwitchOrder,
    TopicOrder,
    UpgradeOrder,
)
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.files import Upload
from bot.sandbox.botapi.state.records import Json


def _attached(backend: Backend, order: FilesOrder) -> list[acts.Attached]:
    found = []
    for file in order.files:
        mime = file.mime or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        data = file.data if file.data is not None else pybase64.b64decode(file.base64)
        upload = Upload(name=file.name, mime=mime, data=data)
        shown = {"thumbnail": file.preview, "cover": file.cover}
        described: Json = {name: pybase64.b64decode(data) for name, data in shown.items() if data}
        described |= {"duration": file.duration_s} if file.duration_s else {}
        found.append(acts.Attached(upload=upload, kind=file.kind, caption=file.caption, described=described))
    for name in order.sample:
        path = backend.config.samples_dir / name
        path = path if path.suffix else path.with_suffix(".jpg")
        if path.parent != backend.config.samples_dir or not path.is_file():
            raise PersonError(f"There is no sample photo {name}.")
        upload = Upload(name=path.name, mime="image/jpeg", data=path.read_bytes())
        found.append(acts.Attached(upload=upload))
    captions = order.captions or []
    return [
        replace(one, caption=captions[number] if number < len(captions) else one.caption)
        for number, one in enumerate(found)
    ]


async def send(backend: Backend, order: SendOrder) -> Json:
    files = _attached(backend, order)
    extra = order.extra
    if order.rich is not None:
        extra = {"rich_message": {"blocks": await filled(backend, order.rich, [one.upload for one in files])}}
    sending = acts.Sending(
        person_id=order.person_id,
        chat_id=order.chat_id,
        text=order.text,
        entities=order.entities,
        topic=order.topic or 0,
        reply_to=order.reply_to,
        quote=order.quote,
        files=files,
        as_file=order.as_file,
        hd=order.hd,
        spoiler=order.spoiler,
        ungrouped=order.ungrouped,
        stagger_s=order.stagger_s,
        order=order.order,
        anonymous=order.anonymous,
        as_channel=order.as_channel,
        thread=order.thread or 0,
        extra=extra,
    )
    return {"messages": [backend.world.view(message) for message in await acts.send(backend, sending)]}


async def forward(backend: Backend, order: ForwardOrder) -> Json:
    """Forward one message or several, with an optional comment."""
    sending = acts.Sending(
        person_id=order.person_id, chat_id=order.chat_id, text=order.comment, stagger_s=order.stagger_s
    )
    which = order.message_id if isinstance(order.message_id, list) else [order.message_id]
    messages = acts.forward(backend, sending, order.from_chat_id, which)
    return {"messages": [backend.world.view(message) for message in messages]}


async def edit(backend: Backend, order: EditOrder) -> Json:
    """Edit one's own message. A file in the request replaces the file of the message."""
    attached = _attached(backend, order)
    if not attached:
        return backend.world.view(edits.edit(backend, order.person_id, order.chat_id, order.message_id, order.text))
    shown = acts.Sending(
        person_id=order.person_id,
        chat_id=order.chat_id,
        text=order.text,
        files=attached[:1],
        as_file=order.as_file,
        spoiler=order.spoiler,
    )
    return backend.world.view(await edits.replace_file(backend, shown, order.message_id))


async def delete(backend: Backend, order: DeleteOrder) -> Json:
    acts.take_back(backend, order.person_id, order.chat_id, order.message_id)
    return {}


async def press(backend: Backend, order: PressOrder) -> Json:
    place = (order.person_id, order.chat_id, order.message_id)
    return {"callback_query_id": acts.press(backend, *place, order.data, whisper=order.whisper)}


async def react(backend: Backend, order: ReactOrder) -> Json:
    message = acts.react(backend, order.person_id, order.chat_id, order.message_id, order.emoji)
    return {"reactions": shown_reactions(message)}


async def create_group(backend: Backend, order: GroupOrder) -> Json:
    chat = groups.create(
        backend,
        order.person_id,
        order.title,
        order.members,
        with_bot=order.bot,
        as_admin=order.bot_admin,
        kind=order.type,
        is_forum=order.is_forum,
    )
    return chat_for_people(backend, chat)


async def members(backend: Backend, order: MembersOrder) -> Json:
    chat = groups.change_members(
        backend, order.person_id, order.chat_id, order.add, order.remove, as_admin=order.bot_admin
    )
    return chat_for_people(backend, chat)


async def upgrade(backend: Backend, order: UpgradeOrder) -> Json:
    chat = groups.upgrade(backend, order.person_id, order.chat_id, order=order.order, gap_s=order.gap_s)
    return chat_for_people(backend, chat)


async def topics(backend: Backend, order: TopicOrder) -> Json:
    """Open, close, reopen or delete a topic."""
    if order.topic is None:
        chat = groups.open_topic(backend, order.person_id, order.chat_id, order.name or "")
    elif order.delete:
        chat = groups.delete_topic(backend, order.person_id, order.chat_id, order.topic)
    else:
        chat = groups.close_topic(backend, order.person_id, order.chat_id, order.topic, close=order.close)
    return chat_for_people(backend, chat)


async def rights(backend: Backend, order: RightsOrder) -> Json:
    chat = groups.set_rights(
        backend,
        order.person_id,
        order.chat_id,
        bot_admin=order.bot_admin,
        bot_can=order.bot_can,
        slow_mode_s=order.slow_mode_s,
        by_code=order.by_code,
    )
    return chat_for_people(backend, chat)


async def privacy(backend: Backend, order: SwitchOrder) -> Json:
    groups.set_privacy(backend, on=order.on)
    return {"on": order.on}


async def choose_doubts(backend: Backend, order: Doubts) -> Json:
    """Choose how the emulator behaves where reports of live bots disagree."""
    backend.world.set_profile("doubts", order.model_dump())
    return order.model_dump()


async def other_bot(backend: Backend, order: OtherBotOrder) -> Json:
    return backend.world.view(groups.speak_as_other_bot(backend, order.chat_id, order.text, order.reply_to))


async def let_bots_talk(backend: Backend, order: BotsTalk) -> Json:
    """Switch Bot-to-Bot Communication Mode."""
    backend.world.set_profile("bots_talk", order.model_dump())
    return order.model_dump()


async def rename(backend: Backend, order: NameOrder) -> Json:
    """Give the bot another username. It gets no update about it."""
    backend.world.set_profile("username", order.username)
    backend.events.tell("state", reload=True)
    return backend.world.bot()


async def block(backend: Backend, order: SwitchOrder) -> Json:
    return chat_for_people(backend, groups.block(backend, order.person_id, on=order.on))


async def deactivate(backend: Backend, order: SwitchOrder) -> Json:
    """Delete a person's account, or undo that."""
    return chat_for_people(backend, groups.deactivate(backend, order.person_id, on=order.on))


async def dissolve(backend: Backend, order: ChatOrder) -> Json:
    return chat_for_people(backend, groups.dissolve(backend, order.person_id, order.chat_id))


async def add_person(backend: Backend, order: PersonOrder) -> Json:
    return groups.add_person(backend, order.first_name, order.username, order.language_code).as_user()


async def stop(backend: Backend, order: StopOrder) -> Json:
    """Press Stop below a draft."""
    acts.stop(backend, order.person_id, order.chat_id, order.draft_id, order.topic or 0)
    return {}
