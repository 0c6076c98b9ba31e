"""Every word that the engine says in English.

Imports ``shapes``, ``conversation``, ``foreign``, ``scenery``, ``vocabulary`` and ``engine``. It says what was done
and what was left out, in one or two short sentences, and never plays the image model that it is not. A wish in another
language is answered by ``foreign``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.sandbox.engine.edits.shapes import unwritable
from bot.sandbox.engine.reading import foreign
from bot.sandbox.engine.reading.conversation import Plan
from bot.sandbox.engine.reading.scenery import OUTDOORS, SUBJECTS, left_out
from bot.sandbox.engine.reading.vocabulary import AGAIN, OFFERED, OPERATIONS, take
from bot.sandbox.engine.steps import Outcome, Sizes, Step
from bot.sandbox.engine.wire import Asked

EXTENT = {
    "marked": "I changed only the marked place.",
    "marked_repainted": "I did that at the marked place, and repainted the whole picture, as real models do.",
    "repainted": "I repainted the whole picture, as real models do.",
}
_AM = "I am a small offline engine, not an AI model"
_SCENES = f"I can paint three scenes: {', '.join(SUBJECTS[:-1])}."
_ONLY_IN_SCENES = "I can change the hour, the weather and the boat only in a lighthouse or a landscape that I painted"
_NEW_SCENE = "“a lighthouse at night with a boat”"
_WHOLE = "I only change a picture as a whole; parts of it, and what it shows, take a real image model"
_TALK = {
    "me": f"Hello! {_AM}: I recognise a few hundred words and edit pictures with arithmetic. "
    f"I can change a picture in these ways: {OFFERED}. And {_SCENES} Several wishes in "
    "one sentence are fine, and so are “even more” and “undo the blur”. What I leave alone stays exactly as it was; "
    "choose “Drifts” under the hood to see what real models do instead.",
    "thanks": "You're welcome! Say “a bit more”, “a bit less” or something new, and I go on from this picture.",
    "content": f"I can't see what a picture shows: {_AM}. But I can edit it - try “warmer, with a white frame”.",
    "nothing": "Got it. Now tell me what to change, for example “black and white with a bit more contrast”.",
    "scenery": f"{_ONLY_IN_SCENES}; in a photo, that takes a real image model. If this began as such a scene, that was "
    f"too many wishes ago: reply to the scene itself, or ask for a new one, such as {_NEW_SCENE}.",
    "no_sky": f"{_ONLY_IN_SCENES}, and this is another picture. Ask for a scene, such as {_NEW_SCENE}.",
    "nothing_before": "There is no earlier wish of mine here that I could change. Tell me what to do: “a bit warmer”?",
    "language": f"I don't know that language: {_AM}. Try “make it warmer” or “a lighthouse at dusk”.",
    "already": "The scene is like that already, so I changed nothing. Tell me something else, for example “warmer”.",
    "empty": "There is no picture yet. Send a photo with a wish, or ask for a scene, such as “a lighthouse at dusk”.",
}
_KNOWN_ABROAD = {
    "me": "me", "thanks": "thanks", "already": "same", "nothing_before": "same", "scenery": "scenery",
    "no_sky": "scenery",
}  # fmt: skip
_ONWARD = {
    "warmer": "warmer", "grey": "black and white", "night": "now at night", "dusk": "now at dusk", "boat": "add a boat",
    "no_boat": "without the boat",
}  # fmt: skip
"""Wishes that are offered, by their names in the phrase books."""


def words(todo: Plan, asked: Asked) -> str:
    """Return the answer of a turn without a picture."""
    step = todo.done[0] if todo.done else Step(op="talk", args={"about": "nothing"})
    if step.op not in {"talk", "refuse"}:
        names = [OPERATIONS[one.op].offered if one.op in OPERATIONS else one.get("subject") for one in todo.done]
        return f"The mode “Words only” is on, so I painted nothing. I understood your wish: {_listed(names)}."
    about = step.get("about", "unknown")
    has_picture = any(turn.pictures for turn in asked.turns)
    if todo.wish.foreign:
        known = _KNOWN_ABROAD.get(about, "unknown" if has_picture else "empty")
        return foreign.sentence(todo.wish.foreign, known, onward=_onward(todo))
    about = "empty" if about in {"nothing", "nothing_before"} and not has_picture else about
    text = _sorry(todo) if about == "unknown" else _TALK[about]
    return " ".join([text, *_strangers(todo)])


def _sorry(todo: Plan) -> str:
    """Return what was not understood, and what would be done now."""
    said = "I can't do that"
    if todo.wish.refused:
        said = f"I can't add, change or remove {_quoted(todo.wish.refused)}"
    elif todo.wish.ignored:
        said = f"I don't understand {_quoted(todo.wish.ignored)}"
    return f"Sorry, {said}.\nTry {_offered(_onward(todo))}.\nA real model understands more."


def _offered(onward: tuple[str, str]) -> str:
    return " or ".join(f"“{_ONWARD[one]}”" for one in onward)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How far an answer reaches. ``there``: the wish was carried out in the marked place alone.

    ``everywhere``: the whole picture was painted anew, as real models do.
    """

    there: bool = False
    everywhere: bool = False

    def says(self, *, changed: bool) -> list[str]:
        """Return the sentence about it, by its name in the phrase books. ``changed``: the wish changed something."""
        if self.there and changed:
            return ["marked_repainted" if self.everywhere else "marked"]
        return ["repainted"] if self.everywhere else []


def done(todo: Plan, outcomes: Sequence[Outcome], notes: Sequence[str], extent: Extent, version: int = 0) -> str:
    """Return the words beside the pictures, or in their place if nothing changed."""
    acts = [one for one in outcomes if one.step in todo.done]
    changes = [one for one in acts if one.changed]
    scene = next((step for step in todo.done if step.op == "scene"), None)
    missing = "".join([*(unwritable(one.step.get("text")) for one in acts), _unwritten(scene)])
    if todo.wish.foreign:
        what = _short(todo, changes, extent, version, missing)
        return foreign.sentences(todo.wish.foreign, what, version + 1, _onward(todo))
    said = [part for part in (todo.note, *dict.fromkeys(map(_said, changes))) if part]
    sentences: list[str] = []
    if scene is not None:
        sentences.append(_painted(scene, said, _onward(todo)))
    elif said:
        sentences.append(f"I {_listed(said)}.")
    sentences += [_idle(one) for one in acts if not one.changed]
    if version:
        how = "painted anew" if scene is not None and scene.get("version") else take(version)[0]
        sentences.append(AGAIN.format(number=version + 1, how=how))
    sentences += [honest for one in changes if (honest := OPERATIONS[one.step.op].honest)]
    sentences += [EXTENT[one] for one in extent.says(changed=bool(changes))]
    if missing:
        sentences.append(f"My font lacks {missing}, so I left that out.")
    if scene in todo.wish.steps and (unpainted := left_out(scene)):
        sentences.append(f"I left out {_quoted(unpainted)}.")
    if any(step.op == "refuse" for step in todo.wish.steps):
        left = _quoted(todo.wish.refused) if todo.wish.refused else "the rest"
        sentences.append(f"I left out {left}: {_WHOLE}.")
    if todo.wish.ignored:
        sentences.append(f"I did not understand {_quoted(todo.wish.ignored)}.")
    return " ".join([*sentences, *_strangers(todo), *dict.fromkeys(notes)])


def _short(todo: Plan, changes: Sequence[Outcome], extent: Extent, version: int, missing: str) -> list[str]:
    """Return what is said of a painted answer in another language than English. ``missing``: what no font writes."""
    scene = next((step for step in todo.done if step.op == "scene"), None)
    if scene is not None:
        said = ["poster" if scene.get("subject") == "poster" else "painted"]
    else:
        said = ["done" if changes or todo.note else "same"]
    said += ["unwritten"] if missing else []
    said += extent.says(changed=bool(changes))
    said += ["version"] if version else []
    known = scene is None or scene.get("subject") != "poster"
    return [*said, *(["ignored"] if todo.wish.foreign and todo.wish.foreign.ignored and known else [])]


def _unwritten(scene: Step | None) -> str:
    """Return the characters of a poster's words that the font cannot draw."""
    return unwritable(scene.get("prompt")) if scene is not None and scene.get("subject") == "poster" else ""


def _onward(todo: Plan) -> tuple[str, str]:
    """Return two things that can be wished next of a picture, and are not so already."""
    scene = next((step for step in todo.done if step.op == "scene"), None)
    if scene is None and todo.words_only and todo.previous:
        scene = list(todo.previous.line())[-1].scene
    if scene is None or scene.get("subject") not in OUTDOORS:
        return ("warmer", "grey")
    return ("dusk" if scene.get("time") == "night" else "night", "no_boat" if scene.get("with") else "boat")


def _strangers(todo: Plan) -> list[str]:
    """Return a sentence on each name of a picture that did not come with the wish."""
    return [f"I see no picture named @{name} here." for name in todo.wish.strangers]


def _idle(one: Outcome) -> str:
    """Return why a step left everything as it was."""
    row, ratio = OPERATIONS[one.step.op], one.step.get("ratio", "1:1")
    if row.kind == "join":
        return "That needs two pictures: send them together as an album, with the wish as the caption."
    already = {"crop": "square" if ratio == "1:1" else ratio, "resize": f"{_sizes(one.after)} px"}.get(row.name)
    return f"{row.offered.capitalize()} changes nothing here{f': the picture is {already} already' if already else ''}."


def _painted(scene: Step, acts: list[str], onward: tuple[str, str]) -> str:
    also = f", and {_listed(acts)}" if acts else ""
    if scene.get("subject") == "poster":
        prompt = scene.get("prompt")
        poster = f"Without an image model I can't paint “{prompt}”, so here is an abstract poster of those words{also}."
        return f"{poster} {_SCENES}"
    names = [name for kind in ("subject", "time", "weather") if (name := scene.get(kind))]
    names += ["with a boat"] if scene.get("with") else []
    return f"Painted offline, without AI: {', '.join(names)}{also}. Try {_offered(onward)}."


def _said(one: Outcome) -> str:
    """Return what a step did, in the past tense."""
    step, row = one.step, OPERATIONS[one.step.op]
    degrees = float(step.get("degrees", "90"))
    turn = f"{abs(degrees):g}°" + ("" if abs(degrees) == 180 else " to the left" if degrees < 0 else " to the right")
    thick = "thin" if step.amount < 0.8 else "thick" if step.amount > 1.4 else ""
    sizes = f"from {_sizes(one.before)} to {_sizes(one.after)} px"
    shown = {"colour": "", "ratio": "1:1", "text": "", "turn": turn, "thick": thick, "sizes": sizes} | dict(step.args)
    how = {"thin": " a little", "thick": " a lot"}.get(thick, "") if row.kind != "join" and "{" not in row.said else ""
    return " ".join(row.said.format(**shown).split()) + how


def _sizes(sizes: Sizes) -> str:
    return " and ".join(dict.fromkeys(f"{width}x{height}" for width, height in sizes))


def _quoted(names: Sequence[str]) -> str:
    return _listed([f"“{name}”" for name in list(dict.fromkeys(names))[:6]])


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
