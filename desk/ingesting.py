"""Files taken in from the shell: the same acts as the page of the upload, and waiting until they can be found."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from documents.models import Document, ReadState
from documents.selectors import pages_by_document
from documents.services.uploads import receive_upload
from documents.words import reason_words
from jobs.services import run_waiting, wait_until, workers_alive
from organizations.services import actor_for
from search.services import index_pending

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from organizations.models import Unit, User

REASON = "the command answers for the clerk who took the file in"
WORKING = {ReadState.QUEUED, ReadState.READING}
STATUS = {
    ReadState.READ: "read",
    ReadState.PARTIAL: "partial",
    ReadState.FAILED: "failed",
    ReadState.QUARANTINED: "quarantined",
    ReadState.QUEUED: "queued",
    ReadState.READING: "queued",
}
PATIENCE_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one file, as `manage.py ingest --json` prints it."""

    document: int
    sha256: str
    status: str
    reason: str | None
    began: float
    pages: list[dict[str, Any]] = field(default_factory=list)
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Without what only this process knows."""
        return {
            "document": self.document, "sha256": self.sha256, "status": self.status, "reason": self.reason,
            "pages": self.pages, "fields": self.fields, "seconds": round(self.seconds, 2),
        }  # fmt: skip


def ingest_file(*, path: Path, unit: Unit, user: User) -> Ingested:
    """Take one file in; the person at the shell vouches that it is not secret."""
    began = time.monotonic()
    with path.open("rb") as stream:
        received = receive_upload(
            stream=stream, name=path.name, unit=unit, actor=actor_for(user, channel="command"), secrecy="none"
        )
    status, reason = "queued", None
    if received.is_duplicate:
        status = "duplicate"
        reason = _("You have this file already: it was not taken in a second time.")
    return Ingested(received.document.pk, received.sha256, status, reason, began, seconds=time.monotonic() - began)


def waited_for(taken: Sequence[Ingested]) -> list[Ingested]:
    """The same once everything is read and indexed; the work is done here where no worker lives."""
    waiting = [one.document for one in taken if one.status == "queued"]

    def is_read() -> bool:
        rows = Document.objects.system(REASON).filter(pk__in=waiting, read_state__in=WORKING)
        return not rows.exists()

    if waiting and workers_alive():
        wait_until(is_read, seconds=PATIENCE_SECONDS)
    elif waiting:
        run_waiting(["ocr"], until=is_read, seconds=PATIENCE_SECONDS)
    index_pending()
    return [_described(one) for one in taken]


def _described(one: Ingested) -> Ingested:
    document = Document.objects.system(REASON).get(pk=one.document)
    is_duplicate = one.status == "duplicate"
    status = "duplicate" if is_duplicate else STATUS[ReadState(document.read_state)]
    return replace(
        one,
        status=status,
        reason=one.reason if is_duplicate else (reason_words(document.read_reason) or None),
        pages=_pages(document),
        fields=_fields(document),
        seconds=time.monotonic() - one.began if is_duplicate else _reading_seconds(document, one),
    )


def _reading_seconds(document: Document, one: Ingested) -> float:
    """From upload to read: the moments are those of the audit chain, so waiting for other files does not count."""
    return document.read_seconds if document.read_seconds is not None else time.monotonic() - one.began


def _pages(document: Document) -> list[dict[str, Any]]:
    return [
        {
            "number": page.number, "source": page.source, "mean_confidence": page.mean_confidence, "text": page.text,
        }
        for page in pages_by_document([document.pk]).get(document.pk, [])
    ]  # fmt: skip


def _fields(document: Document) -> dict[str, dict[str, Any]]:
    return {
        row.name: {
            "value": row.value, "confidence": row.confidence, "page": row.page, "box": row.box,
            "alternatives": row.alternatives,
        }
        for row in document.fields.order_by("id")
    }  # fmt: skip
