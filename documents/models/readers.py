"""
Which papers a person reads, in the database's own words.

The question stands in nearly every query of the office; from a queryset it took a millisecond each time to become the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models.expressions import RawSQL

from core import clock
from organizations.policies import reader_tokens

if TYPE_CHECKING:
    from organizations.models import User

OWNER = "owner"  # the cause of the owner unit's own grants
LOCKED = "quarantine"  # the cause of a security officer's grant
DRAFTING = "outgoing:"  # the causes of those who work on a draft
_READABLE = "SELECT document_id FROM documents_documentaccess WHERE token = ANY(%s)"
_DRAFTED = f"{_READABLE} AND (cause = %s OR starts_with(cause, %s))"


def readable(user: User) -> RawSQL:
    """The keys of papers that a person reads: those whose tokens the person carries (docs/architecture.md)."""
    return RawSQL(_READABLE, [_tokens(user)])  # noqa: S611  # its words stand above


def drafted(user: User) -> RawSQL:
    """The keys of papers of the person's own unit: a recipient of the issued paper never sees how it came about."""
    return RawSQL(_DRAFTED, [_tokens(user), OWNER, DRAFTING])  # noqa: S611


def _tokens(user: User) -> list[str]:
    return sorted(reader_tokens(user, clock.now()))
