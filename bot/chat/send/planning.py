"""Plans the messages of an answer. Makes no call.

Imports PTB, ``keyboards``, ``message``, ``split``, ``texts`` and ``storage.records``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from telegram import InlineKeyboardMarkup

from bot.chat.send import keyboards
from bot.chat.send.message import OutgoingMessage, Recipient, albums_of
from bot.chat.send.split import fit_caption, split_text
from bot.texts import say
from storage.records import InputPicture, MediaRef, Turn

WORD_MESSAGES = 3
"""The most messages of words in an answer: a model that repeats itself would fill the chat."""

READ_LETTERS = (WORD_MESSAGES + 1) * 4096
"""More letters than these messages and a caption hold; the rest is not looked at."""


def says_the_same(turn: Turn, other: Turn) -> bool:
    """Return whether the words of two answers are equal to a reader."""
    return turn.words.split() == other.words.split()


def each_words_once(turns: Sequence[Turn]) -> list[Turn]:
    """Return the first turn of each text, in order: nobody wants to read the same words twice."""
    found: list[Turn] = []
    for turn in turns:
        if not any(says_the_same(turn, one) for one in found):
            found.append(turn)
    return found


def with_words_of(turns: Sequence[Turn], message: OutgoingMessage, recipient: Recipient) -> OutgoingMessage:
    """Add a button for the words of each of these turns, which are kept back."""
    if not turns or message.keyboard is None:
        return message
    keyboard = keyboards.with_words_of(recipient.language, message.keyboard, [turn.id for turn in turns])
    return replace(message, keyboard=keyboard)


def laid_out(
    recipient: Recipient, pictures: Sequence[MediaRef], words: str, keyboard: InlineKeyboardMarkup, *, covered: bool
) -> list[OutgoingMessage]:
    """Return the messages of an answer: a picture with its caption, or albums and then words."""
    if len(pictures) == 1:
        caption, rest = fit_caption(words[:READ_LETTERS])
        first = OutgoingMessage(pictures=tuple(pictures), covered=covered, words=caption, keyboard=keyboard)
        return [first, *_worded(recipient, rest, words)]
    albums = albums_of(pictures, covered=covered)
    if not split_text(words[:READ_LETTERS]):
        # Also for words of invisible characters alone, which Telegram takes for an empty message.
        words = say(recipient.language, "pictures-ready" if albums else "words-only-empty")
    # An album takes no keyboard (Bot API, sendMediaGroup), so the words after it have the buttons.
    return [*albums, *_worded(recipient, words, words, keyboard)]


def shown_again(
    turn: Turn,
    recipient: Recipient,
    said: Mapping[str, Any],
    current: Sequence[InputPicture] = (),
    *,
    by: str = "",
    redoes: bool = False,
) -> list[OutgoingMessage]:
    """Return the messages that show the newest picture of a turn again, or all of an answer that was kept back.

    Where a turn has only words, they are shown, or the ``current`` picture there. ``said``: the key and values of the
    text. ``by``: the name of who asked. ``redoes``: with a button to go forward.
    """
    late, language = turn.kept_back is not None, recipient.language
    words = say(language, "moved-by", name=by, said=said) if by else say(language, said["key"], **said)
    if current:
        words = f"{words}\n{say(language, 'current-picture')}"
    if turn.words and (late or (not turn.shown and said["key"].startswith("shown"))):
        words = f"{words}\n\n{turn.words}"
    keyboard = keyboards.under_turn(turn, language, redoes=redoes)
    pictures = [one.media for one in current] or (turn.shown if late else turn.shown[-1:])
    covered = turn.covered or any(one.covered for one in current)
    return laid_out(recipient, pictures, words, keyboard, covered=covered)


def _worded(
    recipient: Recipient, words: str, whole: str, keyboard: InlineKeyboardMarkup | None = None
) -> list[OutgoingMessage]:
    """Return some words as a few messages, the last with the keyboard, and a file where they do not fit.

    ``whole``: the content of the file.
    """
    pieces = split_text(words[:READ_LETTERS])
    messages = [OutgoingMessage(words=piece) for piece in pieces[:WORD_MESSAGES]]
    if messages:
        messages[-1] = replace(messages[-1], keyboard=keyboard)
    if len(pieces) > len(messages):
        messages.append(OutgoingMessage(words=say(recipient.language, "words-in-file"), text=whole))
    return messages
