"""Whole-sentence patterns: small talk, wishes about earlier wishes, new pictures, refusals, arguments of a step.

May import: words, scenery, shapes' colours, steps. The parser asks these in order before it looks at single words.
"""

from __future__ import annotations

import re

from bot.sandbox.engine.edits.shapes import COLOURS
from bot.sandbox.engine.reading import words
from bot.sandbox.engine.reading.scenery import NOUNS, read_scene
from bot.sandbox.engine.steps import Step

DICTATED = re.compile(
    r"\b(?:write|caption(?: it)?(?: with| saying)?|(?:with )?(?:the )?(?:text|words?|caption)(?: saying)?|that says|"
    r"saying)\s*:?\s+"
    r"(?!(?:on|in|at|to|with|the|a|an|it|something|this|that|away|please|saying|and|bigger|smaller)\b)"
    r"(?P<said>\S.*?)(?P<tail>\s+(?:on it|on top of it|(?:at|in|on) the (?:top|bottom|middle|cent|upper|lower|left|"
    r"right).*|in (?:black|white|red|blue|green|yellow|gold|pink|orange|big|small|large).*))?$",
    re.IGNORECASE,
)
TAKEN_OUT = re.compile(r"\b(?:take|leave|get)\b.*\b(?:out|away|off|rid)\b")

_TALK = {
    "hello": r"^\W*(?:hi|hello|hey|good (?:morning|evening|day|afternoon)|hiya)(?: there| bot| everyone)?\W*$",
    "thanks": r"^\W*(?:thanks?(?: you)?(?: so much| a lot)?|thx|great|nice|perfect|cool|wow|awesome|lovely|beautiful|"
    r"super|good)\W*$",
    "abilities": r"what (?:else )?can you do|what do you do|^\W*help\W*$|how do(?:es)? (?:this|it|you) work|"
    r"(?:which|what) (?:styles|effects|filters|commands)",
    "self": r"\b(?:are you|who are you|what are you|which model|what model)\b",
    "nothing": r"^[ .,!?…]*$",
    "content": r"^\W*(?:what|who|where|when|why|how many|how old|which|is (?:there|this|it|he|she)|are there|"
    r"do you see|describe|tell me|does)\b",
}
_HOW = r"(?P<how>much |a lot |lot |bit |a bit |little |a little |slightly |way )?"
_EARLIER = {
    "more": r"^\W*(?:(?:and |now |make it |please |still |yet |once |a |even |do it |do that |try )*)" + _HOW
    + r"(?:more|again|stronger|further|another time|same again|harder|increase it|intensify it|keep going)\b"
    r"(?: of (?:that|it|this)| so| please| strongly| intense| time| with (?:that|it))*\W*$",
    "less": r"^\W*(?:(?:and |now |make it |please |but |that's |that is |it's |it is )*)" + _HOW
    + r"(?:less|weaker|too much|too strong|too intense|not so (?:much|strong)|not that (?:much|strong)|softer|gentler|"
    r"subtler|more subtle|tone it down|reduce it|dial it back)(?: of (?:that|it|this)| strong| intense| please| now)*"
    r"\W*$",
    "original": r"\b(?:back|return|revert|reset|restore)\b.*\boriginal|\bundo (?:everything|all)|start over|"
    r"show (?:me )?the original|the original (?:again|please|picture|photo|image)|"
    r"^\W*(?:original|reset|start again)\W*$|remove all (?:the )?(?:effects|edits|filters)",
    "undo": r"^\W*(?:please |now |ok |and )*(?:undo|revert|take (?:that|it) back|go back|back)"
    r"(?: that| it| this| the last (?:one|edit|change|step)| one step| please)*\W*$",
}  # fmt: skip
_REFUSED = {
    "effect": r"\b(?:vignette|grain\w*|noise|denoise|smooth|watercolou?rs?|van gogh|monet|impressionis\w+|picasso|"
    r"warhol|pop art|comic\w*|manga|anime|vintage|retro|old photo|polaroid|neon|mosaic|stained glass|woodblock|ukiyo-e|"
    r"charcoal|line art|outlines?|pixel art|pixelate\w*|bit style|emboss\w*|posteri[sz]e\w*|invert\w*|negative|dreamy|"
    r"cinematic|glow\w*|hdr|enhance\w*|improve|(?:look|make it) (?:better|nicer)|round(?:ed)?|circle|meme|tint\w*|"
    r"zoom(?! out))\b",
    "background": r"^(?!.*(?:blur|soft|focus)).*\bbackground\b",
    "person": r"\b(?:smil(?:e|ing)|laugh(?:ing)?|beard|mou?stache|hair|haircut|shirt|suit|dress|clothes|outfit|"
    r"wear(?:ing)?|pose|turn (?:me|us|him|her) into|make (?:me|him|her|us)|younger|older|face|eyes|bald|muscular|"
    r"makeup|tattoo|glasses|sunglasses|skinn?y|thinner|fatter|expression|(?:his|her|him) )\b",
    "removal": r"\b(?:remove|erase|delete|get rid|take out|cut out|take away)\b.*\b(?:watermark|person|people|man|"
    r"woman|guy|car|dog|cat|tree|object|logo|wires?|shadow|reflection|left|right|behind|sign|bird|boat|building)\b",
    "outpaint": r"\b(?:zoom out|extend|expand|outpaint|uncrop)\b",
    "adding": r"^(?:please |can you |could you )*(?:add|put|insert|place|give)\b.*\b(?:dog|cat|hat|person|people|man|"
    r"woman|car|birds?|trees?|sun|moon|stars|rainbow|dragon|house|boat|flowers?|clouds|child|unicorn|ufo|crown|wings|"
    r"balloons?)\b",
    "weather": r"\b(?:night|midnight|moonlight|sunset|sunrise|dusk|dawn|golden hour|daylight|snow\w*|rain\w*|fog\w*|"
    r"mist\w*|storm\w*|winter|autumn|clear sky)\b",
    "part": r"\b(?:sky|reds|greens|blues|yellows|oranges|shadows|highlights)\b",
    "several": r"\b(?:collage|grid|montage|blend|merge|mix|double exposure|superimpose)\b|"
    r"\b(?:style|colou?rs|look) of the (?:second|other)|one (?:above|top) the other|on top of each other|"
    r"like the (?:second|other)|second picture\b.*\bcorner",
}
_VERB = r"(?P<verb>draw|paint|generate|create|imagine|sketch|render|make|show|design)"
_KIND = r"(?:picture|image|photo|painting|drawing|illustration|poster|scene|wallpaper)s?"
_NEW = re.compile(
    rf"^\W*(?:please |can you |could you |now )*{_VERB}\b(?: me| us| up)*"
    rf"(?P<article>(?: (?:a|an|some|the|another|new|nice|beautiful)\b)*) ?"
    rf"(?P<kind>(?:new )?{_KIND}(?: of| with| showing| for|:))? ?(?P<rest>.*)$"
)
_PICTURE_OF = re.compile(
    rf"^\W*(?:please )?(?:an?|another)? ?(?:new )?{_KIND} of (?!this|that|it|me|us|him|her|my|the)(?P<rest>.+)$"
)
_NAMED = re.compile(rf"\W*(?:an?|some|one|another) (?:[\w-]+ ){{0,2}}(?:{'|'.join(sorted(NOUNS))})\b")
_TABLES = {
    name: {key: re.compile(pattern) for key, pattern in table.items()}
    for name, table in (("talk", _TALK), ("earlier", _EARLIER), ("refused", _REFUSED))
}


def small_talk(plain: str) -> Step | None:
    """Recognise greetings, thanks and questions."""
    about = next((name for name, pattern in _TABLES["talk"].items() if pattern.search(plain)), None)
    return Step(op="talk", args={"about": about}) if about else None


def about_earlier(plain: str) -> Step | None:
    """Recognise wishes about earlier wishes: more, less, the original, undo."""
    for op, pattern in _TABLES["earlier"].items():
        if match := pattern.search(plain):
            how = match["how"] if "how" in pattern.groupindex else None
            return Step(op=op, amount=words.factor([(how or "").replace("a ", "").strip()]))
    return None


def scene(plain: str, pictures: int, *, late: bool = False) -> Step | None:
    """Recognise a wish for a new picture. ``late``: nothing else was understood."""
    match = _NEW.match(plain)
    rest = (match["rest"] if match else "") or plain
    if pictures == 0:
        return None if about_earlier(plain) else read_scene(rest)
    if pictured := _PICTURE_OF.match(plain):
        return read_scene(pictured["rest"])
    article = match["article"].split() if match else []
    if match and (match["kind"] or "new" in article):
        return read_scene(rest)
    indefinite = {"a", "an", "some", "another"} & set(article)
    if _NAMED.match(f"a {rest}" if indefinite else plain):
        return read_scene(rest)
    if match:
        return read_scene(rest) if late and indefinite and match["verb"] not in {"make", "show"} else None
    return read_scene(rest) if late and re.match(r"\W*an? (?!bit|little)", plain) else None


def refusal(clause: str) -> Step | None:
    """Recognise what takes a model that understands pictures."""
    reason = next((name for name, pattern in _TABLES["refused"].items() if pattern.search(clause)), None)
    return Step(op="refuse", args={"reason": reason}) if reason else None


def arguments(op: str, given: dict[str, str], rest: list[str], clause: str, quotes: list[str]) -> dict[str, str]:
    """Read a step's arguments from the words around it."""
    colour = next((token for token in rest if token in COLOURS), None)
    if op == "text":
        marks = " ".join(quotes[int(token[1:])] for token in rest if token[0] == "§")
        size = next((words.SIZES[token] for token in rest if token in words.SIZES), None)
        named = {"text": marks, "place": words.place(rest), "colour": colour, "size": size}
        return {key: value for key, value in named.items() if value}
    if op == "rotate" and (not given or re.search(r"\d", clause)):
        number = re.search(r"(\d+(?:\.\d+)?)", clause)
        degrees = float(number[1]) if number else 90.0
        left = re.search(r"\b(?:left|(?:counter|anti)-?clockwise)\b", clause)
        return {"degrees": f"{-degrees if left else degrees:g}"}
    if op == "crop" and not given:
        ratio = re.search(r"(\d{1,2})\s*[:x/]\s*(\d{1,2})", clause)
        return {"ratio": f"{ratio[1]}:{ratio[2]}" if ratio else "1:1"}
    if op == "resize":
        return _measure(clause)
    return {"colour": colour} if op == "frame" and colour else {}


def _measure(clause: str) -> dict[str, str]:
    if match := re.search(r"(\d{2,4})\s*(?:x|by|\*|×)\s*(\d{2,4})", clause):  # noqa: RUF001
        return {"size": f"{match[1]}x{match[2]}"}
    if (share := words.percent(clause)) is not None:
        return {"scale": f"{share / 100:g}"}
    if match := re.search(r"(\d{2,4})\s*(?:px|pixels?)?", clause):
        return {"width": match[1]}
    return {"scale": "0.5"} if re.search(r"\bhalf\b", clause) else {}
