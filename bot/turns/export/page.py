"""The readable files of an export: index.html in the reader's language, and README.txt. Pure.

Imports ``plan``, ``texts`` and ``storage``. The page loads nothing from elsewhere, and follows the reader's dark mode.
README.txt explains files and a command to people who go on with them at a command line, in English.
"""

from __future__ import annotations

import html
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.texts import pick, say
from bot.turns.export.plan import Part, pictures_of
from storage.records import MediaRef, Turn

STYLE = """
:root { color-scheme: light dark; --paper: #faf9f7; --card: #fff; --ink: #222; --faint: #767676; --mark: #3a7bd5 }
@media (prefers-color-scheme: dark) {
  :root { --paper: #161514; --card: #232120; --ink: #e8e6e3; --faint: #9a9794; --mark: #6fa8f5 }
}
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: var(--ink);
  background: var(--paper) }
article { margin: 2rem 0; padding: 1rem 1.2rem; background: var(--card); border-radius: 12px;
  box-shadow: 0 1px 4px #0003 }
article.head, article:target { outline: 3px solid var(--mark) }
a { color: var(--mark) }
h2 { font-size: 1rem; margin: 0 0 .6rem } h2 small, .note { color: var(--faint); font-weight: normal }
p { white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0 } p.wish { font-weight: 600 }
img { max-width: 100%; height: auto; border-radius: 8px; display: block; margin: .6rem 0 }
"""

ABOUT = {
    "index.html": "to read it in a browser",
    "pictures/": "every picture as it was stored, named by its SHA-256",
    "tree.json": "the turns: what was asked, by whom, what was answered, which turn came from which",
    "contents.json": "the conversation up to where it stood, ready for Gemini:",
}
CURL = """
    curl -H "x-goog-api-key: $GEMINI_API_KEY" -H "Content-Type: application/json" -d @contents.json \\
        https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash-image:generateContent
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a part knows of the others. ``numbers`` and ``parts``: the number and first part of each turn, by id.

    ``replay_in``: the part with contents.json, 0 if there is none. ``replay_from``: the number of its first turn, 0 for
    the whole conversation. ``language``: that of the page.
    """

    numbers: dict[int, int]
    parts: dict[int, int]
    count: int
    head_id: int | None
    replay_in: int = 0
    replay_from: int = 0
    language: str = ""


def readme(part: Part, around: Surroundings, lost: int, too_large: int) -> str:
    """Return README.txt."""
    lines = ["A conversation with the picture bot, exported."]
    if around.count > 1:
        turns = f": turns {part.first} to {part.last} of {len(around.numbers)}" if part.turns else ""
        lines.append(f"Part {part.number} of {around.count}{turns}. Each part opens by itself.")
    here = [name for name in ABOUT if (part.has_replay if name == "contents.json" else part.turns)]
    lines += ["", *(f"{name:<14} {ABOUT[name]}" for name in here)]
    if part.has_replay:
        lines.append(CURL)
        if around.replay_from:
            lines.append(f"It begins with turn {around.replay_from}: what is older has no room in one request.")
    elif around.replay_in:
        lines += ["", f"contents.json, which replays with curl, is in part {around.replay_in}."]
    else:
        lines += ["", "There is no contents.json: the conversation stands at no turn, or at one too large to replay."]
    if lost:
        lines.append(f"{lost} of the pictures {'is' if lost == 1 else 'are'} missing from the bot's store.")
    if too_large:
        lines.append(f"{too_large} pictures are left out: they are larger than a part may be.")
    return "\n".join(lines) + "\n"


def page(articles: Collection[str], part: Part, around: Surroundings) -> str:
    """Return index.html around its articles."""
    language, shown, note = pick(around.language), "\n".join(articles), ""
    title = say(language, "page-title")
    if around.count > 1:
        numbers = {"number": part.number, "parts": around.count, "first": part.first, "last": part.last}
        note = f'<p class="note">{say(language, "page-part", **numbers)}</p>\n'
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>\n'
        f'<meta name="viewport" content="width=device-width"><h1>{title}</h1>\n{note}{shown}\n</html>\n'
    )


def article(turn: Turn, part: Part, around: Surroundings, missing: Collection[str] = ()) -> str:
    """Return the HTML of a turn; ``missing`` pictures are not in the archive."""
    number = around.numbers[turn.id]
    here = {ref.sha256 for ref in part.turns[turn.id]} - set(missing)
    sent = "".join(_image(picture.media, here) for picture in turn.pictures)
    shown = "".join(_image(ref, here) for ref in turn.shown)
    author = f"{html.escape(turn.author.name)}: " if turn.author.name else ""
    asked = datetime.fromtimestamp(turn.created_at, UTC)
    date = f'<time datetime="{asked.isoformat(timespec="seconds")}">{asked:%Y-%m-%d %H:%M} UTC</time>'
    return (
        f'<article{" class=head" if turn.id == around.head_id else ""} id="{number}">'
        f"<h2>{number} <small>{_origin(turn, part, around)} · {date}</small></h2>"
        f'{sent}<p class="wish" dir="auto">{author}{html.escape(turn.wish)}</p>'
        f'<p dir="auto">{html.escape(turn.words)}</p>{shown}'
        f"{_elsewhere(turn, part, around.language, missing)}</article>"
    )


def file_name(ref: MediaRef) -> str:
    """Return the path of a picture in an archive."""
    ending = ref.mime.removeprefix("image/").replace("jpeg", "jpg")
    return f"pictures/{ref.sha256}.{ending}"


def _origin(turn: Turn, part: Part, around: Surroundings) -> str:
    parent = around.numbers.get(turn.parent_id or 0)
    if turn.parent_id is None or parent is None:
        return say(around.language, "page-began")
    if turn.parent_id in part.turns:
        return f'<a href="#{parent}">{say(around.language, "page-from", number=parent)}</a>'
    return say(around.language, "page-from-part", number=parent, part=around.parts[turn.parent_id])


def _elsewhere(turn: Turn, part: Part, language: str, missing: Collection[str]) -> str:
    """Return a note about pictures that the page does not show."""
    gone = sum(ref.sha256 in missing for ref in part.turns[turn.id])
    other = len(pictures_of(turn)) - len(part.turns[turn.id])
    notes = [say(language, "page-lost", count=gone)] if gone else []
    notes += [say(language, "page-elsewhere", count=other)] if other else []
    return f'<p class="note">{" ".join(notes)}</p>' if notes else ""


def _image(ref: MediaRef, here: Collection[str]) -> str:
    if ref.sha256 not in here:
        return ""
    return f'<img src="{file_name(ref)}" width="{ref.width_px}" height="{ref.height_px}" alt="" loading="lazy">'
