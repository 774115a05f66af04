"""Files taken in from the shell: the same acts as the page of the upload, and waiting until they can be found."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core import clock
from documents.duplicates import BYTES, duplicates_of
from documents.models import Document, DocumentFile, ReadState, Validity
from documents.placed import words_of
from documents.selectors import COPY_KINDS, failed_pages, file_of, page_texts
from documents.services.copies import COPY_JOB
from documents.services.copies import QUEUE as COPY_QUEUE
from documents.services.reading import READ_QUEUES, WORKING, give_up_left
from documents.services.splitting import PARTS
from documents.services.uploads import receive_upload
from documents.warnings import warnings_of
from documents.words import reading_words
from jobs.health import unfinished
from jobs.services import see_through
from organizations.selectors import posts_of
from organizations.services import actor_for
from search.services import index_pending

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from audit.models import Actor
    from documents.services.uploads import Received
    from organizations.models import Unit, User

REASON = "the command answers for the clerk who took the file in"
STATUS = {
    ReadState.READ: "read",
    ReadState.PARTIAL: "partial",
    ReadState.FAILED: "failed",
    ReadState.QUARANTINED: "quarantined",
    ReadState.QUEUED: "queued",
    ReadState.READING: "queued",
}
PATIENCE_SECONDS = 24 * 3600  # two thousand scanned pages are read in some hours


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one file, as `manage.py ingest --json` prints it; `seconds` from upload to read."""

    document: int
    sha256: str
    status: str
    reason: str | None
    pages: list[dict[str, Any]] = field(default_factory=list)
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    seconds: float = 0.0
    duplicates: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    copies: list[dict[str, Any]] = field(default_factory=list)


def ingest(
    *, paths: Sequence[Path], unit: Unit, user: User, wait: bool, with_boxes: bool = False
) -> Iterator[Ingested]:
    """
    Take files in, one after the other; the person at the shell vouches that none is secret.

    :param wait: read each before the next is taken in, here where no worker lives; copy and index them all in the end
    :param with_boxes: tell the place of every word, too
    """
    actor = actor_in(unit, user)
    answers = [_ingest_one(path=path, unit=unit, user=user, actor=actor, wait=wait) for path in paths]
    if wait:
        wait_until_copied([document for document, _answer in answers])
        index_pending()
    for document, answer in answers:
        document.refresh_from_db()
        pages = _with_boxes(document, answer.pages) if with_boxes else answer.pages
        yield replace(answer, pages=pages, copies=_copies(document))


def actor_in(unit: Unit, user: User) -> Actor:
    """The person in a post of the unit, if they hold one there, otherwise in their main one (as a deputy)."""
    now = clock.now()
    posts = [post for post in posts_of(user, now) if post.unit.organ.pk == unit.pk]
    return actor_for(user, at=now, post=posts[0] if posts else None, channel="command")


def _ingest_one(*, path: Path, unit: Unit, user: User, actor: Actor, wait: bool) -> tuple[Document, Ingested]:
    began = time.monotonic()
    with path.open("rb") as stream:
        received = receive_upload(stream=stream, name=path.name, unit=unit, actor=actor, secrecy="none")
    if wait:
        wait_until_read(received.document)
    return received.document, _described(received, user, time.monotonic() - began)


def wait_until_read(document: Document) -> None:
    """Until the paper is read, by whoever does it; a reading that came to nothing ends as failed."""

    def is_read() -> bool:
        return not Document.objects.system(REASON).filter(pk=document.pk, read_state__in=WORKING).exists()

    if not see_through(READ_QUEUES, until=is_read, seconds=PATIENCE_SECONDS):
        give_up_left()


def wait_until_copied(documents: Sequence[Document]) -> None:
    """Until no copy of these papers is still to be made, by whoever does it."""
    files = {file.pk for document in documents for file in document.files.all()}

    def are_copied() -> bool:
        return not any(arguments.get("file_id") in files for arguments in unfinished(COPY_JOB))

    see_through((COPY_QUEUE,), until=are_copied, seconds=PATIENCE_SECONDS)


def _described(received: Received, user: User, seconds: float) -> Ingested:
    document = Document.objects.system(REASON).get(pk=received.document.pk)
    status = STATUS[ReadState(document.read_state)]
    reason = reading_words(document.read_reason, failed_pages(document)) or None
    if received.is_duplicate:
        status = "duplicate"
        reason = _("You have this file already as paper no. %(id)s: it was not taken in a second time.") % {
            "id": document.pk
        }
    elif status != "read":
        reason = reason or _("The paper waits to be read.")
    return Ingested(
        document=document.pk, sha256=received.sha256, status=status, reason=reason,
        pages=_pages(document), fields=_fields(document), seconds=round(seconds, 2),
        duplicates=_duplicates(received, document, user),
        warnings=[asdict(warned) for warned in warnings_of(document, user)],
    )  # fmt: skip


def _duplicates(received: Received, document: Document, user: User) -> list[dict[str, Any]]:
    """Papers that this one may be and that the person may see: an entry per paper and reason, the strongest first."""
    if received.is_duplicate:
        return [{"document": document.pk, "why": BYTES, "similarity": 1.0}]
    if document.state == Validity.QUARANTINED:
        return []
    return [
        {"document": one.document.pk, "why": why, "similarity": one.likeness}
        for one in duplicates_of(document, user)
        for why in one.reasons
    ]


def _pages(document: Document) -> list[dict[str, Any]]:
    return [
        {"number": page.number, "source": page.source, "mean_confidence": page.mean_confidence, "text": page.text}
        for page in page_texts(document)
    ]


def _with_boxes(document: Document, pages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    words = {page.number: words_of(page) for page in page_texts(document, with_boxes=True)}
    return [
        page | {"boxes": [[w.text, w.x, w.y, w.w, w.h, w.conf] for w in words.get(page["number"], ())]}
        for page in pages
    ]


def _copies(document: Document) -> list[dict[str, Any]]:
    """What there is of the paper: as it came, and its archive copy; nothing of one that is locked away."""
    if document.state == Validity.QUARANTINED:
        return []
    found = ((kind, file_of(document, kind)) for kind in COPY_KINDS)
    return [
        {
            "kind": kind, "sha256": file.sha256, "size": file.size, "media_type": file.media_type,
            "is_pdfa": file.kind == DocumentFile.Kind.ARCHIVE,
        }
        for kind, file in found
        if file is not None
    ]  # fmt: skip


def _fields(document: Document) -> dict[str, dict[str, Any]]:
    return {
        row.name: {
            "value": _printed(row.value), "confidence": row.confidence, "page": row.page, "box": row.box,
            "alternatives": row.alternatives,
        }
        for row in document.fields.exclude(name=PARTS).order_by("id")
    }  # fmt: skip


def _printed(value: str | list[str] | None) -> str | None:
    """A value as it stands on the paper: what it lists, line by line."""
    return "\n".join(value) if isinstance(value, list) else value
