"""From a sentence to steps.

May import: steps, grammar, scenery and vocabulary beside it. Quotes are lifted out first. The rest is cut into clauses.
In each clause the longest phrase of the vocabulary wins, and the words around it give strength, direction and
arguments. Words that stay unknown are named in ``ignored``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from bot.sandbox.engine.edits.shapes import COLOURS
from bot.sandbox.engine.reading import grammar
from bot.sandbox.engine.reading.scenery import changed, new_scene
from bot.sandbox.engine.reading.vocabulary import JOINS, OPERATIONS
from bot.sandbox.engine.steps import Step


@dataclass(slots=True, kw_only=True)
class Wish:
    """What was understood of one message. ``scene``: the painted scene on the table, where it shall change."""

    steps: list[Step] = field(default_factory=list)
    scene: Step | None = None
    ignored: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Call:
    """One phrase of the vocabulary: what it calls, with which arguments and strength. ``weak``: see the table."""

    op: str
    args: tuple[tuple[str, str], ...] = ()
    amount: float = 1.0
    weak: bool = False


def _phrase_table() -> dict[tuple[str, ...], _Call]:
    table = {}
    for row in OPERATIONS.values():
        for phrase in row.words.split("|"):
            plain, _, preset = phrase.partition("=")
            plain, _, amount = plain.partition("*")
            key, _, value = preset.partition(":")
            call = _Call(row.name, ((key, value),) if preset else (), float(amount or 1), plain.endswith("?"))
            table[tuple(plain.rstrip("?").split())] = call
    return table


_TABLE = _phrase_table()
_LONGEST = max(len(phrase) for phrase in _TABLE)
_WORDS = {word for phrase in _TABLE for word in phrase}
_COLOURED = frozenset({"text", "frame"})
_EXACT = frozenset({"text", "crop", "rotate", "resize", "mirror", "flip"}) | JOINS

_DICTATED = re.compile(
    r"\b(?:write|caption(?: it)?(?: with| saying)?|(?:with )?(?:the )?(?:text|words?|caption)(?: saying)?|that says|"
    r"saying)\s*:?\s+"
    r"(?!(?:on|in|at|to|with|the|a|an|it|something|this|that|away|please|saying|and|bigger|smaller)\b)"
    r"(?P<said>\S.*?)(?P<tail>\s+(?:on it|on top of it|(?:at|in|on) the (?:top|bottom|middle|cent|upper|lower|left|"
    r"right).*|in (?:black|white|red|blue|green|yellow|gold|pink|orange|big|small|large).*))?$",
    re.IGNORECASE,
)
_TALK = {
    "me": r"^\W*(?:hi|hello|hey|good (?:morning|evening|day|afternoon)|hiya)(?: there| bot| everyone)?\W*$|"
    r"what (?:else )?can you do|what do you do|^\W*help\W*$|how do(?:es)? (?:this|it|you) work|"
    r"(?:which|what) (?:styles|effects|filters|commands|model)|\b(?:are|who are|what are) you\b",
    "thanks": r"^\W*(?:thanks?(?: you)?(?: so much| a lot)?|thx|great|nice|perfect|cool|wow|awesome|lovely|beautiful|"
    r"super|good)\W*$",
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


def parse(sentence: str, pictures: int, scene: Step | None = None) -> Wish:
    """Understand ``sentence`` when ``pictures`` pictures lie on the table (0: it asks for a new one).

    ``scene``: the scene on the table, if the engine painted it; only a scene can be seen at another hour.
    """
    plain, quotes = _lift_quotes(without_name(sentence))
    first = _talk(plain) or _about_earlier(plain) or (None if quotes else new_scene(plain, pictures))
    if first is not None:
        return Wish(steps=[first])
    wish = Wish()
    words = plain
    if scene is not None:
        other, words = changed(scene, plain)
        wish.scene = other if other != scene else None
    for clause in _clauses(words):
        _read_clause(clause, quotes, wish)
    if all(step.op == "refuse" for step in wish.steps) and (late := new_scene(plain, pictures, late=True)):
        return Wish(steps=[late])
    if not wish.steps and wish.scene is None:
        foreign = len(re.findall(r"[^\W\d_]", plain)) > 2 * len(re.findall("[a-z]", plain))
        wish.steps.append(Step(op="talk", args={"about": "language" if foreign else "unknown"}))
    # "Make it a black and white b&w photo" asks once, and one refusal is enough.
    once = [step for at, step in enumerate(wish.steps) if step not in wish.steps[:at]]
    wish.steps = sorted(once, key=lambda step: step.op != "refuse")
    # A name says which picture is meant, and the bot sends that one under its label.
    named = {word for name in re.findall(r"@([\w-]+)", plain) for word in grammar.tokens(name)}
    wish.ignored = [word for word in wish.ignored if word not in named]
    return wish


def without_name(sentence: str) -> str:
    """Drop the speaker's name that stands before a wish in a group: "Ann: make it warmer"."""
    name, colon, rest = sentence.partition(": ")
    said = name.lower().split()
    is_name = colon and 0 < len(said) <= 4 and name[:1].isupper() and not set(said) & (_WORDS | grammar.KNOWN)
    return rest if is_name else sentence


def _lift_quotes(sentence: str) -> tuple[str, list[str]]:
    """Replace quoted and dictated text by marks, so that its words are no wishes."""
    quotes: list[str] = []

    def lift(match: re.Match[str]) -> str:
        quotes.append(next(group for group in match.groups() if group is not None).strip())
        return f" {grammar.MARK}{len(quotes) - 1} "

    plain = re.sub(r"[\"“”„«»]([^\"“”„«»]+)[\"“”„«»]|(?<!\w)['‘]([^'‘’]{2,}?)['’](?!\w)", lift, sentence)  # noqa: RUF001
    if not quotes:
        plain = _DICTATED.sub(lambda m: f"text {lift(m)} {m['tail'] or ''}", plain)
    return re.sub(r"[’`]", "'", plain).lower(), quotes  # noqa: RUF001


def _talk(plain: str) -> Step | None:
    """Recognise greetings, thanks and questions."""
    about = next((name for name, pattern in _TALK.items() if re.search(pattern, plain)), None)
    return Step(op="talk", args={"about": about}) if about else None


def _about_earlier(plain: str) -> Step | None:
    """Recognise wishes about earlier wishes: more, less, the original, undo."""
    for op, pattern in _EARLIER.items():
        if match := re.search(pattern, plain):
            return Step(op=op, amount=grammar.factor((match.groupdict().get("how") or "").split()))
    return None


def _clauses(plain: str) -> list[str]:
    plain = re.sub(r"black[\s-]*(?:and|&|n|\+|-)[\s-]*white|\bb\s*(?:&|/|and|n)\s*w\b", "black_and_white", plain)
    cut = r"[,;!?\n]+|\.(?!\d)|\b(?:and then|then|and|but|with|plus|also)\b|&|\+"
    return [clause for clause in re.split(cut, plain) if clause.strip()]


def _read_clause(clause: str, quotes: list[str], wish: Wish) -> None:
    """Add the clause's steps to ``wish``."""
    calls, rest = _find(grammar.tokens(clause))
    last = wish.steps[-1] if wish.steps else None
    if not calls and last and last.op in _COLOURED and grammar.describes(rest):
        more = grammar.arguments(last.op, {}, rest, clause, quotes)
        wish.steps[-1] = replace(last, args={**last.args, **more})
        return
    calls = calls or _implied(rest)
    if _names_a_part(calls, rest, clause):
        wish.steps.append(Step(op="refuse"))
    elif calls:
        wish.steps.extend(_step(call, rest, clause, quotes) for call in calls)
        wish.ignored.extend(grammar.unknown(rest))
    else:
        _leftover(clause, rest, wish)


def _find(tokens: list[str]) -> tuple[list[_Call], list[str]]:
    """Return the calls that the longest phrases make, and the tokens that none of them used."""
    content = [(index, token) for index, token in enumerate(tokens) if token not in grammar.EMPTY or token in _WORDS]
    calls: list[_Call] = []
    used: set[int] = set()
    position = 0
    while position < len(content):
        for length in range(min(_LONGEST, len(content) - position), 0, -1):
            piece = content[position : position + length]
            call = _TABLE.get(tuple(token for _, token in piece))
            if call is not None:
                calls.append(call)
                used.update(index for index, _ in piece)
                position += length - 1
                break
        position += 1
    strong, rest = [call for call in calls if not call.weak], [t for i, t in enumerate(tokens) if i not in used]
    # "A watercolour painting" is no oil painting.
    return (strong or (calls if not grammar.unknown(rest) else [])), rest


def _implied(rest: list[str]) -> list[_Call]:
    """Understand clauses that name no operation: bare quotes, "more colour", degrees, pixels, a ratio."""
    said = set(rest)
    if any(token[0] == grammar.MARK for token in rest):
        return [_Call("text")]
    if said & {"colour", "colours"} and said & (grammar.UP | grammar.DOWN):
        return [_Call("saturated")]
    if any(token[0].isdigit() for token in rest):
        if said & {"degrees", "degree", "clockwise", "counterclockwise"}:
            return [_Call("rotate")]
        if said & {"px", "pixels", "pixel", "wide"}:
            return [_Call("resize")]
    return [_Call("crop")] if any(re.fullmatch(r"\d{1,2}\s*[:/]\s*\d{1,2}", token) for token in rest) else []


def _names_a_part(calls: list[_Call], rest: list[str], clause: str) -> bool:
    """Return whether a clause wants a part of the picture changed: "the sky darker", "the red car blue"."""
    if any(call.op in _COLOURED for call in calls):
        return False
    thing = re.findall(r"\b(?:the|his|her|their|my|our|its) (\w+)", clause)
    return bool(set(rest) & COLOURS.keys() or (calls and set(thing) & set(grammar.unknown(rest))))


def _leftover(clause: str, rest: list[str], wish: Wish) -> None:
    """Read a clause that names no operation: how strong the one before is meant, or something to add or remove."""
    share, unknown = grammar.percent(clause), grammar.unknown(rest)
    last = wish.steps[-1] if wish.steps else None
    if last and last.op in OPERATIONS and share is not None:
        wish.steps[-1] = replace(last, amount=_amount(last.op, share))
    elif last and re.search(r"\bnot (?:too|so|that|very) (?:strong|much|heavy|hard|intense|extreme)", clause):
        wish.steps[-1] = last.times(0.5) if last.op in OPERATIONS else last
    elif unknown and (set(rest) & grammar.AWAY or re.search(r"\b(?:add|put|insert|place|give|include)\b", clause)):
        wish.steps.append(Step(op="refuse"))
    else:
        wish.ignored.extend(unknown)


def _amount(op: str, share: float) -> float:
    return round(share / (100 if OPERATIONS[op].kind == "style" else 30), 3)


def _step(call: _Call, rest: list[str], clause: str, quotes: list[str]) -> Step:
    args = dict(call.args) | grammar.arguments(call.op, dict(call.args), rest, clause, quotes)
    around, written = set(rest), any(token[0] == grammar.MARK for token in rest)
    taken_out = re.search(r"\b(?:take|leave|get)\b.*\b(?:out|away|off|rid)\b", clause)
    if (around & grammar.AWAY or taken_out) and not written and not call.args:
        return Step(op="undo", args={"what": call.op})
    share = grammar.percent(clause)
    op, amount = call.op, call.amount * grammar.factor(rest) if share is None else _amount(call.op, share)
    negated = re.search(r"\bnot (?:so|as|that|too)\b|n't be so\b", clause) is not None
    if (around & grammar.DOWN or "too" in clause.split() or negated) and OPERATIONS[op].opposite:
        op = OPERATIONS[op].opposite
    return Step(op=op, amount=1.0 if op in _EXACT else amount, args=args)
