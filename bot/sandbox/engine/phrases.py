"""Whole-sentence patterns: small talk, wishes about earlier wishes, several pictures, refusals, arguments of a step.

May import: steps, scenery's words, geometry's colours. The parser asks these in order before it looks at single words.
"""

from __future__ import annotations

import re

from . import words
from .geometry import COLOURS
from .scenery import NOUNS, read_scene
from .steps import Step

DICTATED = re.compile(
    r"\b(?:write|caption(?: it)?(?: with| saying)?|(?:with )?(?:the )?(?:text|words?|caption)(?: "
    r"saying)?|that says|saying)"
    r"\s*:?\s+(?!(?:on|in|at|to|with|the|a|an|it|something|this|that|away|please|saying|and|bigger|smaller)\b)"
    r"(?P<said>\S.*?)(?P<tail>\s+(?:on it|on top of it|(?:at|in|on) the (?:top|bottom|middle|cent|"
    r"upper|lower|left|right).*"
    r"|in (?:black|white|red|blue|green|yellow|gold|pink|orange|big|small|large).*))?$",
    re.IGNORECASE,
)
TAKEN_OUT = re.compile(r"\b(?:take|leave|get)\b.*\b(?:out|away|off|rid)\b")
REMOVING = words.bag("remove erase delete rid away out")
WORDS = words.bag("background person people watermark second first picture pictures beard smile shirt please sky sides")

_HELLO = re.compile(
    r"^\W*(?:hi|hello|hey|good (?:morning|evening|day|afternoon)|yo|hiya)(?: there| bot| everyone)?\W*$"
)
_THANKS = re.compile(
    r"^\W*(?:thanks?(?: you)?(?: so much| a lot)?|thx|great|nice|perfect|cool|wow|awesome|lovely|"
    r"beautiful|super|good)\W*$"
)
_ABLE = re.compile(
    r"what (?:else )?can you do|what do you do|^\W*help\W*$|how do(?:es)? (?:this|it|you) work|"
    r"(?:which|what) (?:styles|effects|filters|commands)"
)
_SELF = re.compile(r"\b(?:are you|who are you|what are you|which model|what model)\b")
_ASKS = re.compile(
    r"^\W*(?:what|who|where|when|why|how many|how old|which|is (?:there|this|it|he|she)|are there|do you see|describe|"
    r"tell me|does)\b"
)
_MORE = re.compile(
    r"^\W*(?:(?:and |now |make it |please |still |yet |once |a |even |do it |do that |try )*)"
    r"(?P<how>much |a lot |lot |bit |a bit |little |a little |slightly |way )?"
    r"(?:more|again|stronger|further|another time|same again|harder|increase it|intensify it|keep going)\b"
    r"(?: of (?:that|it|this)| so| please| strongly| intense| time| with (?:that|it))*\W*$"
)
_LESS = re.compile(
    r"^\W*(?:(?:and |now |make it |please |but |that's |that is |it's |it is )*)"
    r"(?P<how>much |a lot |lot |bit |a bit |little |a little |slightly |way )?"
    r"(?:less|weaker|too much|too strong|too intense|not so (?:much|strong)|not that (?:much|strong)|softer|gentler|"
    r"subtler|more subtle|tone it down|reduce it|dial it back)(?: of (?:that|it|this)| strong| "
    r"intense| please| now)*\W*$"
)
_ORIGINAL = re.compile(
    r"\b(?:(?:back|return|revert|reset|restore)\b.*\boriginal|undo (?:everything|all)|start over|show (?:me )?the "
    r"original|the original (?:again|please|picture|photo|image)|"
    r"^\W*(?:original|reset|start again)\W*$|remove all (?:the )?(?:effects|edits|"
    r"filters))"
)
_UNDO = re.compile(
    r"^\W*(?:please |now |ok |and )*(?:undo|revert|take (?:that|it) back|go back|back)"
    r"(?: that| it| this| the last (?:one|edit|change|step)| one step| please)*\W*$"
)
_EACH = {
    "side_by_side": r"side[ -]by[ -]side|next to each other|beside each other|next to one another|left and right",
    "stack": r"one (?:above|below|over|under|on top of) (?:the other|each other|another)|on top of each other|"
    r"above each other|stack(?:ed)?\b|vertically together|one under the other",
    "grid": r"\bcollage\b|\bgrid\b|contact sheet|\bmontage\b|put (?:them|these) together|all in one",
    "style_of_second": r"(?:in (?:the )?)?(?:style|look|colou?rs|palette|mood|tones?|light) of (?:the "
    r")?(?:second|other|"
    r"last|2nd|this)(?: one| picture| photo| image)?|(?:first|1st)\b.*\blook like (?:the )?(?:second|"
    r"other|2nd)(?: one)?|"
    r"match (?:the )?(?:colou?rs|style|look)|like the (?:second|other|2nd) (?:one|picture|photo|image)",
    "inset": r"(?:put|place|insert|paste)\b.*\b(?:second|other|2nd|small(?:er)?)\b.*\bcorner\b.*|"
    r"picture[ -]in[ -]picture",
    "blend": r"\bblend\b|\bmerge\b|\bmix\b|double[ -]exposure|\boverlay\b|\bfuse\b|superimpose|morph",
}
_JOINS = {name: re.compile(pattern) for name, pattern in _EACH.items()}
_REFUSALS = {
    "background": r"\bbackground\b",
    "person": r"\b(?:smil(?:e|ing)|laugh(?:ing)?|beard|mou?stache|hair|haircut|shirt|suit|dress|clothes|"
    r"outfit|wear(?:ing)?|"
    r"pose|turn (?:me|us|him|her) into|make (?:me|him|her|us)|younger|older|face|eyes|bald|muscular|makeup|tattoo|"
    r"glasses|sunglasses|skinn?y|thinner|fatter|expression|(?:his|her|him) )\b",
    "removal": r"\b(?:remove|erase|delete|get rid|take out|cut out|take away)\b.*\b(?:watermark|person|"
    r"people|man|woman|"
    r"guy|car|dog|cat|tree|object|logo|wires?|shadow|reflection|left|right|behind|sign|bird|building)\b",
    "outpaint": r"\b(?:zoom out|extend|expand|outpaint|uncrop)\b",
    "adding": r"^(?:please |can you |could you )*(?:add|put|insert|place|give)\b.*\b(?:dog|cat|hat|"
    r"person|people|man|woman|"
    r"car|bird|birds|tree|trees|sun|moon|rainbow|dragon|house|boat|flowers?|clouds|child|"
    r"unicorn|ufo|crown|wings|balloons?)\b",
}
_REFUSED = {reason: re.compile(pattern) for reason, pattern in _REFUSALS.items()}
_COLOUR_WORDS = "|".join(sorted(COLOURS, key=len, reverse=True))
_KEEP = re.compile(
    rf"^(?=.*(?:black|b&w|bw|grey|gray|mono|rest|everything)).*\b(?:except(?: for)?|but(?: keep| "
    rf"leave)?|keep(?: only)?|only|"
    rf"leave|apart from|besides)\s+(?:the |its |all )*(?P<colour>{_COLOUR_WORDS})s?\b(?!\s*(?:and|&)\s*white).*$"
    rf"|^.*\bonly (?:the )?(?P<only>{_COLOUR_WORDS})s?\b.*\bin colou?r.*$"
)
_NEW = re.compile(
    r"^\W*(?:please |can you |could you |now )*(?:draw|paint|generate|create|imagine|sketch|render|make|show|design)"
    r"\b(?: me| us| up)*(?: (?:a|an|some|the|another|new|nice|beautiful)\b)* ?(?:(?:new )?(?:picture|"
    r"image|photo|painting|drawing|"
    r"illustration|poster|scene|landscape|wallpaper)s?(?: of| with| showing| for|:))? ?(?P<rest>.*)$"
)


_PICTURE_OF = re.compile(
    r"^\W*(?:please )?(?:an?|another)? ?(?:new )?(?:picture|image|photo|painting|drawing|illustration) of "
    r"(?!this|that|it|me|us|him|her|my|the)(?P<rest>.+)$"
)


def small_talk(plain: str, pictures: int) -> Step | None:
    """Recognise greetings, thanks and questions."""
    if _HELLO.match(plain):
        return _talk("hello")
    if _THANKS.match(plain):
        return _talk("thanks")
    if _ABLE.search(plain):
        return _talk("abilities")
    if _SELF.search(plain):
        return _talk("self")
    if not plain.strip(" .,!?…"):
        return _talk("nothing")
    return _talk("content") if _ASKS.match(plain) else None


def _talk(about: str) -> Step:
    return Step(op="talk", args={"about": about})


def about_earlier(plain: str) -> Step | None:
    """Recognise wishes about earlier wishes: more, less, undo, the original."""
    for op, pattern in (("more", _MORE), ("less", _LESS)):
        if match := pattern.match(plain):
            how = (match["how"] or "").replace("a ", "").strip()
            return Step(op=op, amount=words.factor([how]))
    if _ORIGINAL.search(plain):
        return Step(op="original")
    return Step(op="undo") if _UNDO.match(plain) else None


def scene(plain: str, pictures: int, *, late: bool = False) -> Step | None:
    """Recognise a wish for a new picture. ``late``: nothing else was understood."""
    if pictures == 0:
        if about_earlier(plain) is not None:
            return None
        match = _NEW.match(plain)
        return read_scene(match["rest"] if match and match["rest"] else plain)
    match = _NEW.match(plain)
    named = set(re.findall(r"[a-z]+", plain)) & NOUNS
    asks_new = match is not None and re.search(r"\b(?:picture|image|photo|illustration|wallpaper) of\b|\bnew\b", plain)
    if pictured := _PICTURE_OF.match(plain):
        return read_scene(pictured["rest"])
    rest = match["rest"] if match else plain
    if named and re.match(
        rf"\W*(?:an?|some|one) (?:[\w-]+ ){{0,2}}(?:{'|'.join(sorted(named))})\b", _article(plain, rest)
    ):
        return read_scene(rest)
    if asks_new and match is not None:
        return read_scene(match["rest"])
    if late and named and not re.match(r"\W*(?:add|put|remove|insert|place)\b", plain):
        return read_scene(match["rest"] if match else plain)
    return None


def _article(plain: str, rest: str) -> str:
    """Return ``rest`` with the article before it: "draw a castle" names a new thing, "draw the castle" does not."""
    before = plain[: len(plain) - len(rest)].rstrip()
    return f"a {rest}" if re.search(r"\b(?:a|an|some|another)$", before) else rest


def whole_sentence(plain: str, quotes: list[str], steps: list[Step], pictures: int) -> str:
    """Read what spans clauses, append its steps, and return what is left of the sentence."""
    if re.search(r"\bmeme\b", plain) and quotes:
        both = {"top": quotes[0], "bottom": quotes[1]} if len(quotes) > 1 else _meme_line(plain, quotes[0])
        steps.append(Step(op="meme", args=both))
        return ""
    if match := _KEEP.match(plain):
        steps.append(Step(op="keep_colour", args={"colour": match["colour"] or match["only"]}))
        return ""
    for name, pattern in _JOINS.items():
        found = pattern.search(plain)
        if found and (pictures != 1 or name in {"grid", "blend", "side_by_side", "stack", "inset", "style_of_second"}):
            share = words.percent(plain) if name == "blend" else None
            steps.append(Step(op=name, amount=1.0 if share is None else round(share / 100, 3)))
            rest = plain[: found.start()] + " , " + plain[found.end() :]
            if name == "blend":
                rest = re.sub(r"\d+\s*%", " ", rest)
            return re.sub(r"\b(?:first|second|combine|join|both|two|three|together|style)\b", " ", rest)
    return plain


def _meme_line(plain: str, quote: str) -> dict[str, str]:
    return {"top" if "top" in plain else "bottom": quote}


def refusal(clause: str) -> Step | None:
    """Recognise what takes a model that understands pictures."""
    reason = next((name for name, pattern in _REFUSED.items() if pattern.search(clause)), None)
    return Step(op="refuse", args={"reason": reason}) if reason else None


def arguments(op: str, given: dict[str, str], rest: list[str], clause: str, quotes: list[str]) -> dict[str, str]:
    """Read a step's arguments from the words around it."""
    found: dict[str, str] = {}
    colour = next((token for token in rest if token in COLOURS), None)
    if op in {"text", "meme"}:
        marks = [quotes[int(token[1:])] for token in rest if token[0] == "§"]
        place = words.place(rest)
        size = words.text_size(rest)
        named = {"text": " ".join(marks), "place": place, "colour": colour, "size": size}
        return {key: value for key, value in named.items() if value}
    if op == "rotate" and (not given or re.search(r"\d", clause)):
        return {"degrees": _degrees(clause)}
    if op == "crop" and not given:
        ratio = re.search(r"(\d{1,2})\s*[:x/]\s*(\d{1,2})", clause)
        return {"ratio": f"{ratio[1]}:{ratio[2]}" if ratio else "1:1"}
    if op == "resize":
        return _measure(clause)
    if op in {"frame", "tint"} and colour:
        found["colour"] = colour
    elif op not in {"recolour", "keep_colour"} and colour and "sky" not in rest:
        found["area"] = colour
    if "sky" in rest:
        found["area"] = "sky"
    return found


def _degrees(clause: str) -> str:
    number = re.search(r"(\d+(?:\.\d+)?)", clause)
    degrees = float(number[1]) if number else 90.0
    left = re.search(r"\b(?:left|counter-?clockwise|anti-?clockwise)\b", clause)
    return f"{-degrees if left else degrees:g}"


def _measure(clause: str) -> dict[str, str]:
    if match := re.search(r"(\d{2,4})\s*(?:x|by|\*|×)\s*(\d{2,4})", clause):  # noqa: RUF001
        return {"size": f"{match[1]}x{match[2]}"}
    if (share := words.percent(clause)) is not None:
        return {"scale": f"{share / 100:g}"}
    if match := re.search(r"(\d{2,4})\s*(?:px|pixels?)?", clause):
        return {"width": match[1]}
    if re.search(r"\bhalf\b", clause):
        return {"scale": "0.5"}
    return {"scale": "2"} if re.search(r"\b(?:twice|double)\b", clause) else {}
