"""Create the tree, the inbox and the index of pictures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chats",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False, comment="private, group, supergroup, channel"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False, comment="false while the bot is blocked, kicked or has left"),
        sa.Column("greeted_at", sa.Float(), nullable=True, comment="NULL until the one greeting was claimed"),
        sa.Column(
            "moved_to", sa.BigInteger(), nullable=True, comment="the supergroup that this group became; NULL otherwise"
        ),
        sa.Column("settings", sa.Text(), nullable=False, comment="JSON of choices that hold for the whole chat"),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_chats")),
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("topic_id", sa.BigInteger(), nullable=False, comment="0 outside forum topics"),
        sa.Column(
            "head_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the turn that the next wish continues; NULL when it starts anew",
        ),
        sa.Column("redo", sa.Text(), nullable=False, comment="JSON list of turn ids that undo left, the next one last"),
        sa.Column("settings", sa.Text(), nullable=False, comment="JSON of choices: ratio, size, words, model"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    op.create_index("ix_conversations_key", "conversations", ["chat_id", "topic_id"], unique=True)
    op.create_table(
        "inbox",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False, comment="0 for updates without a chat"),
        sa.Column("topic_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state", sa.String(length=8), nullable=False, comment="new, told (stored, still to be said), done, or aside"
        ),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False, comment="the update as Telegram sent it; emptied when done"),
        sa.Column(
            "notice",
            sa.Text(),
            nullable=True,
            comment="JSON of what is still to be said of its stored effect; NULL otherwise",
        ),
        sa.Column("received_at", sa.Float(), nullable=False),
        sa.Column(
            "callback_id",
            sa.Text(),
            nullable=True,
            comment="Telegram's name of a button's press; NULL for anything else",
        ),
        sa.Column(
            "tap", sa.Text(), nullable=True, comment="who pressed which button where; NULL for anything but a press"
        ),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_inbox")),
    )
    op.create_index("ix_inbox_callback_id", "inbox", ["callback_id"], unique=True)
    op.create_index("ix_inbox_tap", "inbox", ["tap"], unique=False)
    op.create_index("ix_inbox_state_chat_id_topic_id", "inbox", ["state", "chat_id", "topic_id"], unique=False)
    op.create_table(
        "media",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("mime", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_media")),
    )
    op.create_table(
        "messages",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "turn_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="NULL for a picture that still waits for words",
        ),
        sa.Column("role", sa.String(length=16), nullable=False, comment="request, answer or loose"),
        sa.Column(
            "picture",
            sa.Text(),
            nullable=True,
            comment="JSON of the one picture that the message carries; NULL for words",
        ),
        sa.Column(
            "file_id", sa.Text(), nullable=True, comment="Telegram's name of it; NULL where the bot never sent it"
        ),
        sa.Column(
            "album", sa.Text(), nullable=True, comment="the album in which a person sent it; NULL for a single message"
        ),
        sa.PrimaryKeyConstraint("chat_id", "message_id", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages_chat_id_album", "messages", ["chat_id", "album"], unique=False)
    op.create_index("ix_messages_conversation_id_role", "messages", ["conversation_id", "role"], unique=False)
    op.create_index("ix_messages_turn_id", "messages", ["turn_id"], unique=False)
    op.create_table(
        "names",
        sa.Column(
            "conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("name", sa.String(length=64), nullable=False, comment="in lower case, without the @"),
        sa.Column("picture", sa.Text(), nullable=False, comment="JSON of the picture"),
        sa.PrimaryKeyConstraint("conversation_id", "name", name=op.f("pk_names")),
    )
    op.create_table(
        "steps",
        sa.Column("turn_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False, comment="sending, sent, unknown"),
        sa.PrimaryKeyConstraint("turn_id", "position", name=op.f("pk_steps")),
    )
    op.create_table(
        "turn_media",
        sa.Column("turn_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("turn_id", "sha256", name=op.f("pk_turn_media")),
    )
    op.create_index("ix_turn_media_sha256", "turn_media", ["sha256"], unique=False)
    op.create_table(
        "turns",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "parent_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="NULL for a root; always a turn that was answered",
        ),
        sa.Column(
            "head_before",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="head when the wish was taken; head moves only if it is still this",
        ),
        sa.Column(
            "state", sa.String(length=16), nullable=False, comment="see records.TurnState; the checkpoint of the turn"
        ),
        sa.Column("kind", sa.String(length=16), nullable=False, comment="send, again, edit"),
        sa.Column(
            "retold_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the turn whose input this one repeats or changes; NULL for a plain send",
        ),
        sa.Column(
            "set_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the first of several turns made side by side for one wish; NULL for a single one",
        ),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("author_language", sa.String(length=16), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False, comment="whether the author's name belongs before the words"),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("pictures", sa.Text(), nullable=False, comment="JSON list of the pictures of the wish, in order"),
        sa.Column(
            "request_message_id", sa.BigInteger(), nullable=False, comment="the message that the answer replies to"
        ),
        sa.Column(
            "options", sa.Text(), nullable=False, comment="JSON of ratio, size, model and the like, as chosen then"
        ),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="paid calls begun"),
        sa.Column(
            "interruptions",
            sa.Integer(),
            nullable=False,
            comment="how often a process ended while this turn's call ran",
        ),
        sa.Column("crashes", sa.Integer(), nullable=False, comment="how often a process died with this turn in hand"),
        sa.Column(
            "reply",
            sa.Text(),
            nullable=True,
            comment="the model's content, verbatim, pictures parked; NULL until answered",
        ),
        sa.Column("words", sa.Text(), nullable=False, comment="what a person reads of the reply"),
        sa.Column(
            "shown",
            sa.Text(),
            nullable=False,
            comment="JSON list of the pictures that a person sees, the current one last",
        ),
        sa.Column("provider", sa.String(length=32), nullable=True, comment="NULL until answered"),
        sa.Column("maker", sa.Text(), nullable=True, comment="who signed the thoughts in reply; NULL until answered"),
        sa.Column("model", sa.Text(), nullable=True, comment="the model id that answered; NULL until answered"),
        sa.Column("usage", sa.Text(), nullable=False, comment="JSON of tokens by modality"),
        sa.Column(
            "cost_micro_usd",
            sa.BigInteger(),
            nullable=True,
            comment="millionths of a US dollar; NULL where the price is not known",
        ),
        sa.Column("error", sa.Text(), nullable=True, comment="JSON of text key and values; NULL unless failed"),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("answered_at", sa.Float(), nullable=True, comment="NULL until answered"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turns")),
    )
    op.create_index("ix_turns_author_id_created_at", "turns", ["author_id", "created_at"], unique=False)
    op.create_index("ix_turns_conversation_id_state", "turns", ["conversation_id", "state"], unique=False)
    op.create_index("ix_turns_parent_id", "turns", ["parent_id"], unique=False)
    op.create_index("ix_turns_set_id", "turns", ["set_id"], unique=False)
    op.create_table(
        "uploads",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False, comment="sending, sent, unknown"),
        sa.PrimaryKeyConstraint("update_id", "position", name=op.f("pk_uploads")),
    )


def downgrade() -> None:
    raise NotImplementedError("The first revision has nothing before it.")
