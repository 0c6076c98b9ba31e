"""From a sentence to steps.

May import: steps, vocabulary, words, phrases beside it. Quotes are lifted out first; what is left is cut into clauses;
in each clause the longest phrase of the vocabulary wins, and the words around it give strength, direction and
arguments. What nobody understood is named in ``ignored``, a corrected slip of the keyboard in ``guessed``.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field, replace

from . import phrases, words
from .geometry import COLOURS
from .steps import Step
from .vocabulary import OPERATIONS


@dataclass(slots=True, kw_only=True)
class Wish:
    """What was understood of one message."""

    steps: list[Step] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    guessed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Call:
    op: str
    args: tuple[tuple[str, str], ...] = ()
    amount: float = 1.0
    weak: bool = False


def _phrase_table() -> dict[tuple[str, ...], _Call]:
    table = {}
    for row in OPERATIONS.values():
        for phrase in filter(None, row.words.split("|")):
            plain, _, preset = phrase.partition("=")
            plain, _, amount = plain.partition("*")
            key, _, value = preset.partition(":")
            call = _Call(row.name, ((key, value),) if preset else (), float(amount or 1), plain.endswith("?"))
            table[tuple(plain.rstrip("?").split())] = call
    return table


_TABLE = _phrase_table()
_LONGEST = max(len(phrase) for phrase in _TABLE)
_KNOWN = {word for phrase in _TABLE for word in phrase}
_GRAMMAR = words.EMPTY | words.FACTORS.keys() | words.UP | words.DOWN | words.AWAY | words.PLACES | COLOURS.keys()
_SPELLABLE = sorted(word for word in _KNOWN | set(COLOURS) if len(word) > 4)
# Nouns that share the words before them: "a little more contrast and saturation".
_QUALITIES = words.bag("contrast saturation brightness warmth sharpness grain blur clarity vibrance vignette")
_MARK = "§"


def parse(sentence: str, pictures: int) -> Wish:
    """Understand ``sentence`` when ``pictures`` pictures lie on the table (0: it asks for a new one)."""
    wish = Wish()
    plain, quotes = _lift_quotes(without_name(sentence))
    if (talk := phrases.small_talk(plain, pictures)) is not None:
        wish.steps.append(talk)
        return wish
    if (scene := phrases.scene(plain, pictures)) is not None and not quotes:
        wish.steps.append(scene)
        return wish
    if (about := phrases.about_earlier(plain)) is not None:
        wish.steps.append(about)
        return wish
    plain = phrases.whole_sentence(plain, quotes, wish.steps, pictures)
    inherited: list[str] = []
    for clause in _clauses(plain):
        inherited = _read_clause(clause, quotes, wish, inherited)
    wish.steps = _unique(wish.steps)
    if not wish.steps:
        late = phrases.scene(plain, pictures, late=True)
        foreign = len(re.findall(r"[^\W\d_]", plain)) > 2 * len(re.findall("[a-z]", plain))
        wish.steps.append(late or Step(op="talk", args={"about": "language" if foreign else "unknown"}))
    if any(step.op == "refuse" for step in wish.steps):
        wish.ignored.clear()
    # A name says which picture is meant, and that one came along under its label.
    named = {word for name in re.findall(r"@([\w-]+)", plain.lower()) for word in _tokens(name)}
    wish.ignored = [word for word in wish.ignored if word not in named]
    return wish


def without_name(sentence: str) -> str:
    """Drop the speaker's name that stands before a wish in a group: "Ann: make it warmer"."""
    name, colon, rest = sentence.partition(": ")
    said = name.lower().split()
    is_name = colon and 0 < len(said) <= 4 and name[:1].isupper() and not set(said) & (_KNOWN | _GRAMMAR)
    return rest if is_name else sentence


def _lift_quotes(sentence: str) -> tuple[str, list[str]]:
    """Replace quoted and dictated text by marks, so that its words are no wishes."""
    quotes: list[str] = []

    def lift(match: re.Match[str]) -> str:
        quotes.append(next(group for group in match.groups() if group is not None).strip())
        return f" {_MARK}{len(quotes) - 1} "

    plain = re.sub(r"[\"“”„«»]([^\"“”„«»]+)[\"“”„«»]|(?<!\w)['‘]([^'‘’]{2,}?)['’](?!\w)", lift, sentence)  # noqa: RUF001
    if not quotes:
        plain = phrases.DICTATED.sub(lambda m: f"text {lift(m)} {m['tail'] or ''}", plain)
    return re.sub(r"[’`]", "'", plain).lower(), quotes  # noqa: RUF001


def _clauses(plain: str) -> list[str]:
    plain = re.sub(r"black[\s-]*(?:and|&|n|\+|-)[\s-]*white|b\s*(?:&|/|and|n)\s*w\b", "black_and_white", plain)
    cut = r"[,;!?\n]+|\.(?!\d)|\b(?:and then|then|and|but|with|plus|also)\b|&|\+"
    return [clause for clause in re.split(cut, plain) if clause.strip()]


def _tokens(clause: str) -> list[str]:
    found = re.findall(rf"{_MARK}\d+|\d+-?bit|\d+s\b|\d+\s*[:x/]\s*\d+|\d+(?:[.,]\d+)?|[^\W\d_](?:[\w'-]*\w)?", clause)
    tokens: list[str] = []
    for token in found:
        tokens.extend(words.SAME.get(token, token).split())
    return tokens


def _read_clause(clause: str, quotes: list[str], wish: Wish, inherited: list[str]) -> list[str]:
    """Add the clause's steps to ``wish``; return the modifiers that a following bare noun inherits."""
    tokens = _tokens(clause)
    if (refused := phrases.refusal(" ".join(tokens))) is not None:
        wish.steps.append(refused)
        return []
    guesses: list[str] = []
    content = [_spelled(token, guesses) for token in tokens]
    calls, rest = _find(content)
    calls = [call for call in calls if call.op != "tint" or any(token in COLOURS for token in rest)]
    if not calls and _describes(rest, wish):
        more = phrases.arguments(wish.steps[-1].op, {}, rest, clause, quotes)
        merged = dict(wish.steps[-1].args) | more
        order: list[str] = [key for key in ("text", "place", "colour", "size") if key in merged]
        ordered: dict[str, str] = {key: merged[key] for key in order}
        wish.steps[-1] = replace(wish.steps[-1], args=ordered)
        return []
    if not calls:
        calls = _implied(rest)
    if not calls:
        _leftover(clause, rest, wish)
        return []
    wish.guessed.extend(guesses)
    bare = all(token in _QUALITIES or token in words.EMPTY for token in tokens)
    modifiers = inherited if bare and inherited else rest
    for call in calls:
        wish.steps.append(_step(call, modifiers, clause, quotes))
    if any(call.op == "recolour" for call in calls):
        return []
    wish.ignored.extend(
        w for w in rest if w not in _GRAMMAR | {"sky", "parts"} and not w[0].isdigit() and w[0] != _MARK
    )
    return modifiers if any(token in _QUALITIES for token in tokens) else []


def _spelled(token: str, guesses: list[str]) -> str:
    if len(token) < 5 or token in _KNOWN or token in _GRAMMAR or token[0] == _MARK or token in phrases.WORDS:
        return token
    close = difflib.get_close_matches(token, _SPELLABLE, 1, 0.8)
    if not close:
        return token
    guesses.append(f"“{token}” as “{close[0]}”")
    return close[0]


def _find(tokens: list[str]) -> tuple[list[_Call], list[str]]:
    """Return the calls that the longest phrases make, and the tokens that none of them used."""
    content = [(index, token) for index, token in enumerate(tokens) if token not in words.EMPTY or token in _KNOWN]
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
    strong = [call for call in calls if not call.weak]
    return strong or calls, [token for index, token in enumerate(tokens) if index not in used]


def _implied(rest: list[str]) -> list[_Call]:
    """Understand clauses that name no operation: colours ("make the red car blue") and bare quotes."""
    if any(token[0] == _MARK for token in rest):
        return [_Call("text")]
    colours = [token for token in rest if token in COLOURS]
    if len(colours) == 2 and colours[0] != colours[1]:
        return [_Call("recolour", (("source", colours[0]), ("colour", colours[1])))]
    if len(colours) == 1:
        return [_Call("tint")]
    said = set(rest)
    if said & {"colour", "colours"} and said & (words.UP | words.DOWN):
        return [_Call("saturated")]
    if any(token[0].isdigit() for token in rest):
        if said & {"degrees", "degree", "clockwise", "counterclockwise"}:
            return [_Call("rotate")]
        if said & {"px", "pixels", "pixel", "wide"}:
            return [_Call("resize")]
    ratio = next((token for token in rest if re.fullmatch(r"\d{1,2}\s*[:/]\s*\d{1,2}", token)), None)
    return [_Call("crop")] if ratio else []


def _describes(rest: list[str], wish: Wish) -> bool:
    """Tell whether a clause only says more about the words or the frame before it: "..., big and red"."""
    sizes = words.bag("big bigger small smaller large huge tiny")
    telling = set(rest) & (sizes | COLOURS.keys() | words.PLACES)
    return bool(wish.steps and wish.steps[-1].op in {"text", "frame"} and telling and set(rest) <= _GRAMMAR | sizes)


def _leftover(clause: str, rest: list[str], wish: Wish) -> None:
    share = words.percent(clause)
    if wish.steps and share is not None:
        wish.steps[-1] = replace(wish.steps[-1], amount=_amount(wish.steps[-1].op, share))
        return
    if wish.steps and re.search(r"\bnot (?:too|so|that|very) (?:strong|much|heavy|hard|intense|extreme)", clause):
        wish.steps[-1] = wish.steps[-1].times(0.5)
        return
    unknown = [token for token in rest if token not in _GRAMMAR and not token[0].isdigit()]
    if unknown and set(rest) & phrases.REMOVING:
        wish.steps.append(Step(op="refuse", args={"reason": "removal"}))
    elif unknown and re.match(
        r"\s*(?:please\s+|can you\s+|could you\s+)?(?:add|put|insert|place|give|include)\b", clause
    ):
        wish.steps.append(Step(op="refuse", args={"reason": "adding"}))
    wish.ignored.extend(unknown)


def _amount(op: str, share: float) -> float:
    row = OPERATIONS[op]
    return round(share / (100 if row.kind in {"style", "join"} else 30), 3)


def _step(call: _Call, rest: list[str], clause: str, quotes: list[str]) -> Step:
    args = dict(call.args) | phrases.arguments(call.op, dict(call.args), rest, clause, quotes)
    around = set(rest)
    written = any(token[0] == _MARK for token in rest)
    if (
        (around & words.AWAY or phrases.TAKEN_OUT.search(clause))
        and not written
        and call.op != "denoise"
        and not call.args
    ):
        return Step(op="undo", args={"what": call.op})
    share = words.percent(clause)
    amount = call.amount * words.factor([t for t in rest if call.op != "text" or t not in {"big", "small"}])
    if share is not None and call.op not in {"resize", "rotate"}:
        amount = _amount(call.op, share)
    op = call.op
    negated = re.search(r"\bnot (?:so|as|that|too)\b|n't be so\b", clause) is not None
    if (around & words.DOWN or "too" in clause.split() or negated) and OPERATIONS[op].opposite:
        op = OPERATIONS[op].opposite
    if op in {"text", "meme", "crop", "rotate", "resize", "mirror", "flip", "circle"}:
        amount = 1.0
    return Step(op=op, amount=amount, args=args)


def _unique(steps: list[Step]) -> list[Step]:
    """Drop plain repetitions: "make it a black and white b&w photo" asks once."""
    kept: list[Step] = []
    for step in steps:
        if step not in kept:
            kept.append(step)
    refused = [step for step in kept if step.op == "refuse"]
    return refused[:1] + [step for step in kept if step.op != "refuse"] if refused else kept
