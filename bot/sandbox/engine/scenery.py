"""From the words of a picture wish to a scene: subject, time of day, weather, season, extras.

May import: steps. What it reads becomes the arguments of a ``scene`` step; ``scenes`` paints them.
"""

from __future__ import annotations

import re

from .steps import Step

# The first match wins, so what stands in a landscape comes before the landscape that it stands in.
_SUBJECTS = {
    "lighthouse": "lighthouse|beacon",
    "castle": "castle|fortress|palace|citadel",
    "fox": "fox|foxes",
    "cat": "cat|cats|kitten|kitty",
    "boat": "boat|sailboat|ship|sailing|yacht|sail|regatta",
    "space": "space|galaxy|planet|planets|nebula|cosmos|universe|saturn|milky way|astronaut|rocket|spaceship",
    "city": "city|skyline|town|street|skyscraper|skyscrapers|downtown|metropolis|tokyo|new york|london|paris|berlin|"
    "cyberpunk",
    "cabin": "cabin|hut|cottage|house|home|farm|village|church|chalet|barn",
    "desert": "desert|dunes|dune|sahara|cactus|camel|camels",
    "forest": "forest|woods|trees|tree|jungle|birch|birches|pine|pines|path",
    "flowers": "flower|flowers|meadow|poppies|poppy|tulips|tulip|roses|rose|lavender|sunflowers|"
    "sunflower|garden|daisies|"
    "bouquet|wildflowers",
    "mountains": "mountain|mountains|alps|peak|peaks|hills|hill|valley|volcano|everest|fuji|lake|"
    "landscape|northern lights|"
    "aurora|canyon|glacier",
    "sea": "sea|ocean|beach|waves|wave|coast|shore|island|water|bay|harbour|harbor|palm|palms|tropical",
    "abstract": "abstract|pattern|shapes|geometric|geometry|gradient|wallpaper|texture|swirls|kandinsky|"
    "mondrian|bauhaus",
}
_TIMES = {
    "dusk": "dusk|sunset|evening|twilight|golden hour|sundown",
    "dawn": "dawn|sunrise|morning|daybreak",
    "night": "night|nighttime|midnight|moonlight|moonlit|moon|stars|starry|northern lights|aurora|"
    "milky way|nocturnal|dark",
    "day": "day|noon|daylight|midday|afternoon|sunny|sunshine",
}
_WEATHERS = {
    "storm": "storm|stormy|thunderstorm|lightning|tempest|thunder",
    "rain": "rain|rainy|raining|drizzle|wet",
    "snow": "snow|snowy|snowing|snowfall|winter|wintry|ice|icy|frozen|blizzard|christmas",
    "fog": "fog|foggy|mist|misty|haze|hazy|clouds below",
}
_SEASONS = {"autumn": "autumn|autumnal|fall|october|november", "spring": "spring|april|may|blossom|blossoms"}
_EXTRAS = {
    "aurora": "northern lights|aurora|polar lights",
    "moon": "moon|moonlight|moonlit|full moon",
    "birds": "bird|birds|seagull|seagulls|gulls|swallows",
    "boat": "boat|ship|sailboat",
    "stars": "star|stars|starry|milky way",
    "volcano": "volcano|fuji",
    "planets": "planet|planets|saturn|ringed",
    "palms": "palm|palms|tropical|island|beach",
    "lavender": "lavender",
    "sunflowers": "sunflower|sunflowers",
    "tulips": "tulip|tulips",
    "reflection": "lake|reflection",
    "neon": "neon|cyberpunk",
}
ORDER = ("subject", "time", "weather", "season")


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b")


_SUBJECT = {name: _pattern(words) for name, words in _SUBJECTS.items()}
_KINDS = {
    kind: {name: _pattern(words) for name, words in table.items()}
    for kind, table in {"time": _TIMES, "weather": _WEATHERS, "season": _SEASONS}.items()
}
_EXTRA = {name: _pattern(words) for name, words in _EXTRAS.items()}
NOUNS = frozenset(word for words in _SUBJECTS.values() for word in words.split("|"))
SUBJECTS = (*_SUBJECTS, "poster")


def _first(patterns: dict[str, re.Pattern[str]], words: str) -> str | None:
    return next((name for name, pattern in patterns.items() if pattern.search(words)), None)


def read_scene(words: str) -> Step:
    """Return the ``scene`` step for a prompt; what no scene fits becomes a ``poster`` with the prompt set in type."""
    prompt = " ".join(words.split()).strip(" .!?,")
    args = {"subject": _first(_SUBJECT, prompt) or "poster"} | conditions(prompt)
    extras = [name for name, pattern in _EXTRA.items() if pattern.search(prompt)]
    return Step(op="scene", args=args | {"extras": ",".join(extras), "prompt": prompt})


def conditions(words: str) -> dict[str, str]:
    """Return the time of day, weather and season that ``words`` name."""
    found = {kind: _first(patterns, words) for kind, patterns in _KINDS.items()}
    return {kind: name for kind, name in found.items() if name}


_CLEAR = re.compile(
    r"\b(?:clear (?:sky|weather)|(?:no|without|remove|stop) (?:the )?(?:\w+ )?(?:rain|snow|fog|mist|storm)|"
    r"undo the (?:rain|snow|fog))\b"
)
_AWAY = re.compile(r"\b(?:remove|without|no|take|erase|delete)\b")
_ADD = re.compile(r"\b(?:add|put|with|include|give)\b")
_IN_THE_SKY = frozenset({"moon", "stars", "aurora", "birds"})
_ON_WATER = frozenset({"lighthouse", "sea", "mountains", "city"})
_TIMELESS = frozenset({"space", "abstract", "poster"})


def changed(scene: Step, words: str) -> Step | None:
    """Return ``scene`` under the hour, weather, season and extras that ``words`` ask for. None: they ask none."""
    subject = scene.get("subject")
    if subject in _TIMELESS:
        return None
    possible = _IN_THE_SKY | ({"boat"} if subject in _ON_WATER else set())
    extras = {name for name, pattern in _EXTRA.items() if name in possible and pattern.search(words)}
    if _ADD.search(words):
        # "Add a moon" asks for a moon, not for the night.
        words = _EXTRA["moon"].sub("", _EXTRA["stars"].sub("", words))
    new = conditions(words)
    clear = _CLEAR.search(words) is not None
    if clear:
        new.pop("weather", None)
    if not new and not extras and not clear:
        return None
    kept = {name for name in scene.get("extras").split(",") if name}
    if "time" in new:
        kept -= {"moon", "stars", "aurora"}
    shown = kept - extras if _AWAY.search(words) else kept | extras
    args = dict(scene.args) | new | {"extras": ",".join(sorted(shown))}
    if clear:
        args.pop("weather", None)
    if args == scene.args:
        return None
    return Step(op="scene", args={key: args[key] for key in (*ORDER, "extras", "prompt") if key in args})
