"""From a sentence to steps.

Imports ``shapes``, ``grammar``, ``scenery``, ``tongues``, ``vocabulary`` and ``steps``. Quotes are lifted out first.
The rest is cut into clauses. In each clause the longest phrase of the vocabulary wins, and the words around it give
strength, direction and arguments. Words that stay unknown are named in ``ignored``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from bot.sandbox.engine.edits.shapes import COLOURS
from bot.sandbox.engine.reading import grammar, scenery, tongues
from bot.sandbox.engine.reading.grammar import bag
from bot.sandbox.engine.reading.scenery import (
    bare_scene,
    changed,
    for_the_picture,
    in_own_words,
    names_scenery,
    new_scene,
    read_scene,
    shows_things,
)
from bot.sandbox.engine.reading.vocabulary import JOINS, OPERATIONS
from bot.sandbox.engine.steps import Step


@dataclass(slots=True, kw_only=True)
class Wish:
    """What was understood of one message.

    ``scene``: the current scene as it shall become, if it changes. ``refused``: the things that steps ``refuse`` are
    about. ``strangers``: names of pictures that did not come with the message. ``foreign``: the wish as it was said, if
    that was not in English.
    """

    steps: list[Step] = field(default_factory=list)
    scene: Step | None = None
    ignored: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    foreign: tongues.Foreign | None = None


def _phrase_table() -> tuple[dict[str, Step], set[str]]:
    """Return the steps that phrases call, and the words of weak phrases; ``vocabulary`` says how they are written."""
    table, weak = {}, set()
    for row in OPERATIONS.values():
        for phrase in row.words.split("|"):
            plain, _, preset = phrase.partition("=")
            key, _, value = preset.partition(":")
            if plain.endswith("?"):
                weak.add(plain := plain.rstrip("?"))
            table[plain] = Step(op=row.name, args={key: value} if key else {})
    return table, weak


_TABLE, _WEAK = _phrase_table()
_WORDS = bag(" ".join(_TABLE))
_LONGEST_FIRST = "|".join(sorted(map(re.escape, _TABLE), key=lambda phrase: -phrase.count(" ")))
_PHRASE = re.compile(rf"(?<!\S)(?:{_LONGEST_FIRST})(?!\S)")
_COLOURED = frozenset({"text", "frame"})
_EXACT = frozenset({"text", "crop", "rotate", "resize", "mirror", "flip"}) | JOINS

_BLACK_AND_WHITE = r"black[\s-]*(?:and|&|n|\+|-)[\s-]*white|\bb\s*(?:&|/|and|n)\s*w\b"
_BETWEEN_CLAUSES = r"[,;!?\n]+|\.(?!\d)|\b(?:and then|then|and|but|with|plus|also)\b|&|\+"
_PAGE = re.compile(
    r"([\"“”„«»][^\"“”„«»]+[\"“”„«»])|(?:\b(?:of|on|from|in)\s+)?(?:\b(?:the|die|la|a)\s+)?"
    r"(?:\b(?:page|seite|p[aá]gina|страниц\w*)\s+\d{1,4}\b|\b\d{1,4}(?:st|nd|rd|th)\s+page\b|第\s*\d{1,4}\s*页)",
    re.IGNORECASE,
)
"""The page of a PDF that a wish names. The bot has chosen it already, so its number is no wish. Not within quotes."""
LABEL = re.compile(r"^@([\w-]+):$", re.MULTILINE)
_NAME = re.compile(r"(?<!\w)@([\w-]+)")
_CITED = re.compile(r"\s*[^\n]{1,120}? wrote: “(.*?)”(?:\n|\Z)", re.DOTALL)
"""What somebody else wrote under the message that the wish replies to: see bot/turns/request/exchanges.py."""
_DICTATED = re.compile(
    r"\b(?:write|caption(?: it)?(?: with| saying)?|(?:with )?(?:the )?(?:text|words?|caption)(?: saying)?|that says|"
    r"saying)\s*:?\s+"
    r"(?!(?:on|in|at|to|with|the|a|an|it|something|this|that|away|please|saying|and|bigger|smaller)\b)"
    r"(?P<said>\S.*?)(?P<tail>\s+(?:on it|on top of it|(?:at|in|on) the (?:top|bottom|middle|cent|upper|lower|left|"
    r"right).*|in (?:black|white|red|blue|green|yellow|gold|pink|orange|big|small|large).*))?$",
    re.IGNORECASE,
)
_TALK = {
    "me": r"^[\s?]*\?[\s?]*$|^\W*help\W*$|"
    r"^\W*(?:hi|hello|hey|good (?:morning|evening|day|afternoon))(?: there| bot| everyone)?\W*$|"
    r"what (?:else )?(?:can|do) you do|how do(?:es)? (?:this|it|you) work|\b(?:are|who are|what are) you\b|"
    r"(?:which|what) (?:styles|effects|filters|commands|model)",
    "thanks": r"^\W*(?:thanks?|thx|great|nice|perfect|cool|wow|awesome|lovely|beautiful|super|good)"
    r"(?: you)?(?: so much| a lot)?\W*$",
    "nothing": r"^[ .,!?…]*$",
    "content": r"^\W*(?:what|who|where|when|why|how many|how old|which|is (?:there|this|it|he|she)|are there|"
    r"do you see|describe|tell me|does)\b",
}
_AGAIN = {
    "original": r"\b(?:back|return|revert|reset|restore|show)\b.*\boriginal|\bundo (?:everything|all)|"
    r"\bstart (?:over|again)|^\W*(?:the )?(?:original|reset)\W*$|remove all (?:the )?(?:effects|edits|filters)",
    "like": r"^\W*(?:an?other|one more|more|something) (?:picture |version |one )?(?:just )?like (?:this|that|it)\b",
    "less": r"^\W*(?:(?:that|it)(?:'s| is) )?(?:too|not so|not that) (?:much|strong|intense)\W*$",
}
_EARLIER = {
    "more": bag("more again stronger further harder increase intensify"),
    "less": bag("less weaker softer gentler subtler reduce down"),
    "undo": bag("undo revert back"),
}
_IMPLIED = {
    "text": grammar.MARK,
    "rotate": r"\d.*\b(?:degrees?|(?:counter|anti)?-?clockwise)\b|\d ?°",
    "resize": r"\d.*(?:px|pixels?|wide)\b",
    "crop": r"\b\d{1,2}\s*[:/]\s*\d{1,2}\b",
}
_POINTING = bag("paint draw sketch")
_OF_THE_PICTURE = re.compile(r"\b(?:the|his|her|their|my|our|its) (\w+)")
_FILLING = bag("even still yet once another last edit step")


def parse(sentence: str, pictures: int, scene: Step | None = None) -> Wish:
    """Understand ``sentence`` in a conversation that has ``pictures`` pictures (0: it asks for a new one).

    ``scene``: the scene that the engine painted, if it did; only a scene can be painted at another hour.
    """
    # The bot puts "@cup:" on a line of its own before each picture that the wish names.
    sent = [name.lower() for name in re.findall(LABEL, sentence)]
    whole = _own_words(re.sub(LABEL, "", sentence).lstrip())
    names, words = re.findall(_NAME, whole), re.sub(_NAME, " ", whole)
    if not _DICTATED.search(words):
        words = _PAGE.sub(lambda found: found[1] or " ", words)
    wish = Wish(strangers=[name for name in dict.fromkeys(names) if name.lower() not in sent])
    wish.foreign = tongues.read(words)
    if wish.foreign and names:
        wish.foreign = replace(wish.foreign, said=tongues.quoted(whole))  # as it was written
    if wish.foreign is None:
        return _read(words, wish, pictures, scene)
    told = wish.foreign.english
    if not told or (pictures and wish.foreign.only_names and scenery.may_show(scene, told)):
        is_new = (wish.foreign.is_new and not (wish.foreign.draws and shows_things(scene))) or not pictures
        wish.steps = [read_scene(wish.foreign.said) if is_new else Step(op="talk", args={"about": "unknown"})]
        return wish
    _read(told, wish, pictures, scene)
    wish.steps = [in_own_words(step, wish.foreign.said) for step in wish.steps]
    return wish


def _own_words(sentence: str) -> str:
    """Return a wish without the words of others that it is about; these, if it only points at them: "paint this"."""
    cited = []
    while found := _CITED.match(sentence):
        cited.append(found[1])
        sentence = sentence[found.end() :]
    own = without_name(sentence)
    if not cited:
        return own
    other = tongues.read(own)
    said = (other.english or other.ignored) if other else set(grammar.tokens(own.lower())) - grammar.EMPTY - _POINTING
    return own if said else "\n".join(cited)


def _read(sentence: str, wish: Wish, pictures: int, scene: Step | None) -> Wish:
    """Add to ``wish`` what an English sentence asks for; return it."""
    plain, quotes = _lift_quotes(sentence)
    first = _whole(plain) or (None if quotes else new_scene(plain, pictures) or _bare_scene(plain))
    if first is not None and first.op == "scene" and not pictures and _only_changes(plain, first):
        # "Warmer" and "add a boat" change something that is not there yet.
        first = Step(op="talk", args={"about": "empty"})
    if first is not None:
        wish.steps = [first]
        return wish
    words = plain
    if scene is not None:
        other, words = changed(scene, plain)
        wish.scene = other if other != scene else None
    for clause in _clauses(words):
        _read_clause(clause, quotes, wish)
    # "Make it a black and white b&w photo" asks once, and one refusal is enough.
    once = [step for at, step in enumerate(wish.steps) if step not in wish.steps[:at]]
    wish.steps = sorted(once, key=lambda step: step.op != "refuse")
    if all(step.op == "refuse" for step in wish.steps):
        late = new_scene(plain, pictures, late=True)
        if late and late.get("subject") == "poster" and for_the_picture(plain, scene):
            # A poster would take the place of the picture.
            things = [word for word in grammar.unknown(grammar.tokens(words)) if word not in _POINTING]
            wish.steps, wish.refused, wish.ignored = [Step(op="refuse")], things, []
        elif late:
            wish.steps, wish.refused, wish.ignored = [late], [], []
        elif wish.scene is None:
            _answer_in_words(plain, wish, scene, is_so_already=words != plain)
    return wish


def _bare_scene(plain: str) -> Step | None:
    """Return the scene of a wish such as "mountains at sunrise"; "mountains darker" wants the picture changed."""
    if (found := bare_scene(plain)) is None:
        return None
    scene, rest = found
    words, wish = grammar.tokens(rest), Wish()
    for clause in _clauses(rest):
        _read_clause(clause, [], wish)
    is_edit = wish.steps or set(words) & (grammar.UP | grammar.DOWN | grammar.AWAY)
    return None if is_edit or set(_OF_THE_PICTURE.findall(rest)) & set(grammar.unknown(words)) else scene


def _only_changes(plain: str, scene: Step) -> bool:
    """Return whether every word of a first wish is about changing a picture, and none says what to paint."""
    if scene.get("subject") != "poster" or re.match(r"(?:an?|some) (?!bit|little)", plain):
        return False
    _, rest = changed(replace(scene, args={"subject": "landscape"}), plain)
    found = Wish()
    for clause in _clauses(rest):
        _read_clause(clause, [], found)
    # "At night" changes a scene, and "night" alone may be what to paint.
    is_scenery = rest != plain and plain.split()[0] in grammar.EMPTY | grammar.UP | grammar.AWAY
    is_edit = bool(found.steps) and all(step.op in OPERATIONS for step in found.steps)
    return not (found.ignored or found.refused) and (is_scenery or is_edit)


def _clauses(plain: str) -> list[str]:
    return re.split(_BETWEEN_CLAUSES, re.sub(_BLACK_AND_WHITE, "black_and_white", plain))


def _answer_in_words(plain: str, wish: Wish, scene: Step | None, *, is_so_already: bool) -> None:
    """Choose what a wish without anything to paint is answered."""
    if not is_so_already and names_scenery(plain):
        wish.steps = [Step(op="talk", args={"about": "no_sky" if scene else "scenery"})]
    elif not wish.steps:
        foreign = len(re.findall(r"[^\W\d_]", plain)) > 2 * len(re.findall("[a-z]", plain))
        about = "already" if is_so_already else "language" if foreign else "unknown"
        wish.steps = [Step(op="talk", args={"about": about})]


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

    # Nobody writes the mark itself.
    sentence = sentence.replace(grammar.MARK, " ")
    plain = re.sub(r"[\"“”„«»]([^\"“”„«»]+)[\"“”„«»]|(?<!\w)['‘]([^'‘’]{2,}?)['’](?!\w)", lift, sentence)  # noqa: RUF001
    if not quotes:
        plain = _DICTATED.sub(lambda m: f"text {lift(m)} {m['tail'] or ''}", plain)
    return re.sub(r"[’`]", "'", plain).lower(), quotes  # noqa: RUF001


def _whole(plain: str) -> Step | None:
    """Recognise what fills a message: greetings, thanks, questions, and more, less, the original, undo."""
    if about := next((name for name, pattern in _TALK.items() if re.search(pattern, plain)), ""):
        return Step(op="talk", args={"about": about})
    if op := next((name for name, pattern in _AGAIN.items() if re.search(pattern, plain)), ""):
        return Step(op=op)
    words = grammar.tokens(plain)
    # "More colour" is an edit of its own.
    content = set(words) - (grammar.EMPTY - {"colour", "colours", "light"}) - grammar.FACTORS.keys() - _FILLING
    op = next((name for name, known in _EARLIER.items() if content and content <= known), "")
    return Step(op=op, amount=grammar.factor(words)) if op else None


def _read_clause(clause: str, quotes: list[str], wish: Wish) -> None:
    """Add the clause's steps to ``wish``."""
    calls, rest = _find(grammar.tokens(clause))
    last = wish.steps[-1] if wish.steps else None
    # "..., big and red" says more about the text or the frame before it.
    if not calls and last and last.op in _COLOURED and grammar.TELLING & {*rest} and {*rest} <= grammar.KNOWN:
        more = grammar.arguments(Step(op=last.op), rest, clause, quotes)
        wish.steps[-1] = replace(last, args={**last.args, **more})
        return
    calls = calls or _implied(rest, clause)
    steps = [_step(call, rest, clause, quotes) for call in calls]
    # "Make the text bigger" means what is written already, and that is a part of the picture.
    wordless = any(step.op == "text" and not step.get("text") for step in steps)
    if wordless or _names_a_part(calls, rest, clause):
        wish.steps.append(Step(op="refuse"))
        wish.refused.extend(grammar.unknown(rest))
    elif steps:
        wish.steps.extend(steps)
        wish.ignored.extend(grammar.unknown(rest))
    else:
        _leftover(clause, rest, wish)


def _find(tokens: list[str]) -> tuple[list[Step], list[str]]:
    """Return the steps that the longest phrases call, and the tokens that none of them used."""
    empty = [token for token in tokens if token in grammar.EMPTY - _WORDS]
    content = " ".join(token for token in tokens if token not in empty)
    found = dict.fromkeys(_PHRASE.findall(content))
    rest = empty + _PHRASE.sub("", content).split()
    # "A watercolour painting" is no oil painting.
    counted = [phrase for phrase in found if phrase not in _WEAK] or ([] if grammar.unknown(rest) else found)
    return [_TABLE[phrase] for phrase in counted], rest


def _implied(rest: list[str], clause: str) -> list[Step]:
    """Understand clauses that name no operation: bare quotes, "more colour", degrees, pixels, a ratio."""
    if {"colour", "colours"} & set(rest) and set(rest) & (grammar.UP | grammar.DOWN):
        return [Step(op="saturated")]
    return [Step(op=op) for op, pattern in _IMPLIED.items() if re.search(pattern, clause)][:1]


def _names_a_part(calls: list[Step], rest: list[str], clause: str) -> bool:
    """Return whether a clause wants a part of the picture changed: "the sky darker", "the red car blue"."""
    if any(call.op in _COLOURED for call in calls):
        return False
    thing = _OF_THE_PICTURE.findall(clause)
    return bool(set(rest) & COLOURS.keys() or (calls and set(thing) & set(grammar.unknown(rest))))


def _leftover(clause: str, rest: list[str], wish: Wish) -> None:
    """Read a clause that names no operation: how strong the one before is meant, or something to add or remove."""
    share, unknown = grammar.percent(clause), grammar.unknown(rest)
    last = wish.steps[-1] if wish.steps else None
    if last and last.op in OPERATIONS and share is not None:
        wish.steps[-1] = replace(last, amount=_amount(last.op, share))
        return
    wants_it = set(rest) & grammar.AWAY or re.search(r"\b(?:add|put|insert|place|give|include)\b", clause)
    # "Add a dog and a cat" means both.
    if unknown and (wants_it or (last and last.op == "refuse" and {*rest} <= {"a", "an", *unknown})):
        wish.steps.append(Step(op="refuse"))
        wish.refused.extend(unknown)
    else:
        wish.ignored.extend(unknown)


def _amount(op: str, share: float) -> float:
    return round(share / (100 if OPERATIONS[op].kind == "style" else 30), 3)


def _step(call: Step, rest: list[str], clause: str, quotes: list[str]) -> Step:
    args = {**call.args, **grammar.arguments(call, rest, clause, quotes)}
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
