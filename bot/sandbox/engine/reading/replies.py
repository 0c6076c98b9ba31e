"""Every word that the engine says. Imports ``lettering``, ``conversation``, ``scenery``, ``vocabulary`` and ``engine``.

It says what was done and what was left out, in one or two short sentences, and never plays the
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
_WHOLE = "I only change a picture as a whole; parts of it, and what it shows, take a real image model"
_TALK = {
    "me": f"Hello! {_AM}: I recognise a few hundred words and edit pictures with arithmetic. {_CAN} Several wishes in "
    "one sentence are fine, and so are “even more” and “undo the blur”. What I leave alone stays exactly as it was; "
    "choose “Drifts” under the hood to see what real models do instead.",
    "thanks": "You're welcome! Say “a bit more”, “a bit less” or something new, and I go on from this picture.",
    "content": f"I can't see what a picture shows: {_AM}. But I can edit it - try “warmer, with a white frame”.",
    "nothing": "Got it. Now tell me what to change, for example “black and white with a bit more contrast”.",
    "nothing_before": "There is no earlier wish of mine here that I could change. Tell me what to do: “a bit warmer”?",
    "unknown": f"Sorry, I can't do that. {_AM}. {_CAN} {_WHOLE}.",
    "language": f"I only understand English: {_AM}. Try “make it warmer” or “a lighthouse at dusk”.",
    "already": "The scene is like that already, so I changed nothing. Tell me something else, for example “warmer”.",
    "empty": "There is no picture yet. Send a photo with a wish, or ask for a scene, such as “a lighthouse at dusk”.",
}


def words(todo: Plan, asked: Asked) -> str:
    """Return the answer of a turn without a picture."""
    step = todo.done[0] if todo.done else Step(op="talk", args={"about": "nothing"})
    if step.op not in {"talk", "refuse"}:
        return f"I would do that: {_listed([_said(one) for one in todo.done if one.op in OPERATIONS] or ['paint'])}."
    about = step.get("about", "unknown")
    has_picture = any(turn.pictures for turn in asked.turns)
    return _TALK["empty" if about in {"nothing", "nothing_before"} and not has_picture else about]


def done(todo: Plan, notes: list[str], version: int = 0) -> str:
    """Return the words beside a picture."""
    sentences: list[str] = []
    acts = [step for step in todo.done if step.op in OPERATIONS]
    said = [part for part in (todo.note, *map(_said, acts)) if part]
    scene = next((step for step in todo.done if step.op == "scene"), None)
    if scene is not None:
        sentences.append(_painted(scene, said))
    elif said:
        sentences.append(f"I {_listed(said)}.")
    if version:
        how = "painted anew" if scene is not None and scene.get("version") else take(version)[0]
        sentences.append(f"This is version {version + 1}, {how}.")
    sentences += [honest for step in acts if (honest := OPERATIONS[step.op].honest)]
    if missing := "".join(unwritable(step.get("text")) for step in acts):
        sentences.append(f"My font lacks {missing}, so I left that out.")
    if any(step.op == "refuse" for step in todo.wish.steps):
        sentences.append(f"The rest I left: {_WHOLE}.")
    if ignored := list(dict.fromkeys(todo.wish.ignored))[:6]:
        sentences.append(f"I did not understand {_listed([f'“{word}”' for word in ignored])}.")
    return " ".join([*sentences, *dict.fromkeys(notes)])


def _painted(scene: Step, acts: list[str]) -> str:
    also = f", and {_listed(acts)}" if acts else ""
    if scene.get("subject") == "poster":
        prompt = scene.get("prompt")
        return f"Without an image model I can't paint “{prompt}”, so here is an abstract poster of those words{also}."
    names = [name for kind in ("subject", "time", "weather") if (name := scene.get(kind))]
    names += ["with a boat"] if scene.get("with") else []
    again = "“warmer”"
    if scene.get("subject") != "still life":
        hour = "“now at dusk”" if scene.get("time") == "night" else "“now at night”"
        again = f"{hour} or {'“without the boat”' if scene.get('with') else '“add a boat”'}"
    return f"I painted this by arithmetic, without an image model: {', '.join(names)}{also}. Try {again}."


def _said(step: Step) -> str:
    row, degrees = OPERATIONS[step.op], float(step.get("degrees", "90"))
    turn = f"{abs(degrees):g}°" + ("" if abs(degrees) == 180 else " to the left" if degrees < 0 else " to the right")
    thick = "thin" if step.amount < 0.8 else "thick" if step.amount > 1.4 else ""
    shown = {"colour": "", "ratio": "1:1", "text": "", "turn": turn, "thick": thick} | dict(step.args)
    how = {"thin": " a little", "thick": " a lot"}.get(thick, "") if row.kind != "join" and "{" not in row.said else ""
    return " ".join(row.said.format(**shown).split()) + how


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
