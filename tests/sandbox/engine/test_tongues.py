"""In each of the bot's languages its own examples work, and the engine answers in the language of the wish."""

from __future__ import annotations

import io
import re

import pytest
from PIL import ImageChops, ImageDraw

from bot.sandbox.engine import studio
from bot.sandbox.engine.reading import foreign, replies, tongues
from bot.sandbox.engine.reading.conversation import MARKED, PART
from bot.sandbox.engine.scenes.canvas import Canvas
from bot.sandbox.engine.scenes.poster import poster
from bot.sandbox.engine.wire import Asked, Turn
from bot.texts import languages, say
from bot.turns.request.contents import WISHED, WISHED_OF_OTHERS
from bot.turns.restoring import restoring
from tests.sandbox.engine.made import decoded, encoded, photo
from tests.sandbox.engine.test_conversation import PHOTO, SMALL, talk

FOREIGN = languages()[1:]
UNKNOWN = "Sorry, I can't do that.\nTry “warmer” or “black and white”.\nA real model understands more."
QUOTED = re.compile("[\u201c\u201e\u00ab]([^\u201c\u201d\u201e\u00ab\u00bb]+)[\u201c\u201d\u00bb]")


def examples(language: str) -> list[str]:
    """Return the wishes that the bot's greeting names: a new picture, one for a photo, and two to go on with."""
    return QUOTED.findall(say(language, "start"))


def unknown_in(language: str, wish: str) -> str:
    """Return what is answered to a wish of which nothing is understood, where a photo is."""
    says = tongues.TONGUES[language].says
    return says["unknown"].format(said=wish, first=says["next_warmer"], second=says["next_grey"])


@pytest.mark.parametrize("language", languages())
def test_the_examples_of_the_greeting_are_painted_one_after_another(language: str) -> None:
    new, of_photo, *onward = examples(language)
    assert len(onward) == 2
    turns, words = talk(new, *onward, pictures=())
    assert [len(turn.pictures) for turn in turns if turn.role == "model"] == [1, 1, 1]
    assert len({turn.pictures for turn in turns if turn.role == "model"}) == 3
    turns, words = talk(of_photo)
    grey = decoded(turns[-1].pictures[-1]).getpixel((20, 20))
    assert max(grey) - min(grey) < 4
    assert language == "en" or of_photo in words


@pytest.mark.parametrize("language", FOREIGN)
def test_the_answers_are_in_the_language_of_the_wish(language: str) -> None:
    new = examples(language)[0]
    says = tongues.TONGUES[language].says
    words = talk(new, pictures=())[1]
    assert words == says["painted"].format(said=new, first=says["next_night"], second=says["next_boat"])
    unknown = {"de": "ein Drache", "es": "un dragón", "pt": "um dragão", "ru": "дракон", "zh-hans": "一条龙"}[language]
    assert talk(unknown, pictures=())[1].startswith(says["poster"].format(said=unknown))
    unknown = {
        "de": "mit Einhörnern",
        "es": "con unicornios",
        "pt": "com unicórnios",
        "ru": "с единорогами",
        "zh-hans": "有独角兽",
    }[language]
    assert talk(unknown)[1] == unknown_in(language, unknown)


@pytest.mark.parametrize("language", FOREIGN)
def test_what_only_a_painted_scene_takes_is_refused_for_a_photo_with_the_reason(language: str) -> None:
    """The greeting says "a photo", then "add a boat"; "I can't do that" would leave people with a riddle."""
    *_, boat = examples(language)
    assert talk(boat)[1] == tongues.TONGUES[language].says["scenery"]


@pytest.mark.parametrize("language", FOREIGN)
def test_an_answer_says_the_name_in_a_wish(language: str) -> None:
    wish = QUOTED.findall(say(language, "saved-as", name="hat"))[0]
    assert "@hat" in wish
    turn = Turn(role="user", text=f"@hat:\n{wish}", pictures=(PHOTO,))
    said = studio.answer(Asked(turns=(turn,)), SMALL).text
    assert said.startswith(tongues.TONGUES[language].says["done"].format(said=wish))


@pytest.mark.parametrize(
    ("wish", "language", "said"),
    [
        *[("was kannst du?", "de", "me"), ("mach den Himmel rosa", "de", "unknown"), ("wie ist das?", "de", "unknown")],
        *[("¿qué puedes hacer?", "es", "me"), ("o que você pode fazer?", "pt", "me")],
        *[("что ты умеешь?", "ru", "me"), ("你会什么？", "zh-hans", "me")],
    ],
)
def test_a_question_is_answered_in_its_language(wish: str, language: str, said: str) -> None:
    """Also where it has no letter that English lacks, and no word that means an edit."""
    answer = unknown_in(language, wish) if said == "unknown" else tongues.TONGUES[language].says[said]
    assert talk(wish)[1] == answer


@pytest.mark.parametrize("language", FOREIGN)
def test_an_emoji_is_answered_in_the_language_of_the_wish_before(language: str) -> None:
    of_photo = examples(language)[1]
    for wordless in ("👍", "https://example.com/cat.jpg"):
        assert talk(of_photo, wordless)[1] == unknown_in(language, wordless)
    assert talk(of_photo, "👍", "make it pink")[1].startswith("Sorry")


@pytest.mark.parametrize(
    ("language", "wish"),
    [
        ("es", "haz el cielo más azul"),
        ("es", "quita a la persona de la derecha"),
        ("de", "den Himmel und das Meer blauer"),
        ("pt", "quero o céu azul"),
        ("ru", "убери человека справа"),
        ("zh-hans", "把天空变成紫色"),
    ],
)
def test_a_wish_of_unknown_words_is_refused_in_its_language(language: str, wish: str) -> None:
    assert talk(wish)[1] == unknown_in(language, wish)


@pytest.mark.parametrize("language", FOREIGN)
def test_words_of_no_known_language_are_answered_in_that_of_the_wish_before(language: str) -> None:
    of_photo = examples(language)[1]
    assert talk(of_photo, "ornitorrinco")[1] == unknown_in(language, "ornitorrinco")
    assert talk(of_photo, "remove the platypus")[1].startswith("Sorry")


@pytest.mark.parametrize("language", ["de", "es"])
def test_a_word_of_several_languages_is_answered_in_that_of_the_wish_before(language: str) -> None:
    said = talk(examples(language)[1], "sepia")[1]
    assert said == tongues.TONGUES[language].says["done"].format(said="sepia")


@pytest.mark.parametrize("language", FOREIGN)
def test_a_mark_with_unknown_words_is_answered_in_the_language_of_its_person(language: str) -> None:
    said = studio.answer(Asked(turns=(marked_wish(language, "ornitorrinco"),)), SMALL)
    assert said.text == unknown_in(language, "ornitorrinco")


@pytest.mark.parametrize(
    ("language", "edit", "wish"),
    [
        ("de", "wärmer", "ich möchte das Original zurück"),
        ("es", "más cálida", "quiero la foto original"),
        ("es", "más cálida", "vuelve a la original"),
        ("pt", "mais quente", "quero a foto original"),
        ("ru", "теплее", "хочу исходное фото"),
        ("zh-hans", "再暖一点", "我想要原图"),
    ],
)
def test_the_original_is_known_in_each_language(language: str, edit: str, wish: str) -> None:
    turns, words = talk(edit, wish)
    assert decoded(turns[-1].pictures[-1]).tobytes() == decoded(PHOTO).tobytes()
    assert words == tongues.TONGUES[language].says["done"].format(said=wish)
    assert talk(wish)[1] == tongues.TONGUES[language].says["same"].format(said=wish)


def test_a_long_wish_is_not_repeated_whole_and_each_unknown_word_is_named_once() -> None:
    wish = "heller, mit einem lila Einhorn und einem gelben Gnom, " * 8
    words = talk(wish)[1]
    assert words.endswith("…“. Nicht verstanden habe ich: lila, einhorn, gelben, gnom.")
    assert len(words) < 250


@pytest.mark.parametrize("photo", [True, False], ids=["over a photo", "over a scene"])
@pytest.mark.parametrize("language", languages())
def test_what_help_suggests_is_a_new_picture_where_one_is_already(language: str, photo: bool) -> None:
    """In help: "/x4 a cat makes four versions of a new wish"."""
    cats = {"en": "a cat", "de": "eine Katze", "es": "un gato", "pt": "um gato", "ru": "кот", "zh-hans": "一只猫"}
    cat = cats[language]
    assert cat in say(language, "help", groups="", commands="")
    turns, words = talk(examples(language)[1], cat) if photo else talk("a lighthouse at dusk", cat, pictures=())
    assert turns[-1].pictures
    poster = (
        "Without an image model I can't paint “cat”" if language == "en" else tongues.TONGUES[language].says["poster"]
    )
    assert words.startswith(poster.format(said=cat))


def test_a_poster_has_no_boxes_for_what_its_font_lacks_and_says_so() -> None:
    """Two wishes of other characters would differ by nothing but the boxes."""
    for wish, other, said in (
        ("一只狗", "一只狗在飞", tongues.TONGUES["zh-hans"].says["unwritten"]),
        ("dogs 🐶", "dogs 🐶", "My font lacks 🐶, so I left that out."),
    ):
        canvases = [Canvas((200, 200), 1) for _ in range(2)]
        poster(canvases[0], wish)
        poster(canvases[1], wish.replace("🐶", "") if "🐶" in wish else other)
        assert (canvases[0].pixels == canvases[1].pixels).all()
        assert said in talk(wish, pictures=())[1]


@pytest.mark.parametrize(
    ("edit", "back"),
    [
        *[("wärmer", "mach es rückgängig"), ("más cálida", "deshazlo"), ("mais quente", "desfaça")],
        *[("теплее", "верни как было"), ("再暖一点", "撤销")],
    ],
)
def test_the_last_step_is_taken_back_in_each_language(edit: str, back: str) -> None:
    turns, _ = talk(edit, back)
    assert ImageChops.difference(decoded(turns[-1].pictures[-1]), decoded(PHOTO)).getbbox() is None


@pytest.mark.parametrize("language", FOREIGN)
def test_what_the_engine_offers_is_understood(language: str) -> None:
    """What its own sentences suggest would otherwise be refused in the next moment."""
    says = tongues.TONGUES[language].says
    suggested = {one for key in ("empty", "me", "thanks", "unknown", "scenery") for one in QUOTED.findall(says[key])}
    suggested -= {"{said}", "{first}", "{second}"}
    for wish in suggested | {words for key, words in says.items() if key.startswith("next_")}:
        understood = tongues.read(wish)
        assert understood is not None, wish
        assert (understood.tongue, understood.ignored) == (language, ()), wish


@pytest.mark.parametrize("language", languages())
def test_nothing_is_offered_that_was_wished_a_moment_ago(language: str) -> None:
    """What was offered is done each time, and then something else is offered."""
    wishes = [examples(language)[0]]
    for _ in range(3):
        turns, words = talk(*wishes, pictures=())
        assert turns[-1].pictures, words
        offered = QUOTED.findall(words.replace(wishes[-1], ""))[-2:]
        assert len(offered) == 2
        assert wishes[-1] not in offered
        wishes.append(offered[1])


@pytest.mark.parametrize("language", languages())
def test_a_new_scene_is_painted_also_where_a_photo_is_there(language: str) -> None:
    new, of_photo, *_ = examples(language)
    turns, words = talk(of_photo, new)
    assert turns[-1].pictures, words


@pytest.mark.parametrize(
    "words",
    [
        "a boat",
        "a boot",
        "sepia",
        "make it warmer",
        "an oil painting in the den",
        "a boat on the Köln river",
        "Leonardo da Vinci",
    ],
)
def test_english_stays_english(words: str) -> None:
    assert tongues.read(words) is None


def test_a_word_that_is_not_known_is_named() -> None:
    _, words = talk("ein roter Leuchtturm bei Nacht", pictures=())
    assert words.endswith("Nicht verstanden habe ich: roter.")


def test_the_engine_knows_what_the_bot_says_behind_a_marked_copy() -> None:
    assert set(MARKED) == {say(language, "marked-place") for language in languages()}
    assert PART == restoring.PART


def marked_copy(box: tuple[int, int, int, int]) -> bytes:
    """Return the photo with a ring of a pen on it, as an app saves it."""
    copy = photo()
    ImageDraw.Draw(copy).ellipse(box, outline=(255, 59, 48), width=4)
    out = io.BytesIO()
    copy.save(out, "JPEG", quality=90)
    return out.getvalue()


def marked_wish(language: str, wish: str) -> Turn:
    """Return a wish with the photo and its marked copy, as the bot sends them in a language."""
    text = f"{say(language, 'marked-place')}\n{wish}"
    return Turn(role="user", text=text, pictures=(PHOTO, marked_copy((120, 40, 200, 110))))


@pytest.mark.parametrize("language", languages())
def test_only_the_marked_place_changes_and_the_instruction_never_leaks(language: str) -> None:
    said = studio.answer(Asked(turns=(marked_wish(language, examples(language)[1]),)), SMALL)
    before, after = decoded(PHOTO), decoded(said.pictures[-1][1])
    assert before.size == after.size
    left, top, right, bottom = ImageChops.difference(before, after).getbbox() or (0, 0, 0, 0)
    assert 105 < left < 125
    assert 195 < right < 215
    assert 25 < top < 45
    assert 105 < bottom < 125
    assert "mark" not in said.text.lower().replace("marked place", "").replace("markierte stelle", "").replace(
        "marcado", ""
    )


@pytest.mark.parametrize(
    ("language", "wish"), [("de", "wärmer"), ("ru", "теплее"), ("es", "más cálida"), ("zh-hans", "再暖一点")]
)
def test_a_change_of_nothing_is_answered_in_the_language_of_the_wish(language: str, wish: str) -> None:
    assert talk(wish, pictures=())[1] == tongues.TONGUES[language].says["empty"]


@pytest.mark.parametrize("language", languages())
def test_who_repaints_the_whole_picture_does_not_say_that_only_the_marked_place_changed(language: str) -> None:
    asked = Asked(turns=(marked_wish(language, examples(language)[1]),))
    only, all_of_it = (studio.answer(asked, SMALL, mode).text for mode in ("normal", "drift"))
    says = replies.EXTENT if language == "en" else tongues.TONGUES[language].says
    assert says["marked"] in only
    assert says["marked_repainted"] in all_of_it
    assert says["marked"] not in all_of_it
    plain = Asked(turns=(Turn(role="user", text=examples(language)[1], pictures=(PHOTO,)),))
    assert says["repainted"] in studio.answer(plain, SMALL, "drift").text


def test_a_mark_on_a_wish_about_the_shape_changes_the_whole_picture_and_says_no_other_thing() -> None:
    said = studio.answer(Asked(turns=(marked_wish("en", "rotate it"),)), SMALL)
    assert decoded(said.pictures[-1][1]).size == decoded(PHOTO).size[::-1]
    assert "marked place" not in said.text


@pytest.mark.parametrize("heading", [WISHED, WISHED_OF_OTHERS])
def test_a_mark_counts_behind_earlier_wishes_in_words(heading: str) -> None:
    """That is how a marked photo comes after a restored picture."""
    text = f"{heading}\n- make it warmer\n{MARKED[0]}\nNow: black and white"
    turn = Turn(role="user", text=text, pictures=(PHOTO, marked_copy((120, 40, 200, 110))))
    said = studio.answer(Asked(turns=(turn,)), SMALL)
    assert len(said.pictures) == 1
    assert "I changed only the marked place." in said.text


@pytest.mark.parametrize("heading", [WISHED, WISHED_OF_OTHERS])
def test_a_name_counts_behind_earlier_wishes_in_words(heading: str) -> None:
    """That is how a named picture comes after the model was changed."""
    text = f"{heading}\n- a lighthouse at night\n@hat:\nNow: make @hat warmer"
    said = studio.answer(Asked(turns=(Turn(role="user", text=text, pictures=(PHOTO,)),)), SMALL)
    assert said.text == "I made the colours warmer."


def test_a_mark_on_a_picture_that_was_painted_before_leaves_the_rest_of_it() -> None:
    turns, _ = talk("make it warmer")
    painted = decoded(turns[-1].pictures[-1])
    copy = painted.copy()
    ImageDraw.Draw(copy).ellipse((20, 20, 90, 90), outline=(0, 0, 0), width=4)
    wish = Turn(role="user", text=f"{MARKED[0]}\nblack and white", pictures=(encoded(copy),))
    said = studio.answer(Asked(turns=(*turns, wish)), SMALL)
    changed = ImageChops.difference(painted, decoded(said.pictures[-1][1])).getbbox()
    assert changed is not None
    assert changed[2] < 110
    assert "I changed only the marked place." in said.text
    following = Turn(role="model", text=said.text, pictures=tuple(data for _, data in said.pictures))
    again = studio.answer(Asked(turns=(*turns, wish, following, Turn(role="user", text="darker"))), SMALL)
    everywhere = ImageChops.difference(decoded(said.pictures[-1][1]), decoded(again.pictures[-1][1])).getbbox()
    assert everywhere is not None
    assert everywhere[2] > 200


@pytest.mark.parametrize("language", languages())
def test_another_one_like_this_differs_from_the_first_on(language: str) -> None:
    """By the words that the bot puts into a person's mouth for the button."""
    turns, _ = talk("a lighthouse at dusk", pictures=())
    asked = Asked(turns=(*turns, Turn(role="user", text=say(language, "wish-like-this"))))
    made = {studio.answer(asked, SMALL, version=version).pictures[-1][1] for version in range(4)}
    assert len(made) == 4
    assert turns[-1].pictures[-1] not in made


@pytest.mark.parametrize(
    ("language", "wish", "same_as"),
    [
        *[("de", "beschneide das Bild", "crop"), ("de", "Hintergrund weichzeichnen", "blur the background")],
        *[("de", "weichzeichnen", "blur"), ("de", "spiegle es", "mirror"), ("de", "dreh es nach links", "rotate left")],
        *[("es", "desenfoca el fondo", "blur the background"), ("es", "recorta la imagen", "crop")],
        *[("pt", "desfoque o fundo", "blur the background"), ("pt", "recorte a imagem", "crop")],
        *[("ru", "размой фон", "blur the background"), ("ru", "обрежь картинку", "crop")],
        *[("zh-hans", "背景模糊", "blur the background"), ("zh-hans", "裁剪图片", "crop")],
    ],
)
def test_plain_edits_are_understood_in_each_language(language: str, wish: str, same_as: str) -> None:
    turns, words = talk(wish)
    assert turns[-1].pictures == talk(same_as)[0][-1].pictures
    assert words == tongues.TONGUES[language].says["done"].format(said=wish)


@pytest.mark.parametrize(
    ("language", "wish", "back"),
    [
        *[("de", "lass es schneien", "ohne Schnee"), ("es", "haz que nieve", "sin nieve")],
        *[("pt", "faça nevar", "sem neve"), ("ru", "пусть идёт снег", "без снега"), ("zh-hans", "让它下雪", "不要雪")],
        *[("de", "im Nebel", "ohne Nebel"), ("es", "con niebla", "sin niebla"), ("pt", "com neblina", "sem neblina")],
        *[("ru", "в тумане", "без тумана"), ("zh-hans", "起雾", "去掉雾")],
    ],
)
def test_the_weather_of_a_scene_begins_and_ends_in_each_language(language: str, wish: str, back: str) -> None:
    turns, words = talk("a lighthouse at dusk", wish, back, pictures=())
    dusk, weather, again = (turn.pictures for turn in turns if turn.role == "model")
    assert weather
    assert weather != dusk
    assert again == dusk
    assert words.startswith(tongues.TONGUES[language].says["painted"].format(said=back, first="", second="")[:12])


@pytest.mark.parametrize(
    ("language", "wish"),
    [
        *[
            ("de", "lass es blitzen"),
            ("de", "gib ihm Flügel"),
            ("es", "desintegra el edificio"),
            ("es", "sonríe con dientes"),
        ],
        *[
            ("pt", "apague o poste"),
            ("pt", "põe um chapéu no gato"),
            ("ru", "пририсуй крылья"),
            ("zh-hans", "长出翅膀"),
        ],
    ],
)
def test_a_wish_of_which_only_short_words_are_known_is_answered_in_its_language(language: str, wish: str) -> None:
    assert talk(wish)[1].startswith(tongues.TONGUES[language].says["unknown"].partition(":")[0].partition("：")[0])


@pytest.mark.parametrize("wish", ["old men die young", "Leonardo da Vinci", "she sat on the Pont des Arts"])
def test_a_short_word_that_is_english_too_shows_no_other_language(wish: str) -> None:
    assert tongues.read(wish) is None


@pytest.mark.parametrize(
    ("language", "wish"),
    [
        ("de", "zeichne einen Drachen auf das Dach"),
        ("es", "un dragón en el tejado"),
        ("pt", "um dragão no telhado"),
        ("ru", "нарисуй дракона на крыше"),
        ("zh-hans", "画一条龙"),
    ],
)
def test_what_cannot_be_drawn_into_a_scene_leaves_the_scene_in_each_language(language: str, wish: str) -> None:
    new, _, onward, _ = examples(language)
    turns, _ = talk(new, wish, onward, pictures=())
    assert [len(turn.pictures) for turn in turns if turn.role == "model"] == [1, 0, 1]


@pytest.mark.parametrize(
    ("wish", "where"),
    [
        *[("escribe «Hola» arriba", 0), ("escribe «Hola» abajo", 1), ('escribe "Hola"', 1)],
        *[("escreva “Olá” em cima", 0), ('escreve "Olá" embaixo', 1), ("schreib „Hallo“ oben drauf", 0)],
        *[('schreibe "Hallo" unten hin', 1), ("напиши «Привет» сверху", 0), ("напишите «Привет» внизу", 1)],
        *[("写上“Hello”", 1), ("在上面写上“Hello”", 0)],
    ],
)
def test_quoted_words_are_written_where_the_wish_says(wish: str, where: int) -> None:
    turns, words = talk(wish)
    before, after = (decoded(turn.pictures[-1]).convert("RGB") for turn in (turns[0], turns[-1]))
    changed = ImageChops.difference(before, after).convert("L").point(lambda level: 255 * (level > 60)).getbbox()
    assert changed is not None
    assert (changed[1] + changed[3] > before.height) == bool(where), words
    spoken = tongues.read(wish)
    assert spoken is not None
    assert words == foreign.sentence(spoken, "done")
    assert len(re.findall('["„“”«»]', words)) == 2, "quotes stand within quotes of the same kind"


def test_words_that_the_font_lacks_are_named_in_every_language() -> None:
    says = {language: tongues.TONGUES[language].says["unwritten"] for language in FOREIGN}
    assert talk("写上“你好”")[1].endswith(says["zh-hans"])
    assert talk("escribe «Hola 你好»")[1].endswith(says["es"])


def test_a_wish_to_write_without_quotes_is_refused_and_its_words_are_no_wishes() -> None:
    assert talk("escribe Hola")[1] == unknown_in("es", "escribe Hola")


@pytest.mark.parametrize(
    "wish",
    [
        *["dibuja un dragón en el tejado", "un gato sobre la mesa", "desenhe um dragão no telhado"],
        *["zeichne einen Drachen auf das Dach", "mal einen Drachen aufs Dach", "нарисуй дракона на крыше"],
        *["在屋顶上画一条龙", "画一条龙在屋顶上"],
    ],
)
def test_what_belongs_into_the_photo_takes_no_poster_in_its_place(wish: str) -> None:
    turns, words = talk(wish)
    assert turns[-1].pictures == ()
    assert wish in words


@pytest.mark.parametrize(
    "wish", ["montanhas ao nascer do sol", "日出时的群山", "黄昏时的灯塔", "Berge in der Abenddämmerung"]
)
def test_an_hour_is_understood_as_people_say_it(wish: str) -> None:
    spoken = tongues.read(wish)
    assert spoken is not None
    assert spoken.ignored == ()


@pytest.mark.parametrize("wish", ["draw a dragon", "a dragon", "un dragón", "ein Drache", "дракон", "一条龙"])
def test_what_cannot_be_drawn_in_a_marked_place_puts_no_piece_of_a_poster_there(wish: str) -> None:
    painted = decoded(PHOTO)
    ImageDraw.Draw(painted).ellipse((20, 20, 90, 90), outline=(0, 0, 0), width=4)
    turns, _ = talk("make it warmer")
    marked = Turn(role="user", text=f"{MARKED[0]}\n{wish}", pictures=(encoded(painted),))
    said = studio.answer(Asked(turns=(*turns, marked)), SMALL)
    assert said.pictures == ()
    language = spoken.tongue if (spoken := tongues.read(wish)) else "en"
    assert said.text == (unknown_in(language, wish) if language != "en" else UNKNOWN)


@pytest.mark.parametrize(
    ("new", "wish"),
    [
        *[("un faro al anochecer", "pon el faro azul"), ("un faro al anochecer", "quita el faro")],
        *[("um farol ao anoitecer", "pinte o farol de azul"), ("маяк в сумерках", "убери маяк")],
        *[("ein Leuchtturm in der Dämmerung", "mach den Leuchtturm blau"), ("黄昏的灯塔", "去掉灯塔")],
    ],
)
def test_a_change_of_what_a_scene_shows_is_refused_and_the_scene_stays(new: str, wish: str) -> None:
    """It would be painted anew otherwise, at another hour, as if that had been the wish."""
    for start, pictures in ((new, ()), (None, (PHOTO,))):
        turns, words = talk(*([start] if start else []), wish, pictures=pictures)
        assert turns[-1].pictures == ()
        assert wish in words


@pytest.mark.parametrize("wish", ["un faro muy bonito", "mach mir Berge mit Kühen", "山和牛"])
def test_another_subject_or_a_wish_that_begins_like_a_new_one_is_painted(wish: str) -> None:
    new = "a lighthouse at dusk" if "faro" not in wish else "un faro al anochecer"
    turns, _ = talk(new, wish, pictures=())
    assert len(turns[-1].pictures) == 1
