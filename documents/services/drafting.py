"""O1: a draft and its versions, each an uploaded PDF."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from audit import receipts
from audit.services import record
from core.vietnamese import clean
from documents import policies, store
from documents.models import Document, DocumentFile, DraftVersion, ReadState, Validity
from documents.ocr import sniff
from documents.services.access import grant_owner
from documents.services.confirmation import lock
from documents.services.uploads import NOT_SECRET, READ_JOB, SecretPaperRefused, attach
from jobs import enqueue
from live import publish

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from audit.models import Actor
    from documents.models import DocumentType
    from documents.store import StoredFile
    from organizations.models import Unit, User


class NotAPdf(Exception):
    """Number and date are written into the draft at issue, which only a PDF allows."""

    def __init__(self) -> None:
        super().__init__(_("A draft must be a PDF. Save it from your word processor as PDF and upload it again."))


class NotADraft(Exception):
    """The paper was issued meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("This paper is no longer a draft, so it cannot get a new version."))


def create_draft(
    *,
    unit: Unit,
    doc_type: DocumentType,
    subject: str,
    stream: IO[bytes],
    name: str,
    actor: Actor,
    secrecy: str,
    urgency: int = 0,
    due_date: date | None = None,
) -> Document:
    """
    Begin a paper of the unit with version 1 of its text.

    :raises SecretPaperRefused: for any degree of secrecy, before a byte is stored
    :raises NotAPdf: if the file is something else
    """
    if secrecy != NOT_SECRET:
        raise SecretPaperRefused
    person, actor = policies.require_drafter(actor, unit)
    kept = _keep_pdf(stream)
    with transaction.atomic():
        document = Document.plain.create(
            owner_unit=unit, created_by=person, state=Validity.DRAFT, doc_type=doc_type,
            subject=" ".join(clean(subject).split()), urgency=urgency, due_date=due_date, issuer=unit.name,
            symbol=usual_symbol(doc_type, unit),
        )  # fmt: skip
        _enter_version(document, kept, name, "", person)
        grant_owner(document)
        record("documents.draft.created", target=document, actor=actor, data={"unit": unit.code, "sha256": kept.sha256})
    return document


def usual_symbol(doc_type: DocumentType, unit: Unit) -> str:
    """Type and organ, CT-TLĐ; a công văn has no type, so organ and office: LĐLĐ-VP (domain.md 4, 5)."""
    return f"{doc_type.abbreviation}-{unit.symbol}" if doc_type.abbreviation else f"{unit.symbol}-VP"


def _keep_pdf(stream: IO[bytes]) -> StoredFile:
    kept = store.keep(stream)
    if sniff(store.path_of(kept.sha256)).kind != "pdf":
        raise NotAPdf
    return kept


def _enter_version(document: Document, kept: StoredFile, name: str, comment: str, person: User) -> DraftVersion:
    file = attach(document=document, kept=kept, name=name, kind=DocumentFile.Kind.DRAFT)
    version = document.drafts.count() + 1
    enqueue(READ_JOB, document_id=document.pk)
    return DraftVersion.plain.create(
        document=document, version=version, file=file, comment=clean(comment), created_by=person
    )


def add_version(
    *,
    document: Document,
    stream: IO[bytes],
    name: str,
    comment: str,
    actor: Actor,
    receipt_key: UUID | None = None,
) -> DraftVersion:
    """
    Put a new version beside the old ones; judgements on old ones stay bound to them.

    :raises NotADraft: once the paper is issued
    """
    person, actor = policies.require_drafter(actor, document.owner_unit)
    kept = _keep_pdf(stream)
    with transaction.atomic():
        if earlier := receipts.find(receipt_key, actor):
            return document.drafts.get(version=earlier["version"])
        document = lock(document)
        if document.state != Validity.DRAFT:
            raise NotADraft
        Document.plain.filter(pk=document.pk).update(read_state=ReadState.QUEUED, version=document.version + 1)
        draft = _enter_version(document, kept, name, comment, person)
        receipts.keep(receipt_key, actor, {"version": draft.version})
        publish(f"document:{document.pk}")
        data = {"version": draft.version, "sha256": kept.sha256}
        record("documents.draft.version_added", target=document, actor=actor, data=data)
    return draft


def latest_version(document: Document) -> DraftVersion:
    """The newest version of a draft."""
    return document.drafts.select_related("file").order_by("-version")[0]
