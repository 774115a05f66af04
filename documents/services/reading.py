"""I2: the pages are read, and fields proposed from them. Runs as a job, may run twice."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from django.db import transaction

from audit.models import Actor
from audit.services import record
from documents import store
from documents.extraction import extract
from documents.models import Document, DocumentFile, ExtractedField, Page, ReadState, Validity
from documents.ocr import boxes, read_file
from documents.services.access import lock_away
from documents.services.catalogue import catalogue
from live import publish

if TYPE_CHECKING:
    from documents.extraction import Field
    from documents.ocr import FileReading, PageReading

logger = logging.getLogger(__name__)
READER = Actor.system("reader")
STATES = {"read": ReadState.READ, "partial": ReadState.PARTIAL, "failed": ReadState.FAILED}


def read_document(*, document_id: int) -> None:
    """
    Read the paper's scan page by page and propose its fields.

    Reading again replaces what an interrupted run left; a paper that was read, withdrawn or locked away is left alone.
    """
    document = Document.objects.system("the reader acts for the office").get(pk=document_id)
    if document.read_state not in {ReadState.QUEUED, ReadState.READING} or document.state == Validity.WITHDRAWN:
        return
    file = document.files.exclude(kind=DocumentFile.Kind.ATTACHMENT).order_by("-id")[0]
    _begin(document, file)
    begun = time.monotonic()
    with store.scratch() as scratch:
        reading = read_file(
            store.path_of(file.sha256), on_page=lambda page, total: _show(document, page, total), scratch=scratch
        )
    finish_reading(document=document, file=file, reading=reading, seconds=time.monotonic() - begun)


def _begin(document: Document, file: DocumentFile) -> None:
    Page.plain.filter(file=file).delete()
    Document.plain.filter(pk=document.pk).update(read_state=ReadState.READING, pages_done=0)
    publish(f"document:{document.pk}")


def _show(document: Document, page: PageReading, total: int) -> None:
    """Count a page that is done; its text waits until the whole file is known to be free of a secrecy mark."""
    with transaction.atomic():
        done = Document.plain.values_list("pages_done", flat=True).get(pk=document.pk) + 1
        Document.plain.filter(pk=document.pk).update(pages_total=total, pages_done=done)
        publish(f"document:{document.pk}")
    logger.debug("document %s page %s done", document.pk, page.number)


@transaction.atomic
def finish_reading(*, document: Document, file: DocumentFile, reading: FileReading, seconds: float) -> None:
    """Keep pages and proposals, or lock the paper away; one transaction, so half a reading is never seen."""
    document = Document.plain.select_for_update(no_key=True).get(pk=document.pk)
    if document.read_state != ReadState.READING:
        return  # another run of the same job was quicker, or the paper was withdrawn meanwhile
    if reading.status == "quarantined":
        _quarantine(document)
        return
    keep_pages(file=file, pages=reading.pages)
    if not document.is_confirmed:
        _propose(document, extract(reading, catalogue()))
    Document.plain.filter(pk=document.pk).update(
        read_state=STATES[reading.status], read_reason=reading.reason or "", read_seconds=round(seconds, 2),
        pages_total=reading.page_count, pages_done=len(reading.pages),
    )  # fmt: skip
    DocumentFile.plain.filter(pk=file.pk).update(page_count=reading.page_count)
    publish(f"document:{document.pk}")
    data = {"status": reading.status, "reason": reading.reason, "pages": reading.page_count}
    record("documents.document.read", target=document, actor=READER, data=data)


def keep_pages(*, file: DocumentFile, pages: tuple[PageReading, ...]) -> None:
    """Store pages as read, each in one piece."""
    Page.plain.filter(file=file).delete()
    Page.plain.bulk_create(
        Page(
            file=file, number=page.number, source=page.source, text=page.text, boxes=boxes.pack(page.words),
            mean_confidence=page.mean_confidence, width_pt=page.width_pt, height_pt=page.height_pt,
            reason=page.reason or "",
        )
        for page in pages
    )  # fmt: skip


def _quarantine(document: Document) -> None:
    """No text, no field, no preview: the bytes lie for the security officer alone (domain.md 7)."""
    Page.plain.filter(file__document=document).delete()
    ExtractedField.plain.filter(document=document).delete()
    Document.plain.filter(pk=document.pk).update(
        state=Validity.QUARANTINED, read_state=ReadState.QUARANTINED, read_reason="secret", pages_done=0
    )
    lock_away(document)
    publish(f"document:{document.pk}")
    record("documents.document.quarantined", target=document, actor=READER)


def _propose(document: Document, fields: dict[str, Field]) -> None:
    ExtractedField.plain.filter(document=document).delete()
    ExtractedField.plain.bulk_create(
        ExtractedField(
            document=document, name=name, value=field.value, confidence=field.confidence, page=field.page,
            box=list(field.box) if field.box else None, alternatives=list(field.alternatives),
        )
        for name, field in fields.items()
    )  # fmt: skip
