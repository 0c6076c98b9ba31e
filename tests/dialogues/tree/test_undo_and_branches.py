"""Moving over the tree: edit, again, undo, redo, new, and replies to anything older; by words and by buttons."""

from __future__ import annotations

import pytest

from bot.chat.wishes import edits
from storage.records import Key
from tests.support.painter import number_of, plain
from tests.support.people import Chat, Message
from tests.support.talking import Talk

WORDS = [{"text": "I cannot tell."}]


async def ask(chat: Chat, wish: str, reply_to: Message | None = None) -> Message:
    """Say a wish and wait for its picture."""
    await chat.say(wish, reply_to=reply_to)
    answer = await chat.answer()
    assert answer.has_picture
    return answer


def seen(talk: Talk, call: int = -1) -> list[int]:
    """Return the pictures that the model was shown, by their numbers."""
    return [number_of(picture) for picture in talk.painter.calls[call].all_pictures]


async def test_an_edited_message_is_done_again_beside_the_first(talk: Talk) -> None:
    """The model gets the new words in the place of the old ones, not after them."""
    ann = talk.telegram.ann
    await ask(ann, "a boat")
    sent = await ann.say("now read")
    await ann.answer()
    await ann.edit(sent, "now red")
    retold = await ann.answer()
    assert "With your edited words" in retold.caption
    assert [call.wish for call in talk.painter.calls] == ["a boat", "now read", "now red"]
    assert seen(talk) == [1]
    await ask(ann, "add a gull")
    assert seen(talk) == [1, 3]


async def test_an_edited_caption_keeps_its_photo(talk: Talk) -> None:
    ann = talk.telegram.ann
    photo = await ann.photo(plain(150), "make it read")
    await ann.answer()
    await ann.edit(photo, "make it red")
    await ann.answer()
    assert (talk.painter.calls[1].wish, seen(talk)) == ("make it red", [150])


async def test_a_photo_that_its_sender_replaced_is_the_new_one_in_all_that_follows(talk: Talk) -> None:
    ann = talk.telegram.ann
    photo = await ann.photo(plain(150), "make it red")
    await ann.answer()
    for number in (160, 170):
        await ann.replace(photo, plain(number), "make it red")
        await ann.answer()
        assert seen(talk) == [number]
    await ask(ann, "once more in green", reply_to=photo)
    assert seen(talk) == [170]


async def test_an_album_of_which_one_photo_was_replaced_keeps_it_when_a_caption_changes(talk: Talk) -> None:
    ann = talk.telegram.ann
    first, second = await ann.album([plain(150), plain(151)], "a collage")
    await ann.answer()
    await ann.replace(second, plain(160))
    await ann.answer()
    await ann.edit(first, "a warm collage")
    await ann.answer()
    assert (talk.painter.calls[-1].wish, seen(talk)) == ("a warm collage", [150, 160])


async def test_a_caption_added_to_a_waiting_photo_is_its_wish(talk: Talk) -> None:
    ann = talk.telegram.ann
    photo = await ann.photo(plain(150))
    await ann.answer()
    await ann.edit(photo, "make it red")
    assert (await ann.answer()).has_picture
    assert (talk.painter.calls[0].wish, seen(talk)) == ("make it red", [150])
    await ask(ann, "now blue")
    assert seen(talk) == [150, 1]
    await ask(ann, "once more in green", reply_to=photo)
    assert seen(talk) == [150]


async def test_an_edited_caption_of_an_album_leaves_the_other_captions(talk: Talk) -> None:
    ann = talk.telegram.ann
    sent = await ann.album([plain(150), plain(151)], captions=["this boat", "into this harbour"])
    await ann.answer()
    await ann.edit(sent[1], "into that storm")
    await ann.answer()
    parts = talk.painter.calls[1].contents[0]["parts"]
    assert [part.get("text", "picture") for part in parts] == ["picture", "this boat", "picture", "into that storm"]


async def test_an_edit_that_changes_no_word_paints_nothing(talk: Talk) -> None:
    """Telegram reports more than changed words as an edit."""
    ann = talk.telegram.ann
    sent = await ann.say("a boat")
    await ann.answer()
    edited = {**sent.body, "edit_date": sent.body["date"] + 1}
    await talk.telegram.update({"edited_message": edited})
    await ask(ann, "now red")
    assert [call.wish for call in talk.painter.calls] == ["a boat", "now red"]


async def test_again_repeats_the_wish_as_a_sibling(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ask(ann, "a boat")
    second = await ask(ann, "now red")
    await ann.press(second, "Again")
    third = await ann.answer()
    assert number_of(await third.picture_bytes()) == 3
    assert talk.painter.calls[2].body["contents"] == talk.painter.calls[1].body["contents"]
    await ask(ann, "add a gull")
    assert seen(talk) == [1, 3]


async def test_again_as_a_command_repeats_the_newest_wish_or_the_one_replied_to(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/again")
    assert "nothing to repeat" in (await ann.answer()).text
    first = await ask(ann, "a boat")
    await ask(ann, "now red")
    await ask(ann, "/again")
    await ask(ann, "/again", reply_to=first)
    assert [call.wish for call in talk.painter.calls] == ["a boat", "now red", "now red", "a boat"]


async def test_again_repeats_what_somebody_went_to_and_not_what_lies_elsewhere(talk: Talk) -> None:
    """ "We go on from this “now red”", said the bot, and then painted the gull of another branch once more."""
    ann = talk.telegram.ann
    for wish in ("a boat", "now red", "add a gull"):
        await ask(ann, wish)
    await ask(ann, "/undo")
    await ask(ann, "/again")
    await ask(ann, "/go 2")
    await ask(ann, "/again")
    assert [call.wish for call in talk.painter.calls[3:]] == ["add a gull", "now red"]


async def test_again_repeats_a_wish_that_failed_wherever_it_was_asked(talk: Talk) -> None:
    ann = talk.telegram.ann
    boat = await ask(ann, "a boat")
    for wish in ("now red", "add a gull"):
        await ask(ann, wish)
    talk.painter.will({"promptFeedback": {"blockReason": "SAFETY"}})
    await ann.say("add a moon", reply_to=boat)
    assert not (await ann.answer()).has_picture
    await ask(ann, "/again")
    assert [call.wish for call in talk.painter.calls[3:]] == ["add a moon", "add a moon"]


async def test_undo_and_redo_walk_back_and_forth(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ask(ann, "a boat")
    await ask(ann, "now red")
    await ask(ann, "add a gull")
    for command, shown in [("/undo", 2), ("/undo", 1), ("/redo", 2), ("/redo", 3)]:
        back = await ask(ann, command)
        assert number_of(await back.picture_bytes()) == shown
    await ann.say("/redo")
    assert "nothing to redo" in (await ann.answer()).text
    await ask(ann, "at night")
    assert seen(talk)[-1] == 3


async def test_undo_at_the_root_leaves_nothing_to_undo(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/undo")
    assert not (await ann.answer()).has_picture
    await ask(ann, "a boat")
    await ann.say("/undo")
    assert not (await ann.answer()).has_picture
    await ask(ann, "a gull")
    assert talk.painter.calls[1].roles == ["user"]


async def test_after_something_new_there_is_no_way_forward(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ask(ann, "a boat")
    await ask(ann, "now red")
    await ask(ann, "/undo")
    await ask(ann, "now blue")
    await ann.say("/redo")
    assert not (await ann.answer()).has_picture


async def test_the_undo_button_leaves_the_picture_under_which_it_stands(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ask(ann, "a boat")
    second = await ask(ann, "now red")
    await ann.press(second, "Undo")
    back = await ann.answer()
    assert number_of(await back.picture_bytes()) == 1


async def test_new_forgets_and_a_reply_to_the_old_picture_remembers(talk: Talk) -> None:
    ann = talk.telegram.ann
    old = await ask(ann, "a boat")
    await ann.say("/new")
    assert not (await ann.answer()).has_picture
    await ask(ann, "a gull")
    assert talk.painter.calls[1].roles == ["user"]
    await ask(ann, "now red", reply_to=old)
    assert (talk.painter.calls[2].roles, seen(talk)) == (["user", "model", "user"], [1])


async def test_new_can_be_taken_back(talk: Talk) -> None:
    ann = talk.telegram.ann
    picture = await ask(ann, "a boat")
    await ann.press(picture, "New")
    await ann.answer()
    back = await ask(ann, "/redo")
    assert number_of(await back.picture_bytes()) == 1
    await ask(ann, "now red")
    assert seen(talk) == [1]


async def test_undo_takes_a_new_start_back(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ask(ann, "a boat")
    await ask(ann, "now red")
    await ann.say("/new")
    assert "/undo" in (await ann.answer()).text
    back = await ask(ann, "/undo")
    assert number_of(await back.picture_bytes()) == 2
    await ask(ann, "at night")
    assert seen(talk)[-1] == 2


async def test_a_new_start_that_was_taken_back_can_be_made_again(talk: Talk) -> None:
    """By the button and by /redo, as often as somebody goes back, and from further back, too."""
    ann = talk.telegram.ann
    await ask(ann, "a boat")
    await ask(ann, "now red")
    await ann.say("/new")
    fresh = (await ann.answer()).text
    back = await ask(ann, "/undo")
    await ann.press(back, "Redo")
    assert (await ann.answer()).text == fresh
    for command, shown in (("/undo", 2), ("/undo", 1), ("/redo", 2)):
        picture = await ask(ann, command)
        assert number_of(await picture.picture_bytes()) == shown
    await ann.say("/redo")
    assert (await ann.answer()).text == fresh
    await ask(ann, "a gull")
    assert talk.painter.calls[-1].roles == ["user"]
    await ann.say("/redo")
    assert "nothing to redo" in (await ann.answer()).text


async def test_the_undo_of_a_first_picture_is_no_new_start(talk: Talk) -> None:
    """A second /undo finds nothing, however often somebody starts over there."""
    ann = talk.telegram.ann
    await ask(ann, "a boat")
    for command in ("/undo", "/new", "/undo"):
        await ann.say(command)
        answer = await ann.answer()
        assert not answer.has_picture
    assert "nothing to undo" in answer.text
    forward = await ask(ann, "/redo")
    assert number_of(await forward.picture_bytes()) == 1


async def test_a_button_goes_forward_again(talk: Talk) -> None:
    """It stands under what an undo or a redo shows as long as there is something ahead, and nowhere else."""
    ann = talk.telegram.ann
    first = await ask(ann, "a boat")
    second = await ask(ann, "now red")
    assert not [label for picture in (first, second) for label in picture.buttons if "Redo" in label]
    await ann.press(second, "Undo")
    back = await ann.answer()
    await ann.press(back, "Undo")
    start = await ann.answer()
    assert start.text == "↩ Back at the start. Send a new wish, or press Redo to return."
    forward = start
    for shown in (1, 2):
        await ann.press(forward, "Redo")
        forward = await ann.answer()
        assert number_of(await forward.picture_bytes()) == shown
    assert not [label for label in forward.buttons if "Redo" in label]
    await ann.say("/redo")
    assert "nothing to redo" in (await ann.answer()).text


@pytest.mark.parametrize("start", ["a picture", "a photo"])
async def test_going_to_an_answer_in_words_shows_the_picture_that_is_current_there(talk: Talk, start: str) -> None:
    """Back over a new start, back and forward; a wish in reply to it, and one after it, changes that picture once."""
    ann = talk.telegram.ann
    if start == "a photo":
        talk.painter.will(WORDS)
        await ann.photo(plain(150), "who is that?")
    else:
        await ask(ann, "a boat")
        talk.painter.will(WORDS)
        await ann.say("who is that?")
    assert not (await ann.answer()).has_picture
    current = 150 if start == "a photo" else 1
    await ann.say("/new")
    await ann.answer()
    back = await ask(ann, "/undo")
    assert number_of(await back.picture_bytes()) == current
    assert back.caption.startswith("↩ Back to “who is that?”, which I answered with words.")
    assert "↪ Redo" in back.buttons
    await ask(ann, "now red")
    assert seen(talk) == [current]
    await ask(ann, "now blue", reply_to=back)
    assert seen(talk) == [current]
    again = await ask(ann, "/undo")
    assert number_of(await again.picture_bytes()) == current


async def test_going_to_words_where_no_picture_is_shows_words(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.will(WORDS)
    await ann.say("who are you?")
    await ann.answer()
    await ask(ann, "a boat")
    await ann.say("/undo")
    back = await ann.answer()
    assert not back.has_picture
    assert back.text == "↩ Back to “who are you?”, which I answered with words."


@pytest.mark.parametrize("sent", ["with a caption", "words later", "an album"])
async def test_an_undone_first_wish_leaves_its_photo(talk: Talk, sent: str) -> None:
    """Who regrets what was done to a photo wants something else done to it: not to a picture of nothing."""
    ann = talk.telegram.ann
    if sent == "an album":
        await ann.album([plain(150), plain(160)], "blend them")
    else:
        await ann.photo(plain(150), "warmer" if sent == "with a caption" else "")
        if sent == "words later":
            assert not (await ann.answer()).has_picture
            await ann.say("warmer")
    await ann.answer()
    await ann.say("/undo")
    start = await ann.answer()
    assert start.text.startswith("↩ Back at the start: the ")
    assert [*start.buttons] == ["↪ Redo"]
    await ann.say("/context")
    assert (await ann.answer()).text.startswith("Only what was sent so far: ")
    await ask(ann, "cooler")
    assert seen(talk) == ([150, 160] if sent == "an album" else [150])
    assert talk.painter.calls[1].wish == "cooler"


async def test_a_wish_with_a_photo_of_its_own_or_a_new_start_takes_no_undone_photo_along(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150), "warmer")
    await ann.answer()
    await ann.say("/undo")
    await ann.answer()
    await ann.photo(plain(160), "cooler")
    assert (await ann.answer()).has_picture
    assert seen(talk) == [160]
    await ann.say("/undo")
    await ann.answer()
    await ask(ann, "/new a boat")
    assert seen(talk) == []
    await ann.say("/undo")
    await ann.answer()
    await ask(ann, "a gull")
    assert seen(talk) == []


async def test_new_puts_an_undone_photo_aside_and_undo_returns(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150), "warmer")
    await ann.answer()
    for command in ("/undo", "/new"):
        await ann.say(command)
        await ann.answer()
    await ann.say("/undo")
    back = await ann.answer()
    assert number_of(await back.picture_bytes()) == 1
    for command in ("/undo", "/new"):
        await ann.say(command)
        await ann.answer()
    await ask(ann, "a boat")
    assert seen(talk) == []


async def test_an_undone_photo_takes_a_name_and_not_the_pictures_that_its_wish_called_by_theirs(talk: Talk) -> None:
    ann = talk.telegram.ann
    boat = await ask(ann, "a boat")
    await ann.say("/save hat", reply_to=boat)
    await ann.answer()
    await ann.say("/new")
    await ann.answer()
    await ann.photo(plain(150), "put @hat on it")
    await ann.answer()
    await ann.say("/undo")
    assert "the photo as it came" in (await ann.answer()).text
    await ann.say("/save dog")
    assert "@dog" in (await ann.answer()).text
    await ask(ann, "warmer")
    assert seen(talk) == [150]


async def test_in_a_group_it_is_said_who_went_back(talk: Talk) -> None:
    group = await talk.telegram.group()
    await group.answer()
    boris = group.seen_by(talk.telegram.boris.person_id)
    await group.say("/edit@pentimento_bot a boat")
    await group.answer()
    await group.say("/edit@pentimento_bot now red")
    second = await group.answer()
    await boris.press(second, "Undo")
    assert (await group.answer()).caption == "Boris: ↩ Back to “a boat”."
    await boris.say("/undo@pentimento_bot")
    assert (await group.answer()).text.startswith("Boris: ↩ Back at the start.")


async def test_a_reply_to_ones_own_words_goes_on_from_their_picture(talk: Talk) -> None:
    ann = talk.telegram.ann
    words = await ann.say("a boat")
    await ann.answer()
    await ask(ann, "now red")
    await ask(ann, "now blue", reply_to=words)
    assert seen(talk) == [1]


async def test_a_reply_to_what_an_undo_showed_goes_on_from_there(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ask(ann, "a boat")
    await ask(ann, "now red")
    shown = await ask(ann, "/undo")
    await ask(ann, "now green")
    await ask(ann, "now blue", reply_to=shown)
    assert seen(talk) == [1]


@pytest.mark.parametrize("button", ["Again", "Undo", "New", "File"])
async def test_buttons_work_after_a_restart_and_answer_at_once(talk: Talk, button: str) -> None:
    ann = talk.telegram.ann
    await ask(ann, "a boat")
    second = await ask(ann, "now red")
    await talk.restart()
    press = await ann.press(second, button)
    assert not (await press.answered())["show_alert"]
    answer = await ann.answer()
    assert answer.has_picture == (button in ("Again", "Undo"))
    assert ("document" in answer.body) == (button == "File")


async def test_a_button_is_acknowledged_while_the_conversation_is_busy(talk: Talk) -> None:
    ann = talk.telegram.ann
    first = await ask(ann, "a boat")
    gate = talk.painter.hold()
    await ann.say("now red")
    await talk.painter.called(2)
    await (await ann.press(first, "File")).answered()
    gate.set()
    assert (await ann.answer()).has_picture
    assert "document" in (await ann.answer()).body


@pytest.mark.parametrize("verb", ["again", "undo", "file", "show", "choose", "vary"])
async def test_a_button_says_nothing_of_other_peoples_conversations(talk: Talk, verb: str) -> None:
    """The data of a button comes from a client, which may send any number."""
    boris, ann = talk.telegram.boris, talk.telegram.ann
    await ask(boris, "a secret boat")
    turn = await talk.store.conversations.latest((await talk.store.conversations.open(Key(boris.id, 0))).id)
    assert turn is not None
    mine = await ask(ann, "a gull")
    await ann.press_data(mine, f"{verb}:{turn.id}")
    assert "no longer" in (await ann.answer()).text
    assert len(talk.painter.calls) == 2


async def test_no_button_leads_to_a_wish_that_has_no_answer(talk: Talk) -> None:
    """A changed client can write any turn on it."""
    ann = talk.telegram.ann
    picture = await ask(ann, "a boat")
    talk.painter.will({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}})
    await ann.say("something else")
    await ann.answer()
    await ann.press_data(picture, "choose:2")
    assert "no longer" in (await ann.answer()).text
    assert (await talk.store.conversations.open(Key(ann.id, 0))).head_id == 1


@pytest.mark.parametrize(
    "data", ["", "again", "again:", "again:-1", "again:99999999999999999999", "x" * 64, ":", "set-:"]
)
async def test_nonsense_on_a_button_does_no_harm(talk: Talk, data: str) -> None:
    ann = talk.telegram.ann
    picture = await ask(ann, "a boat")
    await ann.press_data(picture, data or "?")
    await ann.say("/help")
    answers = [await ann.answer()]
    while "How it works" not in answers[-1].text:
        answers.append(await ann.answer())
    assert len(answers) <= 2
    assert "Something went wrong" not in answers[0].text


async def test_a_command_that_is_edited_into_a_wish_is_one(talk: Talk) -> None:
    """One that is edited into another command is not run again."""
    ann = talk.telegram.ann
    sent = await ann.say("/tree")
    await ann.answer()
    await ann.edit(sent, "a boat")
    answer = await ann.answer()
    assert (answer.has_picture, talk.painter.calls[-1].wish) == (True, "a boat")
    # The drawing of the tree came in between.
    assert answer.reply_to == sent.id
    await ann.edit(sent, "a red boat")
    await ann.answer()
    assert talk.painter.calls[-1].wish == "a red boat"
    sent = await ann.say("/privacy")
    await ann.answer()
    await ann.edit(sent, "/usage")
    await ann.silence()


async def test_an_old_text_that_nobody_knows_is_not_painted_by_an_edit(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram sends edits for changes that no person made, and the wish may have been forgotten on purpose."""
    ann = talk.telegram.ann
    sent = await ann.say("/help")
    await ann.answer()
    monkeypatch.setattr(edits, "NEWS_FOR_S", 0)
    await ann.edit(sent, "a boat")
    await ask(ann, "a gull")
    assert [call.wish for call in talk.painter.calls] == ["a gull"]
