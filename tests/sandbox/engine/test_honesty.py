"""The engine says what it did not do, and why, and what a person can do instead."""

from __future__ import annotations

import re

import pytest

from bot.sandbox.engine import studio
from bot.sandbox.engine.wire import Asked, Turn
from bot.turns.request.contents import TO_CHANGE, WISHED
from tests.sandbox.engine.made import decoded, encoded, line, photo
from tests.sandbox.engine.test_conversation import PHOTO, SMALL, asked, drifted, steps, talk

SQUARE = encoded(photo(120, 120))


@pytest.mark.parametrize("edit", ["rotate left", 'write "Ahoy"', "sepia", "crop to 16:9", "half the size"])
def test_a_boat_can_be_added_after_another_edit(edit: str) -> None:
    found = asked("a lighthouse at dusk", edit, "add a boat", pictures=())
    assert line(found.scene) == "scene subject=lighthouse time=dusk with=boat"
    assert len(steps(found)) == 1


@pytest.mark.parametrize("wish", ["add a boat", "now at night", "let it snow"])
def test_a_scene_too_far_back_cannot_be_painted_again_and_the_answer_says_how_to_go_on(wish: str) -> None:
    """After many wishes the bot has no room for the scene itself, and tells of it in words."""
    told = "\n".join([WISHED, "- a lighthouse at dusk", "- rotate left", TO_CHANGE, f"Now: {wish}"])
    words = talk(told)[1]
    assert "too many wishes ago: reply to the scene itself" in words
    assert "Sorry" not in words
    suggested = words.rpartition("“")[2].rstrip("”.")
    assert line(asked(suggested, pictures=()).scene) == "scene subject=lighthouse time=night with=boat"


@pytest.mark.parametrize("mode", ["normal", "drift"])
@pytest.mark.parametrize("version", [0, 2])
def test_a_scene_goes_on_where_the_bot_tells_of_it_in_words_and_shows_it(mode: str, version: int) -> None:
    """A changed place is put into the picture before; such an answer does not go back as it came."""
    turns = [Turn(role="user", text="a lighthouse at dusk")]
    for wish in ("warmer", "add a small boat"):
        said = studio.answer(Asked(turns=tuple(turns)), SMALL, mode, version if len(turns) == 1 else 0)
        turns += [Turn(role="model", text=said.text, pictures=(said.pictures[0][1],)), Turn(role="user", text=wish)]
    boat = studio.answer(Asked(turns=tuple(turns)), SMALL, mode).pictures[0][1]
    told = "\n".join(
        [WISHED, "- a lighthouse at dusk", "- warmer", "- add a small boat", TO_CHANGE, "Now: now at night"]
    )
    retold = Turn(role="user", text=told, pictures=(encoded(decoded(boat)),))
    night = studio.answer(Asked(turns=(retold,)), SMALL, mode)
    assert "lighthouse, night, with a boat" in night.text
    after = Turn(role="model", text=night.text, pictures=(night.pictures[0][1],))
    without = studio.answer(Asked(turns=(retold, after, Turn(role="user", text="let it snow"))), SMALL, mode)
    assert "lighthouse, night, snow, with a boat" in without.text


@pytest.mark.parametrize(
    ("first", "refused", "wish", "answer"),
    [
        ("add a small boat", "add a dragon", "now at night", "lighthouse, night, with a boat"),
        ("add a small boat", "add a dragon", "without the boat", "lighthouse, dusk."),
        ("add a small boat", "", "add a boat", "already"),
        ("mit einem Boot", "mach einen Drachen dazu", "jetzt bei Nacht", "Ohne KI gemalt"),
    ],
)
def test_a_scene_that_the_bot_tells_of_goes_on_after_a_wish_that_was_refused(
    first: str, refused: str, wish: str, answer: str
) -> None:
    turns = [Turn(role="user", text="a lighthouse at dusk")]
    dusk = studio.answer(Asked(turns=tuple(turns)), SMALL)
    turns += [Turn(role="model", text=dusk.text, pictures=(dusk.pictures[0][1],)), Turn(role="user", text=first)]
    boat = encoded(decoded(studio.answer(Asked(turns=tuple(turns)), SMALL).pictures[0][1]))
    told = "\n".join([WISHED, "- a lighthouse at dusk", f"- {first}", TO_CHANGE, "Now: "])
    turns = [Turn(role="user", text=told + (refused or wish), pictures=(boat,))]
    if refused:
        no = studio.answer(Asked(turns=tuple(turns)), SMALL)
        assert not no.pictures
        turns += [Turn(role="model", text=no.text), Turn(role="user", text=wish)]
    assert answer in studio.answer(Asked(turns=tuple(turns)), SMALL).text


def test_a_scene_goes_on_where_only_a_refused_wish_still_tells_of_it() -> None:
    """Later the bot shows the newest answer, and of the picture before the refused wish it has only words."""
    night = studio.answer(Asked(turns=(Turn(role="user", text="a lighthouse at night with a boat"),)), SMALL)
    began = "This conversation began with this picture:\n"
    told = "\n".join([f"{began}{WISHED}", "- a lighthouse at dusk", "- add a boat", "Then: add a dragon"])
    turns = (
        Turn(role="user", text=told, pictures=(SQUARE,)),
        Turn(role="model", text="Sorry."),
        Turn(role="user", text="now at night"),
        Turn(role="model", text=night.text, pictures=(night.pictures[0][1],)),
        Turn(role="user", text="without the boat"),
    )
    assert "lighthouse, night." in studio.answer(Asked(turns=turns), SMALL).text


@pytest.mark.parametrize("version", [0, 1, 3])
def test_a_new_scene_after_a_refused_wish_goes_on_in_the_version_that_was_chosen(version: int) -> None:
    """It begins anew, whatever the bot told of an earlier one."""
    began = "This conversation began with this picture:\n"
    told = "\n".join([f"{began}{WISHED}", "- a castle", "Then: add a dragon"])
    turns = [
        Turn(role="user", text=told, pictures=(SQUARE,)),
        Turn(role="model", text="Sorry."),
        Turn(role="user", text="a lighthouse at dusk"),
    ]
    dusk = studio.answer(Asked(turns=tuple(turns)), SMALL, version=version)
    turns += [Turn(role="model", text=dusk.text, pictures=(dusk.pictures[0][1],))]
    turns += [Turn(role="user", text="now at night")]
    assert "lighthouse, night." in studio.answer(Asked(turns=tuple(turns)), SMALL).text


def test_a_photo_is_not_painted_over_by_a_scene_from_words_before_it() -> None:
    told = "\n".join([WISHED, "- a lighthouse at dusk", "- warmer", TO_CHANGE, "Now: now at night"])
    turns, words = talk(told, pictures=(SQUARE,))
    assert "in a photo, that takes a real image model" in words
    assert not turns[-1].pictures


def test_only_scenes_with_a_sky_can_have_a_boat() -> None:
    for start in ("a bowl of fruit", "a castle"):
        assert "only in a lighthouse or a landscape" in talk(start, "add a boat", pictures=())[1]


def test_a_square_picture_is_not_cropped_to_a_square() -> None:
    turns, words = talk("crop to a square", pictures=(SQUARE,))
    assert words == "Crop changes nothing here: the picture is square already."
    assert not turns[-1].pictures


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ("resize to 120x120", "Resize changes nothing here: the picture is 120x120 px already."),
        ("rotate 360 degrees", "Rotate changes nothing here."),
        ('write "🎉"', "Text changes nothing here. My font lacks 🎉, so I left that out."),
        (
            "put them side by side",
            "That needs two pictures: send them together as an album, with the wish as the caption.",
        ),
    ],
)
def test_other_edits_that_change_nothing_say_so_and_send_no_picture(wish: str, words: str) -> None:
    turns, said = talk(wish, pictures=(SQUARE,))
    assert said == words
    assert not turns[-1].pictures


def test_a_picture_without_colour_stays_as_it_is() -> None:
    assert talk("black and white", "black and white")[1] == "Black and white changes nothing here."


def test_what_does_change_something_is_done_beside_what_does_not() -> None:
    turns, words = talk("crop to a square and mirror it", pictures=(SQUARE,))
    assert words == "I mirrored it left to right. Crop changes nothing here: the picture is square already."
    assert turns[-1].pictures


def test_after_a_wish_that_changed_nothing_the_conversation_goes_on() -> None:
    found = asked("make it warmer", "crop to a square", "a bit less", pictures=(SQUARE,))
    assert steps(found) == ["warmer x0.74"]
    assert steps(asked("crop to a square", "make it warmer", pictures=(SQUARE,))) == ["warmer"]


def test_the_painter_that_drifts_sends_a_picture_also_where_nothing_was_to_change() -> None:
    turns, words = drifted("rotate 360 degrees")
    assert words == "Rotate changes nothing here. I repainted the whole picture, as real models do."
    assert turns[-1].pictures


def test_a_new_size_is_named_with_the_old_one() -> None:
    turns, words = talk("upscale")
    assert words == "I resized it from 240x160 to 480x320 px."
    assert decoded(turns[-1].pictures[0]).size == (480, 320)
    both = talk("make them half the size", pictures=(PHOTO, SQUARE))[1]
    assert both == "I resized it from 240x160 and 120x120 to 120x80 and 60x60 px."


def test_every_picture_that_is_left_out_of_a_large_album_is_spoken_of() -> None:
    turns, words = talk("sepia", pictures=(SQUARE,) * 8)
    assert len(turns[-1].pictures) == 6
    assert "I take 6 pictures at most and left the others." in words


def test_all_things_that_cannot_be_added_are_named() -> None:
    assert talk("add a dog and a cat")[1].startswith("Sorry, I can't add, change or remove “dog” and “cat”.")
    words = talk("make it warmer, add a dog, a cat and a mouse")[1]
    assert words.startswith("I made the colours warmer. I left out “dog”, “cat” and “mouse”: I only change a picture")
    assert "I did not understand" not in words


def test_a_name_without_a_picture_is_spoken_of() -> None:
    words = talk("show @hat in sepia")[1]
    assert words == "I gave it a sepia tone. I see no picture named @hat here."
    assert talk("show @hat")[1].endswith("I see no picture named @hat here.")


def test_a_name_whose_picture_came_along_is_not_spoken_of() -> None:
    """The bot puts the name on a line of its own before the picture, and a group's speaker before the wish."""
    assert talk("@hat:\nshow @Hat in sepia")[1] == "I gave it a sepia tone."
    assert talk("@hat:\nAnn: show @hat in sepia")[1] == "I gave it a sepia tone."


def test_words_only_says_what_was_understood() -> None:
    ask = Turn(role="user", text="make it warmer and crop it", pictures=(PHOTO,))
    said = studio.answer(Asked(turns=(ask,)), SMALL, "words")
    assert said.text == "The mode “Words only” is on, so I painted nothing. I understood your wish: warmth and crop."


@pytest.mark.parametrize(
    "wish",
    [
        "in the style of Van Gogh",
        "wie von van Gogh",
        "como Van Gogh",
        "como se fosse do van gogh",
        "как у Ван Гога",
        "梵高风格",
    ],
)
def test_a_painter_is_named_and_the_picture_is_in_oil(wish: str) -> None:
    turns, words = talk(wish, pictures=(SQUARE,))
    assert turns[-1].pictures
    if wish.isascii() and wish.startswith("in "):
        assert words == "I painted it in oil. That is plain oil paint: the hand of one painter takes a real model."


@pytest.mark.parametrize(
    "wish", ["draw a dragon on the roof", "a dragon on the roof", "draw a dragon", "paint a dragon at night"]
)
def test_what_cannot_be_drawn_into_a_scene_is_refused_and_the_scene_stays(wish: str) -> None:
    """A poster took its place, and "now at night" was refused as for a photo."""
    turns, words = talk("a lighthouse at dusk", wish, "now at night", pictures=())
    refused = turns[3]
    assert "“dragon”" in refused.text
    assert bool(refused.pictures) == ("night" in wish)
    assert "night" in wish or "Painted offline, without AI: lighthouse, night." in words
    offered = re.findall("“(.+?)”", refused.text)[-2:] if not refused.pictures else []
    for suggested in offered:
        assert talk("a lighthouse at dusk", suggested, pictures=())[0][-1].pictures, suggested


def test_a_place_in_a_photo_gets_no_poster_instead() -> None:
    turns, words = talk("draw a dragon on the roof")
    assert not turns[-1].pictures
    assert words.startswith("Sorry, I can't add, change or remove “dragon” and “roof”.")


@pytest.mark.parametrize("start", ["a castle", "a bowl of fruit"])
def test_the_reason_why_a_picture_has_no_night_is_true(start: str) -> None:
    words = talk(start, "now at night", pictures=())[1]
    assert "photo" not in words
    assert "only in a lighthouse or a landscape that I painted, and this is another picture" in words


@pytest.mark.parametrize("wish", ["make me fly", "remove the background", "frobnicate it"])
def test_a_refusal_is_three_short_lines_and_what_it_offers_works(wish: str) -> None:
    lines = talk(wish)[1].splitlines()
    assert len(lines) == 3
    assert max(map(len, lines)) < 60
    offered = re.findall("“(.+?)”", lines[1])
    assert len(offered) == 2
    assert all(talk(one)[0][-1].pictures for one in offered)


@pytest.mark.parametrize(
    ("wish", "left"),
    [
        ("a lighthouse with a red roof", "I left out “red” and “roof”."),
        ("mountains with a cabin in the fog", "I left out “cabin”."),
        ("a beautiful lighthouse on the coast in the fog", ""),
    ],
)
def test_what_a_scene_lacks_is_named(wish: str, left: str) -> None:
    words = talk(wish, pictures=())[1]
    assert words.endswith(left) if left else "left out" not in words
    assert "left out" not in talk(wish, "now at night", pictures=())[1]


@pytest.mark.parametrize(
    "wish",
    ["mountains at sunrise", "lighthouse", "lighthouse in the snow with a boat", "fruit", "mountains with a cabin"],
)
def test_a_scene_without_an_article_is_a_new_picture(wish: str) -> None:
    for start, pictures in (("warmer", (PHOTO,)), ("a lighthouse at dusk", ()), ("a castle", ())):
        assert asked(start, wish, pictures=pictures).wish.steps[0].op == "scene"


@pytest.mark.parametrize(
    "wish",
    [
        *["mountains darker", "lighthouse in black and white", "mountains more blue", "mountains in the background"],
        *["fruit sharper and warmer", "orange frame"],
    ],
)
def test_an_edit_that_begins_with_what_a_scene_shows_is_no_new_picture(wish: str) -> None:
    assert asked(wish).wish.steps[0].op != "scene"
