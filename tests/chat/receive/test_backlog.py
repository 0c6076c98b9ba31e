"""What may wait in a chat is counted by what it makes: every form of a wish counts, and nothing else does."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot

from bot.chat.command_table import BUTTONS, MOST_VERSIONS, TABLE, Command
from bot.chat.identity import BotIdentity
from bot.chat.receive.backlog import MOST_OTHERS, Backlog
from bot.chat.send import keyboards
from bot.chat.updates.parse import Me, key_of
from storage.engine.faults import FaultKind, StorageFault
from storage.records import InboxRow, Key, MessageLink
from storage.store import Store

Json = dict[str, Any]
LIMIT, SENT = 2, 6
PHOTO = [{"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9}]
BOT_USER = {"id": 77, "is_bot": True, "first_name": "Pentimento"}
numbers = itertools.count(1)


class Named(BotIdentity):
    """A bot that need not ask for its name."""

    @property
    def me(self) -> Me:
        """The bot itself."""
        return Me(id=77, username="pentimento_bot", reads_all=True)


class Refused:
    """Notes what is refused."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.rows: list[int] = []
        self.said: list[tuple[int, str]] = []
        self.too_late = False
        self.fault: StorageFault | None = None

    async def __call__(
        self,
        rows: Sequence[InboxRow],
        language: str,
        key: str,
        limit: int,
        *,
        links: Sequence[MessageLink],
        silent: bool,
    ) -> bool:
        """Finish what is refused, unless that was done meanwhile."""
        if self.fault is not None:
            raise self.fault
        if self.too_late:
            return False
        await self._store.inbox.finish([row.update_id for row in rows])
        self.rows += [row.update_id for row in rows]
        if not silent:
            self.said.append((rows[0].update_id, key))
        return not silent


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Give an empty store."""
    opened = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/test.db", str(tmp_path / "media"))
    yield opened
    await opened.close()


@pytest.fixture
def refused(store: Store) -> Refused:
    """Give what notes the refusals."""
    return Refused(store)


@pytest.fixture
def backlog(store: Store, refused: Refused) -> Backlog:
    """Give a backlog in which two pictures may wait."""
    return Backlog(Named(Bot(":".join(("77", "A" * 35))), "en"), store, refused, LIMIT)


def update(text: str = "", *, person: int = 7, chat: int = 7, edits: int | None = None, **more: Any) -> Json:
    """Return a message as Telegram delivers it."""
    number = next(numbers)
    kind = "private" if chat > 0 else "supergroup"
    body: Json = {"message_id": edits or number, "date": 100 * number, "chat": {"id": chat, "type": kind}, **more}
    body["from"] = {"id": person, "is_bot": False, "first_name": "Ann", "language_code": "en"}
    body |= {"text": text} if text else {}
    return {"update_id": number, "message" if edits is None else "edited_message": body}


def press(data: str, person: int) -> Json:
    """Return the press of a button in a private chat."""
    pressed = update("a boat", person=person, chat=person)
    query = {"id": str(pressed["update_id"]), "from": pressed["message"]["from"], "data": data, "chat_instance": ""}
    return {"update_id": pressed["update_id"], "callback_query": {**query, "message": pressed["message"]}}


def inline_press(data: str) -> Json:
    """Return the press of a button below an inline message."""
    number = next(numbers)
    person = {"id": 7, "is_bot": False, "first_name": "Ann", "language_code": "en"}
    query = {"id": str(number), "from": person, "data": data, "chat_instance": "5", "inline_message_id": "inline"}
    return {"update_id": number, "callback_query": query}


async def left(store: Store, backlog: Backlog, updates: Sequence[Json]) -> list[int]:
    """Let updates come in, and return those that are not refused or dropped."""
    await store.inbox.add([(key_of(one), one) for one in updates])
    await backlog.trim({key_of(one) for one in updates})
    keys = {key_of(one) for one in updates}
    return sorted([row.update_id for key in keys for row in await store.inbox.open_updates(key, limit=200)])


def _forms(row: Command) -> list[tuple[str, int]]:
    """Return what people write to use a command, and how many pictures that makes; 0 where it makes none."""
    forms = [(f"/{row.name}", row.versions or int(row.always_wishes)), (f"/{row.name}@pentimento_bot", row.versions)]
    forms[1:] = [] if row.always_wishes else forms[1:]
    if row.wish is not None:
        forms += [(f"/{row.name}{between}画", row.wish.get("times", 1)) for between in (" ", ":", "")]
    elif row.versions:
        forms.append((f"/{row.name} bluer", row.versions))
    elif row.name == "ratio":
        forms.append(("/ratio 16:9 wider", 1))
    return forms


WRITTEN = [
    *(form for row in TABLE for form in _forms(row)), ("a boat", 1), ("/again/x4", 4),
    ("/ratio 16:9 /x4 wider", 4),
]  # fmt: skip


async def test_every_way_to_write_a_wish_counts(store: Store, backlog: Backlog, refused: Refused) -> None:
    """One is about to begin. Behind it as many wait as make two pictures, and one always may."""
    for person, (text, versions) in enumerate(WRITTEN, start=1):
        kept = await left(store, backlog, [update(text, person=person, chat=person) for _ in range(SENT)])
        may_wait = SENT - 1 if not versions else LIMIT if versions == 1 else 1
        assert (text, len(kept)) == (text, 1 + may_wait)
    assert len(refused.said) == sum(bool(versions) for _, versions in WRITTEN)
    assert {key for _, key in refused.said} == {"busy"}


async def test_every_button_counts_as_what_it_makes(store: Store, backlog: Backlog) -> None:
    for person, button in enumerate(BUTTONS, start=1):
        kept = await left(store, backlog, [press(f"{button.name}:5", person) for _ in range(SENT)])
        may_wait = SENT - 1 if not button.versions else LIMIT if button.versions == 1 else 1
        assert (button.name, len(kept)) == (button.name, 1 + may_wait)


@pytest.mark.parametrize("chat", [7, -100_5], ids=["private", "group"])
async def test_a_command_under_a_picture_counts_as_what_it_makes(store: Store, backlog: Backlog, chat: int) -> None:
    photos = [update(photo=PHOTO, caption="/x4", chat=chat) for _ in range(SENT)]
    assert len(await left(store, backlog, photos)) == 2


async def test_a_name_hidden_in_a_command_does_not_hide_a_wish(store: Store, backlog: Backlog) -> None:
    """A text mention may stand on any letters (Bot API, MessageEntity). Without them this is /x4."""
    marks = [{"type": "bot_command", "offset": 0, "length": 6}, {"type": "text_mention", "offset": 3, "length": 3}]
    marks[1]["user"] = BOT_USER  # type: ignore[assignment]
    assert len(await left(store, backlog, [update("/x4abc", entities=marks) for _ in range(SENT)])) == 2


async def test_commands_that_make_nothing_have_a_limit_of_their_own(
    store: Store, backlog: Backlog, refused: Refused
) -> None:
    kept = await left(store, backlog, [update("/saved") for _ in range(MOST_OTHERS + 3)])
    assert len(kept) == MOST_OTHERS
    assert refused.said == [(kept[-1] + 1, "busy-more")]


async def test_of_many_edits_of_one_message_only_the_last_waits(
    store: Store, backlog: Backlog, refused: Refused
) -> None:
    edits = [update(f"a boat {number}", edits=10_000) for number in range(SENT)]
    assert await left(store, backlog, edits) == [edits[-1]["update_id"]]
    assert refused.rows == []


async def test_edits_of_many_messages_count_like_wishes(store: Store, backlog: Backlog) -> None:
    """Also those of the captions of one album, each of which is made once more."""
    edits = [
        update(edits=10_000 + number, photo=PHOTO, caption=f"{number}", media_group_id="5") for number in range(SENT)
    ]
    assert len(await left(store, backlog, edits)) == 1 + LIMIT


async def test_pictures_with_the_words_behind_them_count_one_by_one(store: Store, backlog: Backlog) -> None:
    pairs = [one for number in range(SENT) for one in (update(photo=PHOTO), update(f"wish {number}"))]
    assert await left(store, backlog, pairs) == [one["update_id"] for one in pairs[: 2 * (1 + LIMIT)]]


async def test_pictures_that_only_wait_for_words_are_one_wish(store: Store, backlog: Backlog) -> None:
    assert len(await left(store, backlog, [update(photo=PHOTO) for _ in range(SENT)])) == SENT


async def test_one_wish_may_wait_however_many_pictures_it_makes(store: Store, backlog: Backlog) -> None:
    assert MOST_VERSIONS > LIMIT
    kept = await left(store, backlog, [update("a boat"), update("/x4"), update("red"), update("/x4 blue")])
    assert len(kept) == 2


async def test_the_topics_of_a_chat_share_its_limit(store: Store, backlog: Backlog) -> None:
    """The first wish of each begins at once, since topics are conversations of their own."""
    topics = range(1, 7)
    wishes = [update("a boat", message_thread_id=topic, is_topic_message=True) for _ in range(3) for topic in topics]
    assert len(await left(store, backlog, wishes)) == len(topics) + LIMIT


async def test_everybody_who_is_refused_is_told_once(store: Store, backlog: Backlog, refused: Refused) -> None:
    texts = [update("/edit a boat", person=person, chat=-100_5) for person in (1, 1, 1, 1, 1, 2, 3, 3)]
    assert len(await left(store, backlog, texts)) == 1 + LIMIT
    numbers = [one["update_id"] for one in texts]
    assert refused.said == [(numbers[3], "busy"), (numbers[5], "busy"), (numbers[6], "busy")]
    more = [update("/edit a boat", person=person, chat=-100_5) for person in (1, 2, 4)]
    await left(store, backlog, more)
    assert refused.said[3:] == [(more[2]["update_id"], "busy")]


async def test_a_refusal_that_came_too_late_does_not_silence_the_next_one(
    store: Store, backlog: Backlog, refused: Refused
) -> None:
    refused.too_late = True
    await left(store, backlog, [update("a boat") for _ in range(SENT)])
    refused.too_late = False
    assert len(await left(store, backlog, [update("a gull")])) == 1 + LIMIT
    assert [key for _, key in refused.said] == ["busy"]


async def test_a_refusal_that_could_not_be_stored_is_said_the_next_time(
    store: Store, backlog: Backlog, refused: Refused
) -> None:
    """Nobody was told by the first one, so the second one must not be silent."""
    refused.fault = StorageFault(FaultKind.LOCKED, "database is locked")
    with pytest.raises(StorageFault):
        await left(store, backlog, [update("a boat") for _ in range(SENT)])
    refused.fault = None
    await left(store, backlog, [update("a boat")])
    assert [key for _, key in refused.said] == ["busy"]


async def test_presses_below_an_inline_message_are_refused_in_silence(
    store: Store, backlog: Backlog, refused: Refused
) -> None:
    """Words about them would take the place of an answer."""
    row = keyboards.below_placeholder("en", Key(7, -5), 1).inline_keyboard[0]
    presses = [inline_press(str(row[0].callback_data)) for _ in range(MOST_OTHERS + 2)]
    assert len(await left(store, backlog, presses)) == MOST_OTHERS
    assert refused.said == []
