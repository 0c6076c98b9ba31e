"""Deletes a conversation, or everything of a person, after two questions.

Imports ``context``, ``response``, ``keyboards``, ``inline``, ``group_rules``, ``turns``, ``texts`` and ``storage``. In
groups only admins may delete the conversation. A question is valid for ten minutes. Its buttons carry the time and the
person who asked, so that an old button, or a button for somebody else, deletes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from typing import Any

from bot.chat.commands.context import CommandContext, verb
from bot.chat.commands.group_rules import GroupRules
from bot.chat.response import STORED, Part, Response, Rewording, Sentence, WithoutButtons, respond, whisper
from bot.chat.send import keyboards
from bot.chat.send.inline import InlineMessage, InlineMessages
from bot.texts import say
from bot.turns.turns import Turns
from storage.books.values import Amounts, CallIsPaid, Scope
from storage.care import forgetting
from storage.care.forgetting import Forgotten
from storage.records import Json
from storage.store import Store

BUTTONS_FOR_S = 600.0
"""How long a question is valid. Its buttons are removed then."""


class ForgetCommands:
    """Verbs that delete."""

    def __init__(
        self, store: Store, turns: Turns, rules: GroupRules, interrupt: forgetting.Interrupt, inline: InlineMessages
    ) -> None:
        self._store = store
        self._turns = turns
        self._rules = rules
        self._interrupt = interrupt
        self._inline = inline

    @verb("forget")
    async def ask(self, context: CommandContext) -> Response:
        """Ask what to forget."""
        key = "forget-ask" if context.private else "forget-ask-group"
        keyboard = keyboards.to_forget(context.language, _written(context))
        return Response(parts=(Sentence(key=key, keyboard=keyboard, buttons_for_s=BUTTONS_FOR_S),))

    @verb("forget-conversation")
    async def ask_surely(self, context: CommandContext) -> Response:
        """Ask once more, with the numbers of turns and pictures of the conversation."""
        if _is_too_late(context):
            return _without_buttons(context, respond("forget-expired"))
        if not await self._may(context):
            return whisper("forget-admins-only")
        return _asked_again(context, await self._store.forgetting.count(context.conversation.key, None), "forget-sure")

    @verb("forget-person")
    async def ask_surely_of_person(self, context: CommandContext) -> Response:
        """Ask once more, with the numbers of turns and pictures of the person who asks."""
        if _is_too_late(context):
            return _without_buttons(context, respond("forget-expired"))
        person_id = context.author.id
        sums = await self._store.books.sums(Scope.PERSON, [person_id])
        bought = sums.get(person_id, Amounts()).credits
        more = say(context.language, "forget-bought", count=bought) if bought > 0 else ""
        counted = await self._store.forgetting.count(None, person_id)
        return _asked_again(context, counted, "forget-sure-person", more)

    @verb("forget-conversation-surely")
    async def forget_conversation(self, context: CommandContext) -> Response:
        """Delete the conversation."""
        if _is_too_late(context):
            return _without_buttons(context, respond("forget-expired"))
        if not _is_for(context):
            return respond("forget-not-yours")
        if not await self._may(context):
            return whisper("forget-admins-only")
        noticed = _noticed(context, "forgotten")
        forgetting = self._store.forgetting.conversation(context.conversation.key, noticed, self._interrupt)
        return await self._forgotten(context, forgetting)

    @verb("forget-person-surely")
    async def forget_person(self, context: CommandContext) -> Response:
        """Delete everything of the person who asks."""
        if _is_too_late(context):
            return _without_buttons(context, respond("forget-expired"))
        if not _is_for(context):
            return respond("forget-not-yours")
        noticed = _noticed(context, "forgotten-person")
        options, updates = await self._store.inline.waiting(context.author.id)
        waiting = (*map(InlineMessage.of_options, options), *map(InlineMessage.of_update, updates))
        forgetting = self._store.forgetting.person(context.author.id, noticed, self._interrupt)
        return await self._forgotten(context, forgetting, waiting)

    async def _forgotten(
        self, context: CommandContext, forgetting: Awaitable[Forgotten], waiting: Sequence[InlineMessage] = ()
    ) -> Response:
        """Delete the rows, and the files at the provider, too. ``waiting``: where pictures were to come elsewhere."""
        try:
            gone = await forgetting
        except CallIsPaid as call:
            # The buttons stay. In its own conversation this one waits behind the picture anyway.
            return respond("forget-painting" if context.author.id in call.payers else "forget-painting-for-other")
        await self._turns.answering.forget(gone.files)
        for place in waiting:
            # After a crash before this the button there says so.
            await self._inline.end(place, context.language, "inline-forgotten")
        return _without_buttons(context, STORED)

    @verb("forget-nothing")
    async def keep(self, context: CommandContext) -> Response:
        """Delete nothing."""
        return _without_buttons(context, respond("forget-kept"))

    async def _may(self, context: CommandContext) -> bool:
        return context.private or await self._rules.may_change(context.recipient.key.chat_id, context.author.id)


def _asked_again(context: CommandContext, counted: Forgotten, key: str, more: str = "") -> Response:
    """Replace the first question by the last one, with the numbers of what would be deleted."""
    question = Rewording(
        message_id=context.message_id or 0,
        text="\n".join(
            filter(None, [say(context.language, key, turns=counted.turns, pictures=counted.pictures), more])
        ),
        keyboard=keyboards.to_forget_surely(context.language, context.name, _written(context)),
        anew=True,
        buttons_for_s=BUTTONS_FOR_S,
    )
    return Response(parts=(question,))


def _without_buttons(context: CommandContext, response: Response) -> Response:
    """Return a response that first takes the buttons from the question."""
    gone: tuple[Part, ...] = (WithoutButtons(message_id=context.message_id),) if context.message_id else ()
    return replace(response, parts=(*gone, *response.parts))


def _is_too_late(context: CommandContext) -> bool:
    at_s, _ = _read(context.value)
    # Written this way round, because a client may write "nan" or "inf" on its button.
    return not abs(time.time() - at_s) <= BUTTONS_FOR_S


def _is_for(context: CommandContext) -> bool:
    """Return whether the question was put to the person who pressed."""
    _, person_id = _read(context.value)
    return bool(person_id == context.author.id)


def _noticed(context: CommandContext, key: str) -> forgetting.Asked:
    """Return the update that asks, with the notice to say afterwards."""

    def notice(gone: Forgotten) -> Json:
        values = {"turns": gone.turns, "pictures": gone.pictures, "shared": gone.shared}
        return {"key": key, "turn_id": None, "language": context.language, "values": values}

    return forgetting.Asked(update_id=context.update_id, notice=notice)


def _written(context: CommandContext) -> str:
    """Return the time (Unix s) and the person who asks, as button data. Digits alone would mean a turn."""
    return f"{time.time():.0f}/{context.author.id}"


def _read(written: str) -> tuple[float, Any]:
    """Return the time and person that :func:`_written` wrote; 0 and None for other data."""
    at_s, _, person_id = written.partition("/")
    try:
        return float(at_s), int(person_id)
    except ValueError:
        return 0.0, None
