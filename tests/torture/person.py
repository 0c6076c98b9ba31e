"""A person of a torture: does the acts of a script, reads the chat, presses what is offered, and waits for each answer.

Imports the people of the dialogue tests. Sees what a person sees, and nothing else.
"""

from __future__ import annotations

import asyncio
import io
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image

from tests.support.people import Chat, Message
from tests.torture.script import TAG, Act

LOOK_EVERY_S = 0.4
MOVED = ("↩", "↪", "✨", "There is nothing to", "I’m not sure")


class Lost(AssertionError):
    """Somebody never got an answer."""


@dataclass
class Person:
    """``expected`` counts the answers of each wish, ``retried`` the presses of Try again.

    ``repainted``: how often one of the pictures of a wish had to be painted again, because of one or two taps.

    ``bent``: bursts of which a wish was interrupted twice. The later ones went on without it, before it was tried
    again, and so did everything after them. From there on the history differs, as it should.
    """

    chat: Chat
    number: int
    group: bool
    patience_s: float = 90.0
    expected: Counter[str] = field(default_factory=Counter)
    repainted: Counter[str] = field(default_factory=Counter)
    retried: int = 0
    repeated: int = 0
    acts: int = 0
    bent: set[str] = field(default_factory=set)
    _bursting: str = ""
    _stopping: bool = False
    _pressed: set[int | str] = field(default_factory=set)
    _seen: list[Message] = field(default_factory=list)
    _last: str = ""

    async def play(self, acts: list[Act]) -> None:
        """Do all acts, one after the other. Raises Lost."""
        for act in acts:
            await getattr(self, f"_{act.kind}")(act)
            self.acts += 1

    async def _repeat(self) -> None:
        """Send a wish again that the bot set aside, as it asks people to do."""
        asides = [said.id for said in self._seen if said.from_bot and "so I set it aside. " in said.words]
        for said_id in (one for one in asides if one not in self._pressed):
            self._pressed.add(said_id)
            mine = [said for said in self._seen if not said.from_bot and said.id < said_id]
            wish = next((said for said in reversed(mine) if TAG.search(said.words)), None)
            if wish is None or "painting this" in next(s.words for s in self._seen if s.id == said_id):
                continue
            self.repeated += 1
            tag = TAG.findall(wish.words)[0]
            count = len([said for said in mine if said.id >= wish.id and said.has_picture])
            if count > 1:
                await self.chat.album([picture(f"{tag}/{number}") for number in range(count)], wish.words)
            elif count:
                await self.chat.photo(picture(tag), wish.words)
            else:
                await self.chat.say(wish.words, reply_to=wish.reply_to)

    async def _text(self, act: Act) -> None:
        await self._say(act.tag, "a boat on the river")
        await self._answered(act.tag)

    async def _burst(self, act: Act) -> None:
        tags = [f"{act.tag}{letter}" for letter in "abc"[: act.count]]
        self._bursting = act.tag
        for tag in tags:
            await self._say(tag, "and more of it")
        for tag in tags:
            await self._answered(tag)
        self._bursting = ""

    async def _photo(self, act: Act) -> None:
        await self.chat.photo(picture(act.tag), self._words(act.tag, "make it warm"))
        self.expected[act.tag] += 1
        await self._answered(act.tag)

    async def _loose(self, act: Act) -> None:
        if self.group:
            return await self._photo(act)
        sent = await self.chat.photo(picture(act.tag))
        await self._see(lambda said: said.id > sent.id and "What should I do" in said.words, f"{act.tag}: the question")
        await self._say(act.tag, "make it cold")
        await self._answered(act.tag)

    async def _album(self, act: Act) -> None:
        pictures = [picture(f"{act.tag}/{number}") for number in range(act.count)]
        await self.chat.album(pictures, self._words(act.tag, "put them together"))
        self.expected[act.tag] += 1
        await self._answered(act.tag)

    async def _branch(self, act: Act) -> None:
        shown: dict[str, Message] = {}
        for said in await self._history():
            if said.from_bot and said.has_picture and (tags := TAG.findall(said.words)):
                shown.setdefault(tags[0], said)
        # By its wish, since which of several equal messages came first depends on kills.
        older = shown[random.Random(act.tag).choice(sorted(shown))]
        await self._say(act.tag, "another way", reply_to=older)
        await self._answered(act.tag)

    async def _undo(self, act: Act) -> None:
        await self._command("/undo")

    async def _redo(self, act: Act) -> None:
        await self._command("/redo")

    async def _new(self, act: Act) -> None:
        await self._command("/new")

    async def _again(self, act: Act) -> None:
        await self._press_again(1)

    async def _double(self, act: Act) -> None:
        await self._press_again(2)

    async def _cancel(self, act: Act) -> None:
        sent = await self._say(act.tag, "slow and long")
        self.expected[act.tag] -= 1
        await asyncio.sleep(random.Random(act.tag).uniform(0.1, 1.5))
        await self.chat.say(self._command_text("/cancel"))
        over = ("Stopped,", "I am not painting anything", "I was interrupted twice")
        self._stopping = True
        await self._see(lambda said: said.id > sent.id and said.words.startswith(over), f"{act.tag}: the stop")
        self._stopping = False
        # Nobody tries again what they wanted to stop, even if it was interrupted before.
        for said in self._seen:
            if said.from_bot and not said.has_picture and said.id > sent.id:
                self._pressed.update((said.id, *said.buttons.values()))

    async def _press_again(self, times: int) -> None:
        tag = self._last
        under = [
            (said, data)
            for said in await self._history()
            for data in said.buttons.values()
            if said.from_bot and said.has_picture and f"[{tag}]" in said.words and data.startswith("again:")
        ]
        # The bot takes presses within two seconds for one.
        await asyncio.sleep(2.2)
        for _ in range(times):
            await self.chat.press_data(*under[0])
        self.expected[tag] += 1
        self.repainted[tag] += 1
        await self._answered(tag)

    async def _command(self, command: str) -> None:
        sent = await self.chat.say(self._command_text(command))
        await self._see(lambda said: said.id > sent.id and any(mark in said.words for mark in MOVED), command)

    def _command_text(self, command: str) -> str:
        return f"{command}@pentimento_bot" if self.group else command

    def _words(self, tag: str, wish: str) -> str:
        return f"/edit@pentimento_bot [{tag}] {wish}" if self.group else f"[{tag}] {wish}"

    async def _say(self, tag: str, wish: str, reply_to: Message | None = None) -> Message:
        self.expected[tag] += 1
        return await self.chat.say(self._words(tag, wish), reply_to=reply_to)

    async def _answered(self, tag: str) -> None:
        """Wait until a wish has as many answers as it should; press what the bot offers on the way."""
        self._last = tag
        await self._see(lambda _: self._count(tag) >= self.expected[tag], f"the answer to [{tag}]")

    def _count(self, tag: str) -> int:
        """Count the answers of a wish. One that was shown again has the buttons of the same turn, and is no other one.

        Otherwise somebody would go on, and undo, before the last answer is there.
        """
        shown = [said for said in self._seen if said.has_picture and f"[{tag}]" in said.words]
        answers = [said for said in shown if said.words.startswith("Done [") or "once more." in said.words]
        return len({_turn_under(said) or said.id for said in answers})

    async def _see(self, fits: Callable[[Message], bool], what: str) -> Message:
        until = asyncio.get_running_loop().time() + self.patience_s
        while asyncio.get_running_loop().time() < until:
            for said in await self._history():
                if said.from_bot and fits(said):
                    return said
            await self._help()
            await self._repeat()
            await asyncio.sleep(LOOK_EVERY_S)
        raise Lost(f"conversation {self.number}: nobody ever saw {what}; the chat ends with {self._seen[-6:]}")

    async def _help(self) -> None:
        """Press Try again under a failure, and Show it again where the picture is not to be seen; each once."""
        for said in self._seen:
            offered = [data for data in said.buttons.values() if data.startswith(("again:", "show:"))]
            if (
                said.has_picture
                or said.id in self._pressed
                or not offered
                or said.words.startswith("The model returned the same")
            ):
                continue
            if self._stopping:
                continue
            self._pressed.add(said.id)
            if offered[0].startswith("show:"):
                missing = [tag for tag, count in self.expected.items() if self._count(tag) < count]
                if not missing:
                    continue
            elif offered[0] in self._pressed:
                # The bot says a failure twice rather than not at all; it is still one failure.
                continue
            else:
                self._pressed.add(offered[0])
                self.retried += 1
                self.bent |= {self._bursting} - {""}
            await self.chat.press_data(said, offered[0])

    async def look_back(self) -> list[Message]:
        """Return the whole chat."""
        return await self._history()

    async def _history(self) -> list[Message]:
        self._seen = await self.chat.history()
        return self._seen


def _turn_under(said: Message) -> str | None:
    return next((data for data in said.buttons.values() if data.startswith("again:")), None)


def picture(name: str) -> bytes:
    """Return a photo that no other name has."""
    dice = random.Random(name)
    image = Image.new("RGB", (160, 120), tuple(dice.randrange(256) for _ in range(3)))
    for _ in range(20):
        image.putpixel((dice.randrange(160), dice.randrange(120)), tuple(dice.randrange(256) for _ in range(3)))
    written = io.BytesIO()
    image.save(written, "JPEG", quality=90)
    return written.getvalue()
