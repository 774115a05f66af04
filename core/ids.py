"""
Keys that name people, posts and units without naming a table.

A *holder key* says whom work waits for: `user:3`, `post:7`, `unit:12`. A *reader token* says who may read: a holder key, or
a unit's narrowed to a circle and a level: `unit:12@0`, `unit:12:office@1` (docs/architecture.md).
"""

from uuid import UUID, uuid4


def user_key(user_id: int) -> str:
    """`user:3`"""
    return f"user:{user_id}"


def post_key(post_id: int) -> str:
    """`post:7`"""
    return f"post:{post_id}"


def unit_key(unit_id: int) -> str:
    """`unit:12`"""
    return f"unit:{unit_id}"


def unit_token(unit_id: int, level: int) -> str:
    """All staff of a unit that are cleared to `level` (0 to 2)."""
    return f"unit:{unit_id}@{level}"


def office_token(unit_id: int, level: int) -> str:
    """A unit's office (clerks, chief of office, leaders) cleared to `level` (0 to 2)."""
    return f"unit:{unit_id}:office@{level}"


def security_token(unit_id: int) -> str:
    """The security officer of a unit, who alone handles what is quarantined."""
    return f"unit:{unit_id}:security"


def unit_of_token(token: str) -> int:
    """The unit in `unit:12`, `unit:12@0` and `unit:12:office@1`."""
    return int(token.split(":")[1].partition("@")[0])


def new_receipt_key() -> UUID:
    """A key for one form as shown, so that posting it twice is one act."""
    return uuid4()


def receipt_key(text: str | None) -> UUID | None:
    """The key that came back with a form; garbage counts as none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
