"""The buttons below an answer in a chat of others: again, go on in private, and whose buttons they are."""

from __future__ import annotations

import pytest

from tests.dialogues.inline.test_guests import at_home
from tests.support.calling import BOT, placeholder, shown, strangers
from tests.support.painter import number_of, plain
from tests.support.people import BORIS, Chat, Message
from tests.support.talking import Talk


@pytest.fixture
async def guests(talk: Talk) -> Talk:
    """Return a bot that may be called as a guest."""
    return await at_home(talk)


async def called(group: Chat, words: str, reply_to: Message | None = None) -> Message:
    """Call the bot; return its message with the picture."""
    await group.say(f"{BOT} {words}", reply_to=reply_to)
    return await shown(group, await placeholder(group))


def link_in(message: Message) -> str:
    """Return what the button that goes on in private makes a client write."""
    return "/start " + message.buttons["Go on in private"].partition("start=")[2]


async def test_again_paints_into_the_same_message(guests: Talk) -> None:
    group = await strangers(guests)
    message = await called(group, "a lighthouse")
    await group.press(message, "Again")
    await guests.painter.called(2)
    assert number_of(await message.picture_bytes()) == 1
    again = await group.until(
        message, lambda found: found.body.get("photo") != message.body["photo"] and bool(found.buttons)
    )
    assert number_of(await again.picture_bytes()) == 2
    assert [call.wish for call in guests.painter.calls] == ["a lighthouse"] * 2
    assert len(await group.history()) == 2


async def test_only_the_caller_presses(guests: Talk) -> None:
    group = await strangers(guests)
    message = await called(group, "a lighthouse")
    pressed = await group.seen_by(BORIS).press(message, "Again")
    answer = await pressed.answered()
    assert answer["text"].startswith("This button is for the person who called me.")
    assert answer["show_alert"]
    await group.press(message, "Again")
    await guests.painter.called(2)
    assert len(guests.painter.calls) == 2


async def test_a_forged_button_opens_nothing(guests: Talk) -> None:
    """A changed client may send any data; it reaches the presser's own conversations alone."""
    group = await strangers(guests)
    message = await called(group, "a lighthouse")
    forged = message.buttons["🔄 Again"].replace("1001", str(BORIS))
    await group.seen_by(BORIS).press_data(message, forged)
    await group.seen_by(BORIS).press_data(message, "inline-again:1:x:y")
    await group.seen_by(BORIS).press_data(message, "again:1")
    await guests.telegram.boris.say("a mill")
    assert (await guests.telegram.boris.answer()).has_picture
    assert [call.wish for call in guests.painter.calls] == ["a lighthouse", "a mill"]


@pytest.mark.parametrize("name", ["inline-again", "inline-show"])
@pytest.mark.parametrize(
    "numbers",
    [
        f"1:{BORIS}:9999999999999999999",
        f"1:{BORIS}:-9999999999999999999",
        f"-9999999999999999999:{BORIS}:0",
        f"9999999999999999999:{BORIS}:-5",
        f"1:{BORIS}:5",
    ],
)
async def test_a_forged_number_stops_nobody(guests: Talk, name: str, numbers: str) -> None:
    group = await strangers(guests)
    message = await called(group, "a lighthouse")
    await group.seen_by(BORIS).press_data(message, f"{name}:{numbers}")
    for chat in (guests.telegram.ann, guests.telegram.boris):
        await chat.say("a mill")
        assert (await chat.answer()).has_picture


async def test_nobody_writes_over_the_answer_of_another(guests: Talk) -> None:
    group = await strangers(guests)
    message = await called(group, "a lighthouse")
    elsewhere = await strangers(guests, title="Other")
    own = (await called(elsewhere.seen_by(BORIS), "a gull")).buttons["🔄 Again"]
    for forged in (f"inline-show:0:{BORIS}:0", own):
        await group.seen_by(BORIS).press_data(message, forged)
    await guests.telegram.boris.say("a mill")
    assert (await guests.telegram.boris.answer()).has_picture
    await group.seen_by(BORIS).silence(0.5)
    now = await group.reload(message)
    assert (number_of(await now.picture_bytes()), "🔄 Again" in now.buttons) == (1, True)
    assert [call.wish for call in guests.painter.calls] == ["a lighthouse", "a gull", "a mill"]


async def test_a_press_while_it_paints_says_so(guests: Talk) -> None:
    release = guests.painter.hold()
    group = await strangers(guests)
    await group.say(f"{BOT} a lighthouse")
    message = await placeholder(group)
    answer = await (await group.press(message, "Is it ready?")).answered()
    assert answer["text"].startswith("I am still at work.")
    release.set()
    await shown(group, message)


async def test_words_alone_go_on_and_so_does_a_reply_to_the_answer(guests: Talk) -> None:
    group = await strangers(guests)
    first = await called(group, "a lighthouse")
    await called(group, "at night")
    await group.say("in the snow", reply_to=first)
    await shown(group, await placeholder(group))
    assert guests.painter.calls[1].roles == ["user", "model", "user"]
    assert [number_of(one) for one in guests.painter.calls[1].all_pictures] == [1]
    assert [number_of(one) for one in guests.painter.calls[2].all_pictures] == [1]


async def test_somebody_else_goes_on_from_the_picture_alone(guests: Talk) -> None:
    group = await strangers(guests)
    first = await called(group, "a lighthouse")
    await called(group.seen_by(BORIS), "in the snow", reply_to=first)
    call = guests.painter.calls[1]
    assert (call.roles, [number_of(one) for one in call.all_pictures]) == (["user"], [1])
    assert "lighthouse" not in str(call.contents)


async def test_it_goes_on_in_private_with_this_very_turn(guests: Talk) -> None:
    group, ann = await strangers(guests), guests.telegram.ann
    await ann.say("a mill")
    await ann.answer()
    photo = await group.seen_by(BORIS).photo(plain(7))
    message = await called(group, "make it red", reply_to=photo)
    await ann.say(link_in(message))
    answer = await ann.answer()
    assert answer.caption == "Here we go on with “make it red”."
    assert number_of(await answer.picture_bytes()) == 2
    await ann.say("now bluer")
    await ann.answer()
    call = guests.painter.calls[-1]
    assert call.roles == ["user", "model", "user"]
    # The caller keeps it, so the photo that it was made from comes along.
    assert [number_of(one) for one in call.all_pictures] == [7, 2]
    assert "make it red" in str(call.contents)
    assert "a mill" not in str(call.contents)


async def test_to_go_on_twice_makes_one_copy_that_costs_nothing(guests: Talk) -> None:
    group, ann = await strangers(guests), guests.telegram.ann
    message = await called(group, "a lighthouse")
    for _ in range(2):
        await ann.say(link_in(message))
        assert (await ann.answer()).has_picture
    await ann.say("/usage")
    assert "One picture" in (await ann.answer()).text
    await ann.say("/tree")
    assert (await ann.answer()).has_picture
    await ann.say("/undo")
    await ann.answer()


async def test_nobody_else_opens_it_by_the_link(guests: Talk) -> None:
    group, boris = await strangers(guests), guests.telegram.boris
    message = await called(group, "a lighthouse")
    await boris.say(link_in(message))
    answer = await boris.answer()
    assert not answer.has_picture
    assert answer.text.startswith("Hi!")
    await boris.say("warmer")
    await boris.answer()
    assert guests.painter.calls[-1].roles == ["user"]


async def test_a_link_to_an_answer_of_the_private_chat_is_no_link(guests: Talk) -> None:
    ann = guests.telegram.ann
    await ann.say("a lighthouse")
    await ann.answer()
    await ann.say("/start go1")
    assert (await ann.answer()).text.startswith("Hi!")


async def test_settings_of_the_private_chat_hold(guests: Talk) -> None:
    ann = guests.telegram.ann
    await ann.say("/language deutsch")
    await ann.answer()
    await ann.say("/ratio 16:9")
    await ann.answer()
    group = await strangers(guests)
    await group.say(f"{BOT} ein Leuchtturm")
    first = await placeholder(group)
    assert first.text == "Bin dran …"
    await shown(group, first)
    assert "16:9" in str(guests.painter.calls[0].body)


async def test_each_placeholder_that_was_forgotten_finds_its_own_picture(guests: Talk) -> None:
    """The bot learned from no answer of Telegram which messages it had posted; presses tell, in any order."""
    group = await strangers(guests)
    await guests.telegram.fault("answerGuestQuery", drop="after")
    await group.say(f"{BOT} a lighthouse")
    first = await placeholder(group)
    await guests.painter.called(1)
    await guests.telegram.fault("answerGuestQuery", drop="after")
    await group.say(f"{BOT} a tower")
    second = await placeholder(group)
    await guests.painter.called(2)
    await called(group, "a mill")
    for message, number in ((first, 1), (second, 2)):
        assert not (await group.reload(message)).has_picture
        await group.press(message, "Is it ready?")
        assert number_of(await (await shown(group, message)).picture_bytes()) == number
    assert len(guests.painter.calls) == 3
