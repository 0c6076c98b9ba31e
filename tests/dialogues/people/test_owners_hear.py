"""What owners are told by the bot by itself stays little, true and theirs, whatever fails and however often."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.repeats import Repeats
from storage.engine.faults import FaultKind, StorageFault
from tests.support.fallback import INVALID, google_says
from tests.support.owning import owned, owners_of
from tests.support.people import BORIS, CHEN
from tests.support.talking import Talk, in_one, talking

pytestmark = in_one

PAY = (
    "After a payment there, the next wish works without a restart. A new key goes into the settings of the bot, "
    "and then I need a restart. “pentimento check --accounts” tells whether it works."
)
EAR = "gemini-3.5-flash-lite"


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with owned(tmp_path) as talk:
        yield talk


async def test_each_reason_is_told_by_itself(talk: Talk) -> None:
    """Another status and another model are other reasons, another time to wait is not."""
    owners, boris = owners_of(talk), talk.telegram.boris
    for reason in ("HTTP 400: wait 3s", "HTTP 400: wait 37.2s", "HTTP 403: wait 3s", "no gemini-2.5", "no gemini-3.5"):
        owners.turn_failed(7, reason)
    told = [(await boris.answer()).text for _ in range(4)]
    assert told == [
        f"⚠ Turn 7 failed. ({one})"
        for one in ("HTTP 400: wait 3s", "HTTP 403: wait 3s", "no gemini-2.5", "no gemini-3.5")
    ]


@pytest.mark.parametrize(
    ("key", "helps"),
    [
        ("key-invalid", True),
        ("balance-empty", True),
        ("no-paid-access", True),
        ("region-blocked", False),
        ("no-channel", False),
        ("refused", False),
    ],
)
async def test_an_owner_reads_what_to_do_where_money_or_a_key_helps(talk: Talk, key: str, helps: bool) -> None:
    owners_of(talk).turn_failed(7, f"{key}: HTTP 403")
    told = (await talk.telegram.boris.answer()).text
    assert told.endswith(f"({key}: HTTP 403)" + (f"\n{PAY}" if helps else ""))


async def test_a_night_without_a_valid_key_is_one_message_an_hour(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the number of wishes that failed since; each person hears of their own."""
    ann, boris = talk.telegram.ann, talk.telegram.boris
    for _ in range(3):
        talk.painter.will(INVALID)
        await ann.say("a boat")
        assert (await ann.answer()).text
    told = (await boris.answer()).text
    assert told.startswith(
        "⚠ Turn 1 failed. The reason: the key, the balance or the quota at the provider. (key-invalid: HTTP 400: "
    )
    assert told.endswith(f")\n{PAY}")
    await ann.say("/usage")
    await ann.answer()
    monkeypatch.setattr("bot.repeats.SELDOM_S", 0.0)
    talk.painter.will(INVALID)
    await ann.say("a boat")
    await ann.answer()
    later = (await boris.answer()).text
    more = "The same has happened 2 more times since I last wrote about it."
    assert later == f"{told.replace('Turn 1 ', 'Turn 4 ')}\n{more}"


@pytest.mark.parametrize(
    "says",
    [
        "no channel (request id: 2026112922051967{0:08d}kXyZabcQ)",
        "bad key, req_{0:x}8f3ad1c2b7e6, since 2026-11-29T22:{0:02d}:19Z",
        "trace 0b8f{0:04x}-77aa-4e0c-9d1f-1c2b3a4d5e6f; come back in 1h{0}m3.5s",
        "a picture of {0}x987 took {0}ms at host:{0}",
    ],
)
async def test_numbers_of_requests_make_no_reason_of_their_own(talk: Talk, says: str) -> None:
    """Relays put one into each message, so there would be a message for each wish."""
    owners, boris = owners_of(talk), talk.telegram.boris
    for number in range(10, 40):
        owners.turn_failed(number, f"no-channel: HTTP 503: {says.format(number)}")
    assert (await boris.answer()).text.startswith(
        "⚠ Turn 10 failed. The reason: the provider or the way to it broke down. (no-channel: HTTP 503: "
    )
    await boris.silence()


# PTB warns when it reads the wait that Telegram names.
@pytest.mark.filterwarnings("ignore:.*retry_after:telegram.warnings.PTBDeprecationWarning")
@pytest.mark.parametrize("how", [{"status": 502}, {"drop": "before"}, {"status": 429, "retry_after": 1}])
async def test_what_telegram_does_not_take_now_is_told_later(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, how: dict[str, object]
) -> None:
    """Otherwise nobody would hear of it for an hour, or never."""
    monkeypatch.setattr("bot.chat.owners.AGAIN_AFTER_S", 0.1)
    await talk.telegram.fault("sendMessage", chat_id=BORIS, **how)
    owners_of(talk).turn_failed(7, "key-invalid: HTTP 400")
    assert (await talk.telegram.boris.answer()).text == (
        "⚠ Turn 7 failed. The reason: the key, the balance or the quota at the provider. (key-invalid: HTTP 400)\n"
        + PAY
    )
    await talk.telegram.boris.silence()


async def test_an_owner_who_is_not_reached_now_is_told_later_than_the_other(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chat.owners.AGAIN_AFTER_S", 0.1)
    chen, boris = talk.telegram.chen, talk.telegram.boris
    await chen.say("/start")
    await chen.answer()
    await talk.telegram.fault("sendMessage", chat_id=BORIS, status=502)
    owners_of(talk, BORIS, CHEN).turn_failed(7, "key-invalid: no key")
    assert (await chen.answer()).text.startswith("⚠ Turn 7")
    assert (await boris.answer()).text.startswith("⚠ Turn 7")
    await chen.silence()
    await boris.silence()


async def test_of_several_versions_also_those_that_failed_beside_a_picture_are_told(talk: Talk) -> None:
    """The first one came, so the person sees a picture; the owner hears of the key all the same."""
    ann = talk.telegram.ann
    gate = talk.painter.hold()
    talk.painter.will(INVALID, INVALID)
    await ann.say("/x3 a boat")
    await talk.painter.called(3)
    gate.set()
    assert [(await ann.answer()).has_picture for _ in range(2)] == [True, False]
    assert "key-invalid" in (await talk.telegram.boris.answer()).text
    await talk.telegram.boris.silence()


async def test_what_a_person_wrote_reaches_neither_owner_nor_log_by_a_provider_that_quotes_it(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    """The person reads it, for it is their own. The rest of the message says what is wrong."""
    wish = "my secret garden behind the church"
    talk.painter.will(google_says(400, "INVALID_ARGUMENT", f"Unsupported value in prompt '{wish}': try another"))
    ann = talk.telegram.ann
    await ann.say(wish)
    assert wish in (await ann.answer()).text
    told = (await talk.telegram.boris.answer()).text
    assert "Unsupported value in prompt" in told
    assert "secret" not in told
    assert "secret" not in caplog.text


async def test_a_refusal_that_quotes_the_wish_is_logged_without_it(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    wish = "my secret garden behind the church"
    talk.painter.will(
        {"promptFeedback": {"blockReason": "OTHER", "blockReasonMessage": f"No: {wish}"}},
        {"candidates": [{"finishReason": "SAFETY", "finishMessage": f"I cannot draw {wish}.", "index": 0}]},
    )
    ann = talk.telegram.ann
    for _ in range(2):
        await ann.say(wish)
        assert wish in (await ann.answer()).text
    assert "secret" not in caplog.text


async def test_voice_messages_that_nobody_hears_are_one_message_an_hour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the number of those that failed since."""
    async with talking(tmp_path, owner_ids=str(BORIS), listen_model=EAR) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await boris.say("/start")
        await boris.answer()
        for _ in range(3):
            talk.painter.spoken.append(INVALID)
            await ann.voice()
            assert (await ann.answer()).text
        assert (await boris.answer()).text.startswith(f"⚠ {EAR} (LISTEN_MODEL) does not listen to voice messages: ")
        await boris.silence()
        monkeypatch.setattr("bot.repeats.SELDOM_S", 0.0)
        talk.painter.spoken.append(INVALID)
        await ann.voice()
        assert (await boris.answer()).text.endswith("\nThe same has happened 2 more times since I last wrote about it.")


async def test_answers_that_telegram_takes_from_nobody_are_one_message_an_hour(talk: Talk) -> None:
    ann, boris = talk.telegram.ann, talk.telegram.boris
    for method in ("sendPhoto", "sendDocument"):
        await talk.telegram.fault(method, status=400, times=100)
    for number in range(3):
        await ann.say(f"a boat {number}")
        while "did not accept it" not in (await ann.answer()).text:
            pass
    assert (await boris.answer()).text.startswith("⚠ The answer of turn 1 could not be sent")
    await boris.silence()


@pytest.mark.parametrize(
    "detail",
    [
        "error sending request for url (https://store.example/b/x?X-Amz-Signature=5ecre75ecre75ecre7&X-Amz-Expires=9)",
        "connection to postgresql://bot:5ecre75ecre7@db/pentimento failed",
        "no access: Bearer 5ecre75ecre75ecre7",
    ],
)
async def test_a_secret_in_what_is_wrong_with_the_store_reaches_no_owner(talk: Talk, detail: str) -> None:
    """The log hides it, and so does the message, which Telegram's servers keep."""
    owners, boris = owners_of(talk), talk.telegram.boris
    owners.alarm(StorageFault(FaultKind.FULL, detail))
    told = (await boris.answer()).text
    assert told.startswith("⚠ The disk is full")
    assert "5ecre7" not in told
    owners.turn_failed(7, f"rejected: {detail}")
    assert "5ecre7" not in (await boris.answer()).text


async def test_the_end_of_the_process_waits_for_no_message(talk: Talk) -> None:
    """Only a moment, for those that are on their way."""
    await talk.telegram.fault("sendMessage", chat_id=BORIS, status=502)
    owners = owners_of(talk)
    owners.turn_failed(7, "key-invalid: no key")
    await talk.telegram.fault_met()
    async with asyncio.timeout(5):
        await owners.close()
    await talk.telegram.boris.silence()


async def test_messages_that_wait_for_telegram_do_not_pile_up(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.chat.owners.AGAIN_AFTER_S", 0.5)
    monkeypatch.setattr("bot.chat.owners.MOST_WAITING", 3)
    await talk.telegram.fault("sendMessage", chat_id=BORIS, status=502, times=8)
    owners = owners_of(talk)
    for number in range(8):
        owners.notify_soon("owner-listening", model=f"model-{number}", why="no")
    await talk.telegram.fault_met()
    told = [(await talk.telegram.boris.answer()).text for _ in range(3)]
    assert sorted(told) == [f"⚠ model-{one} (LISTEN_MODEL) does not listen to voice messages: no" for one in range(3)]
    await talk.telegram.boris.silence(0.8)


async def test_an_owner_whose_chat_is_slow_holds_up_nobody(talk: Talk) -> None:
    """Ann's next wish is painted while Telegram still thinks about the message to Boris."""
    await talk.telegram.fault("sendMessage", chat_id=BORIS, delay_s=4)
    ann = talk.telegram.ann
    talk.painter.will(INVALID)
    await ann.say("a boat")
    assert (await ann.answer()).text
    await ann.say("a gull")
    assert (await ann.answer(3)).has_picture


async def test_nobody_reads_that_an_owner_was_told_who_cannot_be_written_to(talk: Talk) -> None:
    """From the first time on that it is known, and no longer than the owner blocks the bot."""
    ann, boris = talk.telegram.ann, talk.telegram.boris
    await boris.block()
    said = []

    async def tried() -> bool | None:
        sent = [call for call in await talk.telegram.calls("sendMessage") if "⚠" in str(call)]
        return len(sent) == len(said) or None

    for reason in ("bad", "worse", "worst", "fine"):
        if reason == "worst":
            await boris.block(on=False)
        talk.painter.will(google_says(403, "PERMISSION_DENIED", reason))
        await ann.say("a boat")
        said.append((await ann.answer()).text.splitlines()[-1])
        await talk.telegram.wait_for(tried, 5, "Boris was not written to")
    assert said == [
        "My owner has been told.",
        *["Please tell the person who runs this bot."] * 2,
        "My owner has been told.",
    ]


class _Log(logging.Handler):
    """What the log of a process would have, with repeated faults counted."""

    def __init__(self) -> None:
        super().__init__()
        self._repeats = Repeats()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += [one.getMessage() for one in self._repeats.passed(record)]


async def test_a_fault_of_ours_that_every_message_meets_is_one_traceback_and_then_a_count(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each message there is a line that says what became of it."""

    async def broken(*_: object) -> None:
        raise ArithmeticError("1 / 0")

    for handler in ("handle", "handle_act"):
        monkeypatch.setattr(f"bot.chat.handlers.Handlers.{handler}", broken)
    log = _Log()
    logging.getLogger().addHandler(log)
    try:
        for _ in range(3):
            await talk.telegram.ann.say("a boat")
            assert "Something went wrong" in (await talk.telegram.ann.answer(20)).text
    finally:
        logging.getLogger().removeHandler(log)
    assert len([line for line in log.lines if "could not be handled" in line]) == 1
    assert len([line for line in log.lines if "is set aside" in line]) == 3
