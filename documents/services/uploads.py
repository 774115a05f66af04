"""I1: a paper comes in. Its bytes are durable before its row, its row before the answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext as _

from audit import receipts
from audit.services import record
from core import clock
from core.vietnamese import clean
from documents import policies, store
from documents.models import Document, DocumentFile, Validity
from documents.ocr import sniff
from documents.services.access import grant_office
from jobs import enqueue

if TYPE_CHECKING:
    from uuid import UUID

    from audit.models import Actor
    from organizations.models import Unit, User

NOT_SECRET = "none"  # noqa: S105  # a degree of secrecy, not a password
READ_JOB = "documents.tasks.read_document"
LONGEST_NAME = 200


class SecretPaperRefused(Exception):
    """State-secret papers do not enter this office in any form (domain.md 7)."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Papers with a degree of secrecy are not accepted here. Nothing was uploaded. "
                "Hand the paper to the security officer and handle it outside this system."
            )
        )


@dataclass(frozen=True, slots=True)
class Received:
    """What became of an upload; `duplicate` when the person already had the same bytes."""

    document: Document
    sha256: str
    is_duplicate: bool


def receive_upload(
    *,
    stream: IO[bytes],
    name: str,
    unit: Unit,
    actor: Actor,
    secrecy: str,
    receipt_key: UUID | None = None,
) -> Received:
    """
    Take a file in and queue its reading.

    The same bytes again give the paper that already has them, if the person may see it; otherwise a new paper, so that
    nothing tells of the other.

    :param secrecy: the answer to the question asked before upload; anything but "none" is refused
    :raises SecretPaperRefused: before a byte is stored
    :raises NotAllowed: if the person does not register for `unit`
    """
    if secrecy != NOT_SECRET:
        raise SecretPaperRefused
    person, actor = policies.require_registrar(actor, unit)
    kept = store.keep(stream)
    return _enter(kept, name, unit, person, actor, receipt_key)


@transaction.atomic
def _enter(
    kept: store.StoredFile, name: str, unit: Unit, person: User, actor: Actor, receipt_key: UUID | None
) -> Received:
    if earlier := receipts.find(receipt_key, actor):
        known = Document.objects.system("the same form posted twice").get(pk=earlier["document"])
        return Received(known, earlier["sha256"], earlier["is_duplicate"])
    _one_at_a_time(kept.sha256)
    document = _same_bytes(kept.sha256, person)
    is_duplicate = document is not None
    if document is None:
        document = Document.plain.create(owner_unit=unit, created_by=person)
        attach(document=document, kept=kept, name=name, kind=DocumentFile.Kind.SCAN)
        grant_office(document)
        enqueue(READ_JOB, document_id=document.pk)
    answer = {"document": document.pk, "sha256": kept.sha256, "is_duplicate": is_duplicate}
    receipts.keep(receipt_key, actor, answer)
    act = "documents.document.received_again" if is_duplicate else "documents.document.received"
    record(act, target=document, actor=actor, data={"sha256": kept.sha256, "size": kept.size, "unit": unit.code})
    return Received(document, kept.sha256, is_duplicate)


def _one_at_a_time(sha256: str) -> None:
    """Two uploads of the same bytes at once: the second sees the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [sha256])


def _same_bytes(sha256: str, person: User) -> Document | None:
    files = DocumentFile.objects.visible_to(person).filter(sha256=sha256).values("document")
    seen = Document.objects.visible_to(person).filter(pk__in=files)
    return seen.exclude(state__in=[Validity.WITHDRAWN, Validity.QUARANTINED]).order_by("id").first()


def attach(*, document: Document, kept: store.StoredFile, name: str, kind: str) -> DocumentFile:
    """Tie kept bytes to a paper under a harmless name."""
    media_type = sniff(store.path_of(kept.sha256)).media_type
    return DocumentFile.plain.create(
        document=document, kind=kind, sha256=kept.sha256, size=kept.size,
        name=file_name(name), media_type=media_type, created_at=clock.now(),
    )  # fmt: skip


def file_name(name: str) -> str:
    """The last part of a name without controls and directions, short enough for every disk."""
    bare = clean(PurePath(name.replace("\\", "/")).name).strip(". \t\n") or "van-ban"
    stem, dot, ending = bare.rpartition(".")
    return bare if len(bare) <= LONGEST_NAME else f"{stem[:LONGEST_NAME]}{dot}{ending[:10]}"
