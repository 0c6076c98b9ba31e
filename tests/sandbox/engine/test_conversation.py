"""What a wish means after earlier ones, from contents alone."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from bot.sandbox.engine import studio
from bot.sandbox.engine.models import MODELS
from bot.sandbox.engine.reading.conversation import Plan, plan
from bot.sandbox.engine.wire import Asked, Turn
from bot.turns.request.contents import BEGAN, TO_CHANGE, WISHED, WISHED_OF_OTHERS
from tests.sandbox.engine.made import MODEL, decoded, encoded, line, photo, pixels

PHOTO = encoded(photo())
# What a wish means is the same at any size, and a small scene is painted sooner.
SMALL = replace(MODELS[MODEL], ratios={ratio: (w // 8, h // 8) for ratio, (w, h) in MODELS[MODEL].ratios.items()})


def talk(*wishes: str, pictures: tuple[bytes, ...] = (PHOTO,)) -> tuple[list[Turn], str]:
    """Carry on a conversation with the engine; return its turns and the last words."""
    turns: list[Turn] = []
    words = ""
    for index, wish in enumerate(wishes):
        turns.append(Turn(role="user", text=wish, pictures=pictures if index == 0 else ()))
        said = studio.answer(Asked(turns=tuple(turns)), SMALL)
        words = said.text
        turns.append(Turn(role="model", text=said.text, pictures=tuple(data for _, data in said.pictures)))
    return turns, words


def asked(*wishes: str, pictures: tuple[bytes, ...] = (PHOTO,)) -> Plan:
    turns, _ = talk(*wishes[:-1], pictures=pictures)
    first = pictures if len(wishes) == 1 else ()
    return plan([*turns, Turn(role="user", text=wishes[-1], pictures=first)])


def steps(found: Plan) -> list[str]:
    return [line(step) for step in found.steps]


def last(*wishes: str, pictures: tuple[bytes, ...] = (PHOTO,)) -> np.ndarray:
    turns, _ = talk(*wishes, pictures=pictures)
    return pixels(decoded(turns[-1].pictures[-1]))


def test_a_wish_goes_onto_the_newest_result() -> None:
    found = asked("make it warmer", "blur it")
    assert steps(found) == ["blur"]
    turns, _ = talk("make it warmer")
    assert found.pictures == turns[-1].pictures


@pytest.mark.parametrize("wish", ["a dragon", "kuş"])
def test_a_first_wish_that_becomes_a_poster_is_told_what_would_be_understood(wish: str) -> None:
    words = talk(wish, pictures=())[1]
    assert wish.lower().removeprefix("a ") in words
    assert words.endswith("I can paint three scenes: lighthouse, landscape, still life.")


@pytest.mark.parametrize(
    "wish", ["warmer", "sepia", "a bit brighter, please", "like van Gogh", "add a boat", "now at night", "make it snow"]
)
def test_a_first_wish_that_only_changes_is_told_that_there_is_no_picture_yet(wish: str) -> None:
    assert talk(wish, pictures=())[1].startswith("There is no picture yet. Send a photo with a wish")


@pytest.mark.parametrize("wish", ["a cartoon cat", "night", "a pencil", "an old sepia photo of a ship", "red"])
def test_a_first_wish_that_names_a_thing_is_painted(wish: str) -> None:
    assert asked(wish, pictures=()).scene is not None


def test_new_pictures_take_the_place_of_older_ones() -> None:
    turns, _ = talk("make it warmer")
    other = encoded(photo(90, 60))
    found = plan([*turns, Turn(role="user", text="blur it", pictures=(other,))])
    assert found.pictures == (other,)


def test_a_picture_without_words_waits_for_the_wish() -> None:
    turns, words = talk("")
    assert not turns[-1].pictures
    assert "tell me what to change" in words
    found = plan([*turns, Turn(role="user", text="blur it")])
    assert (found.pictures, steps(found)) == ((PHOTO,), ["blur"])


def test_even_more_paints_the_same_wish_stronger_from_the_first_picture() -> None:
    found = asked("make it warmer", "even more")
    assert found.pictures == (PHOTO,)
    assert steps(found) == ["warmer x1.6"]
    assert steps(asked("make it warmer", "even more", "more")) == ["warmer x2.56"]


def test_a_bit_less_is_weaker_but_not_nothing() -> None:
    before, plain, less = pixels(photo()), last("make it darker"), last("make it darker", "a bit less")
    assert plain.mean() < less.mean() < before.mean()


def test_more_concerns_the_last_wish_only() -> None:
    turns, _ = talk("make it warmer", "blur it")
    found = plan([*turns, Turn(role="user", text="much more")])
    assert (steps(found), found.pictures) == (["blur x2.12"], turns[1].pictures)


def test_undo_the_blur_keeps_the_rest_exactly() -> None:
    assert np.array_equal(last("make it warmer", "blur it", "now undo the blur"), last("make it warmer"))
    assert np.array_equal(last("blur it and make it warmer", "remove the blur"), last("make it warmer"))


def test_undo_takes_one_step_back_each_time() -> None:
    wishes = ("make it warmer", "blur it", "black and white")
    assert np.array_equal(last(*wishes, "undo"), last(*wishes[:2]))
    assert np.array_equal(last(*wishes, "undo", "undo that"), last(*wishes[:1]))


def test_back_to_the_original() -> None:
    assert np.array_equal(last("make it warmer", "blur it", "back to the original"), pixels(photo()))


def test_undo_and_a_new_wish_in_one_sentence() -> None:
    found = asked("blur it", "undo the blur and make it black and white")
    assert steps(found) == ["black_and_white"]
    assert "took the blur out" in talk("blur it", "undo the blur and make it black and white")[1]


def test_questions_and_refusals_leave_the_picture_as_it_was() -> None:
    turns, words = talk("make it warmer", "who is this?")
    assert not turns[-1].pictures
    assert "not an AI model" in words
    assert steps(asked("make it warmer", "who is this?", "even more")) == ["warmer x1.6"]
    assert "A real model" in talk("remove the background")[1]


def test_more_of_nothing_is_answered_in_words() -> None:
    assert asked("even more").words_only
    assert "no earlier wish" in talk("even more")[1]
    assert "no picture yet" in talk("even more", pictures=())[1]


def test_another_models_picture_is_a_new_ground() -> None:
    foreign = encoded(photo(120, 80))
    turns = [
        Turn(role="user", text="make it warmer", pictures=(PHOTO,)),
        Turn(role="model", text="Done.", pictures=(foreign,)),
        Turn(role="user", text="blur it"),
    ]
    assert plan(turns).pictures == (foreign,)
    undone = plan([*turns[:2], Turn(role="user", text="undo everything")])
    assert (steps(undone), undone.pictures) == ([], (PHOTO,))


def test_more_of_what_another_model_alone_can_do_is_answered_in_words() -> None:
    turns = [
        Turn(role="user", text="add a dog", pictures=(PHOTO,)),
        Turn(role="model", text="Done.", pictures=(encoded(photo(120, 80)),)),
    ]
    assert plan([*turns, Turn(role="user", text="even more")]).words_only


def test_wishes_that_are_only_retold() -> None:
    told = "\n".join([WISHED, "- Ann: crop it", "- Ann: make it darker", TO_CHANGE, "Now: {}"])
    plain = plan([Turn(role="user", text=told.format("blur it"), pictures=(PHOTO,))])
    assert steps(plain) == ["blur"]
    assert plain.pictures == (PHOTO,)
    assert plan([Turn(role="user", text=told.format("even more"), pictures=(PHOTO,))]).words_only


def test_what_is_told_before_the_first_turn_is_only_looked_at() -> None:
    """The bot sends so what has no room: the picture that all began with, and wishes as words."""
    first, then = encoded(photo(90, 60)), "\n".join([BEGAN, WISHED, "- crop it", "Then: make it darker"])
    turns = [Turn(role="user", text=then, pictures=(first,)), Turn(role="model", text="", pictures=(PHOTO,))]
    assert plan([*turns, Turn(role="user", text="blur it")]).pictures == (PHOTO,)
    assert plan([*turns, Turn(role="user", text="a bit less")]).words_only
    alone = "\n".join([BEGAN, WISHED, "- crop it", TO_CHANGE, "Now: blur it"])
    assert plan([Turn(role="user", text=alone, pictures=(first, PHOTO))]).pictures == (PHOTO,)
    others = "\n".join([WISHED_OF_OTHERS, "- crop it", "Now: even more"])
    assert plan([Turn(role="user", text=others, pictures=(PHOTO,))]).words_only


def test_one_new_picture_joins_the_current_one_where_two_are_needed() -> None:
    turns, _ = talk("make it warmer")
    other = encoded(photo(90, 60))
    found = plan([*turns, Turn(role="user", text="put them side by side", pictures=(other,))])
    assert found.pictures == (turns[-1].pictures[0], other)


def test_an_album_with_a_plain_wish_gives_each_picture_back() -> None:
    turns, _ = talk("make them black and white", pictures=(PHOTO, encoded(photo(90, 60))))
    assert [decoded(data).size for data in turns[-1].pictures] == [(240, 160), (90, 60)]


def test_a_scene_can_be_seen_at_another_hour_and_keeps_later_wishes() -> None:
    found = asked("a lighthouse at dusk", "now at night", pictures=())
    assert found.scene is not None
    assert line(found.scene) == "scene subject=lighthouse time=night"
    found = asked("a lighthouse at dusk", "sepia", "let it snow", pictures=())
    assert line(found.scene) == "scene subject=lighthouse time=dusk weather=snow"
    assert steps(found) == ["sepia"]


def test_a_boat_can_be_added_to_a_scene_and_taken_away() -> None:
    found = asked("a lighthouse at dusk", "add a boat", pictures=())
    assert line(found.scene) == "scene subject=lighthouse time=dusk with=boat"
    found = asked("a lighthouse at dusk", "add a boat", "remove the boat", pictures=())
    assert line(found.scene) == "scene subject=lighthouse time=dusk"
    assert asked("a lighthouse at dusk", "add a dragon", pictures=()).words_only
    found = asked("a lighthouse at dusk", "add a boat and remove the house", pictures=())
    assert line(found.scene) == "scene subject=lighthouse time=dusk with=boat"
    assert [line(step) for step in found.wish.steps] == ["refuse"]


@pytest.mark.parametrize(
    ("scene", "wish"),
    [("a lighthouse at night", "now at night"), ("a lighthouse at dusk", "sunset"), ("mountains", "without the boat")],
)
def test_a_wish_for_what_a_scene_has_already_is_no_wish_for_the_impossible(scene: str, wish: str) -> None:
    found = asked(scene, wish, pictures=())
    assert found.words_only
    assert [line(step) for step in found.wish.steps] == ["talk about=already"]


def test_what_is_suggested_under_a_scene_is_not_there_yet() -> None:
    for scene in ("a lighthouse at night with a boat", "a lighthouse at dusk"):
        ask = Turn(role="user", text=scene)
        said = studio.answer(Asked(turns=(ask,)), SMALL, version=0).text
        for suggested in re.findall("“(.+?)”", said.partition("Try ")[2]):
            assert asked(scene, suggested, pictures=()).scene != asked(scene, pictures=()).scene, suggested


def test_the_weather_of_a_scene_can_end() -> None:
    found = asked("a lighthouse in the snow", "no snow please", pictures=())
    assert found.scene is not None
    assert not found.scene.get("weather")


def test_versions_of_one_wish_are_visibly_different() -> None:
    for start, pictures in (("black and white", (PHOTO,)), ("mirror it", (PHOTO,)), ("a lighthouse", ())):
        ask = Turn(role="user", text=start, pictures=pictures)
        said = [studio.answer(Asked(turns=(ask,)), SMALL, version=number) for number in range(4)]
        shown = [pixels(decoded(one.pictures[0][1])) for one in said]
        assert all(np.abs(one - other).mean() > 0.015 for at, one in enumerate(shown) for other in shown[:at])
        assert "version 3" in said[2].text
        assert "version" not in said[0].text


def test_a_scene_keeps_its_version_at_another_hour() -> None:
    ask = Turn(role="user", text="a lighthouse at dusk")
    said = studio.answer(Asked(turns=(ask,)), SMALL, version=2)
    chosen = Turn(role="model", text=said.text, pictures=(said.pictures[0][1],))
    found = plan([ask, chosen, Turn(role="user", text="now at night")])
    assert found.scene is not None
    assert (found.scene.get("time"), found.scene.get("version")) == ("night", "2")


def drifted(*wishes: str) -> tuple[list[Turn], str]:
    """Carry on a conversation with the painter that drifts."""
    turns: list[Turn] = []
    words = ""
    for wish in wishes:
        turns.append(Turn(role="user", text=wish, pictures=() if turns else (PHOTO,)))
        said = studio.answer(Asked(turns=tuple(turns)), SMALL, "drift")
        words = said.text
        turns.append(Turn(role="model", text=words, pictures=tuple(data for _, data in said.pictures)))
    return turns, words


def test_the_painter_that_drifts_repaints_all_of_it_and_more_each_turn() -> None:
    turns, words = drifted(*["mirror it"] * 6)
    assert words == "I mirrored it left to right. I repainted the whole picture, as real models do."
    size = SMALL.ratios["3:2"]
    start = pixels(decoded(PHOTO).resize(size))
    off = []
    for count in (2, 4, 6):
        now = decoded(turns[2 * count - 1].pictures[0])
        assert now.size == size
        off.append(float(np.abs(pixels(now) - start).mean()))
    assert 0.005 < off[0] < off[1] < off[2]


def test_a_new_scene_repaints_nothing_and_the_same_scene_at_night_does() -> None:
    turns, _ = drifted("make it warmer")
    for wish, repaints in (("a lighthouse at dusk", False), ("now at night", True)):
        turns.append(Turn(role="user", text=wish))
        said = studio.answer(Asked(turns=tuple(turns)), SMALL, "drift")
        assert ("I repainted the whole picture" in said.text) is repaints
        turns.append(Turn(role="model", text=said.text, pictures=tuple(data for _, data in said.pictures)))


def test_what_drifted_cannot_be_taken_back_to_the_pixel() -> None:
    turns, _ = drifted("make it warmer", "blur it")
    for wish in ("undo the blur", "undo that"):
        said = studio.answer(Asked(turns=(*turns, Turn(role="user", text=wish))), SMALL, "drift")
        assert said.pictures[0][1] != turns[1].pictures[0]
        assert "I repainted the whole picture" in said.text


def test_only_scenes_outdoors_can_be_seen_at_night() -> None:
    assert asked("a castle", "make it night", pictures=()).words_only
    assert asked("a bowl of fruit", "make it night", pictures=()).words_only
    assert asked("make it night").words_only
    assert "in a photo, that takes a real image model" in talk("make it night")[1]


def test_the_answer_says_what_was_done_and_what_was_ignored() -> None:
    words = talk("make it a bit warmer and frobnicate it")[1]
    assert "made the colours warmer a little" in words
    assert "“frobnicate”" in words
    assert "🎉" in talk('write "Party 🎉"')[1]


@pytest.mark.parametrize(
    ("wish", "answer"),
    [
        (
            "make the sky purple",
            "Sorry, I can't add, change or remove “sky”.\nTry “warmer” or “black and white”.\n"
            "A real model understands more.",
        ),
        (
            "make the sky darker, and sepia",
            "I gave it a sepia tone. I left out “sky”: I only change a picture as a whole",
        ),
        ("blur the background a lot", "I blurred the surroundings a lot. I can't tell a subject from its background"),
        ("sepia with a vignette", "I gave it a sepia tone. I did not understand “vignette”."),
        ("sepia with a thick gold frame", "I gave it a sepia tone and put a thick gold frame around it."),
        ("rotate 10 degrees to the right", "I turned it 10° to the right."),
        ("сделай теплее", "Готово: «сделай теплее»."),
    ],
)
def test_the_answer_reads_well(wish: str, answer: str) -> None:
    assert talk(wish)[1].startswith(answer)
