"""People do anything in any order: head and history are where a person with paper and pencil would put them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.turns.answering import Answering
from bot.turns.choice import AnsweringPolicy, Choice
from bot.turns.turns import HeadMove, Turns
from bot.turns.wishes import TurnInput
from storage.records import Conversation, InputPicture, Key, MessageLink, Role, Turn, TurnState
from storage.store import Store
from tests.support.records import ANNE, media, outcome

chats = itertools.count(1)
places = st.integers(0, 30)
deeds = st.one_of(
    st.sampled_from([("send",), ("send",), ("send",), ("fail",), ("undo",), ("redo",), ("new",)]),
    st.tuples(st.sampled_from(["reply", "again", "undo the"]), places),
    # The conversation may have moved on by the time an answer comes.
    st.tuples(st.just("send but meanwhile"), st.sampled_from(["undo", "new"])),
)


@dataclass
class Paper:
    """The tree as a person would draw it: who continues whom, where the pencil rests, and the way back forward."""

    parents: list[int | None] = field(default_factory=list)
    answered: list[bool] = field(default_factory=list)
    head: int | None = None
    forward: list[int] = field(default_factory=list)
    anew: bool = False

    def add(self, parent: int | None, *, answered: bool = True, pencil_stayed: bool = True) -> None:
        self.parents.append(parent)
        self.answered.append(answered)
        if answered and pencil_stayed:
            self.head = len(self.parents) - 1
            self.forward, self.anew = [], False

    def undo(self, left: int | None) -> None:
        if left is not None:
            self.forward += [left] if self.answered[left] else []
            self.head, self.anew = self.parents[left], False
        elif self.anew:
            # The way forward leads to the new start again.
            self.head, self.forward, self.anew = self.forward[-1], [self.forward[-1]], False

    def redo(self) -> None:
        if self.forward and self.forward[-1] == self.head:
            self.new()
        elif self.forward:
            self.head, self.anew = self.forward.pop(), False

    def new(self) -> None:
        if self.head is not None:
            self.forward, self.anew = [self.head], True
        self.head = None

    def path(self, node: int | None) -> list[int]:
        return [] if node is None else [*self.path(self.parents[node]), node]


class Book:
    """The same deeds, done by the code."""

    def __init__(self, store: Store, key: Key) -> None:
        self._store = store
        self._key = key
        self._turns = Turns(store, Answering(store, {}, AnsweringPolicy(default=Choice(provider="none", model="none"))))
        self._message_ids = itertools.count(1)
        self.made: list[Turn] = []

    async def here(self) -> Conversation:
        return await self._store.conversations.open(self._key)

    async def take(self, reply: MessageLink | None = None) -> Turn:
        number = next(self._message_ids)
        asked = TurnInput(
            key=self._key,
            author=ANNE,
            wish=f"wish {len(self.made)}",
            request_message_id=number,
            links=(),
            updates=(),
            reply=reply,
        )
        return await self._turns.take(asked)

    async def finish(self, turn: Turn, *, answered: bool = True) -> None:
        if answered:
            await self._store.conversations.store_answer(turn, outcome(len(self.made) + 1))
            await self._store.conversations.set_state(turn.id, TurnState.DELIVERED)
        else:
            await self._store.conversations.set_state(turn.id, TurnState.FAILED)
        found = await self._store.conversations.turn(turn.id)
        assert found is not None
        self.made.append(found)

    async def undo(self, turn: Turn | None = None) -> None:
        await self._turns.undo(await self._moving(), turn)

    async def redo(self) -> None:
        await self._turns.redo(await self._moving())

    async def new(self) -> None:
        await self._turns.new(await self._moving())

    async def _moving(self) -> HeadMove:
        return HeadMove(conversation=await self.here(), update_id=0, language="en")

    async def again(self, turn: Turn) -> Turn:
        return await self._turns.again(turn, (), ANNE)

    def answer_of(self, number: int) -> MessageLink:
        """Return the message with which the bot answered a turn."""
        turn = self.made[number]
        picture = InputPicture(media=media(number + 1)) if turn.shown else None
        return MessageLink(chat_id=1, message_id=1, role=Role.ANSWER, turn_id=turn.id, picture=picture)


async def do(book: Book, paper: Paper, deed: tuple[Any, ...]) -> None:
    match deed:
        case ("send" | "fail" as how,):
            await book.finish(await book.take(), answered=how == "send")
            paper.add(paper.head, answered=how == "send")
        case ("send but meanwhile", what):
            seen = paper.head
            turn = await book.take()
            await (book.undo() if what == "undo" else book.new())
            await book.finish(turn)
            if what == "undo":
                paper.undo(seen)
            else:
                paper.new()
            paper.add(seen, pencil_stayed=paper.head == seen)
        case ("undo",):
            await book.undo()
            paper.undo(paper.head)
        case ("redo",):
            await book.redo()
            paper.redo()
        case ("new",):
            await book.new()
            paper.new()
        case (how, place) if book.made:
            number = place % len(book.made)
            await do_with(book, paper, how, number)


async def do_with(book: Book, paper: Paper, how: str, number: int) -> None:
    """Do something with a turn that there is already."""
    if how == "undo the":
        await book.undo(book.made[number])
        paper.undo(number)
    elif how == "reply":
        await book.finish(await book.take(book.answer_of(number)))
        # A turn without an answer cannot be continued: a reply to it goes on from the turn's parent.
        paper.add(number if paper.answered[number] else paper.parents[number])
    else:
        await book.finish(await book.again(book.made[number]))
        paper.add(paper.parents[number])


@given(st.lists(deeds, max_size=14))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_sequence_of_deeds(store: Store, sequence: list[tuple[Any, ...]]) -> None:
    book, paper = Book(store, Key(next(chats), 0)), Paper()
    for deed in sequence:
        await do(book, paper, deed)
        now = await book.here()
        numbers = {turn.id: number for number, turn in enumerate(book.made)}
        assert (None if now.head_id is None else numbers[now.head_id]) == paper.head
        assert [numbers[turn_id] for turn_id in now.redo] == paper.forward
        assert [numbers[turn.id] for turn in await store.conversations.path(now.head_id)] == paper.path(paper.head)
        assert all(turn.reply is not None for turn in await store.conversations.path(now.head_id))
    for number, turn in enumerate(book.made):
        assert (turn.parent_id and numbers[turn.parent_id]) == paper.parents[number]
