"""Words that mean the same as a button or a command when they are all that somebody says to the bot. Imports nothing.

People write what they read on the buttons, and a few words of everyday speech. A model could only guess what is meant,
and would be paid for it. The labels themselves are in ``bot/locales``; a test compares.
"""

from __future__ import annotations

import re

_MEANT = {
    "undo": (
        "undo", "undo it", "undo that", "go back", "rückgängig", "rückgängig machen", "zurück", "deshacer", "deshaz",
        "deshazlo", "desfazer", "desfaz", "desfaça", "отменить", "отмени", "назад", "撤销", "撤回",
    ),
    "redo": ("redo", "wiederholen", "rehacer", "refazer", "вернуть", "重做"),
    "again": (
        "again", "once more", "try again", "noch einmal", "nochmal", "otra vez", "de nuevo", "de novo", "outra vez",
        "ещё раз", "повтори", "再来一次",
    ),
    "new": (
        "new", "start over", "start again", "neu", "neu anfangen", "von vorne", "nueva", "empezar de nuevo", "nova",
        "começar de novo", "новая", "начать заново", "заново", "新图", "重新开始",
    ),
    "cancel": ("cancel", "stop", "abbrechen", "stopp", "cancelar", "parar", "отмена", "стоп", "取消", "停止"),
}  # fmt: skip

_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_LONGEST = 40
"""Longer than any label with signs around it, so that a long wish costs nothing here."""


def _plain(words: str) -> str:
    return _EDGES.sub("", words).casefold().replace("\u0451", "\u0435")  # Russian io is mostly written as ie.


CANCELS = tuple(map(_plain, _MEANT["cancel"]))

_COMMANDS = {_plain(words): name for name, said in _MEANT.items() for words in said}


def command_said(words: str) -> str:
    """Return the name of the command that words mean which stand alone, "" for all other words."""
    return _COMMANDS.get(_plain(words), "") if len(words) <= _LONGEST else ""
