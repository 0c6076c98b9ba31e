"""Every word that the engine says. May import: vocabulary, scenery, steps, lettering, conversation's plan, wire's data.

It says what was done, what was guessed and what was left out, in one or two short sentences, and never plays the
image model that it is not.
"""

from __future__ import annotations

from bot.sandbox.engine.edits.lettering import unwritable
from bot.sandbox.engine.reading.conversation import Plan
from bot.sandbox.engine.reading.scenery import SUBJECTS
from bot.sandbox.engine.reading.vocabulary import OFFERED, OPERATIONS, take
from bot.sandbox.engine.steps import Step
from bot.sandbox.engine.wire import Asked

_AM = "I am a small offline engine, not an AI model"
_CAN = f"I can change a picture in these ways: {OFFERED}. And I can paint three scenes: {', '.join(SUBJECTS[:-1])}."
_TALK = {
    "hello": f"Hello! {_AM}. Send a photo with a wish, say “a bit warmer”, or ask for “a lighthouse at dusk”. {_CAN}",
    "thanks": "You're welcome! Say “a bit more”, “a bit less” or something new, and I go on from this picture.",
    "abilities": f"{_AM}. {_CAN} Several wishes in one sentence are fine, and so are “even more” and “undo the blur”. "
    "What I leave alone stays exactly as it was; choose “Drifts” under the hood to see what real models do instead.",
    "self": "No AI here: I am a small program that recognises a few hundred words and edits pictures with arithmetic. "
    "It needs no key and no network. With a real key, an image model answers in my place.",
    "content": f"I can't see what a picture shows: {_AM}. But I can edit it - try “warmer, with a white frame”.",
    "nothing": "Got it. Now tell me what to change, for example “black and white with a bit more contrast”.",
    "nothing_before": "There is no earlier wish of mine here that I could change. Tell me what to do: “a bit warmer”?",
    "unknown": f"I found no wish in that which I can carry out. {_AM}. {_CAN}",
    "language": f"I only understand English: {_AM}. Try “make it warmer” or “a lighthouse at dusk”.",
    "empty": "There is no picture yet. Send a photo with a wish, or ask for a scene, such as “a lighthouse at dusk”.",
}
_REFUSED = {
    "effect": f"that effect is not among mine. I have these: {OFFERED}",
    "background": "separating a subject from its background takes a real image model. I can blur what lies around the "
    "middle (“blur the background”)",
    "removal": "taking things out of a picture takes a real image model. I can crop them away",
    "person": "changing a person's looks, clothes or expression takes a real image model",
    "adding": "painting new things into a picture takes a real image model. I can add words or a frame",
    "outpaint": "painting beyond the edges takes a real image model. I can add a frame, or put pictures side by side",
    "weather": "another hour or weather in a photo takes a real image model. I can make it darker, warmer or cooler",
    "part": "changing one part or one colour of a picture takes a real image model. I can change all of it",
    "several": "of several pictures I can only make one by putting them side by side",
}
_EXTRAS = {"boat": "a boat", "moon": "a moon", "stars": "stars", "birds": "birds"}


def words(todo: Plan, asked: Asked) -> str:
    """Return the answer of a turn without a picture."""
    step = todo.done[0] if todo.done else Step(op="talk", args={"about": "nothing"})
    if step.op == "refuse":
        return f"Sorry, {_REFUSED[step.get('reason')]}."
    if step.op != "talk":
        return (
            "I would do that: " + _listed([_said(one) for one in todo.done if one.op in OPERATIONS] or ["paint"]) + "."
        )
    about = step.get("about")
    has_picture = any(turn.pictures for turn in asked.turns)
    return _TALK["empty" if about in {"nothing", "nothing_before"} and not has_picture else about]


def done(todo: Plan, notes: list[str], version: int = 0) -> str:
    """Return the words beside a picture."""
    sentences: list[str] = []
    acts = [_said(step) for step in todo.done if step.op in OPERATIONS]
    scene = next((step for step in todo.done if step.op == "scene"), None)
    if scene is not None:
        sentences.append(_painted(scene, acts))
    elif todo.note or acts:
        sentences.append("I " + _listed([part for part in (todo.note, *acts) if part]) + ".")
    if version:
        how, anew = take(version)[0], scene is not None and scene.get("version")
        sentences.append(f"This is version {version + 1}, {'painted anew' if anew else how}.")
    sentences += [
        OPERATIONS[step.op].honest for step in todo.done if step.op in OPERATIONS and OPERATIONS[step.op].honest
    ]
    if todo.wish.guessed:
        sentences.append(f"I read {_listed(todo.wish.guessed)}.")
    if missing := "".join(unwritable(step.get("text")) for step in todo.done):
        sentences.append(f"My font lacks {missing}, so I left that out.")
    refused = next((step for step in todo.wish.steps if step.op == "refuse"), None)
    if refused is not None and scene is None:
        sentences.append(f"The rest I left: {_REFUSED[refused.get('reason')]}.")
    ignored = list(dict.fromkeys(todo.wish.ignored))[:6]
    if ignored:
        sentences.append(f"I did not understand {_listed([f'“{word}”' for word in ignored])}.")
    return " ".join([*sentences, *dict.fromkeys(notes)])


def _painted(scene: Step, acts: list[str]) -> str:
    also = f", and {_listed(acts)}" if acts else ""
    if scene.get("subject") == "poster":
        prompt = scene.get("prompt")
        return f"Without an image model I can't paint “{prompt}”, so here is an abstract poster of those words{also}."
    extras = [f"with {_EXTRAS[name]}" for name in scene.get("extras").split(",") if name]
    names = [name for kind in ("subject", "time", "weather") if (name := scene.get(kind))] + extras
    again = "now at dawn" if scene.get("time") == "night" else "now at night"
    return f"I painted this by arithmetic, without an image model: {', '.join(names)}{also}. Try “{again}”."


def _said(step: Step) -> str:
    row, degrees = OPERATIONS[step.op], float(step.get("degrees", "90"))
    turn = f"{abs(degrees):g}°" + ("" if abs(degrees) == 180 else " to the left" if degrees < 0 else " to the right")
    thick = "thin" if step.amount < 0.8 else "thick" if step.amount > 1.4 else ""
    shown = {"colour": "", "ratio": "1:1", "text": "", "turn": turn, "thick": thick} | dict(step.args)
    how = {"thin": " a little", "thick": " a lot"}.get(thick, "") if row.kind != "join" and "{" not in row.said else ""
    return " ".join(row.said.format(**shown).split()) + how


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
