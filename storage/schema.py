"""The tables, for SQLite and PostgreSQL alike. Imports ``column_types`` and SQLAlchemy.

A new database is made from these; an older one is migrated to the same tables, and tests compare the two. JSON is
kept in text columns, because a reply must come back with its keys in the order in which the model wrote them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, MetaData, Table, text

from storage.column_types import Name, Words

REVISIONS = tuple(f"{number:04}" for number in range(1, 12))
"""Every schema revision, oldest first. A database with any other revision is not ours, or from a later version.

During a rolling update the new version migrates while the old one still works. So a migration only adds: what old code
writes must stay valid. One that takes away raises ``FLOOR``, one version after the last code that needs the old form.
"""

FLOOR = "0002"
"""The oldest revision whose code may work on a database of the newest one; stored in ``schema_floor``."""

metadata = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"})

Id = BigInteger().with_variant(Integer, "sqlite")

UNFINISHED_SQL = "state NOT IN ('delivered', 'failed', 'cancelled')"
"""The condition for unfinished turns. Queries must use these exact words, or the database ignores the partial index."""
UNANNOUNCED_SQL = "kept_back = 'untold'"
"""The condition for answers that the person does not know of. They are sent when the person writes again."""

DRAWN_SQL, WORDED_SQL = (f"reply IS NOT NULL AND shown {sign} '[]' AND kind <> 'kept'" for sign in ("<>", "="))
CITING, LISTENED_SQL = "cited IS NOT NULL", "kind = 'settle' AND turn_id IS NULL"
"""The conditions for answers with and without a picture, turns that cite others, and entries about listening."""


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Return a partial index of the rows that meet ``where``."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


identity = Table(
    "identity",
    metadata,
    Column("store_id", Name(32), primary_key=True, comment="the one row: names this store and every copy of it"),
    Column("forgotten", BigInteger, nullable=False, comment="turns that were deleted because somebody asked for it"),
)

# A person whom the bot refused in a group has a row, too: kind "person", and greeted_at says when that was.
chats = Table(
    "chats",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Name(16), nullable=False, comment="private, group, supergroup, channel"),
    Column("title", Words, nullable=False),
    Column("active", Boolean, nullable=False, comment="false while the bot is blocked, kicked or has left"),
    Column("greeted_at", Float, comment="NULL until the one greeting was claimed"),
    Column("moved_to", BigInteger, comment="the supergroup that this group became; NULL otherwise"),
    Column("settings", Words, nullable=False, comment="JSON of choices that hold for the whole chat"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("topic_id", BigInteger, nullable=False, comment="0 outside forum topics"),
    Column("head_id", Id, comment="the turn that the next wish continues; NULL when it starts anew"),
    Column("redo", Words, nullable=False, comment="JSON list of turn ids that undo left, the next one last"),
    Column("settings", Words, nullable=False, comment="JSON of choices: ratio, size, words, model"),
    Index("ix_conversations_key", "chat_id", "topic_id", unique=True),
    sqlite_autoincrement=True,
)

turns = Table(
    "turns",
    metadata,
    Column("id", Id, primary_key=True),
    Column("conversation_id", Id, nullable=False),
    Column("parent_id", Id, comment="NULL for a root; always a turn that was answered"),
    Column("head_before", Id, comment="head when the wish was taken; head moves only if it is still this"),
    Column("state", Name(16), nullable=False, comment="see records.TurnState; the checkpoint of the turn"),
    Column("kind", Name(16), nullable=False, comment="send, again, edit"),
    # Four old names; the code says repeats_id, batch_id, shows_author and remarks (see ``rows.codec``).
    Column("retold_id", Id, comment="the turn whose input this one repeats or changes; NULL for a plain send"),
    Column("set_id", Id, comment="the first of several turns made side by side for one wish; NULL for a single one"),
    Column("author_id", BigInteger, nullable=False),
    Column("author_name", Words, nullable=False),
    Column("author_language", Name(16), nullable=False),
    Column("named", Boolean, nullable=False, comment="whether the author's name belongs before the words"),
    Column("wish", Words, nullable=False),
    Column("pictures", Words, nullable=False, comment="JSON list of the pictures of the wish, in order"),
    Column("request_message_id", BigInteger, nullable=False, comment="the message that the answer replies to"),
    Column("options", Words, nullable=False, comment="JSON of ratio, size, model and the like, as chosen then"),
    Column("attempts", Integer, nullable=False, comment="paid calls begun"),
    Column("interruptions", Integer, nullable=False, comment="how often a process ended while this turn's call ran"),
    Column("crashes", Integer, nullable=False, comment="how often a process died with this turn in hand"),
    Column("reply", Words, comment="the model's content, verbatim, pictures parked; NULL until answered"),
    Column("words", Words, nullable=False, comment="what a person reads of the reply"),
    Column(
        "shown", Words, nullable=False, comment="JSON list of the pictures that a person sees, the current one last"
    ),
    Column("provider", Name(32), comment="NULL until answered"),
    Column("maker", Words, comment="who signed the thoughts in reply; NULL until answered"),
    Column("model", Words, comment="the model id that answered; NULL until answered"),
    Column("usage", Words, nullable=False, comment="JSON of tokens by modality"),
    Column("cost_micro_usd", BigInteger, comment="millionths of a US dollar; NULL where the price is not known"),
    Column("error", Words, comment="JSON of text key and values; NULL unless failed"),
    Column("created_at", Float, nullable=False),
    Column("answered_at", Float, comment="NULL until answered"),
    Column("asker_id", BigInteger, comment="who asked for a repeat; NULL for the author, 0 for somebody forgotten"),
    Column("asker_name", Words, comment="NULL where asker_id is"),
    Column("kept_back", Name(8), comment="untold, or told, of what is not sent by itself any more; NULL otherwise"),
    Column("notes", Words, comment="JSON of what goes with the answer: remarks, covered pictures; NULL for nothing"),
    Column("cited", Words, comment="JSON of others' words that the wish speaks of; NULL for none"),
    Column("restored", Words, comment="JSON of the picture that the bot made of shown, the model's; NULL for none"),
    Index("ix_turns_conversation_id_state", "conversation_id", "state"),
    Index("ix_turns_parent_id", "parent_id"),
    Index("ix_turns_set_id", "set_id"),
    Index("ix_turns_author_id_created_at", "author_id", "created_at"),
    _partial("ix_turns_asker_id", "asker_id", where="asker_id IS NOT NULL"),
    _partial("ix_turns_unfinished", "conversation_id", "state", where=UNFINISHED_SQL),
    _partial("ix_turns_untold", "conversation_id", where=UNANNOUNCED_SQL),
    _partial("ix_turns_cited", "id", where=CITING),
    _partial("ix_turns_drawn", "author_id", "asker_id", "cost_micro_usd", where=DRAWN_SQL),
    _partial("ix_turns_worded", "author_id", "asker_id", "cost_micro_usd", where=WORDED_SQL),
    # Buttons, raw answers and links speak of turns by number, also after a turn was forgotten: no number comes twice.
    sqlite_autoincrement=True,
)

turn_media = Table(
    "turn_media",
    metadata,
    Column("turn_id", Id, primary_key=True, autoincrement=False),
    Column("sha256", Name(64), primary_key=True),
    Column("author_id", BigInteger, comment="who sent the picture; NULL for the model, or the turn's author long ago"),
    Index("ix_turn_media_sha256", "sha256"),
    _partial("ix_turn_media_author_id", "author_id", where="author_id IS NOT NULL"),
)

media = Table(
    "media",
    metadata,
    Column("sha256", Name(64), primary_key=True),
    Column("mime", Name(64), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("width_px", Integer, nullable=False),
    Column("height_px", Integer, nullable=False),
    Column("created_at", Float, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("conversation_id", Id, nullable=False),
    Column("turn_id", Id, comment="NULL for a picture that still waits for words"),
    Column("role", Name(16), nullable=False, comment="request, answer or loose"),
    Column("picture", Words, comment="JSON of the one picture that the message carries; NULL for words"),
    Column("file_id", Words, comment="Telegram's name of it; NULL where the bot never sent it"),
    Column("album", Words, comment="the album in which a person sent it; NULL for a single message"),
    Column("author_id", BigInteger, comment="who sent the picture; NULL for words, for the bot's, or not known"),
    Index("ix_messages_conversation_id_role", "conversation_id", "role"),
    Index("ix_messages_turn_id", "turn_id"),
    Index("ix_messages_chat_id_album", "chat_id", "album"),
    _partial("ix_messages_author_id", "author_id", where="author_id IS NOT NULL"),
)

names = Table(
    "names",
    metadata,
    Column("conversation_id", Id, primary_key=True, autoincrement=False),
    Column("name", Name(64), primary_key=True, comment="in lower case, without the @"),
    Column("picture", Words, nullable=False, comment="JSON of the picture"),
    Column("author_id", BigInteger, comment="who gave the name; NULL where that is not known"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, nullable=False, comment="0 for updates without a chat"),
    Column("topic_id", BigInteger, nullable=False),
    Column(
        "state",
        Name(8),
        nullable=False,
        comment="new, told (stored, still to be said), done, aside, or kept (for a guest)",
    ),
    # Handlings that failed or crashed; -1: the person had the content deleted; 1000 more: somebody had a part deleted.
    Column("tries", Integer, nullable=False),
    Column("payload", Words, nullable=False, comment="the update as Telegram sent it; emptied when done"),
    Column("notice", Words, comment="JSON of what is still to be said of its stored effect; NULL otherwise"),
    Column("received_at", Float, nullable=False),
    Column("callback_id", Words, comment="Telegram's name of a button's press; NULL for anything else"),
    Column("tap", Words, comment="who pressed which button where; NULL for anything but a press"),
    Column("turn_id", Id, comment="the turn that it asked for; NULL where it asked for none, or not yet"),
    Index("ix_inbox_callback_id", "callback_id", unique=True),
    Index("ix_inbox_tap", "tap"),
    Index("ix_inbox_state_chat_id_topic_id", "state", "chat_id", "topic_id"),
    Index("ix_inbox_received_at", "received_at"),
)

steps = Table(
    "steps",
    metadata,
    Column("turn_id", Id, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("state", Name(8), nullable=False, comment="sending, sent, unknown"),
)
"""The messages of answers; the name is older than the word step for a piece of a conversation's work."""

uploads = Table(
    "uploads",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("state", Name(8), nullable=False, comment="sending, sent, unknown"),
)
"""Pictures that are sent because of an update, and are no answer of a turn: shown again, as a file, or a drawn tree."""

provider_files = Table(
    "provider_files",
    metadata,
    Column("sha256", Name(64), primary_key=True),
    Column("account", Name(16), primary_key=True, comment="a digest of address and key; others cannot use it"),
    Column("uri", Words, nullable=False, comment="the provider's name of it"),
    Column("expires_at", Float, nullable=False, comment="when the provider deletes it (Unix s)"),
    Index("ix_provider_files_expires_at", "expires_at"),
)
"""Pictures uploaded to a provider; requests name them instead of sending them again."""

spent = Table(
    "spent",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False, comment="of the answers, in days since 1970 (UTC)"),
    Column("provider", Name(32), primary_key=True),
    Column("model", Name(128), primary_key=True),
    Column("turns", Integer, nullable=False),
    Column("pictures", Integer, nullable=False, comment="turns that brought a picture"),
    Column("cost_micro_usd", BigInteger, nullable=False, comment="without the unpriced turns"),
    Column("unpriced", Integer, nullable=False, comment="turns of which the price is not known"),
)
"""The cost of deleted turns, without their authors: the totals must not shrink."""

guests = Table(
    "guests",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="of a person; negative: of a chat"),
    Column("standing", Name(8), nullable=False, comment="asked (nobody decided yet), admitted, refused or blocked"),
    Column("name", Words, nullable=False, comment="as Telegram said it; empty where the guest was forgotten"),
    Column("language", Name(16), nullable=False),
    Column("told", Boolean, nullable=False, comment="whether the guest knows of the decision, or twice of the wait"),
    Column("by_id", BigInteger, comment="the owner who decided; NULL until then"),
    Column("by_name", Words, nullable=False),
    Column("questions", Words, nullable=False, comment="JSON list of owner and message of what asked each of them"),
    Column("begun_at", Float, nullable=False, comment="when the guest asked, or an owner first decided"),
)
"""People and groups whom an owner lets in or keeps out. Wishes that wait for that are updates in the inbox."""


def _amounts() -> tuple[Column[Any], ...]:
    """Return the columns that ``entries`` and ``sums`` share: a sum is the total of its entries, column by column."""
    return (
        Column("held_pictures", BigInteger, nullable=False, comment="within the limits, of calls that run"),
        Column("held_micro_usd", BigInteger, nullable=False, comment="their expected cost"),
        Column("pictures", BigInteger, nullable=False, comment="within the limits, of calls that brought one"),
        Column("micro_usd", BigInteger, nullable=False, comment="the cost of calls, without the next two columns"),
        Column("paid_pictures", BigInteger, nullable=False, comment="made for credit, which no limit stops"),
        Column("paid_micro_usd", BigInteger, nullable=False, comment="the cost of these"),
        Column("credits", BigInteger, nullable=False, comment="pictures that were bought and not made yet"),
        Column("stars", BigInteger, nullable=False, comment="Telegram Stars that were paid and not refunded"),
    )


entries = Table(
    "entries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Float, nullable=False),
    Column("kind", Name(8), nullable=False, comment="hold, settle, release, buy, refund, forget"),
    Column("turn_id", Id, comment="the turn that is paid for; it may be deleted since; NULL for a purchase"),
    Column("closes", Id, comment="the hold that this entry ends; NULL for others"),
    Column("person_id", BigInteger, nullable=False, comment="who asked, or who bought; 0 for somebody forgotten"),
    Column("chat_id", BigInteger, nullable=False, comment="the group; 0 in private"),
    Column("day", Name(10), nullable=False, comment="2026-11-28, in the time zone of the limits; a hold's for its end"),
    *_amounts(),
    Column("charge_id", Name(255), comment="Telegram's name of a payment, or ours of what must count once; else NULL"),
    Column("price_micro_usd", BigInteger, comment="what a hold's picture should cost; NULL for other entries"),
    Column("room", BigInteger, comment="how many more pictures the tightest limit allows after a hold; NULL for any"),
    Column("percent", BigInteger, comment="how much of the limit for all is used up with a hold; NULL without one"),
    Index("ix_entries_turn_id", "turn_id"),
    Index("ix_entries_person_id", "person_id"),
    _partial("ix_entries_closes", "closes", where="closes IS NOT NULL", unique=True),
    _partial("ix_entries_charge_id", "charge_id", "kind", where="charge_id IS NOT NULL", unique=True),
    _partial("ix_entries_listened", "person_id", "micro_usd", where=LISTENED_SQL),
    sqlite_autoincrement=True,
)
"""The books: what calls cost and what people bought. A row is never changed; see ``triggers``."""

sums = Table(
    "sums",
    metadata,
    Column("scope", Name(8), primary_key=True, comment="person, group, or total"),
    Column("subject_id", BigInteger, primary_key=True, autoincrement=False, comment="of the person or group; else 0"),
    Column("period", Name(10), primary_key=True, comment="2026-11-28, 2026-11, or empty for all time"),
    *_amounts(),
)
"""The sums of ``entries``; the database itself adds each entry, see ``triggers``."""

allowances = Table(
    "allowances",
    metadata,
    Column("scope", Name(8), primary_key=True, comment="person, group, or admins for what a group's admins chose"),
    Column("subject_id", BigInteger, primary_key=True, autoincrement=False),
    Column("day_pictures", BigInteger, comment="NULL for any number, as in the next three"),
    Column("day_micro_usd", BigInteger),
    Column("month_pictures", BigInteger),
    Column("month_micro_usd", BigInteger),
)
"""Limits of single people and groups, in place of the ones in the settings; those of admins count besides."""

schema_floor = Table(
    "schema_floor",
    metadata,
    Column("revision", Name(32), primary_key=True, comment="the one row: the oldest code that may work here"),
)

windows = Table(
    "windows",
    metadata,
    Column("name", Name(64), primary_key=True, comment="a chat's id, or all for Telegram as a whole"),
    Column("booked", Words, nullable=False, comment="JSON list of the times of past and coming messages (Unix s)"),
    Column("not_before", Float, nullable=False, comment="when a flood wait ends (Unix s)"),
    Column("idle_at", Float, nullable=False, comment="when nothing of it matters any more (Unix s)"),
)
"""Short notes of all processes, by name: Telegram's rate limits (the first meaning of the columns), the pace of
providers ("calls to ..."); and, as JSON in ``booked``, also on SQLite, of ``menus``, ``models`` and ``books``."""

permits = Table(
    "permits",
    metadata,
    Column("name", Name(64), primary_key=True, comment="a provider"),
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("worker_id", BigInteger, nullable=False, comment="procrastinate's number of the worker that calls"),
)
"""Running calls to providers, if several processes share a limit on them; unused on SQLite."""
