"""What the person who runs the bot reads of it: its commands beside a running bot, and its log."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.support.painter import Painter
from tests.support.people import Telegram
from tests.support.processes import Bot, settings_for, started


async def test_a_timer_checks_token_and_keys_beside_a_running_bot(telegram: Telegram, tmp_path: Path) -> None:
    """The whole check needs the store for itself, says so, and names the other one."""
    settings = settings_for(telegram)
    async with started(tmp_path, "run", **settings) as bot:
        await bot.says("is listening")
        async with started(tmp_path, "check", **settings) as whole:
            assert await whole.ends() == 2
            assert "stop it first" in whole.text
            assert "check --accounts` checks token and keys." in whole.text
        async with started(tmp_path, "check", "--accounts", **settings) as well:
            assert await well.ends() == 0
            assert well.text.splitlines()[-1] == "Nothing is broken."
        wrong = {**settings, "GEMINI_API_KEY": "bad-key-of-a-test"}
        async with started(tmp_path, "check", "--accounts", **wrong) as ill:
            assert await ill.ends() == 1
            assert ill.text.splitlines()[-1] == "1 thing is broken."
        assert await bot.stop() == 0


BUSY = (503, {"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}})
USED = {"promptTokenCount": 10_000, "totalTokenCount": 10_000}
UNSAFE = {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": USED}


async def _three_wishes(bot: Bot, telegram: Telegram, painter: Painter) -> None:
    """One is answered after the provider was busy, one refused, one cancelled."""
    ann = telegram.ann
    await bot.says("is listening")
    painter.will(BUSY)
    await ann.say("a boat")
    assert (await ann.answer(30)).has_picture
    painter.will(UNSAFE)
    await ann.say("now something else")
    await ann.answer()
    gate = painter.hold()
    await ann.say("now red")
    await painter.called(4)
    await ann.say("/cancel")
    await ann.answer()
    gate.set()


async def test_the_log_has_one_line_for_each_turn(telegram: Telegram, painter: Painter, tmp_path: Path) -> None:
    """It can be read and searched; a retry stands there once, with its reason, and no word of the person."""
    async with started(tmp_path, "run", **settings_for(telegram, painter)) as bot:
        await _three_wishes(bot, telegram, painter)
        assert await bot.stop() == 0
    who = telegram.ann.id
    lines = [line for line in bot.text.splitlines() if " conversation " in line]
    after = r"after \d+\.\d s"
    # An answer says which model made it; without one the line names the model that was asked.
    # What was refused or stopped may be billed, too.
    ends = [
        rf"scripted delivered {after} \$0\.039",
        rf"gemini-2.5-flash-image failed \(\S+\) {after} \$0\.003",
        rf"gemini-2.5-flash-image cancelled {after} \$0\.039",
    ]
    assert len(lines) == len(ends)
    for number, (line, end) in enumerate(zip(lines, ends, strict=True), start=1):
        assert re.search(rf"turn {number} conversation {who}/0 by {who} gemini {end} ", line)
    assert len([line for line in bot.text.splitlines() if "turn 1 waits" in line]) == 1
    assert len([line for line in bot.text.splitlines() if "overloaded" in line]) <= 1
    assert "boat" not in bot.text


async def test_a_machine_gets_the_same_as_fields(telegram: Telegram, painter: Painter, tmp_path: Path) -> None:
    """Turn, conversation and provider also stand beside what happens on the way."""
    async with started(tmp_path, "run", **settings_for(telegram, painter, LOG_FORMAT="json")) as bot:
        await _three_wishes(bot, telegram, painter)
        assert await bot.stop() == 0
    who = telegram.ann.id
    lines = [json.loads(line) for line in bot.text.splitlines()]
    ended = [line for line in lines if "outcome" in line]
    assert [line["outcome"] for line in ended] == ["delivered", "failed", "cancelled"]
    first = {name: ended[0][name] for name in ("turn", "conversation", "who", "provider", "model")}
    model = {"provider": "gemini", "model": "scripted"}
    assert first == {"turn": 1, "conversation": f"{who}/0", "who": who, **model}
    assert ended[0]["seconds"] >= 0
    assert round(ended[0]["dollars"], 3) == 0.039
    assert ended[1]["why"]
    (waits,) = [line for line in lines if "turn 1 waits" in line["event"]]
    assert (waits["turn"], waits["conversation"]) == (1, f"{who}/0")


async def test_the_log_calls_nothing_delivered_of_which_that_is_not_known(
    telegram: Telegram, painter: Painter, tmp_path: Path
) -> None:
    """The person reads the same: the bot is not sure that the picture arrived."""
    async with started(tmp_path, "run", **settings_for(telegram, painter)) as bot:
        await bot.says("is listening")
        await telegram.fault("sendPhoto", status=502)
        await telegram.ann.say("a boat")
        assert "not sure" in (await telegram.ann.answer()).text
        assert "scripted kept back after" in await bot.says("turn 1 conversation")
        assert await bot.stop() == 0


async def test_a_language_that_the_bot_does_not_have_is_named_at_the_start(telegram: Telegram, tmp_path: Path) -> None:
    """Desktops set the variable themselves, so that it ends no start."""
    async with started(tmp_path, "run", **settings_for(telegram, LANGUAGE="fr_FR:fr")) as bot:
        line = await bot.says("LANGUAGE=fr is none of the bot's languages")
        assert "(en, de, es, pt, ru, zh-hans)" in line
        assert await bot.stop() == 0


async def test_a_model_that_the_key_does_not_offer_is_named_at_the_start(telegram: Telegram, tmp_path: Path) -> None:
    """It may come back, and there may be a successor, so the bot runs all the same."""
    settings = settings_for(telegram, GEMINI_MODEL="gemini-2.5-flash-imgae")
    async with started(tmp_path, "run", **settings) as bot:
        line = await bot.says("gemini-2.5-flash-imgae")
        assert "not in the provider's list" in line
        assert "gemini-2.5-flash-image" in line
        await bot.says("is listening")
        assert await bot.stop() == 0
