"""What each press of a button did, recorded inside the database where the bot does not see it.

Imports the server beside it. A press is a new wish unless another press of the same button by the same person was
stored up to two seconds before and still waited, or had asked for a turn of which nothing was sent yet. The state at
the time of a press is read in the snapshot of the press's own transaction, so no clocks are involved.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.torture.postgresql import PostgreSQL

WATCH = """
CREATE SCHEMA watch;
CREATE TABLE watch.seen (
    place bigserial PRIMARY KEY, kind text NOT NULL, number bigint NOT NULL, state text NOT NULL,
    by xid8 NOT NULL DEFAULT pg_current_xact_id(), knew pg_snapshot NOT NULL DEFAULT pg_current_snapshot()
);
CREATE INDEX ON watch.seen (kind, number);
CREATE FUNCTION watch.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    EXECUTE format(
        'INSERT INTO watch.seen (kind, number, state) VALUES (%L, ($1).%I, ($1).state)', TG_TABLE_NAME, TG_ARGV[0]
    ) USING NEW;
    RETURN NULL;
END $$;
CREATE TRIGGER watch AFTER INSERT OR UPDATE OF state ON turns FOR EACH ROW EXECUTE FUNCTION watch.note('id');
CREATE TRIGGER watch AFTER INSERT OR UPDATE OF state ON inbox FOR EACH ROW EXECUTE FUNCTION watch.note('update_id');
CREATE TRIGGER watch AFTER INSERT ON steps FOR EACH ROW EXECUTE FUNCTION watch.note('turn_id');
CREATE FUNCTION watch.state(which text, what bigint, past pg_snapshot) RETURNS text LANGUAGE sql AS $$
    SELECT state FROM watch.seen WHERE kind = which AND number = what AND pg_visible_in_snapshot(by, past)
    ORDER BY place DESC LIMIT 1
$$
"""

TAPS = """
WITH press AS (
    SELECT i.update_id, i.tap, i.received_at, i.turn_id, i.state,
        (SELECT knew FROM watch.seen WHERE kind = 'inbox' AND number = i.update_id ORDER BY place LIMIT 1) AS knew
    FROM inbox i WHERE split_part(i.tap, ':', 4) = 'again'
)
SELECT later.tap, later.turn_id IS NOT NULL, later.state, COALESCE(bool_or(
    (earlier.update_id < later.update_id AND later.received_at - earlier.received_at BETWEEN 0 AND 2)
    OR watch.state('inbox', earlier.update_id, later.knew) IN ('new', 'told')
    OR EXISTS (
        SELECT 1 FROM turns t WHERE earlier.turn_id IN (t.id, t.set_id) AND (
            watch.state('turns', t.id, later.knew) IN ('accepted', 'calling')
            OR (watch.state('turns', t.id, later.knew) = 'answered'
                AND watch.state('steps', earlier.turn_id, later.knew) IS NULL)
        )
    )
), false)
FROM press later LEFT JOIN press earlier ON earlier.tap = later.tap AND earlier.update_id <> later.update_id
GROUP BY later.update_id, later.tap, later.turn_id, later.state ORDER BY later.update_id
"""


@dataclass(frozen=True)
class Tap:
    """A press of Again below message ``message_id`` of a chat.

    ``made``: it became a wish. ``idle``: it was not to become one. ``over``: nothing more will come of it.
    """

    chat_id: int
    message_id: int
    made: bool
    idle: bool
    over: bool


async def watch(database: PostgreSQL) -> None:
    """Set the witness up, in a database that has its tables."""
    await database.rows(WATCH)


async def taps(database: PostgreSQL) -> list[Tap]:
    """Return all presses of Again, in order."""
    found = []
    for tap, made, state, idle in await database.rows(TAPS):
        _, chat_id, message_id, *_ = str(tap).split(":")
        found.append(Tap(int(chat_id), int(message_id), bool(made), bool(idle), state == "done"))
    return found
