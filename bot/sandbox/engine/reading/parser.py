"""From a sentence to steps.

May import: steps, vocabulary, words, phrases beside it. Quotes are lifted out first; what is left is cut into clauses;
in each clause the longest phrase of the vocabulary wins, and the words around it give strength, direction and
arguments. What nobody understood is named in ``ignored``, a corrected slip of the keyboard in ``guessed``.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field, replace

from bot.sandbox.engine.edits.shapes import COLOURS
from bot.sandbox.engine.reading import phrases, words
from bot.sandbox.engine.reading.vocabulary import JOINS, OPERATIONS
from bot.sandbox.engine.steps import Step


@dataclass(slots=True, kw_only=True)
class Wish:
    """What was understood of one message."""

    steps: list[Step] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    guessed: list[str] = field(default_factory=list)


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
_KNOWN = {word for phrase in _TABLE for word in phrase}
_GRAMMAR = words.EMPTY | words.FACTORS.keys() | words.UP | words.DOWN | words.AWAY | words.PLACES | COLOURS.keys()
# Who writes "better" means no "letter".
_SPELLABLE = sorted(w for w in _KNOWN - set(OPERATIONS["text"].words.split("|")) | set(COLOURS) if len(w) > 4)
# Nouns that share the words before them: "a little more contrast and saturation".
_QUALITIES = words.bag("contrast saturation brightness warmth sharpness blur")
_COLOURED = frozenset({"text", "frame"})
_EXACT = frozenset({"text", "crop", "rotate", "resize", "mirror", "flip"})
_MARK = "§"


def parse(sentence: str, pictures: int) -> Wish:
    """Understand ``sentence`` when ``pictures`` pictures lie on the table (0: it asks for a new one)."""
    wish = Wish()
    plain, quotes = _lift_quotes(without_name(sentence))
    first = phrases.small_talk(plain) or (None if quotes else phrases.scene(plain, pictures))
    if (first := first or phrases.about_earlier(plain)) is not None:
        wish.steps.append(first)
        return wish
    inherited: list[str] = []
    for clause in _clauses(plain):
        inherited = _read_clause(clause, quotes, wish, inherited)
    understood = any(step.op != "refuse" or step.get("reason") != "part" for step in wish.steps)
    if not understood and (late := phrases.scene(plain, pictures, late=True)) is not None:
        wish.steps, wish.ignored = [late], []
    if not wish.steps:
        foreign = len(re.findall(r"[^\W\d_]", plain)) > 2 * len(re.findall("[a-z]", plain))
        wish.steps.append(Step(op="talk", args={"about": "language" if foreign else "unknown"}))
    # "Make it a black and white b&w photo" asks once, and one refusal is enough.
    once = [step for at, step in enumerate(wish.steps) if step not in wish.steps[:at]]
    refused = [step for step in once if step.op == "refuse"][:1]
    wish.steps = [*refused, *(step for step in once if step.op != "refuse")]
    if refused:
        wish.ignored.clear()
    # A name says which picture is meant, and that one came along under its label.
    named = {word for name in re.findall(r"@([\w-]+)", plain) for word in _tokens(name)}
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
    plain = re.sub(r"black[\s-]*(?:and|&|n|\+|-)[\s-]*white|\bb\s*(?:&|/|and|n)\s*w\b", "black_and_white", plain)
    cut = r"[,;!?\n]+|\.(?!\d)|\b(?:and then|then|and|but|with|plus|also)\b|&|\+"
    return [clause for clause in re.split(cut, plain) if clause.strip()]


def _tokens(clause: str) -> list[str]:
    found = re.findall(rf"{_MARK}\d+|\d+s\b|\d+\s*[:x/]\s*\d+|\d+(?:[.,]\d+)?|[^\W\d_](?:[\w'-]*\w)?", clause)
    return [words.SAME.get(token, token) for token in found]


def _read_clause(clause: str, quotes: list[str], wish: Wish, inherited: list[str]) -> list[str]:
    """Add the clause's steps to ``wish``; return the modifiers that a following bare noun inherits."""
    tokens = _tokens(clause)
    if (refused := phrases.refusal(" ".join(tokens))) is not None:
        wish.steps.append(refused)
        return []
    guesses: list[str] = []
    calls, rest = _find([_spelled(token, guesses) for token in tokens])
    if not calls and wish.steps and wish.steps[-1].op in _COLOURED and _describes(rest):
        more = phrases.arguments(wish.steps[-1].op, {}, rest, clause, quotes)
        wish.steps[-1] = replace(wish.steps[-1], args={**wish.steps[-1].args, **more})
        return []
    calls = calls or _implied(rest)
    if set(rest) & COLOURS.keys() and not any(call.op in _COLOURED for call in calls):
        wish.steps.append(Step(op="refuse", args={"reason": "part"}))
        return []
    if not calls:
        _leftover(clause, rest, wish)
        return []
    wish.guessed.extend(guesses)
    bare = all(token in _QUALITIES or token in words.EMPTY for token in tokens)
    modifiers = inherited if bare and inherited else rest
    wish.steps.extend(_step(call, modifiers, clause, quotes) for call in calls)
    wish.ignored.extend(_unknown(rest))
    return modifiers if any(token in _QUALITIES for token in tokens) else []


def _spelled(token: str, guesses: list[str]) -> str:
    if len(token) < 5 or token in _KNOWN or token in _GRAMMAR or token[0] == _MARK:
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
    strong, rest = [call for call in calls if not call.weak], [t for i, t in enumerate(tokens) if i not in used]
    # "A watercolour painting" is no oil painting.
    return (strong or (calls if not _unknown(rest) else [])), rest


def _unknown(rest: list[str]) -> list[str]:
    return [token for token in rest if token not in _GRAMMAR and not token[0].isdigit() and token[0] != _MARK]


def _implied(rest: list[str]) -> list[_Call]:
    """Understand clauses that name no operation: bare quotes, "more colour", degrees, pixels, a ratio."""
    said = set(rest)
    if any(token[0] == _MARK for token in rest):
        return [_Call("text")]
    if said & {"colour", "colours"} and said & (words.UP | words.DOWN):
        return [_Call("saturated")]
    if any(token[0].isdigit() for token in rest):
        if said & {"degrees", "degree", "clockwise", "counterclockwise"}:
            return [_Call("rotate")]
        if said & {"px", "pixels", "pixel", "wide"}:
            return [_Call("resize")]
    return [_Call("crop")] if any(re.fullmatch(r"\d{1,2}\s*[:/]\s*\d{1,2}", token) for token in rest) else []


def _describes(rest: list[str]) -> bool:
    """Tell whether a clause only says more about the words or the frame before it: "..., big and red"."""
    telling = set(rest) & (words.SIZES.keys() | COLOURS.keys() | words.PLACES)
    return bool(telling and set(rest) <= _GRAMMAR | words.SIZES.keys())


def _leftover(clause: str, rest: list[str], wish: Wish) -> None:
    """Read a clause that names no operation: how strong the one before is meant, or something to add or remove."""
    share, unknown = words.percent(clause), _unknown(rest)
    last = wish.steps[-1] if wish.steps else None
    if last and last.op in OPERATIONS and share is not None:
        wish.steps[-1] = replace(last, amount=_amount(last.op, share))
    elif last and re.search(r"\bnot (?:too|so|that|very) (?:strong|much|heavy|hard|intense|extreme)", clause):
        wish.steps[-1] = last.times(0.5) if last.op in OPERATIONS else last
    elif unknown and set(rest) & words.AWAY:
        wish.steps.append(Step(op="refuse", args={"reason": "removal"}))
    elif unknown and re.match(r"\s*(?:please\s+|c(?:an|ould) you\s+)?(?:add|put|insert|place|give|include)\b", clause):
        wish.steps.append(Step(op="refuse", args={"reason": "adding"}))
    else:
        wish.ignored.extend(unknown)


def _amount(op: str, share: float) -> float:
    return round(share / (100 if OPERATIONS[op].kind == "style" else 30), 3)


def _step(call: _Call, rest: list[str], clause: str, quotes: list[str]) -> Step:
    args = dict(call.args) | phrases.arguments(call.op, dict(call.args), rest, clause, quotes)
    around, written = set(rest), any(token[0] == _MARK for token in rest)
    if (around & words.AWAY or phrases.TAKEN_OUT.search(clause)) and not written and not call.args:
        return Step(op="undo", args={"what": call.op})
    share = words.percent(clause)
    op, amount = call.op, call.amount * words.factor(rest) if share is None else _amount(call.op, share)
    negated = re.search(r"\bnot (?:so|as|that|too)\b|n't be so\b", clause) is not None
    if (around & words.DOWN or "too" in clause.split() or negated) and OPERATIONS[op].opposite:
        op = OPERATIONS[op].opposite
    return Step(op=op, amount=1.0 if op in _EXACT | JOINS else amount, args=args)
