"""For whom a paper is: every grant has a cause and ends with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import ids
from documents.models import DocumentAccess
from documents.models.readers import LOCKED, OWNER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from documents.models import Document


def grant(*, document: Document, token: str, cause: str) -> None:
    """Let the holders of `token` read the paper, because of `cause`. Granting twice is granting once."""
    grant_many(document=document, tokens=[token], cause=cause)


def grant_many(*, document: Document, tokens: Iterable[str], cause: str) -> None:
    """The same for many tokens, in one statement."""
    rows = [DocumentAccess(document=document, token=token, cause=cause) for token in tokens]
    DocumentAccess.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5000)


def grant_office(document: Document) -> None:
    """The owner unit's office, whoever belongs to it at the time."""
    grant(document=document, token=ids.office_token(document.owner_unit_id, document.level), cause=OWNER)


def grant_owner(document: Document) -> None:
    """The owner unit's office and the person who drafted the paper, wherever that person goes."""
    grant_office(document)
    grant(document=document, token=ids.user_key(document.created_by_id), cause=OWNER)


def revoke(*, document: Document, cause: str) -> None:
    """End what was granted for a cause; other causes stay."""
    revoke_many(document=document, causes=[cause])


def revoke_many(*, document: Document, causes: Collection[str]) -> None:
    """The same for many causes, in one statement."""
    DocumentAccess.objects.filter(document=document, cause__in=causes).delete()


def lock_away(document: Document) -> None:
    """Take the paper from everybody but the security officer of its unit (domain.md 7)."""
    DocumentAccess.objects.filter(document=document).delete()
    grant(document=document, token=ids.security_token(document.owner_unit_id), cause=LOCKED)
