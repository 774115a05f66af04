"""I2: the pages are read, and fields proposed from them. Runs as a job, may run twice."""

from __future__ import annotations

import logging
import time
from datetime import date
from functools import partial
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from audit.services import record
from documents import store
from documents.extraction import SURE, extract, extract_text
from documents.extraction.parts import parts_of
from documents.models import Arrival, Document, DocumentFile, ExtractedField, Page, ReadState, Validity
from documents.ocr import read_file
from documents.policies import require_registrar
from documents.services.access import lock_away
from documents.services.catalogue import catalogue
from documents.services.copies import forget_copies, queue_copy
from documents.services.known import keep_pages, recall
from documents.services.prints import forget_print, keep_print
from documents.services.splitting import PARTS, READER, propose_parts, split_at_covers
from documents.services.uploads import READ_JOB
from documents.words import GAVE_UP, STOPPED
from jobs import enqueue, long_lane
from jobs.health import unfinished
from live import publish

if TYPE_CHECKING:
    from collections.abc import Callable

    from audit.models import Actor
    from documents.extraction import Catalogue, Field
    from documents.ocr import FileReading

logger = logging.getLogger(__name__)
READ_QUEUES = ("ocr", long_lane("ocr"))
LONG_PAGES = 60  # two or three minutes of one core
NOT_THE_PAPER = (DocumentFile.Kind.ATTACHMENT, DocumentFile.Kind.SOURCE, DocumentFile.Kind.ARCHIVE)
STATES = {"read": ReadState.READ, "partial": ReadState.PARTIAL, "failed": ReadState.FAILED}
SHOWN_EVERY_SECONDS = 0.5  # quick pages would write more rows than eyes can follow
WORKING = (ReadState.QUEUED, ReadState.READING)
# What somebody may have typed off the paper before its mark was found.
WORDLESS = {
    "number": "", "symbol": "", "symbol_norm": "", "issuer": "", "parent_organ": "", "place": "", "subject": "",
    "signer": "", "signer_title": "", "issue_date": None, "due_date": None, "doc_type": None,
}  # fmt: skip

UNSAID = {"name": "", "sender": "", "subject": "", "note": ""}  # a mail's subject is often the paper's


class NothingToReadAgain(Exception):
    """Only a paper whose reading failed, wholly or in part, is read again."""

    def __init__(self) -> None:
        super().__init__(_("This paper is already read, or still being read."))


class NothingToStop(Exception):
    """Only a paper that waits to be read, or is being read, can be stopped."""

    def __init__(self) -> None:
        super().__init__(_("This paper is neither waiting nor being read. Nothing was changed by you."))


class ReadingStopped(Exception):
    """Somebody stopped this reading, or another run of it is further."""


class TakesLong(Exception):
    """The file has so many pages that others would wait for it."""


def read_document(*, document_id: int, in_long_lane: bool = False) -> None:
    """
    Read the paper's newest file page by page and propose its fields.

    Reading again replaces what an interrupted run left; a paper that was read, withdrawn or locked away is left alone. A file of
    many pages goes over to the long lane as soon as they are counted, so that the short papers of others go on.
    """
    document = Document.objects.system("the reader acts for the office").filter(pk=document_id).first()
    if document is None or document.read_state not in WORKING or document.state == Validity.WITHDRAWN:
        return
    file = newest_file(document)
    if not _begin(document, file):
        return
    begun = time.monotonic()
    watch = _Progress(document, most_pages=None if in_long_lane else LONG_PAGES)
    with store.scratch() as scratch:
        try:
            reading = read_file(
                store.path_of(file.sha256), on_progress=watch, recall=partial(recall, unit_id=document.owner_unit_id),
                model=model_folder(), office=office_program(), scratch=scratch,
                is_cleared=document.cleared_at is not None,
            )  # fmt: skip
        except TakesLong:
            enqueue(READ_JOB, queue=READ_QUEUES[1], document_id=document_id, in_long_lane=True)
            return
        except ReadingStopped:
            return
    finish_reading(document=document, file=file, reading=reading, seconds=time.monotonic() - begun)
    split_at_covers(document_id)


def model_folder() -> Path | None:
    """Where another model of the engine lies, if the office wants one."""
    return Path(settings.OCR_MODEL) if settings.OCR_MODEL else None


def office_program() -> Path | None:
    """LibreOffice, if this machine has it and the office wants it."""
    found = which(settings.OFFICE_PROGRAM) if settings.OFFICE_PROGRAM else None
    return Path(found) if found else None


def newest_file(document: Document) -> DocumentFile:
    """The file whose words are the paper's: the latest version of a draft, the issued copy of a paper."""
    return document.files.exclude(kind__in=NOT_THE_PAPER).order_by("-id")[0]


@transaction.atomic
def _begin(document: Document, file: DocumentFile) -> bool:
    """Whether the paper still waits: somebody may have stopped its reading a moment ago."""
    waiting = Document.plain.filter(pk=document.pk, read_state__in=WORKING)
    if not waiting.update(read_state=ReadState.READING, pages_done=0, pages_total=0):
        return False
    Page.plain.filter(file=file).delete()
    publish(f"document:{document.pk}")
    return True


class _Progress:
    """Counts pages that are behind; their text waits until the whole file is known to be free of a secrecy mark."""

    def __init__(self, document: Document, *, most_pages: int | None) -> None:
        self._document, self._most, self._told, self._next = document, most_pages, (0, 0), 0.0

    def __call__(self, done: int, total: int) -> None:
        """
        :raises TakesLong: for more pages than this reading is for
        :raises ReadingStopped: if somebody stopped it
        """
        if self._most is not None and total > self._most:
            raise TakesLong
        now, is_news = time.monotonic(), (done, total) != self._told
        if now < self._next and not (is_news and done >= total):
            return
        self._told, self._next = (done, total), now + SHOWN_EVERY_SECONDS
        _show(self._document, done, total, is_news=is_news)


@transaction.atomic
def _show(document: Document, done: int, total: int, *, is_news: bool) -> None:
    reading = Document.plain.filter(pk=document.pk, read_state=ReadState.READING)
    if not (reading.update(pages_total=total, pages_done=done) if is_news else reading.exists()):
        raise ReadingStopped
    if is_news:
        publish(f"document:{document.pk}")


_watchers: list[Callable[[Document], None]] = []


def when_locked_away(watcher: Callable[[Document], None]) -> Callable[[Document], None]:
    """
    Let a room above end what it does with a paper that turns out to be secret.

    Called within the same transaction and before the paper's row is held: acts hold their process first and the paper second.
    """
    _watchers.append(watcher)
    return watcher


@transaction.atomic
def finish_reading(*, document: Document, file: DocumentFile, reading: FileReading, seconds: float) -> None:
    """Keep pages and proposals, or lock the paper away; one transaction, so half a reading is never seen."""
    if reading.status == "quarantined":
        for watcher in _watchers:
            watcher(document)
        _quarantine(Document.plain.select_for_update(no_key=True).get(pk=document.pk))
        return
    document = Document.plain.select_for_update(no_key=True).get(pk=document.pk)
    is_late = document.read_state not in WORKING or document.state == Validity.WITHDRAWN
    if is_late or newest_file(document).pk != file.pk:
        return  # another run was quicker, or a newer version came, which has its own job
    keep_pages(file=file, pages=reading.pages, known=reading.known)
    if not document.is_confirmed:
        _propose(document, _extracted(reading))
        _propose_parts(document, reading)
    keep_print(document=document, texts=[page.text for page in reading.pages])
    Document.plain.filter(pk=document.pk).update(
        read_state=STATES[reading.status], read_reason=reading.reason or "", read_seconds=round(seconds, 2),
        pages_total=reading.page_count, pages_done=len(reading.pages),
    )  # fmt: skip
    DocumentFile.plain.filter(pk=file.pk).update(page_count=reading.page_count, is_signed=reading.has_signature)
    queue_copy(file)
    _tell(document, status=reading.status, reason=reading.reason, pages=reading.page_count)


def _tell(document: Document, **data: object) -> None:
    publish(f"document:{document.pk}")
    record("documents.document.read", target=document, actor=READER, data=data)


def _extracted(reading: FileReading) -> dict[str, Field]:
    """Proposals; a text that trips the extraction still counts as read, without proposals."""
    try:
        return _by_catalogue_of_its_day(reading)
    except Exception:  # whatever a stranger's text does to our patterns
        logger.exception("no fields could be proposed")
        return {}


def _by_catalogue_of_its_day(reading: FileReading) -> dict[str, Field]:
    """Units, names and people change: the date is read first, and the rest with what counted on it (extraction.md 5)."""
    everything = catalogue()
    found = _fields(reading, everything)
    if not isinstance(found["date"].value, str) or found["date"].confidence < SURE:
        return found
    of_its_day = catalogue(on=date.fromisoformat(found["date"].value))
    return found if of_its_day == everything else _fields(reading, of_its_day)


def _fields(reading: FileReading, known: Catalogue) -> dict[str, Field]:
    """A Word file says its words and not where they stand."""
    if reading.pages and not any(page.words for page in reading.pages):
        return extract_text("\n".join(page.text for page in reading.pages), known)
    return extract(reading, known)


def _propose_parts(document: Document, reading: FileReading) -> None:
    """Where a scan seems to hold several papers, or annexes; the clerk decides."""
    try:
        parts = propose_parts(parts_of(reading.pages))
    except Exception:  # as above
        logger.exception("no parts could be proposed")
        return
    if parts:
        ExtractedField.plain.create(document=document, name=PARTS, value=parts)


def give_up_left() -> list[int]:
    """
    Papers that wait for a reader although no job for them is left: their jobs failed, or ended worker after worker.

    A job is enqueued with its paper's row, so a waiting paper without a job will never be read by itself.
    """
    left = list(
        Document.plain.filter(read_state__in=WORKING).exclude(state=Validity.WITHDRAWN).values_list("pk", flat=True)
    )
    if not left:
        return []
    expected = {arguments.get("document_id") for arguments in unfinished(READ_JOB)}
    return [pk for pk in left if pk not in expected and _give_up(pk)]


@transaction.atomic
def _give_up(document_id: int) -> bool:
    document = Document.plain.select_for_update(no_key=True).get(pk=document_id)
    if document.read_state not in WORKING:
        return False
    Document.plain.filter(pk=document_id).update(read_state=ReadState.FAILED, read_reason=GAVE_UP)
    _tell(document, status="failed", reason=GAVE_UP)
    return True


@transaction.atomic
def stop_reading(*, document: Document, actor: Actor) -> None:
    """
    End a reading that waits or is under way; the paper can be read again, or confirmed by hand.

    The reader notices at its next look, within a second; whatever it read until then is dropped.

    :raises NothingToStop: if it is read, locked away or failed
    """
    _person, actor = require_registrar(actor, document.owner_unit)
    waiting = Document.plain.filter(pk=document.pk, read_state__in=WORKING).exclude(state=Validity.WITHDRAWN)
    if not waiting.update(read_state=ReadState.FAILED, read_reason=STOPPED, pages_done=0):
        raise NothingToStop
    publish(f"document:{document.pk}")
    record("documents.document.reading_stopped", target=document, actor=actor)


@transaction.atomic
def read_again(*, document: Document, actor: Actor) -> None:
    """
    Queue a paper whose reading failed once more.

    :raises NothingToReadAgain: if it is read, locked away or under way
    """
    _person, actor = require_registrar(actor, document.owner_unit)
    document = Document.plain.select_for_update(no_key=True).get(pk=document.pk)
    if document.read_state not in {ReadState.FAILED, ReadState.PARTIAL} or document.state == Validity.WITHDRAWN:
        raise NothingToReadAgain
    Document.plain.filter(pk=document.pk).update(read_state=ReadState.QUEUED, read_reason="", pages_done=0)
    enqueue(READ_JOB, document_id=document.pk)
    publish(f"document:{document.pk}")
    record("documents.document.queued_again", target=document, actor=actor)


def _quarantine(document: Document) -> None:
    """No text, no field, no title, no preview: the bytes lie for the security officer alone (domain.md 7)."""
    Page.plain.filter(file__document=document).delete()
    ExtractedField.plain.filter(document=document).delete()
    forget_copies(document)
    forget_print(document=document)
    _keep_mail_from_others(document)
    Arrival.objects.filter(document=document).update(**UNSAID)
    Document.plain.filter(pk=document.pk).update(
        state=Validity.QUARANTINED, read_state=ReadState.QUARANTINED, read_reason="secret", pages_done=0,
        version=F("version") + 1, **WORDLESS,
    )  # fmt: skip
    lock_away(document)
    publish(f"document:{document.pk}")
    record("documents.document.quarantined", target=document, actor=READER)


def _keep_mail_from_others(document: Document) -> None:
    """A mail lies beside each paper that came in it, and holds them all; its subject speaks of them all."""
    mails = document.files.filter(kind=DocumentFile.Kind.ATTACHMENT).values_list("sha256", flat=True)
    beside = DocumentFile.plain.filter(kind=DocumentFile.Kind.ATTACHMENT, sha256__in=list(mails))
    beside.exclude(document=document).delete()
    Arrival.objects.filter(mail__arrivals__document=document).update(subject="")


def _propose(document: Document, fields: dict[str, Field]) -> None:
    ExtractedField.plain.filter(document=document).delete()
    ExtractedField.plain.bulk_create(
        ExtractedField(
            document=document, name=name, value=field.value, confidence=field.confidence, page=field.page,
            box=list(field.box) if field.box else None, alternatives=list(field.alternatives),
        )
        for name, field in fields.items()
    )  # fmt: skip
