"""The triggers that keep the books, for SQLite and PostgreSQL. Imports SQLAlchemy only.

Two rules must hold whichever code, process or version writes, so the database itself keeps them, in the transaction
that writes:

1. Each entry is added to the sums of its person, its group and all, for its day, its month and all time.
2. A hold ends with the work that it is for. When a turn gets its answer, the hold is settled at the true cost. When the
   turn fails, the hold is released. When it is cancelled or deleted, too, but if its call has begun, the expected
   dollars are settled, since the provider may bill them; what is known later is booked as the difference. Of versions
   that are cancelled together, those that have arrived already are given back as well; their dollars stay.
"""

from __future__ import annotations

from sqlalchemy import Connection

AMOUNTS = (
    "held_pictures", "held_micro_usd", "pictures", "micro_usd", "paid_pictures", "paid_micro_usd", "credits", "stars",
)  # fmt: skip
"""The columns that ``entries`` and ``sums`` share."""

ADDED = ", ".join(f"{name} = sums.{name} + excluded.{name}" for name in AMOUNTS)
"""What an upsert does to a row of ``sums`` that is there."""

# The row of all comes first: whoever holds it is alone, so no two transactions wait for each other's sums.
_SUM = f"""
INSERT INTO sums (scope, subject_id, period, {", ".join(AMOUNTS)})
SELECT subject.scope, subject.id, period.name, {", ".join(f"NEW.{name}" for name in AMOUNTS)}
FROM (SELECT 'total' AS scope, 0 AS id UNION ALL SELECT 'group', NEW.chat_id UNION ALL SELECT 'person', NEW.person_id)
  AS subject
CROSS JOIN (SELECT '' AS name UNION ALL SELECT substr(NEW.day, 1, 7) UNION ALL SELECT NEW.day) AS period
WHERE subject.scope = 'total' OR subject.id <> 0
ORDER BY subject.scope DESC, period.name
ON CONFLICT (scope, subject_id, period) DO UPDATE SET {ADDED};
"""  # noqa: S608 - our own names

_COLUMNS = f"at, kind, turn_id, closes, person_id, chat_id, day, {', '.join(AMOUNTS)}"

_BEGUN = "('accepted', 'calling')"

REFUNDED = "taken.turn_id = held.turn_id AND taken.kind = 'refund' AND taken.id > held.id"
"""The condition for an entry that says: the payment behind a hold of credit was refunded, so nothing comes back."""

NOT_DELIVERED = "answer of turn "
"""With the number of a turn, the ``charge_id`` of what gives back an answer that arrived and was cancelled unseen."""

CALL = "call of turn "
"""With the number of a cancelled turn, the ``charge_id`` of what its call did cost in the end."""


def _close(turn: str, now: str, *, may_be_answered: bool) -> str:
    """Return the statement that ends the open hold of a turn. ``turn``: OLD or NEW."""
    drawn = f"(CASE WHEN {turn}.state = 'answered' AND {turn}.shown <> '[]' THEN 1 ELSE 0 END)"
    drawn = drawn if may_be_answered else "0"
    stopped = "OLD.state = 'calling'" + (" AND NEW.state = 'cancelled'" if may_be_answered else "")
    cost = f"COALESCE(CASE WHEN {stopped} THEN held.price_micro_usd ELSE {turn}.cost_micro_usd END, 0)"
    back = f"(CASE WHEN {drawn} = 1 OR EXISTS (SELECT 1 FROM entries AS taken WHERE {REFUNDED}) THEN 0 ELSE 1 END)"  # noqa: S608
    return f"""
INSERT INTO entries ({_COLUMNS})
SELECT {now}, CASE WHEN {drawn} = 1 OR {cost} > 0 THEN 'settle' ELSE 'release' END, held.turn_id, held.id,
  held.person_id, held.chat_id, held.day, -held.held_pictures, -held.held_micro_usd, held.held_pictures * {drawn},
  CASE WHEN held.credits <> 0 AND {drawn} = 1 THEN 0 ELSE {cost} END, -held.credits * {drawn},
  CASE WHEN held.credits <> 0 AND {drawn} = 1 THEN {cost} ELSE 0 END, -held.credits * {back}, 0
FROM entries AS held
WHERE held.turn_id = {turn}.id AND held.kind = 'hold'
  AND NOT EXISTS (SELECT 1 FROM entries AS ending WHERE ending.closes = held.id);
"""  # noqa: S608 - our own names


def _charge(now: str) -> str:
    """Return the statement that books the true cost of an answer to a cancelled turn, whose hold has ended."""
    return f"{true_cost('NEW.id', 'NEW.cost_micro_usd', now)};"


def _take_back(now: str) -> str:
    """Return the statement that gives back the picture of an answered turn that nobody will see.

    Not the credit, if it was refunded since as spent. The dollars stay, but as those of no picture.
    """
    # A refund that took less than was bought counted what had been settled as spent.
    spent = """EXISTS (SELECT 1 FROM entries AS taken JOIN entries AS bought ON bought.charge_id = taken.charge_id
  AND bought.kind = 'buy' WHERE taken.person_id = held.person_id AND taken.kind = 'refund' AND taken.id > held.id
  AND bought.credits > -taken.credits)"""
    return f"""
INSERT INTO entries ({_COLUMNS}, charge_id)
SELECT {now}, 'release', held.turn_id, NULL, held.person_id, held.chat_id, held.day, 0, 0, -ending.pictures,
  ending.paid_micro_usd, -ending.paid_pictures, -ending.paid_micro_usd,
  CASE WHEN {spent} THEN 0 ELSE ending.paid_pictures END, 0, '{NOT_DELIVERED}' || held.turn_id
FROM entries AS held JOIN entries AS ending ON ending.closes = held.id
WHERE held.id = (SELECT MAX(id) FROM entries WHERE turn_id = NEW.id AND kind = 'hold')
  AND ending.pictures + ending.paid_pictures > 0
ON CONFLICT DO NOTHING;
"""  # noqa: S608 - our own names


def true_cost(turn_id: str, cost: str, now: str) -> str:
    """Return the statement that books, once, what differs between the cost of a cancelled call and what was settled."""
    return f"""
INSERT INTO entries ({_COLUMNS}, charge_id)
SELECT {now}, 'settle', held.turn_id, NULL, held.person_id, held.chat_id, held.day,
  0, 0, 0, {cost} - ending.micro_usd, 0, 0, 0, 0, '{CALL}' || held.turn_id
FROM entries AS held JOIN entries AS ending ON ending.closes = held.id
WHERE held.id = (SELECT MAX(id) FROM entries WHERE turn_id = {turn_id} AND kind = 'hold')
  AND ending.pictures = 0 AND ending.paid_pictures = 0 AND ending.micro_usd <> {cost}
ON CONFLICT DO NOTHING"""  # noqa: S608 - our own names


_ENDS = f"OLD.state IN {_BEGUN} AND NEW.state NOT IN {_BEGUN}"
_UNSEEN = "OLD.state = 'answered' AND NEW.state = 'cancelled'"
_COMES_LATE = (
    "OLD.state = 'cancelled' AND NEW.state = 'cancelled' AND OLD.reply IS NULL AND NEW.reply IS NOT NULL"
    " AND NEW.cost_micro_usd IS NOT NULL"
)

_SQLITE_NOW = "(julianday('now') - 2440587.5) * 86400.0"
_SQLITE = (
    f"CREATE TRIGGER entries_summed AFTER INSERT ON entries BEGIN {_SUM} END",
    f"CREATE TRIGGER turns_ended AFTER UPDATE OF state ON turns WHEN {_ENDS} "
    f"BEGIN {_close('NEW', _SQLITE_NOW, may_be_answered=True)} END",
    f"CREATE TRIGGER turns_unseen AFTER UPDATE OF state ON turns WHEN {_UNSEEN} BEGIN {_take_back(_SQLITE_NOW)} END",
    f"CREATE TRIGGER turns_answered_late AFTER UPDATE OF reply ON turns WHEN {_COMES_LATE} "
    f"BEGIN {_charge(_SQLITE_NOW)} END",
    f"CREATE TRIGGER turns_deleted AFTER DELETE ON turns WHEN OLD.state IN {_BEGUN} "
    f"BEGIN {_close('OLD', _SQLITE_NOW, may_be_answered=False)} END",
)

_POSTGRESQL_NOW = "EXTRACT(EPOCH FROM clock_timestamp())"


_ALONE = "PERFORM 1 FROM sums WHERE scope = 'total' AND subject_id = 0 AND period = '' FOR UPDATE;"
"""Waits for all who are adding an entry, so that the next statement sees what they wrote."""


def _function(name: str, body: str) -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"


def _deferred(name: str, when: str, condition: str) -> str:
    """Return a trigger that runs at the commit, so that a transaction takes the sums last, and waits for nothing then.

    Otherwise a transaction that has the sums could wait for rows of another one that waits for the sums.
    """
    return (
        f"CREATE CONSTRAINT TRIGGER {name} AFTER {when} ON turns DEFERRABLE INITIALLY DEFERRED "
        f"FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {name}()"
    )


_POSTGRESQL = (
    _function("entries_summed", _SUM),
    "CREATE TRIGGER entries_summed AFTER INSERT ON entries FOR EACH ROW EXECUTE FUNCTION entries_summed()",
    _function("turns_ended", _ALONE + _close("NEW", _POSTGRESQL_NOW, may_be_answered=True)),
    _deferred("turns_ended", "UPDATE OF state", _ENDS),
    _function("turns_unseen", _ALONE + _take_back(_POSTGRESQL_NOW)),
    _deferred("turns_unseen", "UPDATE OF state", _UNSEEN),
    _function("turns_answered_late", _charge(_POSTGRESQL_NOW)),
    _deferred("turns_answered_late", "UPDATE OF reply", _COMES_LATE),
    _function("turns_deleted", _ALONE + _close("OLD", _POSTGRESQL_NOW, may_be_answered=False)),
    _deferred("turns_deleted", "DELETE", f"OLD.state IN {_BEGUN}"),
)


def create(connection: Connection) -> None:
    """Create the triggers on tables that exist."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.exec_driver_sql(statement)
