"""New pictures: which words ask for one, and what is in it.

Imports ``shapes``, ``grammar`` and ``steps``. The words become the arguments of a ``scene`` step, which ``scenes``
paints.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.sandbox.engine.edits.shapes import COLOURS
from bot.sandbox.engine.reading import grammar
from bot.sandbox.engine.steps import Step

# The first match wins in each table.
_SUBJECTS = {
    "lighthouse": "lighthouse|beacon",
    "landscape": "mountain|mountains|alps|peak|peaks|hills|valley|lake|landscape",
    "still life": "still life|fruit|fruits|apple|apples|orange|oranges|pear|pears",
}
_KINDS = {
    "time": {
        "dusk": "dusk|sunset|evening|twilight|golden hour|sundown",
        "dawn": "dawn|sunrise|morning|daybreak",
        "night": "night|nighttime|midnight|moonlight|moonlit|starry|northern lights",
        "day": "day|noon|daylight|midday|afternoon|sunny|sunshine",
    },
    "weather": {
        "clear": "clear sky|clear weather|dry",
        "fog": "fog|foggy|mist|misty|haze|hazy",
        "rain": "rain|rainy|raining|drizzle|wet|storm|stormy|thunderstorm",
        "snow": "snow|snowy|snowing|snowfall|winter|wintry|ice|frozen|blizzard|christmas",
    },
    "with": {"boat": "boat|ship|sailboat|sailing boat"},
}
SUBJECTS = (*_SUBJECTS, "poster")
OUTDOORS = ("lighthouse", "landscape")
_AWAY = r"(?P<away>\b(?:no|without|remove|stop|undo|erase|delete|take away) (?:the )?(?:\w+ )?)"
_BEFORE = rf"(?:{_AWAY}|\b(?:add|put|include|give it) (?:an? |some |the )?)?"
_PATTERNS = {
    kind: {name: re.compile(rf"{_BEFORE}\b(?:{words})\b") for name, words in table.items()}
    for kind, table in _KINDS.items()
}

_VERB = r"(?P<verb>draw|paint|generate|create|imagine|sketch|render|make|show|design)"
_KIND = r"(?:picture|image|photo|painting|drawing|illustration|poster|scene|wallpaper)s?"
_NEW = re.compile(
    rf"^\W*(?:please |can you |could you |now )*(?:{_VERB}\b(?: me| us| up)* ?)?"
    rf"(?P<article>(?:(?:a|an|some|the|another|new|nice|beautiful)\b ?)*)"
    rf"(?P<kind>{_KIND}(?: of(?! this| that| it| me| us| him| her| my| the)| with| showing| for|:))? ?(?P<rest>.*)$"
)
_NOUN = rf"(?:{'|'.join(_SUBJECTS.values())})\b"
_NAMED = re.compile(rf"(?:[\w-]+ ){{0,2}}{_NOUN}")
_BARE = re.compile(rf"\W*(?!(?:{'|'.join(COLOURS)})\b){_NOUN}")
_INTO = re.compile(
    r"\b(?:on|onto|into|over|above|under|behind|beside|near|next to|on top of|in front of) "
    r"(?:the|his|her|their|my|our|its|it|him|me|them|this|that)\b"
)
"""A place in the picture that is there."""
_SHOWN_ANYWAY = grammar.bag(
    "sea ocean water wave waves cliff cliffs rock rocks rocky coast shore house tower sky cloud clouds sun moon stars "
    "tree trees forest bowl bowls reflection reflections beautiful nice pretty lovely scenic"
)
"""Words that ask for what a scene has in any case."""


def new_scene(plain: str, pictures: int, *, late: bool = False) -> Step | None:
    """Return the ``scene`` step if ``plain`` asks for a new picture. ``late``: nothing else was understood in it.

    Without ``pictures`` in the conversation every wish asks for a new one; one that changes "it" is answered in words.
    """
    match = _NEW.match(plain)
    if match is None:
        return None if pictures else read_scene(plain)
    verb, kind, rest = match["verb"], match["kind"] or "", match["rest"] or plain
    article = set(match["article"].split())
    indefinite = article & {"a", "an", "some", "another"}
    if verb:
        is_new = bool(kind) or "new" in article
        is_drawn = bool(indefinite) and verb not in {"make", "show"}
    else:
        is_new = kind.endswith(" of")
        is_drawn = bool(article & {"a", "an"}) and not re.match("bit|little", rest)
    if verb and not pictures and re.match(r"(?:it|this|that)\b", rest):
        # "Make it snow" changes something that is not there yet.
        return Step(op="talk", args={"about": "empty"})
    is_named = indefinite and _NAMED.match(rest)
    return read_scene(rest) if not pictures or is_new or is_named or (late and is_drawn) else None


def bare_scene(plain: str) -> tuple[Step, str] | None:
    """Return the ``scene`` step of words that begin with what a scene shows, and the words that it does not explain."""
    if _BARE.match(plain) is None:
        return None
    scene = read_scene(plain)
    return scene, changed(scene, _BARE.sub(" ", plain))[1]


def shows_things(scene: Step | None) -> bool:
    """Return whether a picture is a painted scene, and no poster of words."""
    return scene is not None and scene.get("subject") != "poster"


def for_the_picture(plain: str, scene: Step | None) -> bool:
    """Return whether something new is meant for the picture that is there: "a dragon on the roof".

    "Draw a dragon" is, too, over a painted scene; "a cat" alone, as help writes it, is another picture.
    """
    return _INTO.search(plain) is not None or (shows_things(scene) and re.match(r"\W*(?:an?|some) ", plain) is None)


def in_own_words(step: Step, said: str) -> Step:
    """Let a poster show the words that a person wrote, not what was understood of them."""
    is_poster = step.op == "scene" and step.get("subject") == "poster"
    return replace(step, args={**step.args, "prompt": said}) if is_poster else step


def may_show(scene: Step | None, named: str) -> bool:
    """Return whether what a wish names can be in the picture. ``scene``: None for a photo, which can show anything."""
    return scene is None or read_scene(named).get("subject") == scene.get("subject")


def left_out(scene: Step) -> list[str]:
    """Return the words of a scene's prompt that it does not show."""
    if not shows_things(scene):
        return []
    rest = changed(scene, re.sub(rf"\b{_NOUN}", " ", scene.get("prompt")))[1]
    words = grammar.tokens(rest)
    told = {*grammar.unknown(words), *COLOURS} - _SHOWN_ANYWAY
    return [word for word in words if word in told]


def read_scene(words: str) -> Step:
    """Return the ``scene`` step for a prompt; what no scene fits becomes a ``poster`` with the prompt set in type."""
    prompt = " ".join(words.split()).strip(" .!?,")
    subject = next((name for name, nouns in _SUBJECTS.items() if re.search(rf"\b(?:{nouns})\b", prompt)), "poster")
    return changed(Step(op="scene", args={"subject": subject, "prompt": prompt}), prompt)[0]


def changed(scene: Step, words: str) -> tuple[Step, str]:
    """Return ``scene`` at the hour, in the weather and with the boat that ``words`` ask for, and the other words."""
    args = dict(scene.args)
    for kind in _KINDS if scene.get("subject") in OUTDOORS else ():
        for name, pattern in _PATTERNS[kind].items():
            if match := pattern.search(words):
                args[kind] = "" if match["away"] or name == "clear" else name
                words = pattern.sub(" ", words)
                break
    order = ("subject", *_KINDS, "prompt", "version")
    return Step(op="scene", args={key: args[key] for key in order if args.get(key)}), words


def names_scenery(words: str) -> bool:
    """Return whether ``words`` name an hour, a weather or the boat, which only a painted scene can take on."""
    return any(pattern.search(words) for table in _PATTERNS.values() for pattern in table.values())
