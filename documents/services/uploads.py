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

    from django.db.models import QuerySet

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
    one_at_a_time(kept.sha256)
    there = same_bytes(kept.sha256, person).first()
    document = there or take_in(kept, name, unit, person)
    answer = {"document": document.pk, "sha256": kept.sha256, "is_duplicate": there is not None}
    receipts.keep(receipt_key, actor, answer)
    return tell_received(Received(document, kept.sha256, there is not None), kept, unit, actor)


def tell_received(received: Received, kept: store.StoredFile, unit: Unit, actor: Actor, **data: object) -> Received:
    """What came in, once or again, stands in the record; the last statement of the act."""
    act = "documents.document.received_again" if received.is_duplicate else "documents.document.received"
    facts = {"sha256": kept.sha256, "size": kept.size, "unit": unit.code, **data}
    record(act, target=received.document, actor=actor, data=facts)
    return received


def take_in(kept: store.StoredFile, name: str, unit: Unit, person: User) -> Document:
    """A new paper of kept bytes, which the unit's office may see and the reader will read."""
    document = Document.plain.create(owner_unit=unit, created_by=person)
    attach(document=document, kept=kept, name=name, kind=DocumentFile.Kind.SCAN)
    grant_office(document)
    enqueue(READ_JOB, document_id=document.pk)
    return document


def one_at_a_time(key: str) -> None:
    """Two arrivals of the same bytes, or by the same key, at once: the second sees the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [key])


def hold_bytes(sha256: str) -> None:
    """
    Keep bytes from being taken off the disk until a row names them.

    :raises FileNotFoundError: if they are gone already
    """
    one_at_a_time(sha256)
    store.path_of(sha256).stat()


def same_bytes(sha256: str, person: User) -> QuerySet[Document]:
    """The papers with these bytes that the person may see, the oldest first."""
    files = DocumentFile.objects.visible_to(person).filter(sha256=sha256).values("document")
    seen = Document.objects.visible_to(person).filter(pk__in=files)
    return seen.exclude(state__in=[Validity.WITHDRAWN, Validity.QUARANTINED]).order_by("id")


def attach(*, document: Document, kept: store.StoredFile, name: str, kind: str) -> DocumentFile:
    """
    Tie kept bytes to a paper under a harmless name.

    :raises FileNotFoundError: if they were taken off the disk since they were kept; they are to be sent again
    """
    hold_bytes(kept.sha256)
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
