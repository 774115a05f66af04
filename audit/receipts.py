"""Forms that were already answered: a double click or a proxy's retry does an act once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from audit.models import Actor, Receipt

if TYPE_CHECKING:
    from uuid import UUID


def find(key: UUID | None, actor: Actor) -> dict[str, Any] | None:
    """
    The earlier answer to this person's form, or None. Somebody else's key is nobody's key.

    Within a transaction the key stays locked until its end: of two posts at once the second waits here and then finds the
    answer of the first.
    """
    if key is None or actor.user_id is None:
        return None
    if connection.in_atomic_block:
        _lock(f"{actor.user_id} {key}")
    row = Receipt.objects.filter(key=key, user_id=actor.user_id).first()
    return row.answer if row else None


def _lock(words: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [words])


def keep(key: UUID | None, actor: Actor, answer: dict[str, Any]) -> dict[str, Any]:
    """Keep the answer in the act's own transaction and return it. Without a key nothing is kept."""
    if key is not None and actor.user_id is not None:
        Receipt.objects.create(key=key, user_id=actor.user_id, answer=answer)
    return answer
