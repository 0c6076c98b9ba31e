"""People for dialogue tests: they write to the bot through the sandbox's person API and wait for its answers.

Imports httpx, and the sandbox only to start one. Speaks HTTP, so it serves a sandbox in another process as well; what
people do in a sandbox of this process can go to it ``direct``, which spares both ends the work of HTTP.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

import httpx

from bot.sandbox.config import MADE_UP_TOKEN, SandboxConfig
from bot.sandbox.server import create_app, serve_app
from tests.support.direct import Direct
from tests.support.messages import (
    ANSWER_TIME_S,
    File,
    Found,
    Json,
    Message,
    NoAnswer,
    Press,
    as_file_json,
    id_of,
    is_farewell,
)

__all__ = ["ANN", "BORIS", "CHEN", "Chat", "Message", "NoAnswer", "Press", "Refused", "Telegram", "running_sandbox"]

# Loopback needs no TLS, and loading certificates would cost each test 50 ms.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
ANN, BORIS, CHEN = 1001, 1002, 1003
VOICE = ("wish.ogg", b"OggS" + bytes(2) + (3 * 48_000).to_bytes(8, "little") + bytes(range(90)))
"""A voice message: one page of Ogg that ends at three seconds of Opus."""


class Chat:
    """A chat as one person uses it. ``answer`` gives each message of the bot once, in order."""

    def __init__(self, telegram: Telegram, person_id: int, chat_id: int, topic: int | None = None) -> None:
        self._telegram = telegram
        self.person_id = person_id
        self.id = chat_id
        self.topic = topic
        self._given: set[int] = set()

    @property
    def telegram(self) -> Telegram:
        """The Telegram that the chat is in."""
        return self._telegram

    def seen_by(self, person_id: int) -> Chat:
        """Return the same chat, used by another person. Answers for one of them are not taken by the other."""
        other = Chat(self._telegram, person_id, self.id, self.topic)
        other._given = self._given
        return other

    def in_topic(self, topic: int) -> Chat:
        """Return one topic of a forum."""
        return Chat(self._telegram, self.person_id, self.id, topic)

    async def say(self, text: str, *, reply_to: Message | int | None = None, **more: Any) -> Message:
        """Send a text."""
        return (await self._send(text=text, reply_to=id_of(reply_to), **more))[0]

    async def photo(
        self, picture: File, caption: str = "", *, reply_to: Message | int | None = None, **more: Any
    ) -> Message:
        """Send a photo, which Telegram compresses."""
        sent = await self._send(text=caption, files=[as_file_json(picture)], reply_to=id_of(reply_to), **more)
        return sent[0]

    async def album(
        self, pictures: Sequence[File], caption: str = "", *, reply_to: Message | int | None = None, **more: Any
    ) -> list[Message]:
        """Send several photos at once; ``stagger_s``, ``order``, ``captions``, ``ungrouped`` go on to the sandbox."""
        return await self._send(
            text=caption, files=[as_file_json(p) for p in pictures], reply_to=id_of(reply_to), **more
        )

    async def document(
        self, file: File, caption: str = "", *, mime: str = "", reply_to: Message | int | None = None, **more: Any
    ) -> Message:
        """Send a file as it is."""
        attached = as_file_json(file) | ({"mime": mime} if mime else {})
        return (await self._send(text=caption, files=[attached], as_file=True, reply_to=id_of(reply_to), **more))[0]

    async def send(self, file: File, kind: str, **more: Any) -> Message:
        """Send a file as some kind of message: "voice", "sticker", "video", "animation" ..."""
        return (await self._send(files=[as_file_json(file) | {"kind": kind}], **more))[0]

    async def voice(self, *, duration_s: int = 4, reply_to: Message | int | None = None, **more: Any) -> Message:
        """Send a voice message. What is said in it, the painter knows (``Painter.spoken``)."""
        file = as_file_json(VOICE) | {"kind": "voice", "mime": "audio/ogg", "duration_s": duration_s}
        return (await self._send(files=[file], reply_to=id_of(reply_to), **more))[0]

    async def edit(self, message: Message | int, text: str) -> Message:
        """Change the words of an own message."""
        body = {"as": self.person_id, "chat_id": self.id, "message_id": id_of(message), "text": text}
        return Message(self._telegram, await self._telegram.post("edit", body))

    async def replace(self, message: Message | int, file: File, caption: str = "", **more: Any) -> Message:
        """Show another photo in an own message, or what ``kind`` says, with a caption or none."""
        body = {"as": self.person_id, "chat_id": self.id, "message_id": id_of(message), "text": caption}
        kind = {"kind": more.pop("kind")} if "kind" in more else {}
        body |= {"files": [as_file_json(file) | kind], **more}
        return Message(self._telegram, await self._telegram.post("edit", body))

    async def delete(self, message: Message | int) -> None:
        """Delete a message for everyone."""
        body = {"as": self.person_id, "chat_id": self.id, "message_id": id_of(message)}
        await self._telegram.post("delete", body)

    async def press(self, message: Message, button: str) -> Press:
        """Press a button by its text, or by a part of it that only one button has."""
        now = await self.reload(message)
        fitting = [data for text, data in now.buttons.items() if button == text]
        fitting = fitting or [data for text, data in now.buttons.items() if button.lower() in text.lower()]
        if len(fitting) != 1:
            raise AssertionError(f"{len(fitting)} buttons read {button!r}; there are {[*now.buttons]}")
        return await self.press_data(message, fitting[0])

    async def press_data(self, message: Message | int, data: str) -> Press:
        """Send a press with any callback data, as a changed client can."""
        body = {"as": self.person_id, "chat_id": self.id, "message_id": id_of(message), "data": data}
        return Press(self._telegram, (await self._telegram.post("press", body))["callback_query_id"])

    async def react(self, message: Message, emoji: str | None) -> None:
        """React to a message."""
        body = {"as": self.person_id, "chat_id": self.id, "message_id": message.id, "emoji": emoji}
        await self._telegram.post("react", body)

    async def forward(self, message: Message, to: Chat) -> Message:
        """Forward a message to another chat."""
        body = {"as": self.person_id, "from_chat_id": self.id, "message_id": message.id, "chat_id": to.id}
        return Message(self._telegram, (await self._telegram.post("forward", body))["messages"][0])

    async def pass_on(
        self, messages: Sequence[Message], to: Chat, comment: str = "", *, stagger_s: float = 0.0
    ) -> list[Message]:
        """Forward several messages at once, with a comment, which clients send first."""
        body = {"as": self.person_id, "from_chat_id": self.id, "message_id": [one.id for one in messages]}
        body |= {"chat_id": to.id, "comment": comment, "stagger_s": stagger_s}
        sent = await self._telegram.post("forward", body)
        return [Message(self._telegram, one) for one in sent["messages"]]

    async def answer(self, timeout_s: float = ANSWER_TIME_S) -> Message:
        """Wait for the bot's next message. Raises NoAnswer."""
        return (await self.answers(1, timeout_s))[0]

    async def answers(self, count: int, timeout_s: float = ANSWER_TIME_S) -> list[Message]:
        """Wait for the bot's next messages. Raises NoAnswer."""
        found = await self._next(count, timeout_s)
        self._given |= {message.id for message in found}
        return found

    async def silence(self, for_s: float = 0.3) -> None:
        """Check that the bot says nothing for a while."""
        await asyncio.sleep(for_s)
        said = [message for message in await self.history() if message.from_bot and message.id not in self._given]
        if said:
            raise AssertionError(f"the bot was to say nothing, but said {said}")

    async def history(self, limit: int = 1000) -> list[Message]:
        """Return the chat's messages, oldest first."""
        where = f"chats/{self.id}/messages?limit={limit}" + (f"&topic={self.topic}" if self.topic is not None else "")
        page = await self._telegram.get(where)
        return [Message(self._telegram, body) for body in page["messages"]]

    async def reload(self, message: Message | int) -> Message:
        """Return a message as it stands now. Raises AssertionError when it is gone."""
        for found in await self.history():
            if found.id == id_of(message):
                return found
        raise AssertionError(f"message {id_of(message)} is gone")

    async def until(
        self, message: Message, fits: str | Callable[[Message], bool], timeout_s: float = ANSWER_TIME_S
    ) -> Message:
        """Wait until edits make a message fit: until it has these words or passes the test. Raises NoAnswer."""

        async def look() -> Message | None:
            found = await self.reload(message)
            return found if (fits in found.words if isinstance(fits, str) else fits(found)) else None

        return await self._telegram.wait_for(look, timeout_s, f"{message} did not become what it should")

    async def reactions(self, message: Message) -> list[str]:
        """Return the emoji under a message."""
        page = await self._telegram.get(f"chats/{self.id}/messages?limit=1000")
        return [reaction["emoji"] for reaction in page["reactions"].get(str(message.id), [])]

    async def whispers(self) -> list[str]:
        """Return the words that the bot said in this group to this person alone."""
        page = await self._telegram.get(f"chats/{self.id}/whispers?as={self.person_id}")
        return [message["text"] for message in page["messages"]]

    async def whispered(self, count: int = 1, timeout_s: float = ANSWER_TIME_S) -> str:
        """Wait until the bot has said so many things to this person alone; return the last one. Raises NoAnswer."""

        async def look() -> str | None:
            found = await self.whispers()
            return found[count - 1] if len(found) >= count else None

        return await self._telegram.wait_for(look, timeout_s, "the bot said nothing to this person alone")

    async def press_whispered(self, button: str) -> Press:
        """Press a button below the last thing that the bot said to this person alone."""
        page = await self._telegram.get(f"chats/{self.id}/whispers?as={self.person_id}")
        last = page["messages"][-1]
        rows = last.get("reply_markup", {}).get("inline_keyboard", [])
        datas = [one["callback_data"] for row in rows for one in row if button.lower() in one["text"].lower()]
        if len(datas) != 1:
            raise AssertionError(f"{len(datas)} buttons read {button!r}")
        body = {"as": self.person_id, "chat_id": self.id, "message_id": 0, "data": datas[0]}
        body |= {"whisper": last["ephemeral_message_id"]}
        return Press(self._telegram, (await self._telegram.post("press", body))["callback_query_id"])

    async def add(self, *who: int | str, bot_admin: bool = False) -> None:
        """Add people by id, or "bot", that one as an admin where asked."""
        body = {"as": self.person_id, "chat_id": self.id, "add": list(who), "bot_admin": bot_admin}
        await self._telegram.post("members", body)

    async def remove(self, *who: int | str) -> None:
        """Remove people by id, or "bot"."""
        await self._telegram.post("members", {"as": self.person_id, "chat_id": self.id, "remove": list(who)})

    async def upgrade(self, **how: Any) -> Chat:
        """Turn the group into a supergroup and return that. ``order`` and ``gap_s``: how the bot learns of it."""
        chat = await self._telegram.post("upgrade", {"as": self.person_id, "chat_id": self.id} | how)
        return Chat(self._telegram, self.person_id, chat["id"])

    async def open_topic(self, name: str) -> Chat:
        """Open a forum topic and give it."""
        chat = await self._telegram.post("topics", {"as": self.person_id, "chat_id": self.id, "name": name})
        return self.in_topic(chat["topics"][-1]["id"])

    async def delete_topic(self) -> None:
        """Delete this topic with all that was said in it."""
        body = {"as": self.person_id, "chat_id": self.id, "topic": self.topic, "delete": True}
        await self._telegram.post("topics", body)

    async def type(self, words: str = "") -> str:
        """Type behind the bot's name; return the id of the inline query."""
        body = {"as": self.person_id, "chat_id": self.id, "words": words}
        return str((await self._telegram.post("type", body))["query_id"])

    async def offered(self, query_id: str, timeout_s: float = ANSWER_TIME_S) -> Json:
        """Wait for what the bot offers for an inline query: ``results`` and ``button``. Raises NoAnswer."""

        async def look() -> Json | None:
            found = await self._telegram.get(f"queries/{query_id}")
            return found if found["answered"] else None

        return await self._telegram.wait_for(look, timeout_s, "the bot did not answer the query")

    async def choose(self, query_id: str, result_id: str) -> Message:
        """Send one of the results of an inline query."""
        body = {"as": self.person_id, "chat_id": self.id, "query_id": query_id, "result_id": result_id}
        return Message(self._telegram, await self._telegram.post("choose", body))

    async def act(self, what: str, **more: Any) -> Json:
        """Do in this chat what the sandbox calls ``what``: "admins", "hide-members", "link", "direct-messages" ..."""
        return await self._telegram.post(what, {"as": self.person_id, "chat_id": self.id} | more)

    async def rights(self, **rights: Any) -> None:
        """Set ``bot_admin``, ``bot_can``, ``slow_mode_s`` or ``by_code``."""
        await self._telegram.post("rights", {"as": self.person_id, "chat_id": self.id} | rights)

    async def block(self, *, on: bool = True) -> None:
        """Block the bot or let it write again."""
        await self._telegram.post("block", {"as": self.person_id, "on": on})

    async def _send(self, **order: Any) -> list[Message]:
        body = {"as": self.person_id, "chat_id": self.id, "topic": self.topic} | order
        sent = await self._telegram.post("send", {name: value for name, value in body.items() if value is not None})
        return [Message(self._telegram, message) for message in sent["messages"]]

    async def _next(self, count: int, timeout_s: float) -> list[Message]:
        async def look() -> list[Message] | None:
            found = [m for m in await self.history() if m.from_bot and m.id not in self._given and not is_farewell(m)]
            return found[:count] if len(found) >= count else None

        return await self._telegram.wait_for(look, timeout_s, f"the bot did not send {count} message(s)")


class Refused(Exception):
    """The sandbox did not let a person do something; the text is its sentence."""


class Telegram:
    """The sandbox at an address, with Ann, Boris and Chen in it."""

    def __init__(self, base_url: str, token: str = MADE_UP_TOKEN, direct: Direct | None = None) -> None:
        self.base_url = base_url
        self.token = token
        self._direct = direct
        self.http = httpx.AsyncClient(base_url=base_url, timeout=30, trust_env=False, verify=NO_TLS)
        self.ann = Chat(self, ANN, ANN)
        self.boris = Chat(self, BORIS, BORIS)
        self.chen = Chat(self, CHEN, CHEN)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.http.aclose()

    async def newcomer(self, first_name: str, *, language_code: str = "en") -> Chat:
        """Make up another person and give their private chat."""
        person = await self.post("people", {"first_name": first_name, "language_code": language_code})
        return Chat(self, person["id"], person["id"])

    async def group(
        self,
        title: str = "Painters",
        *,
        by: int = ANN,
        members: Sequence[int] = (BORIS, CHEN),
        bot: bool = True,
        bot_admin: bool = False,
        kind: str = "group",
        is_forum: bool = False,
    ) -> Chat:
        """Create a group and give it as its creator uses it."""
        who = {"as": by, "members": list(members), "bot": bot, "bot_admin": bot_admin}
        body = who | {"title": title, "type": kind, "is_forum": is_forum}
        return Chat(self, by, (await self.post("groups", body))["id"])

    async def channel(self, title: str = "Harbour News", *, by: int = ANN, bot: bool = True) -> Chat:
        """Make a channel that all three read, and give it as its owner uses it; a bot is an admin there."""
        body = {"as": by, "title": title, "members": [ANN, BORIS, CHEN], "bot": bot}
        return Chat(self, by, (await self.post("channels", body))["id"])

    async def other_bot(self, chat: Chat, text: str, *, reply_to: Message | None = None) -> None:
        """Let another bot write in a group."""
        await self.post("other-bot", {"chat_id": chat.id, "text": text, "reply_to": id_of(reply_to)})

    async def rename(self, username: str) -> None:
        """Give the bot another username."""
        await self.post("rename", {"username": username})

    async def bots_talk(self, *, own: bool = False, others: bool = False) -> None:
        """Switch Bot-to-Bot Communication Mode of the bot itself, or of other bots."""
        await self.post("bots-talk", {"own": own, "others": others})

    async def api(self, method: str, **parameters: Any) -> Json:
        """Call the Bot API as the bot does and give the whole answer."""
        return dict((await self.http.post(f"/bot{self.token}/{method}", json=parameters)).json())

    async def calls(self, method: str | None = None, *, since: int = 0) -> list[Json]:
        """Return the Bot API calls that the bot made."""
        calls = (await self.get(f"calls?since={since}"))["calls"]
        return [call for call in calls if method is None or call["method"].lower() == method.lower()]

    async def fault(self, method: str, **how: Any) -> None:
        """Script a fault: ``status``, ``retry_after``, ``delay_s``, ``drop``, ``times``, ``chat_id``, ``body``."""
        await self.post("faults", {"method": method} | how)

    async def fault_met(self) -> None:
        """Wait until calls have come for all the faults that were scripted."""
        async with asyncio.timeout(ANSWER_TIME_S):
            while (await self.get("faults"))["faults"]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def limits(self, **how: Any) -> None:
        """Switch Telegram's rate limits."""
        await self.post("limits", how)

    async def line(self, **how: Any) -> None:
        """Choose how fast files come in: ``bytes_per_s``, ``onward_bytes_per_s``, ``spaced``."""
        await self.post("line", how)

    async def privacy(self, *, on: bool) -> None:
        """Switch privacy mode."""
        await self.post("privacy", {"on": on})

    async def modes(self, **switched: Any) -> None:
        """Switch ``guests``, ``inline`` and ``feedback`` at @BotFather; ``guest_life_s``: see the sandbox's Modes."""
        await self.post("modes", switched)

    async def doubts(self, **chosen: bool) -> None:
        """Choose what reports of live bots do not agree on: ``mentions_reach``, ``captions_reach``."""
        await self.post("doubts", chosen)

    async def update(self, body: Json) -> int:
        """Put a raw update into the queue."""
        return int((await self.post("update", body))["update_id"])

    async def queue(self) -> list[Json]:
        """Return the updates that the bot has not confirmed."""
        return list((await self.get("queue"))["updates"])

    async def state(self, person_id: int = ANN) -> Json:
        """Return people, bot, commands and chats as a person sees them."""
        return await self.get(f"state?as={person_id}")

    async def file(self, file_id: str) -> bytes:
        """Load a file."""
        answer = await self.http.get(f"/sandbox/files/{file_id}")
        answer.raise_for_status()
        return answer.content

    async def get(self, path: str) -> Json:
        """Look at something of the person API. Raises Refused."""
        return await self._ask("GET", path, None)

    async def post(self, path: str, body: Json) -> Json:
        """Do something through the person API. Raises Refused."""
        return await self._ask("POST", path, body)

    async def wait_for(self, look: Callable[[], Awaitable[Found | None]], timeout_s: float, complaint: str) -> Found:
        """Look again whenever something happens, and four times a second, until there is something. Raises NoAnswer.

        What the bot does by itself, as reading a list, is no event of the chat.
        """
        deadline = asyncio.get_running_loop().time() + timeout_s
        seen = (await self.get("wait?timeout_s=0"))["last_event"]
        while (found := await look()) is None:
            left_s = deadline - asyncio.get_running_loop().time()
            if left_s <= 0:
                raise NoAnswer(f"{complaint} within {timeout_s:g} s")
            seen = (await self.get(f"wait?after={seen}&timeout_s={min(left_s, 0.25):.3f}"))["last_event"]
        return found

    async def _ask(self, method: str, path: str, body: Json | None) -> Json:
        if self._direct is not None:
            status, text = await self._direct.ask(method, f"/sandbox/{path}", body)
        else:
            answer = await self.http.request(method, f"/sandbox/{path}", json=body)
            status, text = answer.status_code, answer.content
        found = json.loads(text)
        if status >= 400:
            raise Refused(found.get("error", text.decode()))
        return dict(found)


@asynccontextmanager
async def running_sandbox(config: SandboxConfig | None = None, *, direct: bool = False) -> AsyncIterator[Telegram]:
    """Start a sandbox on a free port in this event loop and give its people.

    ``direct``: what they do does not go through HTTP. What the bot does always does.
    """
    config = config or SandboxConfig()
    app = create_app(config)
    async with (
        serve_app(app) as base_url,
        Telegram(base_url, config.bot_token, Direct(app) if direct else None) as telegram,
    ):
        yield telegram
