"""From the words of a picture wish to a scene: subject, time of day, weather, extras.

May import: steps. What it reads becomes the arguments of a ``scene`` step; ``scenes`` paints them.
"""

from __future__ import annotations

import re

from bot.sandbox.engine.steps import Step

# The first match wins, so what stands in a landscape comes before the landscape that it stands in.
_SUBJECTS = {
    "lighthouse": "lighthouse|beacon",
    "landscape": "mountain|mountains|alps|peak|peaks|hills|valley|lake|landscape",
    "still life": "still life|fruit|fruits|apple|apples|orange|oranges|pear|pears",
}
_TIMES = {
    "dusk": "dusk|sunset|evening|twilight|golden hour|sundown",
    "dawn": "dawn|sunrise|morning|daybreak",
    "night": "night|nighttime|midnight|moonlight|moonlit|moon|stars|starry|northern lights|dark",
    "day": "day|noon|daylight|midday|afternoon|sunny|sunshine",
}
_WEATHERS = {
    "storm": "storm|stormy|thunderstorm|lightning|tempest|thunder",
    "rain": "rain|rainy|raining|drizzle|wet",
    "snow": "snow|snowy|snowing|snowfall|winter|wintry|ice|icy|frozen|blizzard|christmas",
    "fog": "fog|foggy|mist|misty|haze|hazy",
}
_EXTRAS = {
    "moon": "moon|moonlight|moonlit|full moon",
    "birds": "bird|birds|seagull|seagulls|gulls|swallows",
    "boat": "boat|ship|sailboat",
    "stars": "star|stars|starry",
}
ORDER = ("subject", "time", "weather", "extras", "prompt", "version")
SUBJECTS = (*_SUBJECTS, "poster")
NOUNS = frozenset(word for words in _SUBJECTS.values() for word in words.split("|"))


def _patterns(table: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(rf"\b(?:{words})\b") for name, words in table.items()}


_SUBJECT, _EXTRA = _patterns(_SUBJECTS), _patterns(_EXTRAS)
_KINDS = {"time": _patterns(_TIMES), "weather": _patterns(_WEATHERS)}
_OUTDOORS = {"lighthouse", "landscape"}


def _first(patterns: dict[str, re.Pattern[str]], words: str) -> str | None:
    return next((name for name, pattern in patterns.items() if pattern.search(words)), None)


def read_scene(words: str) -> Step:
    """Return the ``scene`` step for a prompt; what no scene fits becomes a ``poster`` with the prompt set in type."""
    prompt = " ".join(words.split()).strip(" .!?,")
    subject = _first(_SUBJECT, prompt) or "poster"
    args = {"subject": subject, **_conditions(subject, prompt), "extras": ",".join(_extras(subject, prompt))}
    return Step(op="scene", args=args | {"prompt": prompt})


def _conditions(subject: str, words: str) -> dict[str, str]:
    """Return the time of day and the weather that ``words`` name, as far as they can be seen in the scene."""
    kinds = ("time", "weather") if subject in _OUTDOORS else ("time",) if subject != "poster" else ()
    found = {kind: _first(_KINDS[kind], words) for kind in kinds}
    return {kind: name for kind, name in found.items() if name}


def _extras(subject: str, words: str) -> list[str]:
    return [name for name, pattern in _EXTRA.items() if subject in _OUTDOORS and pattern.search(words)]


_CLEAR = re.compile(
    r"\b(?:clear (?:sky|weather)|(?:no|without|remove|stop) (?:the )?(?:\w+ )?(?:rain|snow|fog|mist|storm)|"
    r"undo the (?:rain|snow|fog))\b"
)
_AWAY = re.compile(r"\b(?:remove|without|no|take|erase|delete)\b")
_ADD = re.compile(r"\b(?:add|put|with|include|give)\b")


def changed(scene: Step, words: str) -> Step | None:
    """Return ``scene`` under the hour, weather and extras that ``words`` ask for. None: they ask none."""
    subject = scene.get("subject")
    extras = set(_extras(subject, words))
    if _ADD.search(words):
        # "Add a moon" asks for a moon, not for the night.
        words = _EXTRA["moon"].sub("", _EXTRA["stars"].sub("", words))
    new, clear = _conditions(subject, words), _CLEAR.search(words) is not None
    kept = {name for name in scene.get("extras").split(",") if name}
    if "time" in new:
        kept -= {"moon", "stars"}
    shown = kept - extras if _AWAY.search(words) else kept | extras
    args = dict(scene.args) | new | {"extras": ",".join(sorted(shown))}
    if clear:
        args.pop("weather", None)
    if args == scene.args:
        return None
    return Step(op="scene", args={key: args[key] for key in ORDER if key in args})
