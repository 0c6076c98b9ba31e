"""The tables, for SQLite and PostgreSQL alike. Imports SQLAlchemy only.

A new database is made from these, an older one comes to the same by migrations; tests compare the two. JSON
lives in text columns: a reply must come back with its keys in the order in which the model wrote them.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, MetaData, String, Table, Text, text

REVISIONS = ("0001", "0002", "0003", "0004", "0005")
"""Every schema revision, oldest first. A database at any other one was made by somebody else or by a later version.

While processes are exchanged one by one, the new version migrates and the old one works on. So a migration only adds:
what the old code writes must stay right. ``schema_floor`` names the oldest revision whose code may work on a database;
a migration that takes away or changes what others rely on raises it, and comes a version after the last that does.
"""

FLOOR = "0002"
"""The oldest revision whose code may work on a database of the newest one."""

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"},
)

Id = BigInteger().with_variant(Integer, "sqlite")

chats = Table(
    "chats",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False, comment="private, group, supergroup, channel"),
    Column("title", Text, nullable=False),
    Column("active", Boolean, nullable=False, comment="false while the bot is blocked, kicked or has left"),
    Column("greeted_at", Float, comment="NULL until the one greeting was claimed"),
    Column("moved_to", BigInteger, comment="the supergroup that this group became; NULL otherwise"),
    Column("settings", Text, nullable=False, comment="JSON of choices that hold for the whole chat"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("topic_id", BigInteger, nullable=False, comment="0 outside forum topics"),
    Column("head_id", Id, comment="the turn that the next wish continues; NULL when it starts anew"),
    Column("redo", Text, nullable=False, comment="JSON list of turn ids that undo left, the next one last"),
    Column("settings", Text, nullable=False, comment="JSON of choices: ratio, size, words, model"),
    Index("ix_conversations_key", "chat_id", "topic_id", unique=True),
)

CITING = "cited IS NOT NULL"
"""Of the turns among which the words of others are looked for."""

turns = Table(
    "turns",
    metadata,
    Column("id", Id, primary_key=True),
    Column("conversation_id", Id, nullable=False),
    Column("parent_id", Id, comment="NULL for a root; always a turn that was answered"),
    Column("head_before", Id, comment="head when the wish was taken; head moves only if it is still this"),
    Column("state", String(16), nullable=False, comment="see records.TurnState; the checkpoint of the turn"),
    Column("kind", String(16), nullable=False, comment="send, again, edit"),
    Column("retold_id", Id, comment="the turn whose input this one repeats or changes; NULL for a plain send"),
    Column("set_id", Id, comment="the first of several turns made side by side for one wish; NULL for a single one"),
    Column("author_id", BigInteger, nullable=False),
    Column("author_name", Text, nullable=False),
    Column("author_language", String(16), nullable=False),
    Column("named", Boolean, nullable=False, comment="whether the author's name belongs before the words"),
    Column("wish", Text, nullable=False),
    Column("pictures", Text, nullable=False, comment="JSON list of the pictures of the wish, in order"),
    Column("request_message_id", BigInteger, nullable=False, comment="the message that the answer replies to"),
    Column("options", Text, nullable=False, comment="JSON of ratio, size, model and the like, as chosen then"),
    Column("attempts", Integer, nullable=False, comment="paid calls begun"),
    Column("interruptions", Integer, nullable=False, comment="how often a process ended while this turn's call ran"),
    Column("crashes", Integer, nullable=False, comment="how often a process died with this turn in hand"),
    Column("reply", Text, comment="the model's content, verbatim, pictures parked; NULL until answered"),
    Column("words", Text, nullable=False, comment="what a person reads of the reply"),
    Column("shown", Text, nullable=False, comment="JSON list of the pictures that a person sees, the current one last"),
    Column("provider", String(32), comment="NULL until answered"),
    Column("maker", Text, comment="who signed the thoughts in reply; NULL until answered"),
    Column("model", Text, comment="the model id that answered; NULL until answered"),
    Column("usage", Text, nullable=False, comment="JSON of tokens by modality"),
    Column("cost_micro_usd", BigInteger, comment="millionths of a US dollar; NULL where the price is not known"),
    Column("error", Text, comment="JSON of text key and values; NULL unless failed"),
    Column("created_at", Float, nullable=False),
    Column("answered_at", Float, comment="NULL until answered"),
    Column("cited", Text, comment="JSON of others' words that the wish speaks of; NULL for none"),
    Index("ix_turns_conversation_id_state", "conversation_id", "state"),
    Index("ix_turns_parent_id", "parent_id"),
    Index("ix_turns_set_id", "set_id"),
    Index("ix_turns_author_id_created_at", "author_id", "created_at"),
    Index("ix_turns_cited", "id", sqlite_where=text(CITING), postgresql_where=text(CITING)),
)

turn_media = Table(
    "turn_media",
    metadata,
    Column("turn_id", Id, primary_key=True, autoincrement=False),
    Column("sha256", String(64), primary_key=True),
    Index("ix_turn_media_sha256", "sha256"),
)

media = Table(
    "media",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("mime", String(64), nullable=False),
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
    Column("role", String(16), nullable=False, comment="request, answer or loose"),
    Column("picture", Text, comment="JSON of the one picture that the message carries; NULL for words"),
    Column("file_id", Text, comment="Telegram's name of it; NULL where the bot never sent it"),
    Column("album", Text, comment="the album in which a person sent it; NULL for a single message"),
    Index("ix_messages_conversation_id_role", "conversation_id", "role"),
    Index("ix_messages_turn_id", "turn_id"),
    Index("ix_messages_chat_id_album", "chat_id", "album"),
)

names = Table(
    "names",
    metadata,
    Column("conversation_id", Id, primary_key=True, autoincrement=False),
    Column("name", String(64), primary_key=True, comment="in lower case, without the @"),
    Column("picture", Text, nullable=False, comment="JSON of the picture"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, nullable=False, comment="0 for updates without a chat"),
    Column("topic_id", BigInteger, nullable=False),
    Column("state", String(8), nullable=False, comment="new, told (stored, still to be said), done, or aside"),
    Column("tries", Integer, nullable=False),
    Column("payload", Text, nullable=False, comment="the update as Telegram sent it; emptied when done"),
    Column("notice", Text, comment="JSON of what is still to be said of its stored effect; NULL otherwise"),
    Column("received_at", Float, nullable=False),
    Column("callback_id", Text, comment="Telegram's name of a button's press; NULL for anything else"),
    Column("tap", Text, comment="who pressed which button where; NULL for anything but a press"),
    Column("turn_id", Id, comment="the turn that it asked for; NULL where it asked for none, or not yet"),
    Index("ix_inbox_callback_id", "callback_id", unique=True),
    Index("ix_inbox_tap", "tap"),
    Index("ix_inbox_state_chat_id_topic_id", "state", "chat_id", "topic_id"),
)

steps = Table(
    "steps",
    metadata,
    Column("turn_id", Id, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("state", String(8), nullable=False, comment="sending, sent, unknown"),
)

uploads = Table(
    "uploads",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("state", String(8), nullable=False, comment="sending, sent, unknown"),
)
"""The pictures that answer an update rather than a turn: shown again, as a file, drawn from the tree."""

provider_files = Table(
    "provider_files",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("account", String(16), primary_key=True, comment="a digest of address and key; others cannot use it"),
    Column("uri", Text, nullable=False, comment="the provider's name of it"),
    Column("expires_at", Float, nullable=False, comment="when the provider deletes it (Unix s)"),
    Index("ix_provider_files_expires_at", "expires_at"),
)
"""Pictures that lie at a provider, to be named there instead of being sent."""

schema_floor = Table(
    "schema_floor",
    metadata,
    Column("revision", String(32), primary_key=True, comment="the one row: the oldest code that may work here"),
)

windows = Table(
    "windows",
    metadata,
    Column("name", String(64), primary_key=True, comment="a chat's id, or all for Telegram as a whole"),
    Column("booked", Text, nullable=False, comment="JSON list of the times of past and coming messages (Unix s)"),
    Column("not_before", Float, nullable=False, comment="when a flood wait ends (Unix s)"),
    Column("idle_at", Float, nullable=False, comment="when nothing of it matters any more (Unix s)"),
)
"""Telegram's limits, where several processes share them. On SQLite there is only the row of ``menus``."""

permits = Table(
    "permits",
    metadata,
    Column("name", String(64), primary_key=True, comment="a provider"),
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("worker_id", BigInteger, nullable=False, comment="procrastinate's number of the worker that calls"),
)
"""Calls to providers that run now, where several processes share their number; unused on SQLite."""
