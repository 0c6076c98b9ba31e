"""Every word that the engine says. May import: vocabulary, steps, lettering, conversation's plan, wire's data.

It says what was done, what was guessed and what was left out, in one or two short sentences, and never plays the
image model that it is not.
"""

from __future__ import annotations

from .conversation import Plan
from .lettering import unwritable
from .steps import Step
from .vocabulary import OPERATIONS
from .wire import Asked

_CAN = (
    "light and colour (“a bit warmer”), looks (“black and white”, “golden hour”), painting styles "
    "(“pencil”, “oil”, “van "
    "Gogh”), cropping, turning, frames, snow and rain, words on the picture, and two pictures in one"
)
_TALK = {
    "hello": f"Hello! I am the small offline engine of this sandbox. Send a photo and tell me what to "
    f"change: {_CAN}. Or "
    "ask for a scene, such as “a lighthouse at dusk”.",
    "thanks": "You're welcome! Say “a bit more”, “a bit less” or something new, and I go on from this picture.",
    "abilities": f"I am a small offline engine, not an AI model. I can do {_CAN}. Several wishes in one sentence are "
    "fine, and so are “even more”, “a bit less” and “undo the blur”.",
    "self": "No AI here: I am a small program that recognises a few hundred words and edits pictures "
    "with arithmetic. It "
    "needs no key and no network. With a real key, an image model answers in my place.",
    "content": "I can't see what a picture shows: I am a small offline engine, not an AI model. But I "
    "can edit it - try "
    "“warmer, with a white frame”.",
    "nothing": "Got it. Now tell me what to change, for example “black and white with a bit more contrast”.",
    "nothing_before": "There is no earlier wish of mine here that I could change. Tell me what to do, for "
    "example “a bit "
    "warmer”.",
    "unknown": f"I found no wish in that which I can carry out. I am a small offline engine; I can do {_CAN}.",
    "language": "I only understand English: I am a small offline engine, not an AI model. Try “make it warmer” or “a "
    "lighthouse at dusk”.",
    "empty": "There is no picture yet. Send a photo and say what to change, or ask for a scene, such "
    "as “a lighthouse at "
    "dusk”.",
}
_REFUSED = {
    "background": "separating a subject from its background takes a real image model. I can blur, darken or tint the "
    "whole picture, or the sky",
    "removal": "taking things out of a picture and painting what was behind them takes a real image "
    "model. I can crop them "
    "away",
    "person": "changing a person's looks, clothes or expression takes a real image model",
    "adding": "painting new things into a photo takes a real image model. I can add words, frames, snow, rain or fog",
    "outpaint": "painting beyond the edges takes a real image model. I can add a frame, or put pictures side by side",
}
_EXTRAS = {"boat": "a boat", "moon": "a moon", "stars": "stars", "aurora": "northern lights", "birds": "birds"}

_PLAIN = frozenset({"frame", "rounded", "polaroid", "recolour", "keep_colour"})


def words(todo: Plan, asked: Asked) -> str:
    """Return the answer of a turn without a picture."""
    step = todo.done[0] if todo.done else Step(op="talk", args={"about": "nothing"})
    if step.op == "refuse":
        return f"Sorry, {_REFUSED[step.get('reason')]}."
    if step.op != "talk":
        return "I would do that: " + _listed([_said(one) for one in todo.done]) + "."
    about = step.get("about")
    has_picture = any(turn.pictures for turn in asked.turns)
    return _TALK["empty" if about in {"nothing", "nothing_before"} and not has_picture else about]


def done(todo: Plan, notes: list[str]) -> str:
    """Return the words beside a picture."""
    sentences: list[str] = []
    acts = [_said(step) for step in todo.done if step.op in OPERATIONS]
    scene = next((step for step in todo.done if step.op == "scene"), None)
    if scene is not None:
        sentences.append(_painted(scene, acts))
    elif todo.note or acts:
        sentences.append("I " + _listed([part for part in (todo.note, *acts) if part]) + ".")
    guesses = [*todo.wish.guessed]
    if guesses:
        sentences.append(f"I read {_listed(guesses)}.")
    missing = "".join(unwritable(step.get("text") + step.get("top") + step.get("bottom")) for step in todo.done)
    if missing:
        sentences.append(f"My font lacks {missing}, so I left that out.")
    refused = next((step for step in todo.done if step.op == "refuse"), None)
    if refused is not None:
        sentences.append(f"The rest I left: {_REFUSED[refused.get('reason')]}.")
    ignored = list(dict.fromkeys(todo.wish.ignored))[:6]
    if ignored:
        sentences.append(f"I did not understand {_listed([f'“{word}”' for word in ignored])}.")
    return " ".join([*sentences, *dict.fromkeys(notes)])


def _painted(scene: Step, acts: list[str]) -> str:
    prompt = scene.get("prompt")
    also = f", and {_listed(acts)}" if acts else ""
    if scene.get("subject") == "poster":
        return f"Without an image model I can't paint “{prompt}”, so here is an abstract poster of those words{also}."
    conditions = [scene.get(kind) for kind in ("time", "weather", "season")]
    extras = [f"with {_EXTRAS[name]}" for name in scene.get("extras").split(",") if name in _EXTRAS]
    names = [scene.get("subject"), *(name for name in conditions if name), *extras]
    again = "now at dawn" if scene.get("time") == "night" else "now at night"
    return f"I painted this by arithmetic, without an image model: {', '.join(names)}{also}. Try “{again}”."


def _said(step: Step) -> str:
    row = OPERATIONS[step.op]
    degrees = float(step.get("degrees", "90"))
    shown = {"colour": "", "ratio": "1:1", "source": "", "text": ""} | dict(step.args)
    shown["turn"] = f"{abs(degrees):g}°" + (
        "" if abs(degrees) == 180 else " to the left" if degrees < 0 else " to the right"
    )
    shown["thick"] = "thin" if step.amount < 0.8 else "thick" if step.amount > 1.4 else ""
    said = " ".join(row.said.format(**shown).split())
    how = " a little" if step.amount < 0.8 else " a lot" if step.amount > 1.4 else ""
    how = "" if step.op in _PLAIN else how
    where = f" in the {'sky' if step.get('area') == 'sky' else step.get('area') + ' parts'}" if step.get("area") else ""
    return said + (how if row.kind != "join" else "") + where


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
